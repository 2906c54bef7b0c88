import Columns
import Diagnostics
import Storage
import Testing

@Suite("Damaged stores")
struct DamageTests {
    /// What reading everything gives: rows, or the first error.
    private func read(_ fileSystem: MemoryFileSystem, manifestOnly: Bool = false) -> Result<
        [[ScalarValue]], StorageError
    > {
        do throws(StorageError) {
            let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
            guard let table = snapshot.table("claims") else { return .success([]) }
            if let damage = snapshot.damage.first { return .failure(damage) }
            // Rows are read only where they may have been damaged.
            if manifestOnly { return .success([]) }
            var rows: [[ScalarValue]] = []
            for index in table.segments.indices {
                let vectors = try table.readSegment(index, columns: Array(table.schema.fields.indices))
                let flat = vectors.map { $0.flattened() }
                for row in 0..<table.segments[index].rowCount { rows.append(flat.map { $0.scalar(at: row) }) }
            }
            return .success(rows)
        } catch {
            return .failure(error)
        }
    }

    private func small() throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        try load([SampleTable(rowCount: 9, seed: 1)], into: "/store", fileSystem: fileSystem)
        return fileSystem
    }

    private func files(_ fileSystem: MemoryFileSystem) -> [String] {
        fileSystem.files.keys.filter {
            $0.contains("commits/") || $0.contains("segments/") || $0.contains("dictionaries/")
        }.sorted()
    }

    @Test("a flipped byte anywhere gives an error that names the file, never other rows")
    func flips() throws {
        let fileSystem = try small()
        let sound = fileSystem.files
        for path in files(fileSystem) {
            let bytes = try #require(sound[path])
            for position in bytes.indices {
                var damaged = bytes
                damaged[position] ^= UInt8(1 << (position % 8))
                fileSystem.files[path] = damaged
                guard case .failure(let error) = read(fileSystem, manifestOnly: path.contains("commits/")) else {
                    Issue.record("byte \(position) of \(path) was flipped unnoticed")
                    return
                }
                #expect(error.kind == .badData)
                #expect(error.file.map { path.hasSuffix($0) } ?? false, "\(path): \(error.diagnostic.message)")
            }
            fileSystem.files[path] = bytes
        }
    }

    @Test("a file cut at any length gives an error; an empty manifest counts as absent")
    func truncations() throws {
        let fileSystem = try small()
        let sound = fileSystem.files
        for path in files(fileSystem) {
            let bytes = try #require(sound[path])
            for length in 0..<bytes.count {
                fileSystem.files[path] = Array(bytes[0..<length])
                switch read(fileSystem, manifestOnly: path.contains("commits/")) {
                case .failure(let error): #expect(error.kind == .badData)
                case .success(let rows): #expect(length == 0 && rows.isEmpty && path.contains("commits/"))
                }
            }
            fileSystem.files[path] = nil
            if case .success(let rows) = read(fileSystem) { #expect(rows.isEmpty && path.contains("commits/")) }
            fileSystem.files[path] = bytes
        }
    }

    @Test("verify names every damaged file, block and column")
    func verification() throws {
        let fileSystem = try small()
        try load([SampleTable(rowCount: 30, seed: 2)], into: "/store", fileSystem: fileSystem)
        let store = try Store.open("/store", fileSystem: fileSystem)
        let sound = try store.verify(deep: true)
        #expect(sound.isSound)
        #expect(sound.manifestCount == 2 && sound.segmentCount == 2 && sound.dictionaryCount > 2)
        let original = fileSystem.files
        for path in files(fileSystem) {
            var bytes = try #require(original[path])
            bytes[bytes.count / 3] ^= 0x40
            fileSystem.files[path] = bytes
            let problems = try store.verify(deep: false).problems
            #expect(problems.contains { path.hasSuffix($0.file ?? "?") }, "\(path)")
            fileSystem.files[path] = original[path]
        }
        let segment = try #require(files(fileSystem).first { $0.contains("segments/") })
        var bytes = try #require(original[segment])
        bytes[64] ^= 1
        fileSystem.files[segment] = bytes
        let problem = try #require(try store.verify(deep: true).problems.first)
        #expect(problem.block == 0)
        #expect(problem.diagnostic.message.hasPrefix("block 0: checksum 0x"))
    }

    @Test("damage of the newest manifest opens the one before, says so, and stops writers")
    func newestManifest() throws {
        let fileSystem = try small()
        try load([SampleTable(rowCount: 30, seed: 2)], into: "/store", fileSystem: fileSystem)
        fileSystem.files["/store/commits/00000002.json"]?[20] ^= 1
        let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
        #expect(snapshot.commitNumber == 1)
        #expect(snapshot.damage.map { $0.file } == ["commits/00000002.json"])
        #expect(throws: StorageError.self) { try StoreTransaction.begin("/store", fileSystem: fileSystem) }
        // Damage of an older one does not take the newest away.
        fileSystem.files["/store/commits/00000002.json"]?[20] ^= 1
        fileSystem.files["/store/commits/00000001.json"]?[20] ^= 1
        #expect(try Store.open("/store", fileSystem: fileSystem).snapshot().commitNumber == 2)
        #expect(
            try Store.open("/store", fileSystem: fileSystem).verify(deep: false).problems.map { $0.file } == [
                "commits/00000001.json"
            ])
    }

    @Test("a manifest that follows another one is found out")
    func chain() throws {
        let one = try small()
        let two = MemoryFileSystem()
        try load([SampleTable(rowCount: 41, seed: 9)], into: "/store", fileSystem: two)
        try load([SampleTable(rowCount: 30, seed: 2)], into: "/store", fileSystem: one)
        one.files["/store/commits/00000001.json"] = two.files["/store/commits/00000001.json"]
        let snapshot = try Store.open("/store", fileSystem: one).snapshot()
        #expect(snapshot.commitNumber == 1)
        #expect(!snapshot.damage.isEmpty)
        #expect(!(try Store.open("/store", fileSystem: one).verify(deep: false).isSound))
    }
}
