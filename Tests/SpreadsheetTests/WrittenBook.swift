@testable import Spreadsheet

/// A workbook as written, with its parts as text.
struct WrittenBook {
    let bytes: [UInt8]

    init(rowLimit: Int = CellReference.rowLimit, _ body: (WorkbookWriter) throws -> Void) throws {
        var bytes: [UInt8] = []
        let workbook = WorkbookWriter(rowLimit: rowLimit) { bytes += $0 }
        try body(workbook)
        try workbook.finish()
        self.bytes = bytes
    }

    func part(_ name: String) throws -> String {
        var package = try ZipReader(bytes, path: "test.xlsx")
        return String(decoding: try package.part(name) ?? [], as: UTF8.self)
    }
}
