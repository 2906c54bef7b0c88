import Columns
import Indicators
import Spreadsheet

/// Text and money on their way into the cells of a report.
enum SheetText {
    /// A cell holds 32,767 characters; a name of that length is an attack or an accident.
    private static let limit = 2000

    /// Data as text: invisible and bidirectional characters are made visible, so that it cannot hide or reorder anything;
    /// what is far too long is cut, which the cell says.
    static func value(_ text: String?) -> ScalarValue {
        guard let text, !text.isEmpty else { return .null }
        var result = ""
        for scalar in text.unicodeScalars {
            if HTMLText.isInvisible(scalar), scalar != "\n" {
                result += HTMLText.marked(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        if result.count > limit { result = result.prefix(limit) + "… (\(result.count))" }
        return .text(result)
    }

    static func money(_ cents: Int128) -> ScalarValue { .numeric(unscaled: cents, scale: 2) }

    /// Yuan as a double in cents.
    static func money(yuan: Double) -> ScalarValue {
        guard yuan.isFinite, yuan.magnitude < 1e15 else { return .double(yuan) }
        return .numeric(unscaled: Int128((yuan * 100).rounded()), scale: 2)
    }

    static func count(_ value: some BinaryInteger) -> ScalarValue { .integer(Int64(value)) }
}
