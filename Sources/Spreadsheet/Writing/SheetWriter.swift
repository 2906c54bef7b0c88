import Columns

/// One sheet on its way.
struct SheetWriter {
    let name: String
    private let columnCount: Int
    private let letters: [String]
    private(set) var rowCount = 0
    /// 1-based; nil without a header.
    private(set) var headerRow: Int?
    private var part = PackedPart()
    /// What stands between the place and the value of a cell, for each column of the table.
    private var starts: [CellStarts]

    /// `" s="3"><v>` and `" s="1" t="inlineStr">…`, ready to be written.
    private struct CellStarts {
        var number: [UInt8]
        var text: [UInt8]
    }

    init(name: String, plan: SheetPlan, isFirst: Bool, styles: inout StyleTable) throws {
        self.name = name
        columnCount = plan.columns.count
        letters = plan.columns.indices.map(CellReference.letters)
        starts = []
        part.append(head(plan, isFirst: isFirst))
        for line in plan.lines { try append(line, styles: &styles) }
        if plan.hasHeader, columnCount > 0 {
            headerRow = rowCount + 1
            try append(plan.columns.map { StyledCell(.text($0.title), CellStyle(.text, .header, wrapped: true)) }, styles: &styles)
        }
    }

    /// The table with its header; nil without one.
    var filterRange: String? {
        guard let headerRow, let last = letters.last else { return nil }
        return "$A$\(headerRow):$\(last)$\(max(headerRow, rowCount))"
    }

    mutating func append(_ row: [ScalarValue], columns: [SheetColumn], styles: inout StyleTable) throws {
        precondition(row.count == columns.count)
        if starts.isEmpty { starts = columns.map { SheetWriter.starts(of: $0, styles: &styles) } }
        let rowNumber = Array(String(rowCount + 1).utf8)
        var bytes = Array("<row r=\"".utf8) + rowNumber + Array("\">".utf8)
        for (place, value) in row.enumerated() where !value.isNull {
            let column = columns[place]
            let text = CellWriter.text(of: value, format: column.format)
            let isUsual = CellWriter.format(of: value, wanted: column.format) == column.format
            if case .boolean = value {} else if text != nil || isUsual {
                bytes += "<c r=\"".utf8
                bytes += letters[place].utf8
                bytes += rowNumber
                if let text {
                    try check(text, place: place)
                    bytes += starts[place].text
                    XMLText.append(text, to: &bytes)
                    bytes += "</t></is></c>".utf8
                } else {
                    bytes += starts[place].number
                    bytes += CellWriter.number(of: value).utf8
                    bytes += "</v></c>".utf8
                }
                continue
            }
            try write(
                value, style: CellStyle(column.format, .normal, wrapped: column.isWrapped), place: place, letters: letters[place],
                to: &bytes, styles: &styles)
        }
        bytes += "</row>".utf8
        part.append(bytes)
        rowCount += 1
    }

    mutating func append(_ cells: [StyledCell], styles: inout StyleTable) throws {
        var bytes = Array("<row r=\"\(rowCount + 1)\">".utf8)
        for (place, cell) in cells.enumerated() where !cell.value.isNull {
            try write(
                cell.value, style: cell.style, place: place, letters: CellReference.letters(place), to: &bytes, styles: &styles)
        }
        bytes += "</row>".utf8
        part.append(bytes)
        rowCount += 1
    }

    mutating func finish() -> PackedPart {
        var tail = "</sheetData>"
        if let filterRange { tail += "<autoFilter ref=\"\(filterRange.replacing("$", with: ""))\"/>" }
        tail += "<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>"
        tail += "<pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/>"
        tail += "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
        part.append(tail)
        part.finish()
        return part
    }

    private func write(
        _ value: ScalarValue, style: CellStyle, place: Int, letters: String, to bytes: inout [UInt8], styles: inout StyleTable
    ) throws {
        bytes += "<c r=\"".utf8
        bytes += letters.utf8
        bytes += String(rowCount + 1).utf8
        var style = style
        if let text = CellWriter.text(of: value, format: style.format) {
            try check(text, place: place)
            style.format = .text
            bytes += "\" s=\"\(styles.index(of: style))\" t=\"inlineStr\"><is><t xml:space=\"preserve\">".utf8
            XMLText.append(text, to: &bytes)
            bytes += "</t></is></c>".utf8
            return
        }
        style.format = CellWriter.format(of: value, wanted: style.format)
        bytes += "\" s=\"\(styles.index(of: style))\"".utf8
        if case .boolean = value { bytes += " t=\"b\"".utf8 }
        bytes += "><v>".utf8
        bytes += CellWriter.number(of: value).utf8
        bytes += "</v></c>".utf8
    }

    private static func starts(of column: SheetColumn, styles: inout StyleTable) -> CellStarts {
        let number = styles.index(of: CellStyle(column.format, .normal, wrapped: column.isWrapped))
        let text = styles.index(of: CellStyle(.text, .normal, wrapped: column.isWrapped))
        return CellStarts(
            number: Array("\" s=\"\(number)\"><v>".utf8),
            text: Array("\" s=\"\(text)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">".utf8))
    }

    private func check(_ text: String, place: Int) throws {
        // A text is longer in UTF-8 than in UTF-16, so that most need no count.
        guard text.utf8.count > CellWriter.textLimit, text.utf16.count > CellWriter.textLimit else { return }
        throw SpreadsheetError.cannotHold(
            sheet: name, row: rowCount, column: place,
            what: "a text of \(text.utf16.count) characters, and a cell holds \(CellWriter.textLimit)",
            mend: "cut it in the query, or write CSV")
    }

    private func head(_ plan: SheetPlan, isFirst: Bool) -> String {
        var text = XMLText.declaration + "<worksheet xmlns=\"\(XMLText.mainNamespace)\">"
        text += "<sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"
        text += "<sheetViews><sheetView workbookViewId=\"0\"\(isFirst ? " tabSelected=\"1\"" : "")>"
        if plan.hasHeader, !plan.columns.isEmpty {
            let frozen = plan.lines.count + 1
            text += "<pane ySplit=\"\(frozen)\" topLeftCell=\"A\(frozen + 1)\" activePane=\"bottomLeft\" state=\"frozen\"/>"
                + "<selection pane=\"bottomLeft\" activeCell=\"A\(frozen + 1)\" sqref=\"A\(frozen + 1)\"/>"
        }
        text += "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>"
        if !plan.columns.isEmpty {
            text += "<cols>"
            for (place, column) in plan.columns.enumerated() {
                let width = min(255, max(1, column.width))
                text += "<col min=\"\(place + 1)\" max=\"\(place + 1)\" width=\"\(width)\" customWidth=\"1\"/>"
            }
            text += "</cols>"
        }
        return text + "<sheetData>"
    }
}
