import Columns
import Encodings
import Foundation
import Storage
import Testing

/// Stores of this format version stay readable and writable, byte for byte as they were committed here.
@Suite("Golden stores", .serialized)
struct GoldenStoreTests {
    private static let path = "/golden"

    /// The committed bytes, in memory.
    private func committed(version: Int = GoldenStore.newest) throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        fileSystem.folders.insert(Self.path)
        let folder = GoldenStore.folder(version: version)
        let names = try #require(FileManager.default.subpaths(atPath: folder.path))
        for name in names {
            let url = folder.appending(path: name)
            if url.hasDirectoryPath || !name.contains("/") {
                fileSystem.folders.insert(Self.path + "/" + name)
            } else {
                fileSystem.files[Self.path + "/" + name] = Array(try Data(contentsOf: url))
            }
        }
        return fileSystem
    }

    @Test("the store is written anew where that is asked for", .enabled(if: GoldenStore.isToBeWritten)) func write() throws {
        let folder = GoldenStore.folder(version: GoldenStore.newest)
        try? FileManager.default.removeItem(at: folder)
        _ = try GoldenStore.make(PosixFileSystem(), at: folder.path, version: GoldenStore.newest)
        try FileManager.default.removeItem(at: folder.appending(path: "LOCK"))
    }

    @Test("the committed bytes read as the rows they were made from", arguments: GoldenStore.versions)
    func reads(version: Int) throws {
        let made = try GoldenStore.make(MemoryFileSystem(), at: Self.path, version: version)
        let found = try StoreContents(Self.path, fileSystem: try committed(version: version))
        #expect(found.tables.keys.sorted() == ["claims", "edges", "shapes"] + (version > 1 ? ["streams"] : []))
        for (name, table) in found.tables {
            let expected = try #require(made.tables[name])
            #expect(table.fields == expected.fields)
            #expect(table.rows.count == expected.rows.count)
            for (row, (left, right)) in zip(table.rows, expected.rows).enumerated() where left != right {
                Issue.record("\(name), row \(row): \(left) instead of \(right)")
                break
            }
        }
        #expect(found.views == made.views && found.commitNumber == made.commitNumber)
        #expect(found.batches.map { $0.rowsLoaded } == made.batches.map { $0.rowsLoaded })
        #expect(found.batches.map { $0.sourceHash } == made.batches.map { $0.sourceHash })
    }

    @Test("every encoding, every type, every kind of text and both shapes occur in it") func coverage() throws {
        let snapshot = try Store.open(Self.path, fileSystem: try committed()).snapshot()
        let columns = try snapshot.statistics().flatMap { $0.columns }
        let words = Set(columns.flatMap { $0.encodings.flatMap { $0.split { !$0.isLetter && $0 != "_" }.map(String.init) } })
        let missing = EncodingCatalog.all.map { $0.name }.filter { !words.contains($0) }
        #expect(missing.isEmpty, "encodings that do not occur in the golden store: \(missing)")
        let types = Set(columns.map { String($0.type.prefix { $0 != "(" }) })
        #expect(types == ["boolean", "integer", "bigint", "numeric", "double precision", "date", "timestamp", "text"])
        #expect(Set(columns.map { $0.textKind }) == ["", "dictionary", "identifier", "plain"])
        #expect(columns.contains { $0.groupedSegmentCount > 0 } && columns.contains { $0.groupedSegmentCount == 0 })
    }

    @Test("the committed store can be written on", arguments: GoldenStore.versions) func writes(version: Int) throws {
        let fileSystem = try committed(version: version)
        let before = try StoreContents(Self.path, fileSystem: fileSystem)
        let more = SampleTable(rowCount: 10, seed: 3, firstClaim: 900)
        let transaction = try StoreTransaction.begin(Self.path, fileSystem: fileSystem)
        let columns = try more.columns { column, entries in
            try transaction.textDomain(of: column, in: "claims").codes(for: entries, rowCount: more.rows.count)
        }
        let segment = try SegmentEncoder.encode(
            schema: SampleTable.schema, columns: columns, rowCount: more.rows.count, groupKeyColumn: 0, timeColumn: 3)
        try transaction.add(segment, to: "claims", order: 0)
        try transaction.commit(batch: nil)
        let after = try StoreContents(Self.path, fileSystem: fileSystem)
        #expect(after.tables["claims"]?.rows == before.tables["claims"]!.rows + more.rows.map { $0 + [.null] })
        #expect(after.tables["shapes"] == before.tables["shapes"])
    }

    @Test("a flipped bit in any of its blocks is found", arguments: GoldenStore.versions) func damage(version: Int) throws {
        let fileSystem = try committed(version: version)
        let sound = fileSystem.files
        let store = try Store.open(Self.path, fileSystem: fileSystem)
        // Files that only older commits name are not read any more.
        let commits = sound.keys.sorted().filter { $0.hasSuffix(".json") }
        let newest = String(decoding: try #require(commits.last.flatMap { sound[$0] }), as: UTF8.self)
        let named = sound.keys.sorted().filter {
            $0.hasSuffix(".seg") && newest.contains($0.split(separator: "/").last ?? "?")
        }
        #expect(named.count >= 3)
        for path in named {
            let bytes = try #require(sound[path])
            for (number, block) in SegmentAnatomy(bytes).blocks.enumerated() {
                var damaged = bytes
                damaged[block.offset + block.size / 2] ^= 4
                fileSystem.files[path] = damaged
                let problems = try store.verify(deep: false).problems
                #expect(
                    problems.contains { $0.block == number && path.hasSuffix($0.file ?? "?") },
                    "block \(number) of \(path), \(block): \(problems)")
            }
            fileSystem.files[path] = bytes
        }
    }
}
