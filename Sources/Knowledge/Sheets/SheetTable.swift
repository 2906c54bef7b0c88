import Spreadsheet

/// The table within a published sheet: titles above it, totals and footnotes below and between left out.
struct SheetTable {
    /// One row by its fields.
    struct Row {
        var number: Int
        var cells: [SheetField: SheetGrid.Cell]
        /// All its texts from left to right.
        var texts: [String]

        func text(_ field: SheetField) -> String? {
            cells[field].map { HeadingText.trimmed($0.text) }
        }
    }

    var sheetName: String
    /// Texts above the header, the sheet's name last.
    var titles: [String]
    var fields: Set<SheetField>
    /// The headings of the fields.
    var headings: [SheetField: String]
    /// Headings of columns that are not read: of no known field, or of one that another column has.
    var unreadHeadings: [String]
    var rows: [Row]
    /// Totals, footnotes and repeated headers that were passed over.
    var captionCount: Int

    private static let searchedRowCount = 60

    /// nil if no row of the sheet looks like a header.
    init?(_ sheet: SheetGrid) {
        var best: (end: Int, columns: [Int: SheetField], score: Int, texts: [Int: String])?
        let searched = sheet.rows.prefix(SheetTable.searchedRowCount)
        for index in searched.indices {
            let texts = sheet.rows[index].cells.mapValues(\.text)
            let single = SheetTable.columns(texts)
            if single.count > best?.score ?? 1 { best = (index + 1, single, single.count, texts) }
            guard index + 1 < sheet.rows.count else { continue }
            // Headings over two rows: a group above, its parts below.
            let joined = SheetTable.joined(sheet.rows[index], sheet.rows[index + 1])
            let double = SheetTable.columns(joined)
            // A title above the headings is no group of theirs: joined with it they say no more than by themselves.
            let below = SheetTable.columns(sheet.rows[index + 1].cells.mapValues(\.text))
            if double.count > max(best?.score ?? 1, below.count) { best = (index + 2, double, double.count, joined) }
        }
        guard let best else { return nil }
        let fields = Set(best.columns.values)
        guard fields.contains(.name) || fields.contains(.code) else { return nil }
        sheetName = sheet.name
        titles = sheet.rows.prefix(max(0, best.end - 1)).flatMap { $0.cells.sorted { $0.key < $1.key }.map(\.value.text) } + [sheet.name]
        self.fields = fields
        headings = Dictionary(uniqueKeysWithValues: best.columns.map { ($0.value, best.texts[$0.key] ?? "") })
        unreadHeadings = best.texts.sorted { $0.key < $1.key }.filter { best.columns[$0.key] == nil }.map { HeadingText.trimmed($0.value) }
        rows = []
        captionCount = 0
        let heading = sheet.rows[best.end - 1].cells
        for row in sheet.rows.dropFirst(best.end) {
            let sorted = row.cells.sorted { $0.key < $1.key }
            if SheetTable.isCaption(sorted.map(\.value.text)) || best.columns.keys.allSatisfy({ row.cells[$0]?.text == heading[$0]?.text }) {
                captionCount += 1
                continue
            }
            var cells: [SheetField: SheetGrid.Cell] = [:]
            for (column, cell) in sorted {
                if let field = best.columns[column], cells[field] == nil { cells[field] = cell }
            }
            rows.append(Row(number: row.number, cells: cells, texts: sorted.map(\.value.text)))
        }
        fillContinuations()
    }

    /// Column → field; where several columns name the same field, that which stands first in its order has it.
    private static func columns(_ headings: [Int: String]) -> [Int: SheetField] {
        var places: [SheetField: (column: Int, order: Int)] = [:]
        for (column, heading) in headings.sorted(by: { $0.key < $1.key }) {
            guard let field = SheetField(heading: heading) else { continue }
            let order = field.order(heading: heading)
            if let place = places[field], place.order <= order { continue }
            places[field] = (column, order)
        }
        return Dictionary(uniqueKeysWithValues: places.map { ($0.value.column, $0.key) })
    }

    private static func joined(_ upper: SheetGrid.Row, _ lower: SheetGrid.Row) -> [Int: String] {
        let last = max(upper.cells.keys.max() ?? 0, lower.cells.keys.max() ?? 0)
        var headings: [Int: String] = [:]
        var group = ""
        for column in 0...last {
            if let text = upper.cells[column]?.text { group = text }
            let part = lower.cells[column]?.text ?? ""
            let heading = part == group || part.isEmpty ? (upper.cells[column]?.text ?? "") : group + part
            if !heading.isEmpty { headings[column] = heading }
        }
        return headings
    }

    /// Totals and remarks, which stand alone in their row or say what they are.
    private static func isCaption(_ texts: [String]) -> Bool {
        guard let first = texts.first.map(HeadingText.normalized) else { return true }
        for word in ["合计", "总计", "小计", "共计"] where first.hasPrefix(word) { return true }
        if texts.count == 1, isRemark(first) { return true }
        guard texts.count <= 2 else { return false }
        return ["备注", "注:", "注1", "说明", "注释", "*", "附:", "填表", "单位:"].contains { first.hasPrefix($0) }
    }

    /// Whether a text that is alone in its row is a sentence or the name of a section, and no code.
    private static func isRemark(_ text: String) -> Bool {
        if ItemCodes.isAllCodes(text) { return false }
        return text.count > 40 || ["。", ";", ":", "，", ","].contains(where: text.contains)
            || text.prefixMatch(of: /[(]?([一二三四五六七八九十]+|[0-9]{1,2}|[①-⑳])[).、]|第[一二三四五六七八九十]+|[※★*#]/) != nil
    }

    /// A row that leaves out the name goes on with that of the row above, and with what else it leaves out.
    private mutating func fillContinuations() {
        let leading: [SheetField] = [.name, .code].filter(fields.contains)
        let inherited: [SheetField] =
            fields.contains(.pairedCode) || fields.contains(.pairedName)
            ? [.name, .code, .type, .window, .value, .basis, .remark]
            : [.pointSequence, .name, .type, .value, .sex, .age, .lowestAge, .highestAge, .level, .visitType, .insurance, .course, .quantity, .unit, .period, .window, .logic, .basis, .validFrom, .validTo, .validity]
        for index in rows.indices.dropFirst() {
            let isContinuation =
                fields.contains(.name) ? rows[index].cells[.name] == nil : leading.allSatisfy { rows[index].cells[$0] == nil }
            guard isContinuation, rows[index].cells.keys.contains(where: { $0 == .code || $0 == .pairedCode }) else { continue }
            for field in inherited where rows[index].cells[field] == nil { rows[index].cells[field] = rows[index - 1].cells[field] }
        }
    }
}
