import Columns
import Diagnostics
import Storage
import Testing

/// Compaction, dropping and cleaning up while calls of the system fail.
@Suite("Failing maintenance")
struct MaintenanceFailureTests {
    enum Work: CaseIterable {
        case compact, dropFromSharedSegment, collectGarbage

        func run(_ fileSystem: any FileSystem) throws {
            switch self {
            case .compact: try compactTable("claims", in: "/store", fileSystem: fileSystem, targetRowCount: 16)
            case .dropFromSharedSegment:
                let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
                let dropped = try transaction.dropBatch(2)
                try transaction.commit(batch: nil, note: dropped.note, time: 1)
            case .collectGarbage:
                let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
                defer { transaction.abort() }
                _ = try transaction.collectGarbage(olderThan: 0, isRehearsal: false, at: .max)
            }
        }
    }

    private static let batches = (0..<3).map { SampleTable(rowCount: 6 + $0, seed: UInt64($0), firstClaim: $0 * 3) }

    /// Three small batches of the same hour, compacted first where the work is about what that leaves.
    private func store(for work: Work) throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        for batch in Self.batches { try load([batch], into: "/store", fileSystem: fileSystem) }
        if work != .compact { try Work.compact.run(fileSystem) }
        return fileSystem
    }

    /// How often each row occurs.
    private func rows(_ fileSystem: MemoryFileSystem) throws -> [[ScalarValue]: Int] {
        let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
        #expect(snapshot.damage.isEmpty)
        return try allRows(try #require(snapshot.table("claims"))).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private func files(_ fileSystem: MemoryFileSystem) -> [String: [UInt8]] {
        fileSystem.files.filter { !$0.key.hasSuffix("/LOCK") }
    }

    @Test(
        "whichever call fails, once or for ever, the rows are those before or those after, and the next try ends as the first would have",
        arguments: Work.allCases, [false, true])
    func everyCall(work: Work, forEver: Bool) throws {
        let fileSystem = try store(for: work)
        let state = fileSystem.files
        let before = try rows(fileSystem)
        let counting = FailingFileSystem(fileSystem, failAt: nil)
        try work.run(counting)
        let done = files(fileSystem)
        let after = try rows(fileSystem)
        #expect((before == after) == (work != .dropFromSharedSegment))
        for failAt in 1...counting.callCount {
            fileSystem.files = state
            var hasFailed = false
            do {
                try work.run(FailingFileSystem(fileSystem, failAt: failAt, forEver: forEver))
            } catch let error as StorageError {
                hasFailed = true
                #expect(!error.message.isEmpty)
            }
            let found = try rows(fileSystem)
            #expect(found == after || (hasFailed && found == before), "call \(failAt)")
            #expect(try Store.open("/store", fileSystem: fileSystem).verify(deep: false).problems == [], "call \(failAt)")
            let isDone = try Store.open("/store", fileSystem: fileSystem).snapshot().commitNumber != commitNumber(state)
            if !isDone || work == .collectGarbage { try work.run(fileSystem) }
            #expect(files(fileSystem) == done, "call \(failAt)")
        }
    }

    private func commitNumber(_ files: [String: [UInt8]]) -> Int { files.keys.count { $0.hasSuffix(".json") } }

    @Test("of two writers that want to compact the second is told to wait") func twoWriters() throws {
        let fileSystem = try store(for: .compact)
        let first = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        let compaction = try Compaction(first, table: "claims", targetRowCount: 16)
        for index in 0..<compaction.segmentCount { try compaction.survey(index) }
        for work in Work.allCases {
            let error = #expect(throws: StorageError.self) { try work.run(fileSystem) }
            #expect(error?.kind == .busy)
        }
        for step in 0..<compaction.plan() { try compaction.write(step) }
        _ = try compaction.finish()
        try first.commit(batch: nil, time: 1)
        #expect(try Store.open("/store", fileSystem: fileSystem).verify(deep: true).problems == [])
    }
}
