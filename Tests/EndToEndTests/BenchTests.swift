import Foundation
import Testing

@Suite("Bench")
struct BenchTests {
    @Test("times ingest, queries and every indicator, and leaves nothing behind") func measuresAndCleansUp() throws {
        let folder = try TemporaryFolder()
        let outcome = try ToolUnderTest.run(
            ["bench", "--lines", "3000", "--runs", "1", "--format", "csv"], environment: ["TMPDIR": folder.url.path],
            workingFolder: folder.url.path)
        #expect(outcome.ending == .exited(code: 0), "\(outcome.errors)")
        let sheet = try CSVSheet(outcome.outputBytes)
        #expect(sheet.header == ["part", "name", "milliseconds", "detail"])
        let parts = Dictionary(grouping: sheet.rows, by: { $0[0] ?? "" })
        #expect(parts["generate"]?.first?[3]?.hasPrefix("3,000 lines") == true)
        #expect(parts["ingest"]?.count == 1)
        #expect(parts["store"]?.first?[2] == nil, "bytes are no time")
        #expect(parts["query"]?.count == 9)
        #expect(parts["indicator"]?.count == 23, "22 indicators and their total")
        for row in sheet.rows where ["ingest", "query", "indicator"].contains(row[0]) {
            #expect((row[2].flatMap { Double($0) } ?? 0) > 0, "\(row)")
        }
        #expect(FileContent.names(in: folder.url.path).isEmpty, "the temporary folder is removed, and no store is made")
    }

    @Test("an impossible number of lines or runs is a mistake of the caller") func refusesImpossibleNumbers() throws {
        let folder = try TemporaryFolder()
        for arguments in [["--lines", "0"], ["--lines", "100", "--runs", "0"]] {
            let outcome = try ToolUnderTest.run(["bench"] + arguments, environment: ["TMPDIR": folder.url.path])
            #expect(outcome.ending == .exited(code: 64), "\(arguments): \(outcome.errors)")
            #expect(FileContent.names(in: folder.url.path).isEmpty)
        }
    }
}
