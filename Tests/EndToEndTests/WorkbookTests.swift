import Foundation
import Testing

@Suite("Workbooks")
struct WorkbookTests {
    @Test("results become sheets of a workbook, the same bytes each time; a terminal gets none") func results() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("i.csv", "institution_id\nH1\n"), "--table", "institutions")
        let first = folder.path("first.xlsx")
        let second = folder.path("second.xlsx")
        let query = "select '007' as id, 12.50 as money, date '2025-01-31' as day; select '=1+1' as f"
        #expect(try store.run("sql", query, "-o", first).exitCode == 0)
        #expect(try store.run("sql", query, "--threads", "1", "-o", second).exitCode == 0)
        let bytes = try #require(FileManager.default.contents(atPath: first))
        #expect(bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]))
        #expect(bytes == FileManager.default.contents(atPath: second))
        let piped = try store.run("sql", query, "--format", "xlsx")
        #expect(piped.exitCode == 0 && piped.outputBytes == Array(bytes))
    }
}
