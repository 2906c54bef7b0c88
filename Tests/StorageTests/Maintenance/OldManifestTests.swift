import Columns
import Diagnostics
import Storage
import Testing

/// Manifests as they were written before they told the batches of segments, the key and time of a table, and before the
/// hash of a source was more than its SHA-256.
@Suite("Old manifests")
struct OldManifestTests {
    /// Two batches, their manifests in the old spelling.
    private func store() throws -> (files: MemoryFileSystem, rows: [SampleTable]) {
        let fileSystem = MemoryFileSystem()
        let rows = [SampleTable(rowCount: 40, seed: 1), SampleTable(rowCount: 30, seed: 2, firstClaim: 300)]
        for table in rows { try load([table], into: "/store", fileSystem: fileSystem) }
        var previous = String(repeating: "0", count: 64)
        for path in fileSystem.files.keys.filter({ $0.contains("/commits/") }).sorted() {
            var text = String(decoding: try #require(fileSystem.files[path]), as: UTF8.self)
            for (batch, count) in [(1, 40), (2, 30)] { text = text.replacing(",\"batches\":[[\(batch),\(count)]]", with: "") }
            text = text.replacing(#","key":"claim_id","time":"settled_at""#, with: "")
            text = text.replacing(#""source_hash""#, with: #""source_sha256""#)
            text = text.replacing(#/"previous":"[0-9a-f]{64}"/#, with: "\"previous\":\"\(previous)\"")
            #expect(!text.contains("[[") && text.contains("source_sha256") && !text.contains(#""key""#))
            let body = Array(text.utf8.dropLast(77))
            previous = Checksum.sha256(body)
            fileSystem.files[path] = body + Array("\"sha256\":\"\(previous)\"}\n".utf8)
        }
        return (fileSystem, rows)
    }

    @Test("they open, verify and read, each hash over the bytes as they are") func opens() throws {
        let (fileSystem, rows) = try store()
        let store = try Store.open("/store", fileSystem: fileSystem)
        let snapshot = try store.snapshot()
        #expect(snapshot.damage.isEmpty && snapshot.commitNumber == 2)
        #expect(try allRows(try #require(snapshot.table("claims"))) == rows[0].rows + rows[1].rows)
        let hash = "sha256:" + String(repeating: "ab", count: 32)
        #expect(snapshot.batches.map(\.sourceHash) == [hash, hash])
        #expect(snapshot.batches.allSatisfy { $0.isKnownBySHA256 })
        #expect(try store.verify(deep: true).problems == [])
    }

    @Test("their rows are told by the commit that wrote them, and the next commit goes on from them") func goesOn() throws {
        let (fileSystem, rows) = try store()
        let store = try Store.open("/store", fileSystem: fileSystem)
        #expect(try store.rowCountsOfBatches(try store.snapshot()) == [1: 40, 2: 30])
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        _ = try transaction.dropBatch(1)
        let snapshot = try transaction.commit(batch: nil, time: 1)
        #expect(try allRows(try #require(snapshot.table("claims"))) == rows[1].rows)
        let reopened = try store.snapshot()
        #expect(reopened.batches == snapshot.batches && reopened.damage.isEmpty)
        #expect(reopened.batches[0].sourceHash.hasPrefix("sha256:"))
        #expect(try store.verify(deep: true).problems == [])
    }

    @Test("without the manifest that would tell it, a batch's rows are not guessed") func unknownProvenance() throws {
        let (fileSystem, _) = try store()
        let path = "/store/commits/00000001.json"
        fileSystem.files[path]![40] ^= 1
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        defer { transaction.abort() }
        let error = #expect(throws: StorageError.self) { try transaction.dropBatch(1) }
        #expect(error?.kind == .badData)
        #expect(error?.file == "commits/00000001.json")
    }
}
