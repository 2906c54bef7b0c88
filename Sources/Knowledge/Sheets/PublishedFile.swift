import CSV
import Diagnostics
import Spreadsheet

/// The sheets of one published file, CSV or workbook, told apart by the first bytes.
struct PublishedFile {
    var name: String
    var sheets: [SheetGrid]
    /// Sheets that are not read because they are hidden.
    var hiddenSheetNames: [String]

    /// - Throws: `SpreadsheetError` or `CSVError`.
    init(path: String) throws {
        name = path.split(separator: "/").last.map(String.init) ?? path
        let lowered = name.lowercased()
        if lowered.hasSuffix(".csv") || lowered.hasSuffix(".txt") || lowered.hasSuffix(".tsv") || lowered.hasSuffix(".gz") || lowered.hasSuffix(".zst") {
            let rows = try RaggedRecords(path: path).records.map { record in
                var cells: [Int: SheetGrid.Cell] = [:]
                for (column, field) in record.fields.enumerated() where !field.allSatisfy(\.isWhitespace) {
                    cells[column] = SheetGrid.Cell(field)
                }
                return SheetGrid.Row(number: record.line, cells: cells)
            }
            sheets = [SheetGrid(name: "", rows: rows.filter { !$0.cells.isEmpty })]
            hiddenSheetNames = []
            return
        }
        let all = try WorkbookReader.read(path: path)
        sheets = all.filter { !$0.isHidden && !$0.rows.isEmpty }
        hiddenSheetNames = all.filter { $0.isHidden && !$0.rows.isEmpty }.map(\.name)
    }
}
