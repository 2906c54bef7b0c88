import Columns
import Diagnostics
import Storage
import Testing

@Suite("Dropped batches")
struct DropBatchTests {
    private let first = SampleTable(rowCount: 300, seed: 1)
    private let second = SampleTable(rowCount: 200, seed: 2, firstClaim: 500)

    private func loaded() throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        try load([first], into: "/store", fileSystem: fileSystem, rejects: "x\n")
        try load([second, SampleTable(rowCount: 7, seed: 3, firstClaim: 900)], into: "/store", fileSystem: fileSystem)
        return fileSystem
    }

    private func drop(_ batch: Int, _ fileSystem: MemoryFileSystem) throws -> StoreSnapshot {
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        let dropped = try transaction.dropBatch(batch)
        return try transaction.commit(batch: nil, note: dropped.note, time: 1)
    }

    @Test("the batch's rows go, the others stay, and the history says so") func rowsGo() throws {
        let fileSystem = try loaded()
        let snapshot = try drop(2, fileSystem)
        #expect(try allRows(try #require(snapshot.table("claims"))) == first.rows)
        #expect(snapshot.batches.map(\.droppedInCommit) == [nil, 3])
        let store = try Store.open("/store", fileSystem: fileSystem)
        let reopened = try store.snapshot()
        #expect(reopened.batches == snapshot.batches)
        #expect(try store.rowCountsOfBatches(reopened) == [1: 300])
        #expect(try store.verify(deep: true).problems == [])
        let manifest = String(decoding: try #require(fileSystem.files["/store/commits/00000003.json"]), as: UTF8.self)
        #expect(manifest.contains(#""note":"batch 2 dropped: 207 rows taken out of claims""#))
        #expect(fileSystem.files["/store/rejects/1.csv"] != nil)
    }

    @Test("the next batch has a number of its own, and its rows are told from the dropped ones") func nextBatch() throws {
        let fileSystem = try loaded()
        _ = try drop(2, fileSystem)
        let again = try load([second], into: "/store", fileSystem: fileSystem)
        #expect(again.batches.map(\.id) == [1, 2, 3])
        #expect(try allRows(try #require(again.table("claims"))) == first.rows + second.rows)
        #expect(try Store.open("/store", fileSystem: fileSystem).rowCountsOfBatches(again) == [1: 300, 3: 200])
    }

    @Test("what cannot be dropped is refused, and nothing changes") func refusals() throws {
        let fileSystem = try loaded()
        _ = try drop(1, fileSystem)
        let before = fileSystem.files
        for (batch, kind, words) in [
            (1, FailureKind.query, "dropped already, by commit 3"), (9, .noInput, "there is no batch 9"),
            (0, .noInput, "there is no batch 0"),
        ] as [(Int, FailureKind, String)] {
            let error = #expect(throws: StorageError.self) { try drop(batch, fileSystem) }
            #expect(error?.kind == kind)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        #expect(fileSystem.files == before)
    }

    @Test("rows whose place another batch has taken are refused by its name") func replaced() throws {
        let fileSystem = try loaded()
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        try transaction.replaceTable("claims", schema: Schema([Field(name: "a", type: .bigint)]))
        let segment = try SegmentEncoder.encode(
            schema: Schema([Field(name: "a", type: .bigint)]), columns: [EncodableColumn(.int64([5]))], rowCount: 1,
            groupKeyColumn: nil)
        try transaction.add(segment, to: "claims", order: 0)
        try transaction.commit(
            batch: BatchSummary(
                id: 3, table: "claims", sourceName: "x", sourceHash: "xxh3:00", sourceSize: 1, rowsLoaded: 1))
        let error = #expect(throws: StorageError.self) { try drop(2, fileSystem) }
        #expect(error?.kind == .query)
        #expect(error?.message.contains("batch 3 has taken the place") == true, "\(error?.message ?? "")")
        #expect(try drop(3, fileSystem).table("claims")?.rowCount == 0)
    }
}
