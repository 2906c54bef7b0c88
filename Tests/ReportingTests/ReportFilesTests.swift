import Diagnostics
import Foundation
import Reporting
import Testing

@Suite("Report files")
struct ReportFilesTests {
    private func temporaryFolder() -> String {
        FileManager.default.temporaryDirectory.appending(path: "fundwatch-report-\(UUID().uuidString)").path
    }

    @Test("the same report gives the same bytes, and a second run replaces the first") func writes() throws {
        let folder = temporaryFolder() + "/deep/er"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try ReportBuilder.write(try SampleReport.report(count: 10), to: folder)
        try ReportBuilder.write(try SampleReport.report(), to: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names == [
            "departments.csv", "indicators.csv", "insured_persons.csv", "new_institutions.csv", "practitioners.csv", "ranking.csv", "ranking.json",
            "regions.csv", "report.html", "report.xlsx", "run.json", "small_extremes.csv", "themes.csv",
        ])
        for (name, bytes) in ReportBuilder.files(try SampleReport.report()) {
            #expect(FileManager.default.contents(atPath: folder + "/" + name).map { Array($0) } == bytes, "\(name)")
        }
    }

    @Test("a failure leaves the files in place as they were") func failure() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try AtomicFiles.write([("a.txt", Array("old".utf8))], to: folder)
        try FileManager.default.createDirectory(atPath: folder + "/.b.txt.partial", withIntermediateDirectories: true)
        #expect(throws: ReportError.self) { try AtomicFiles.write([("a.txt", Array("new".utf8)), ("b.txt", [])], to: folder) }
        #expect(try String(contentsOfFile: folder + "/a.txt", encoding: .utf8) == "old")
        #expect(!FileManager.default.fileExists(atPath: folder + "/.a.txt.partial"))
    }

    @Test("a path that is a file cannot be a folder") func notAFolder() throws {
        let path = temporaryFolder()
        try "x".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = #expect(throws: ReportError.self) { try AtomicFiles.write([("a", [0x62])], to: path) }
        #expect(error?.diagnostic.kind == .cannotCreate)
        #expect(error?.diagnostic.message.contains(path) == true)
    }
}
