import Columns
import Diagnostics
import Testing

@testable import Spreadsheet

@Suite("Workbooks read")
struct ReaderTests {
    private static let start = XMLText.declaration

    /// A workbook of one sheet, parts in the way other programs write them.
    private func book(
        _ sheet: String, strings: [String] = [], styles: String = "", state: String = "", date1904: Bool = false,
        further: [(String, String)] = []
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let package = ZipWriter { bytes += $0 }
        let types = XMLText.relationshipNamespace
        try package.add("_rels/.rels", text: "<Relationships><Relationship Id=\"r1\" Type=\"\(types)/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>")
        try package.add(
            "xl/workbook.xml",
            text: Self.start + "<x:workbook xmlns:x=\"a\" xmlns:r=\"b\"><x:workbookPr\(date1904 ? " date1904=\"1\"" : "")/><x:sheets><x:sheet name=\"A&amp;B\" sheetId=\"1\" \(state) r:id=\"r1\"/></x:sheets></x:workbook>")
        try package.add(
            "xl/_rels/workbook.xml.rels",
            text: "<Relationships><Relationship Id=\"r1\" Type=\"\(types)/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"\(types)/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"\(types)/styles\" Target=\"styles.xml\"/></Relationships>")
        try package.add("xl/sharedStrings.xml", text: "<sst>" + strings.joined() + "</sst>")
        try package.add("xl/styles.xml", text: "<styleSheet>\(styles)</styleSheet>")
        try package.add("xl/worksheets/sheet1.xml", text: "<worksheet><sheetData>\(sheet)</sheetData></worksheet>")
        for (name, text) in further { try package.add(name, text: text) }
        try package.finish()
        return bytes
    }

    private func texts(_ bytes: [UInt8]) throws -> [[Int: String]] {
        try WorkbookReader.sheets(of: bytes, path: "x.xlsx")[0].rows.map { $0.cells.mapValues(\.text) }
    }

    @Test("shared texts, rich ones, inline ones, numbers, booleans, formulas' values") func kinds() throws {
        let rows = try texts(
            book(
                "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" t=\"s\"><v>1</v></c><c r=\"D2\"><v>001</v></c><c r=\"E2\" t=\"b\"><v>1</v></c></row>"
                    + "<row><c t=\"inlineStr\"><is><t>a</t><t xml:space=\"preserve\"> b</t></is></c><c t=\"str\"><f>1+1</f><v>2_x000D_</v></c><c><v>1.5E3</v></c><c s=\"3\"/><c t=\"s\"><v>2</v></c></row>",
                strings: ["<si><t>序号</t></si>", "<si><r><t>限定</t></r><r><t>性别</t></r><rPh sb=\"0\"><t>xian</t></rPh></si>", "<si><t> </t></si>"]))
        #expect(rows == [[0: "序号", 1: "限定性别", 3: "1", 4: "true"], [0: "a b", 1: "2\r", 2: "1500"]])
    }

    @Test("dates by their formats, from 1900 and from 1904") func dates() throws {
        let styles = "<numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/><numFmt numFmtId=\"171\" formatCode=\"[Red]0.0&quot;d&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/><xf numFmtId=\"22\"/></cellXfs>"
        let cells = "<row><c s=\"0\"><v>45660</v></c><c s=\"1\"><v>45660</v></c><c s=\"2\"><v>61</v></c><c s=\"3\"><v>45660</v></c><c s=\"4\"><v>45660.5</v></c></row>"
        #expect(try texts(book(cells, styles: styles)) == [[0: "45660", 1: "2025-01-03", 2: "1900-03-01", 3: "45660", 4: "2025-01-03 12:00:00"]])
        #expect(try texts(book("<row><c s=\"1\"><v>44198</v></c></row>", styles: styles, date1904: true)) == [[0: "2025-01-03"]])
    }

    @Test("merged rows have the first one's value, merged columns do not") func merged() throws {
        let bytes = try book(
            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c><c r=\"B1\" t=\"str\"><v>1</v></c></row><row r=\"2\"><c r=\"B2\" t=\"str\"><v>2</v></c></row>"
                + "<row r=\"3\"><c r=\"A3\" t=\"str\"><v>title</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"A3:G3\"/><mergeCell ref=\"A5:A1048576\"/></mergeCells><sheetData>")
        #expect(try texts(bytes) == [[0: "a", 1: "1"], [0: "a", 1: "2"], [0: "title"]])
        #expect(try WorkbookReader.sheets(of: bytes, path: "x")[0].rows[1].cells[0]?.isMerged == true)
        // Areas without end are a way to keep a reader busy.
        let many = String(repeating: "<mergeCell ref=\"A1:A190000\"/>", count: 30)
        let busy = try book("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>\(many)<sheetData>")
        #expect(throws: SpreadsheetError.self) { try WorkbookReader.sheets(of: busy, path: "x") }
    }

    @Test("what is written is read back: names, hidden sheets") func names() throws {
        #expect(try WorkbookReader.sheets(of: book("", state: "state=\"veryHidden\""), path: "x")[0].isHidden)
        let sheet = try WorkbookReader.sheets(of: book(""), path: "x")[0]
        #expect(sheet.name == "A&B" && !sheet.isHidden && sheet.rows.isEmpty)
        let written = try WrittenBook { workbook in
            try workbook.beginSheet(SheetPlan(name: "数据", columns: [SheetColumn("编码", .text, width: 9)]))
            try workbook.append([.text("007\u{1}_x0041_<&>")])
        }
        let read = try WorkbookReader.sheets(of: written.bytes, path: "x")[0]
        #expect(read.name == "数据" && read.rows.map { $0.cells[0]?.text } == ["编码", "007\u{1}_x0041_<&>"])
    }

    @Test("what is not understood is refused by its place", arguments: [
        ("<row><c t=\"s\"><v>7</v></c></row>", "A1"), ("<row r=\"3\"><c r=\"B3\"><v>x</v></c></row>", "B3"), ("<row><c t=\"z\"><v>1</v></c></row>", "A1"),
        ("<row><c r=\"XFE1\"><v>1</v></c></row>", "XFE1"), ("<row r=\"1048577\"/>", "row 1048577"), ("<row r=\"0\"/>", "row 0"),
    ])
    func refusedCells(sheet: String, place: String) throws {
        let bytes = try book(sheet)
        let error = #expect(throws: SpreadsheetError.self) { try WorkbookReader.sheets(of: bytes, path: "x.xlsx") }
        let diagnostic = try #require(error?.diagnostic)
        #expect(diagnostic.message.contains(place) && diagnostic.message.contains("expected") && diagnostic.location.file == "x.xlsx", "\(diagnostic.message)")
    }

    @Test("document types, foreign entities, broken and deep XML are refused", arguments: [
        "<!DOCTYPE a [<!ENTITY x \"y\">]><worksheet/>", "<worksheet>&x;</worksheet>", "<worksheet><a></worksheet>", "<worksheet", "<worksheet a=1/>",
        "<worksheet>", "<worksheet a=\"", "</worksheet>", "<!-- ", "<a:/>< >", String(repeating: "<a>", count: 70),
    ])
    func refusedXML(text: String) throws {
        #expect(throws: SpreadsheetError.self) {
            var scanner = try XMLScanner(Array(text.utf8), path: "x", part: "p")
            while try scanner.next() != nil {}
        }
    }

    @Test("a part that promises less than it holds, or more than is read, is not unpacked") func bombs() throws {
        var bytes = try book("<row><c><v>1</v></c></row>")
        let reader = try ZipReader(bytes, path: "x")
        #expect(reader.has("XL/Workbook.xml"))
        // Sizes in the directory: 24 bytes into each entry.
        let entry = try #require((0..<(bytes.count - 4)).first { bytes[$0..<($0 + 4)].elementsEqual([0x50, 0x4B, 0x01, 0x02]) })
        let size = bytes[entry + 24]
        bytes[entry + 24] = size &- 1
        #expect(throws: SpreadsheetError.self) { try WorkbookReader.sheets(of: bytes, path: "x") }
        bytes[entry + 24] = size
        bytes[entry + 27] = 0x7F
        let error = #expect(throws: SpreadsheetError.self) { try WorkbookReader.sheets(of: bytes, path: "x") }
        #expect(error?.diagnostic.message.contains("at most") == true)
        // Many small parts that are large together.
        var limits = ZipReader.Limits()
        limits.totalSize = 100
        var small = try ZipReader(try book(""), path: "x", limits: limits)
        #expect(throws: SpreadsheetError.self) { for name in ["xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"] { _ = try small.part(name) } }
    }

    @Test("every cut and many a flipped byte ends in an error or the same sheet, never in a crash") func damage() throws {
        let whole = try book("<row><c t=\"s\"><v>0</v></c><c><v>12</v></c></row>", strings: ["<si><t>文</t></si>"])
        for end in stride(from: 0, to: whole.count - 1, by: 7) {
            #expect(throws: SpreadsheetError.self) { try WorkbookReader.sheets(of: Array(whole[..<end]), path: "x") }
        }
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x41
            _ = try? WorkbookReader.sheets(of: bytes, path: "x")
        }
    }

    @Test("other files are named for what they are") func others() {
        for (bytes, word) in [([0xD0, 0xCF, 0x11, 0xE0, 0xA1], ".xls"), ([0x50, 0x4B, 0x03, 0x04, 0], "whole"), ([0x61, 0x2C, 0x62], "no ZIP")] as [([UInt8], String)] {
            let error = #expect(throws: SpreadsheetError.self) { try WorkbookReader.sheets(of: bytes, path: "x") }
            #expect(error?.diagnostic.message.contains(word) == true)
        }
    }
}
