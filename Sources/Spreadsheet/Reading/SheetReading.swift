import Columns

/// Reads the cells of the sheets of one workbook.
struct SheetReading {
    let path: String
    let startsIn1904: Bool
    var strings: [String] = []
    var formats = CellFormats()
    private var cellCount = 0
    private var mergedRowCount = 0
    /// Cells that one merged area may fill.
    private static let mergedLimit = 200_000
    /// Rows that all merged areas of a workbook may fill.
    private static let mergedRowLimit = 5_000_000
    /// Bytes of the longest text a spreadsheet lets into a cell.
    private static let textLimit = 4 * CellWriter.textLimit
    private static let maximumSerial = 2_958_465.0

    init(path: String, startsIn1904: Bool) {
        self.path = path
        self.startsIn1904 = startsIn1904
    }

    mutating func rows(of bytes: [UInt8], sheet: String) throws(SpreadsheetError) -> [SheetGrid.Row] {
        var scanner = try XMLScanner(bytes, path: path, part: "sheet \"\(sheet)\"")
        var rows: [Int: [Int: SheetGrid.Cell]] = [:]
        var merged: [Substring] = []
        var row = -1
        var column = -1
        var cell: (type: String, style: Int, reference: String)?
        var value = ""
        var isValue = false
        while let event = try scanner.next() {
            switch event {
            case .start("row", let attributes):
                row = attributes["r"].flatMap { Int($0) }.map { $0 - 1 } ?? row + 1
                column = -1
                guard (0..<CellReference.rowLimit).contains(row) else {
                    throw .badCell(path: path, sheet: sheet, reference: "row \(attributes["r"] ?? "")", found: "no row", expected: "1 to \(CellReference.rowLimit)")
                }
            case .start("c", let attributes):
                column += 1
                let reference = attributes["r"] ?? CellReference.text(row: max(0, row), column: column)
                if let written = attributes["r"] {
                    guard let place = CellReference.parse(written[...]) else {
                        throw .badCell(path: path, sheet: sheet, reference: written, found: "no place of a sheet", expected: "such as B7")
                    }
                    (row, column) = place
                }
                cell = (attributes["t"] ?? "n", attributes["s"].flatMap { Int($0) } ?? 0, reference)
                value = ""
            case .start("v", _), .start("t", _): isValue = cell != nil
            // Readings above characters are no part of the text.
            case .start("rPh", _): isValue = false
            case .end("v"), .end("t"): isValue = false
            case .text(let text): if isValue { value += text }
            case .end("c"):
                guard let known = cell else { continue }
                cell = nil
                guard value.utf8.count <= SheetReading.textLimit else {
                    throw .badCell(path: path, sheet: sheet, reference: known.reference, found: "a text of \(value.utf8.count) bytes", expected: "at most \(CellWriter.textLimit) characters")
                }
                guard let read = try self.cell(value, type: known.type, style: known.style, sheet: sheet, reference: known.reference) else { continue }
                cellCount += 1
                guard cellCount <= WorkbookReader.cellLimit else {
                    throw .beyondLimit(path: path, what: "more than \(WorkbookReader.cellLimit) cells", limit: "\(WorkbookReader.cellLimit)")
                }
                rows[row, default: [:]][column] = read
            case .start("mergeCell", let attributes): if let reference = attributes["ref"] { merged.append(reference[...]) }
            default: break
            }
        }
        for reference in merged { try fill(reference, in: &rows) }
        return rows.sorted { $0.key < $1.key }.map { SheetGrid.Row(number: $0.key + 1, cells: $0.value) }
    }

    /// nil for a blank cell.
    private func cell(
        _ value: String, type: String, style: Int, sheet: String, reference: String
    ) throws(SpreadsheetError) -> SheetGrid.Cell? {
        func failure(_ found: String, _ expected: String) -> SpreadsheetError {
            .badCell(path: path, sheet: sheet, reference: reference, found: found, expected: expected)
        }
        switch type {
        case "s":
            if value.isEmpty { return nil }
            guard let index = Int(value), strings.indices.contains(index) else {
                throw failure("shared text \"\(value)\"", "a number below \(strings.count)")
            }
            guard strings[index].utf8.count <= SheetReading.textLimit else {
                throw failure("a text of \(strings[index].utf8.count) bytes", "at most \(CellWriter.textLimit) characters")
            }
            return blankless(strings[index])
        case "inlineStr", "str": return blankless(CellEscapes.resolved(value))
        case "b": return value.isEmpty ? nil : SheetGrid.Cell(value == "1" ? "true" : "false")
        // The sign of a failed formula, such as #N/A: it is no value, and whoever reads it must see so.
        case "e", "d": return blankless(value)
        case "n":
            if value.isEmpty { return nil }
            guard let number = Double(value), number.isFinite else { throw failure("\"\(value)\"", "a number") }
            if formats.showsDate(style: style), number >= 1, number <= SheetReading.maximumSerial { return SheetGrid.Cell(date(number)) }
            return SheetGrid.Cell(SheetReading.plain(number), isNumber: true)
        default: throw failure("a cell of type \"\(type)\"", "s, inlineStr, str, b, n, e or d")
        }
    }

    private func blankless(_ text: String) -> SheetGrid.Cell? {
        text.allSatisfy(\.isWhitespace) ? nil : SheetGrid.Cell(text)
    }

    static func plain(_ number: Double) -> String {
        if number.rounded() == number, number.magnitude < 1e15 { return String(Int64(number)) }
        return number.description
    }

    /// `2025-01-31`, with the time if there is one.
    private func date(_ serial: Double) -> String {
        var days = Int(serial.rounded(.down))
        var seconds = Int(((serial - serial.rounded(.down)) * 86_400).rounded())
        if seconds >= 86_400 { (days, seconds) = (days + 1, 0) }
        // In the count from 1900 there was a 29 February 1900.
        let sinceEpoch = startsIn1904 ? days - 24_107 : days - (days < 60 ? 25_568 : 25_569)
        let date = CivilDate(daysSinceEpoch: sinceEpoch)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        return seconds == 0 ? day : "\(day) \(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    }

    /// Gives every row of a merged area the value of its first cell. Areas that reach over several columns are captions:
    /// their first column alone is filled.
    private mutating func fill(_ reference: Substring, in rows: inout [Int: [Int: SheetGrid.Cell]]) throws(SpreadsheetError) {
        let corners = reference.split(separator: ":")
        guard corners.count == 2, let first = CellReference.parse(corners[0]), let last = CellReference.parse(corners[1]),
            first.row < last.row, last.row - first.row < SheetReading.mergedLimit, var cell = rows[first.row]?[first.column]
        else { return }
        mergedRowCount += last.row - first.row
        guard mergedRowCount <= SheetReading.mergedRowLimit else {
            throw .beyondLimit(path: path, what: "merged cells over more than \(SheetReading.mergedRowLimit) rows", limit: "\(SheetReading.mergedRowLimit)")
        }
        cell.isMerged = true
        for row in (first.row + 1)...last.row where rows[row] != nil && rows[row]?[first.column] == nil {
            rows[row]?[first.column] = cell
        }
    }
}
