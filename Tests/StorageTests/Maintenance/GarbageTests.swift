import Columns
import Diagnostics
import Storage
import Testing

@Suite("Files out of use")
struct GarbageTests {
    private static let day: Int64 = 86_400_000_000

    /// A batch loaded at time 0 and dropped a day later, another one loaded an hour before that.
    private func store() throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        try load([SampleTable(rowCount: 100, seed: 1)], into: "/store", fileSystem: fileSystem, rejects: "x\n")
        try load([SampleTable(rowCount: 50, seed: 2, firstClaim: 500)], into: "/store", fileSystem: fileSystem)
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        _ = try transaction.dropBatch(1)
        try transaction.commit(batch: nil, time: GarbageTests.day)
        let view = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        try view.setView("v", sql: "select 1")
        try view.commit(batch: nil, time: 2 * GarbageTests.day)
        return fileSystem
    }

    private func collect(
        _ fileSystem: MemoryFileSystem, olderThan age: Int64, isRehearsal: Bool, at time: Int64
    ) throws -> GarbageReport {
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        defer { transaction.abort() }
        return try transaction.collectGarbage(olderThan: age, isRehearsal: isRehearsal, at: time)
    }

    @Test("what the newest commit does not name goes once it has been out of use long enough, and nothing else")
    func age() throws {
        let fileSystem = try store()
        let sound = fileSystem.files
        let unused = "segments/00000001-1-00000000.seg"
        let young = try collect(
            fileSystem, olderThan: GarbageTests.day, isRehearsal: false, at: 2 * GarbageTests.day - 1)
        #expect(young.removable.isEmpty)
        #expect(young.tooYoung.map(\.path) == [unused])
        // Since the commit that dropped it, not since the newest.
        #expect(young.tooYoung.map(\.unusedSince) == [GarbageTests.day])
        #expect(young.tooYoung.map(\.size) == [sound["/store/" + unused]!.count])
        let rehearsed = try collect(fileSystem, olderThan: GarbageTests.day, isRehearsal: true, at: 2 * GarbageTests.day)
        #expect(rehearsed.removable.map(\.path) == [unused])
        #expect(fileSystem.files == sound)
        let done = try collect(fileSystem, olderThan: GarbageTests.day, isRehearsal: false, at: 2 * GarbageTests.day)
        #expect(done.removable == rehearsed.removable)
        #expect(fileSystem.files == sound.filter { $0.key != "/store/" + unused })
        let opened = try Store.open("/store", fileSystem: fileSystem)
        #expect(try opened.verify(deep: true).problems == [])
        #expect(try opened.snapshot().table("claims").map { try allRows($0).count } == 50)
    }

    @Test("a file no commit ever named counts as unused since the commit of its number") func neverNamed() throws {
        let fileSystem = try store()
        fileSystem.files["/store/segments/00000002-1-00000009.seg"] = [1, 2, 3]
        let time: Int64 = 1_700_000_000_000_000
        let report = try collect(fileSystem, olderThan: 0, isRehearsal: true, at: time)
        #expect(report.removable.map(\.path) == ["segments/00000001-1-00000000.seg", "segments/00000002-1-00000009.seg"])
        #expect(report.removable.map(\.unusedSince) == [GarbageTests.day, time])
    }

    @Test("a reader of the commit before keeps its rows as long as the files stay") func olderReader() throws {
        let fileSystem = MemoryFileSystem()
        let rows = SampleTable(rowCount: 100, seed: 1)
        let before = try load([rows], into: "/store", fileSystem: fileSystem)
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        _ = try transaction.dropBatch(1)
        try transaction.commit(batch: nil, time: GarbageTests.day)
        #expect(try allRows(try #require(before.table("claims"))) == rows.rows)
        _ = try collect(fileSystem, olderThan: 0, isRehearsal: false, at: GarbageTests.day)
        // Then it is told to read the newest commit instead; nothing is lost.
        let error = #expect(throws: StorageError.self) { try allRows(try #require(before.table("claims"))) }
        #expect(error?.kind == .busy && error?.message.contains("commit 2 does not need it any more") == true, "\(String(describing: error))")
        #expect(error?.mend?.contains("again") == true)
    }

    @Test("a file that the newest commit needs and that is not there is lost") func lost() throws {
        let fileSystem = MemoryFileSystem()
        let snapshot = try load([SampleTable(rowCount: 100, seed: 1)], into: "/store", fileSystem: fileSystem)
        for name in fileSystem.files.keys where name.hasPrefix("/store/segments/") { fileSystem.files[name] = nil }
        let error = #expect(throws: StorageError.self) { try allRows(try #require(snapshot.table("claims"))) }
        #expect(error?.kind == .badData && error?.message == "the file is missing", "\(String(describing: error))")
    }
}
