import Diagnostics
import Foundation
import Glibc
import Nightly
import Testing

@Suite("Inbox")
struct InboxTests {
    @Test("unfinished and hidden names are no deliveries", arguments: [
        ("claims.csv", true), ("claims-2025.csv.gz", true), ("医保.csv", true), ("part.csv", true), ("tmp", true),
        (".claims.csv", false), ("claims.csv.part", false), ("claims.csv.PART", false), ("claims.tmp", false),
        ("claims.csv.filepart", false), ("claims.csv.crdownload", false), ("claims.csv~", false), (".nightly.lock", false),
    ])
    func names(name: String, isDelivery: Bool) { #expect(InboxName.isDelivery(name) == isDelivery) }

    @Test("a name that is taken gets a number before its ending", arguments: [
        ("claims.csv", 1, "claims.csv"), ("claims.csv", 2, "claims.2.csv"), ("claims.csv.gz", 3, "claims.3.csv.gz"),
        ("claims", 2, "claims.2"), (".x", 2, ".x.2"),
    ])
    func numbers(name: String, number: Int, expected: String) { #expect(InboxName.numbered(name, number) == expected) }

    @Test("a name that is no UTF-8 becomes one, an UTF-8 name stays") func foreignNames() {
        #expect(InboxName.readable([0xB2, 0xE2, 0x2E, 0x63, 0x73, 0x76]) == "%B2%E2.csv")
        #expect(InboxName.readable(Array("医保.csv".utf8)) == "医保.csv")
    }

    @Test("regular files are found in the order of their bytes; folders and links are not deliveries") func listing() throws {
        let folder = try Folder()
        for name in ["b.csv", "a.csv", "B.csv", ".hidden", "c.csv.part"] { try folder.write(name, "x") }
        try FileManager.default.createDirectory(atPath: folder.path + "/processed", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link.csv", withDestinationPath: "/etc/hostname")
        let scan = try InboxFolder(path: folder.path).scan(settleSeconds: 0) { false }
        #expect(scan.complete.map(\.name) == ["B.csv", "a.csv", "b.csv"])
        #expect(scan.ignored == ["c.csv.part", "link.csv"])
        #expect(scan.waiting.isEmpty)
    }

    @Test("a file that grows while it is watched waits, an old one does not") func growing() throws {
        let folder = try Folder()
        try folder.write("old.csv", "x", age: 100)
        try folder.write("new.csv", "x")
        // The watch asks now and then whether to stop: the file grows at its first question, and is old enough at once.
        var questions = 0
        let scan = try InboxFolder(path: folder.path).scan(settleSeconds: 60) {
            questions += 1
            if questions == 1 { try? folder.write("new.csv", "xx", age: 7200) }
            return false
        }
        #expect(scan.complete.map(\.name) == ["old.csv"])
        #expect(scan.waiting.map(\.name) == ["new.csv"])
        let later = try InboxFolder(path: folder.path).scan(settleSeconds: 0.1) { false }
        #expect(later.complete.map(\.name) == ["new.csv", "old.csv"])
    }

    @Test("a file that ends with a whole line is watched for a second, one that breaks off for the whole time") func wholeLines() throws {
        for (text, isTaken) in [("a,b\n1,2\n", true), ("a,b\n1,2", false), ("", false)] {
            let folder = try Folder()
            try folder.write("new.csv", text)
            // A question is asked every twentieth of a second at the most: after sixty, a second has passed.
            var questions = 0
            let scan = { try InboxFolder(path: folder.path).scan(settleSeconds: 3600) {
                questions += 1
                return questions > 60
            } }
            if isTaken { #expect(try scan().complete.map(\.name) == ["new.csv"]) } else { #expect(throws: Diagnostic.self) { try scan() } }
        }
    }

    @Test("a file that somebody has open for writing waits, however old it is") func openForWriting() throws {
        let folder = try Folder()
        try folder.write("a.csv", "x", age: 1000)
        let handle = try Folder.openForWriting(folder.path + "/a.csv")
        let scan = try InboxFolder(path: folder.path).scan(settleSeconds: 0) { false }
        try handle.close()
        var later = try InboxFolder(path: folder.path).scan(settleSeconds: 0) { false }
        // A process that another test has just started shares the open file until its program begins.
        for _ in 0..<1000 where later.complete.isEmpty {
            usleep(10_000)
            later = try InboxFolder(path: folder.path).scan(settleSeconds: 0) { false }
        }
        #expect(later.complete.map(\.name) == ["a.csv"])
        // Some file systems grant no leases; then the quiet time alone decides.
        if !scan.waiting.isEmpty { #expect(scan.waiting.map(\.name) == ["a.csv"] && scan.complete.isEmpty) }
    }

    @Test("moving replaces nothing, and a move that ended half-way is found again") func moving() throws {
        let folder = try Folder()
        let inbox = InboxFolder(path: folder.path)
        for content in ["1", "2", "3"] {
            try folder.write("a.csv", content)
            _ = try inbox.move("a.csv", into: InboxFolder.processed)
        }
        let processed = folder.path + "/processed"
        #expect(try FileManager.default.contentsOfDirectory(atPath: processed).sorted() == ["a.2.csv", "a.3.csv", "a.csv"])
        #expect(FileManager.default.contents(atPath: processed + "/a.3.csv") == Data("3".utf8))
        // The second name is there and the first not yet gone.
        try FileManager.default.linkItem(atPath: processed + "/a.2.csv", toPath: folder.path + "/a.csv")
        #expect(try inbox.move("a.csv", into: InboxFolder.processed) == "a.2.csv")
        #expect(try FileManager.default.contentsOfDirectory(atPath: processed).count == 3)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/a.csv"))
    }
}

/// A folder that is removed with the test.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/fundwatch-nightly-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Not shared with the programs that other tests start meanwhile: a file that somebody has open for writing is not complete.
    static func openForWriting(_ file: String) throws -> FileHandle {
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        try #require(descriptor >= 0, "cannot open \(file): \(errno)")
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// - Parameter age: Seconds since the file was changed.
    func write(_ name: String, _ text: String, age: Double = 0) throws {
        let file = path + "/" + name
        let handle = try Folder.openForWriting(file)
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
        if age > 0 {
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: file)
        }
    }
}
