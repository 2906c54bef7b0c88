import Columns
import Diagnostics
import Foundation
import Testing

@testable import Spreadsheet

@Suite("Workbooks written")
struct WriterTests {
    private static let columns = [
        SheetColumn("id", .text, width: 12), SheetColumn("money", .decimal(scale: 2), width: 12), SheetColumn("day", .date, width: 12),
        SheetColumn("at", .timestamp, width: 20),
    ]

    private func cells(_ row: [ScalarValue], columns: [SheetColumn] = WriterTests.columns) throws -> String {
        let book = try WrittenBook { workbook in
            try workbook.beginSheet(SheetPlan(name: "A", columns: columns, hasHeader: false))
            try workbook.append(row)
        }
        let sheet = try book.part("xl/worksheets/sheet1.xml")
        let start = try #require(sheet.range(of: "<sheetData>"))
        let end = try #require(sheet.range(of: "</sheetData>"))
        return String(sheet[start.upperBound..<end.lowerBound])
    }

    @Test("ids are text, money and dates are numbers with a format") func types() throws {
        let text = try cells([
            .text("007"), .numeric(unscaled: -123_456, scale: 2), .date(0), .timestamp(43_200_000_000),
        ])
        #expect(
            text == #"<row r="1"><c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve">007</t></is></c>"#
                + #"<c r="B1" s="2"><v>-1234.56</v></c><c r="C1" s="3"><v>25569</v></c><c r="D1" s="4"><v>25569.5</v></c></row>"#)
    }

    @Test("NULL is no cell, an empty text is one") func nulls() throws {
        #expect(try cells([.null, .null, .null, .null]) == #"<row r="1"></row>"#)
        #expect(try cells([.text(""), .null, .null, .null]).contains("<t xml:space=\"preserve\"></t>"))
    }

    @Test("text that a spreadsheet would run stays text", arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
    func formulas(text: String) throws {
        let cells = try cells([.text(text), .null, .null, .null])
        #expect(cells.contains("t=\"inlineStr\"") && !cells.contains("<f>"))
        let book = try WrittenBook { workbook in
            try workbook.beginSheet(SheetPlan(name: "A", columns: Self.columns))
            try workbook.append([.text(text), .null, .null, .null])
        }
        // Format 49 keeps it text even when a person edits the cell.
        #expect(try book.part("xl/styles.xml").contains("numFmtId=\"49\""))
    }

    @Test("markup, control characters and what looks like their escape", arguments: [
        ("a<b>&\"c\"", "a&lt;b&gt;&amp;&quot;c&quot;"), ("\u{0}\u{1B}[31m", "_x0000__x001B_[31m"), ("_x0041_", "_x005F_x0041_"),
        ("_x41_", "_x41_"), ("a\rb\nc\td", "a_x000D_b\nc\td"), ("\u{FFFE}\u{FFFF}\u{FFFD}", "_xFFFE__xFFFF_\u{FFFD}"), ("]]>", "]]&gt;"),
        ("医院🏥", "医院🏥"),
    ])
    func escapes(text: String, written: String) {
        var bytes: [UInt8] = []
        XMLText.append(text, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == written)
    }

    @Test("what a spreadsheet would change stands as text") func exactness() throws {
        let general = [SheetColumn("n", .general, width: 9)]
        for (value, isText) in [
            (ScalarValue.integer(999_999_999_999_999), false), (.integer(1_000_000_000_000_001), true), (.integer(.min), true),
            (.numeric(unscaled: 12_345_678_901_234_567, scale: 2), true), (.numeric(unscaled: 123_456_789_012_345_000, scale: 6), false),
            (.double(.infinity), true), (.double(0.1), false), (.date(-25_508), false), (.date(-25_509), true),
            (.date(2_932_896), false), (.date(2_932_897), true), (.timestamp(-3_000_000_000_000_000), true),
        ] {
            #expect(try cells([value], columns: general).contains("inlineStr") == isText, "\(value)")
        }
        #expect(try cells([.date(-25_508)], columns: general).contains("<v>61</v>"))
    }

    @Test("a sheet that is full goes on in the next, under the same header") func overflow() throws {
        let book = try WrittenBook(rowLimit: 3) { workbook in
            try workbook.beginSheet(SheetPlan(name: "Claims", columns: [SheetColumn("n", .whole, width: 9)]))
            for number in 1...5 { try workbook.append([.integer(Int64(number))]) }
        }
        let names = try book.part("xl/workbook.xml")
        #expect(names.contains("\"Claims\"") && names.contains("\"Claims (2)\"") && names.contains("\"Claims (3)\""))
        for (number, rows) in [(1, [1, 2]), (2, [3, 4]), (3, [5])] {
            let sheet = try book.part("xl/worksheets/sheet\(number).xml")
            #expect(sheet.contains(">n</t>"))
            for row in 1...5 { #expect(sheet.contains("<v>\(row)</v>") == rows.contains(row)) }
            #expect(sheet.contains("<autoFilter ref=\"A1:A\(rows.count + 1)\"/>"))
        }
    }

    @Test("the same rows give the same bytes") func determinism() throws {
        func book() throws -> [UInt8] {
            try WrittenBook { workbook in
                try workbook.beginSheet(SheetPlan(name: "A", columns: Self.columns))
                for number in 0..<5000 {
                    try workbook.append([.text("id \(number % 7)"), .numeric(unscaled: Int128(number), scale: 2), .date(Int32(number)), .null])
                }
            }.bytes
        }
        #expect(try book() == book())
    }

    @Test("a text that no cell holds is refused by its place") func longText() throws {
        let error = #expect(throws: SpreadsheetError.self) {
            _ = try cells([.null, .text(String(repeating: "x", count: 32_768)), .null, .null])
        }
        #expect(error?.diagnostic.message.contains("cell B1") == true)
        #expect(try cells([.text(String(repeating: "中", count: 32_767)), .null, .null, .null]).contains("中"))
    }

    @Test("names of sheets are what spreadsheets allow, and differ", arguments: [
        ("a/b:c*d?e[f]\\g", "a_b_c_d_e_f__g"), ("'quoted'", "quoted"), ("", "Sheet"), ("History", "History_"),
        (String(repeating: "长", count: 40), String(repeating: "长", count: 31)), ("a\u{0}b\n", "a_b_"),
        (String(repeating: "x", count: 30) + "🏥", String(repeating: "x", count: 30)),
    ])
    func sheetNames(wanted: String, fitted: String) {
        #expect(SheetName.fitted(wanted, taken: []) == fitted)
        let second = SheetName.fitted(wanted, taken: [fitted.lowercased()])
        #expect(second.lowercased() != fitted.lowercased() && second.utf16.count <= 31)
    }

    @Test("places of cells there and back", arguments: [(0, 0, "A1"), (9, 25, "Z10"), (0, 26, "AA1"), (1_048_575, 16_383, "XFD1048576")])
    func references(row: Int, column: Int, text: String) throws {
        #expect(CellReference.text(row: row, column: column) == text)
        let place = try #require(CellReference.parse(text[...]))
        #expect(place == (row, column))
        for bad in ["", "A", "1", "A0", "XFE1", "A1048577", "A1B", "AAAAAAAAAAAAAAAAAAAAA1", "A99999999999999999999"] {
            #expect(CellReference.parse(bad[...]) == nil)
        }
    }
}
