package import Columns
package import Engine

/// Reads the rows of a small answer by column name, checking each value's type.
package struct AnswerReader {
    package let rows: [[ScalarValue]]
    private let indexes: [Int]
    private let columns: [String]
    private let origin: String

    /// - Throws: `IndicatorError.badAnswer` if a column is missing.
    package init(_ answer: QueryResult, columns: [String], of origin: String) throws(IndicatorError) {
        self.columns = columns
        self.origin = origin
        var indexes: [Int] = []
        for column in columns {
            guard let index = answer.schema.index(of: column) else {
                throw .badAnswer(indicator: origin, message: "the answer has no column \"\(column)\"")
            }
            indexes.append(index)
        }
        self.indexes = indexes
        rows = answer.rows()
    }

    func columnIndex(_ column: Int) -> Int { indexes[column] }

    package func failure(_ message: String) -> IndicatorError { .badAnswer(indicator: origin, message: message) }

    /// The text, nil if NULL.
    package func text(_ row: Int, _ column: Int) throws(IndicatorError) -> String? {
        switch rows[row][indexes[column]] {
        case .null: return nil
        case .text(let text): return text
        default: throw failure("column \"\(columns[column])\" is not text")
        }
    }

    /// A whole number.
    package func count(_ row: Int, _ column: Int) throws(IndicatorError) -> Int64 {
        switch rows[row][indexes[column]] {
        case .integer(let value): return value
        case .numeric(let unscaled, let scale):
            let power = DecimalText.powers128[min(scale, 38)]
            if unscaled % power == 0, let value = Int64(exactly: unscaled / power) { return value }
        default: break
        }
        throw failure("column \"\(columns[column])\" is not a whole number")
    }

    /// Money in cents, rounded half away from zero; NULL counts as 0.
    package func cents(_ row: Int, _ column: Int) throws(IndicatorError) -> Int128 {
        switch rows[row][indexes[column]] {
        case .null: return 0
        case .integer(let value): return Int128(value) * 100
        case .numeric(let unscaled, let scale):
            guard let cents = AnswerReader.cents(unscaled: unscaled, scale: scale) else { break }
            return cents
        default: break
        }
        throw failure("column \"\(columns[column])\" is not an exact amount")
    }

    /// `unscaled / 10^scale` in hundredths, rounded half away from zero; nil if it does not fit.
    package static func cents(unscaled: Int128, scale: Int) -> Int128? {
        if scale <= 2 {
            let product = unscaled.multipliedReportingOverflow(by: DecimalText.powers128[2 - scale])
            return product.overflow ? nil : product.partialValue
        }
        guard scale <= 38 else { return nil }
        let power = DecimalText.powers128[scale - 2]
        let (quotient, remainder) = unscaled.quotientAndRemainder(dividingBy: power)
        let isUp = remainder.magnitude >= (power.magnitude + 1) / 2
        return isUp ? quotient + (unscaled < 0 ? -1 : 1) : quotient
    }
}

extension AnswerReader {
    /// The value as it is.
    package func value(_ row: Int, _ column: Int) -> ScalarValue { rows[row][columnIndex(column)] }
}
