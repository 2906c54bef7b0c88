import Columns
import Diagnostics
import Engine
import Indicators

/// A result as an aligned table for a terminal: numbers to the right, wide characters counted as two cells, control
/// characters made visible, long texts cut with an ellipsis, and never a silent cut of rows.
struct TextTable {
    private let names: [String]
    private let alignsRight: [Bool]
    private var rows: [[String]] = []
    private let shownCount: Int
    private let totalCount: Int
    private static let maximumCellWidth = 60

    init(result: QueryResult, rowLimit: Int?, nullText: String = "", cutsCells: Bool = true) throws {
        names = result.schema.fields.map { TerminalText.sanitized($0.name) }
        alignsRight = result.schema.fields.map { $0.type.isNumber }
        totalCount = result.rowCount
        let limit = min(rowLimit ?? Int.max, totalCount)
        shownCount = limit
        guard limit > 0 else { return }
        var rows: [[String]] = []
        try result.forFirstBatches { batch in
            let columns = batch.columns.map { $0.flattened() }
            for row in 0..<batch.rowCount where rows.count < limit {
                rows.append(columns.map { 
                        ResultText.string($0, row: row).map { cutsCells ? TextTable.cell($0) : TerminalText.sanitized($0) } ?? nullText
                    })
            }
            return rows.count < limit
        }
        self.rows = rows
    }

    init(names: [String], alignsRight: [Bool], rows: [[String]]) {
        self.names = names
        self.alignsRight = alignsRight
        self.rows = rows.map { $0.map(TextTable.cell) }
        shownCount = rows.count
        totalCount = rows.count
    }

    /// Cells the widest line takes.
    var width: Int {
        widths.reduce(0, +) + 2 * max(0, names.count - 1)
    }

    private var widths: [Int] {
        var widths = names.map(DisplayWidth.of)
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], DisplayWidth.of(cell)) }
        }
        return widths
    }

    /// The table's text, ended by a line break.
    ///
    /// - Parameter part: What the rows are a part of; nil for all there are.
    func rendered(
        withCount: Bool = true, emphasizesHeader: Bool = false, language: DisplayLanguage = .english, part: ResultPart? = nil
    ) -> String {
        let widths = widths
        let header = line(names, widths)
        var text = (emphasizesHeader ? "\u{1B}[1m\(header)\u{1B}[0m" : header) + "\n"
        text += widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ") + "\n"
        for row in rows { text += line(row, widths) + "\n" }
        guard withCount else { return text }
        let count = ShownCount(shown: shownCount, total: part?.total ?? totalCount, unit: part?.unit ?? .rows)
        let said = count.text(in: language)
        guard count.isCut else { return text + BilingualText("(\(said))", "（\(said)）")[language] + "\n" }
        let whole = part?.whole ?? BilingualText("all with --format csv or -o FILE", "--format csv 或 -o 文件 可得全部")
        return text + BilingualText("(\(said); \(whole.english))", "（\(said)；\(whole.chinese)）")[language] + "\n"
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (column, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(cell)))
            if alignsRight[column] {
                parts.append(padding + cell)
            } else {
                parts.append(column == cells.count - 1 ? cell : cell + padding)
            }
        }
        return parts.joined(separator: "  ")
    }

    private static func cell(_ text: String) -> String {
        let safe = TerminalText.sanitized(text)
        guard DisplayWidth.of(safe) > maximumCellWidth else { return safe }
        var cut = ""
        var width = 0
        for scalar in safe.unicodeScalars {
            width += DisplayWidth.of(scalar)
            if width > maximumCellWidth - 1 { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut + "…"
    }
}
