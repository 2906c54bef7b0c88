import Diagnostics
import Execution
import Spreadsheet

/// One sheet of a workbook as text that the CSV reader takes, and what its cells say of their types.
struct WorkbookSheet {
    /// Comma, double quote, line feed, UTF-8.
    private(set) var bytes: [UInt8] = []
    /// For each line of `bytes` the row of the sheet.
    private(set) var rowOfLine: [Int] = []
    private(set) var hasHeader: Bool
    /// Columns whose values are numbers, all of them.
    private(set) var numbers: Set<Int> = []
    /// Columns with texts that look like numbers: ids, which stay text.
    private(set) var texts: Set<Int> = []

    /// - Parameters:
    ///   - sheets: All of the workbook.
    ///   - wanted: Which one, and what of it.
    ///   - said: What messages call the workbook.
    /// - Throws: for a sheet that is not there, or has nothing.
    init(_ sheets: [SheetGrid], _ wanted: SheetChoice, said: String) throws(Diagnostic) {
        let sheet = try wanted.sheet(of: sheets, said: said)
        let rows = wanted.area.map { $0.cut(sheet.rows) } ?? sheet.rows
        guard let first = rows.first, let left = rows.compactMap({ $0.cells.keys.min() }).min(),
            let right = rows.compactMap({ $0.cells.keys.max() }).max()
        else {
            throw Diagnostic(
                .badData, "sheet \"\(sheet.name)\" has no cells\(wanted.area == nil ? "" : " there")", at: SourceLocation(file: said),
                mend: "the sheets are \(SheetChoice.list(sheets))")
        }
        let columns = wanted.area?.columns ?? left...right
        hasHeader = wanted.hasHeader ?? first.cells.values.allSatisfy { !$0.isNumber }
        var others: Set<Int> = []
        // Titles above a table, one cell each, stay as narrow as they are: the reader tells them by that.
        var isTitle = wanted.hasHeader == nil && columns.count > 2
        var isHeaderNext = hasHeader
        for row in rows {
            isTitle = isTitle && row.cells.count == 1
            let isHeader = isHeaderNext && !isTitle
            if isHeader { isHeaderNext = false }
            for column in columns {
                guard !isTitle, !isHeader, let cell = row.cells[column] else { continue }
                let place = column - columns.lowerBound
                if cell.isNumber { numbers.insert(place) } else { others.insert(place) }
                if !cell.isNumber, Double(cell.text) != nil { texts.insert(place) }
            }
            let start = row.cells.keys.min() ?? columns.lowerBound
            write(row, isTitle ? start...start : columns)
        }
        numbers.subtract(others)
    }

    /// The bytes, which are let go of.
    mutating func takeBytes() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    private mutating func write(_ row: SheetGrid.Row, _ columns: ClosedRange<Int>) {
        for column in columns {
            if column > columns.lowerBound { bytes.append(UInt8(ascii: ",")) }
            guard let cell = row.cells[column] else { continue }
            if cell.isNumber {
                bytes += WorkbookSheet.rounded(cell.text).utf8
                continue
            }
            bytes.append(UInt8(ascii: "\""))
            for byte in cell.text.utf8 {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                if byte == UInt8(ascii: "\n") { rowOfLine.append(row.number) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "\n"))
        rowOfLine.append(row.number)
    }

    /// A number with the 15 digits a spreadsheet keeps: 0.30000000000000004 is a sum of tenths.
    private static func rounded(_ text: String) -> String {
        guard text.utf8.count(where: { (0x30...0x39).contains($0) }) > 15, let number = Double(text), number.isFinite else { return text }
        return "\(SignificantDigits.nearest(number, digits: 15))"
    }
}

/// Which part of a workbook is a table.
struct SheetChoice {
    /// The sheet's name; nil for the first that is not hidden.
    var name: String?
    var area: SheetArea?
    /// nil to find out.
    var hasHeader: Bool?

    func sheet(of sheets: [SheetGrid], said: String) throws(Diagnostic) -> SheetGrid {
        guard let name else { return sheets.first { !$0.isHidden } ?? sheets[0] }
        if let sheet = sheets.first(where: { $0.name == name }) ?? sheets.first(where: { $0.name.lowercased() == name.lowercased() }) { return sheet }
        let near = EditDistance.nearest(to: name, among: sheets.map(\.name)).map { "did you mean \"\($0)\"?" }
        throw Diagnostic(
            .badData, "there is no sheet \"\(name)\"", at: SourceLocation(file: said), mend: near ?? "the sheets are \(SheetChoice.list(sheets))")
    }

    static func list(_ sheets: [SheetGrid]) -> String {
        sheets.prefix(12).map(\.name).joined(separator: ", ") + (sheets.count > 12 ? ", … (\(sheets.count))" : "")
    }
}

/// A part of a sheet, such as `A3:F200`.
struct SheetArea {
    /// From 0.
    let columns: ClosedRange<Int>
    /// From 1, as sheets count them.
    let rows: ClosedRange<Int>

    init?(_ text: String) {
        let corners = text.split(separator: ":", omittingEmptySubsequences: false)
        guard corners.count == 2, let first = CellReference.parse(corners[0]), let last = CellReference.parse(corners[1]),
            first.row <= last.row, first.column <= last.column
        else { return nil }
        columns = first.column...last.column
        rows = (first.row + 1)...(last.row + 1)
    }

    /// The rows of it that have a cell there.
    func cut(_ all: [SheetGrid.Row]) -> [SheetGrid.Row] {
        all.compactMap { row in
            guard rows.contains(row.number) else { return nil }
            let cells = row.cells.filter { columns.contains($0.key) }
            return cells.isEmpty ? nil : SheetGrid.Row(number: row.number, cells: cells)
        }
    }
}
