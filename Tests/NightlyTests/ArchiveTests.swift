import Diagnostics
import Foundation
import Nightly
import Reporting
import Testing

@Suite("Archive of reports")
struct ArchiveTests {
    private func add(_ archive: ReportArchive, _ identity: String, label: String = "2025-01-31-c000001", after earlier: String? = nil) throws
        -> String
    {
        try archive.add(ReportRequest(identity: identity, label: label), comparedWith: earlier) { folder in
            let earlier = earlier.map { "\"\($0)\"" } ?? "null"
            let facts = "{\"identity\": \"\(identity)\", \"compared_with\": \(earlier), \"last_batch\": 3}"
            try Data(facts.utf8).write(to: URL(fileURLWithPath: folder + "/nightly.json"))
            try Data("page \(identity)".utf8).write(to: URL(fileURLWithPath: folder + "/report.html"))
        }
    }

    @Test("a report is seen once it is published, by its own name and beside latest") func published() throws {
        let folder = try Folder()
        let archive = ReportArchive(path: folder.path)
        let name = try add(archive, "x")
        #expect(name == "2025-01-31-c000001")
        #expect(archive.latest() == nil)
        try archive.publish(name)
        #expect(archive.latest() == ArchivedReport(name: name, identity: "x", lastBatch: 3))
        for path in [name, "latest", "."] {
            #expect(FileManager.default.contents(atPath: "\(folder.path)/\(path)/report.html") == Data("page x".utf8))
        }
        #expect(archive.report("latest") == nil)
    }

    @Test("the same report is taken as it is, another one of the same label gets a number") func numbers() throws {
        let folder = try Folder()
        let archive = ReportArchive(path: folder.path)
        let first = try add(archive, "x")
        #expect(try add(archive, "x") == first)
        #expect(try add(archive, "y") == first + "-2")
        #expect(try add(archive, "x", after: first) == first + "-3")
        #expect(try add(archive, "y") == first + "-2")
    }

    @Test("what was left unfinished is no report and goes away") func unfinished() throws {
        let folder = try Folder()
        let archive = ReportArchive(path: folder.path)
        try FileManager.default.createDirectory(atPath: folder.path + "/.unfinished-2025-01-31-c000001", withIntermediateDirectories: false)
        struct Failed: Error {}
        #expect(throws: Failed.self) {
            try archive.add(ReportRequest(identity: "x", label: "2025-01-31-c000002"), comparedWith: nil) { _ in throw Failed() }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
        archive.removeUnfinished()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("the oldest reports go, never the one shown, and nothing else") func pruned() throws {
        let folder = try Folder()
        let archive = ReportArchive(path: folder.path)
        try folder.write("notes-c1.txt", "mine")
        var names: [String] = []
        for (day, commit) in [("2025-03-01", 9), ("2025-01-31", 10), ("2025-02-01", 11), ("2025-02-01", 12)] {
            names.append(try add(archive, "\(commit)", label: "\(day)-c0000\(commit < 10 ? "0" : "")\(commit)"))
        }
        try archive.publish(names[0])
        #expect(archive.prune(keeping: 3) == [names[1]])
        #expect(archive.prune(keeping: 1) == [names[2], names[3]])
        #expect(archive.latest()?.name == names[0])
        #expect(FileManager.default.fileExists(atPath: folder.path + "/notes-c1.txt"))
    }

    @Test("a link to a report that somebody took away is no report") func takenAway() throws {
        let folder = try Folder()
        let archive = ReportArchive(path: folder.path)
        try archive.publish(try add(archive, "x"))
        try FileManager.default.removeItem(atPath: folder.path + "/2025-01-31-c000001")
        #expect(archive.latest() == nil)
    }

    @Test("one run at a time works in a folder, and the lock goes with its holder") func locked() throws {
        let folder = try Folder()
        var first: RunLock? = try RunLock(folder: folder.path)
        let refusal = try #require(throws: Diagnostic.self) { _ = try RunLock(folder: folder.path) }
        #expect(refusal.kind == .busy && refusal.message.contains("process"))
        withExtendedLifetime(first) {}
        first = nil
        _ = try RunLock(folder: folder.path)
    }

    @Test("the log grows by whole lines, also after one that was cut short") func log() throws {
        let folder = try Folder()
        try folder.write("log", "{\"event\": \"cut")
        let log = try RunLog(path: folder.path + "/log")
        try log.write(RunEvent("file\"\n", [("n", .integer(1)), ("list", .array([.string("a\nb"), .null]))]))
        let lines = String(decoding: FileManager.default.contents(atPath: folder.path + "/log") ?? Data(), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 && lines[2].isEmpty)
        let event = try #require(JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any])
        #expect(event["event"] as? String == "file\"\n" && event["n"] as? Int == 1)
        #expect((event["time"] as? String)?.hasSuffix("Z") == true)
    }
}
