package import Columns

/// Writes a workbook sheet by sheet: rows are packed as they come, each sheet goes to the sink when it is whole.
///
/// Text is never read as a formula: every cell says its type, and text cells have the format of text. What a spreadsheet
/// would change (numbers of more than 15 digits, days before March 1900) stands as text. Beyond 1,048,576 rows a sheet
/// goes on in the next one, under the same header. The same rows give the same bytes.
package final class WorkbookWriter {
    private let package: ZipWriter
    private let rowLimit: Int
    private var styles = StyleTable()
    private var sheets: [WrittenSheet] = []
    private var takenNames: Set<String> = []
    private var current: SheetWriter?
    private var plan: SheetPlan?

    /// - Parameters:
    ///   - rowLimit: Rows a sheet holds at most, for tests.
    ///   - sink: Takes the bytes in order.
    package init(rowLimit: Int = CellReference.rowLimit, sink: @escaping ([UInt8]) throws -> Void) {
        self.rowLimit = rowLimit
        package = ZipWriter(sink: sink)
    }

    /// Ends the sheet before, if there is one.
    ///
    /// - Throws: `SpreadsheetError`, or what the sink throws.
    package func beginSheet(_ plan: SheetPlan) throws {
        try endSheet()
        guard plan.columns.count <= CellReference.columnLimit else {
            throw SpreadsheetError.cannotHold(
                sheet: plan.name, row: 0, column: CellReference.columnLimit, what: "\(plan.columns.count) columns, and a sheet holds \(CellReference.columnLimit)",
                mend: "select fewer columns, or write CSV")
        }
        self.plan = plan
        try start(plan)
    }

    /// A row of the table, one value for each column.
    package func append(_ row: [ScalarValue]) throws {
        guard let plan, var sheet = current else { return }
        if sheet.rowCount >= rowLimit {
            try endSheet()
            // Further sheets hold the table alone.
            var next = plan
            next.lines = []
            self.plan = next
            try start(next)
            guard let fresh = current else { return }
            sheet = fresh
        }
        current = nil
        try sheet.append(row, columns: plan.columns, styles: &styles)
        current = sheet
    }

    /// A line of cells with their own styles.
    package func append(_ cells: [StyledCell]) throws {
        guard var sheet = current else { return }
        current = nil
        try sheet.append(cells, styles: &styles)
        current = sheet
    }

    /// Ends the last sheet and writes what holds the sheets together.
    package func finish() throws {
        try endSheet()
        if sheets.isEmpty {
            try beginSheet(SheetPlan(name: "Sheet1", columns: [], hasHeader: false))
            try endSheet()
        }
        try package.add("xl/styles.xml", text: styles.document)
        try package.add("xl/workbook.xml", text: WorkbookParts.workbook(sheets))
        try package.add("xl/_rels/workbook.xml.rels", text: WorkbookParts.relationships(sheetCount: sheets.count))
        try package.add("[Content_Types].xml", text: WorkbookParts.contentTypes(sheetCount: sheets.count))
        try package.finish()
    }

    private func start(_ plan: SheetPlan) throws {
        // The part that comes first tells programs what kind of package it is.
        if takenNames.isEmpty { try package.add("_rels/.rels", text: WorkbookParts.rootRelationships) }
        let name = SheetName.fitted(plan.name, taken: takenNames)
        takenNames.insert(name.lowercased())
        current = try SheetWriter(name: name, plan: plan, isFirst: sheets.isEmpty, styles: &styles)
    }

    private func endSheet() throws {
        guard var sheet = current else { return }
        current = nil
        let part = sheet.finish()
        sheets.append(WrittenSheet(name: sheet.name, filter: sheet.filterRange, headerRow: sheet.headerRow))
        try package.add("xl/worksheets/sheet\(sheets.count).xml", part)
    }
}

/// What the workbook says of a finished sheet.
struct WrittenSheet {
    var name: String
    /// Place of the table with absolute references; nil without a header.
    var filter: String?
    /// 1-based.
    var headerRow: Int?
}
