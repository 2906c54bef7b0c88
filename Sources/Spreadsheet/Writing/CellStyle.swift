/// How a cell's value is shown.
package enum CellFormat: Hashable, Sendable {
    /// As the program sees fit: numbers as they are.
    case general
    /// Text that stays text even when the cell is edited.
    case text
    /// Whole numbers without separators: years, codes that are numbers.
    case whole
    /// Whole numbers with separators of thousands.
    case count
    /// Decimals with separators of thousands, two places at least and `scale` at most; below two places exactly `scale`.
    case decimal(scale: Int)
    /// A share as a percentage with that many decimals.
    case percent(decimals: Int)
    case date
    case timestamp
    case timestampWithFraction

    var code: String {
        switch self {
        case .general: "General"
        case .text: "@"
        case .whole: "0"
        case .count: "#,##0"
        case .decimal(let scale):
            scale <= 0
                ? "#,##0" : "#,##0." + String(repeating: "0", count: min(scale, 2)) + String(repeating: "#", count: max(0, min(scale, 20) - 2))
        case .percent(let decimals): "0" + (decimals > 0 ? "." : "") + String(repeating: "0", count: max(0, decimals)) + "%"
        case .date: "yyyy\\-mm\\-dd"
        case .timestamp: "yyyy\\-mm\\-dd\\ hh:mm:ss"
        case .timestampWithFraction: "yyyy\\-mm\\-dd\\ hh:mm:ss.000"
        }
    }
}

/// How a cell looks beside its format.
package enum CellEmphasis: Int, Hashable, Sendable {
    case normal, bold, title, soft, header, notice
}

/// A cell's style.
package struct CellStyle: Hashable, Sendable {
    package var format: CellFormat
    package var emphasis: CellEmphasis
    /// Whether long text goes on in further lines of the cell.
    package var isWrapped: Bool

    package init(_ format: CellFormat = .general, _ emphasis: CellEmphasis = .normal, wrapped isWrapped: Bool = false) {
        self.format = format
        self.emphasis = emphasis
        self.isWrapped = isWrapped
    }
}
