import Columns
import Diagnostics
import Storage
import Testing

/// Damage that a disk, a cable or a careless copy makes: always found, by name, and never other rows.
@Suite("Damaged stores")
struct DamageTests {
    private static let newest = "/store/commits/00000001.json"

    /// What a query that reads everything gives: rows, or the first error.
    private func read(_ fileSystem: MemoryFileSystem) -> Result<[[ScalarValue]], StorageError> {
        do throws(StorageError) {
            let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
            if let damage = snapshot.damage.first { return .failure(damage) }
            guard let table = snapshot.table("claims") else { return .success([]) }
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

    private func small(rowCount: Int = 9) throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        try load([SampleTable(rowCount: rowCount, seed: 1)], into: "/store", fileSystem: fileSystem)
        return fileSystem
    }

    private func files(_ fileSystem: MemoryFileSystem) -> [String] {
        fileSystem.files.keys.filter {
            $0.contains("commits/") || $0.contains("segments/") || $0.contains("dictionaries/")
        }.sorted()
    }

    /// What an error must name if a byte of a file is damaged.
    private struct Place: Hashable {
        var file: String
        var block: Int?
        var column: String?

        init(_ error: StorageError) {
            file = error.file ?? "?"
            block = error.block
            column = error.column
        }

        /// Of each byte of a file: of a block its number and column, of the frame around the blocks the file alone.
        static func places(_ path: String, _ bytes: [UInt8], dictionaryColumns: [String: String]) -> [Place] {
            let whole = Place(StorageError(.badData, "", file: String(path.dropFirst("/store/".count))))
            var places = [Place](repeating: whole, count: bytes.count)
            if path.hasSuffix(".seg") {
                for (number, block) in SegmentAnatomy(bytes).blocks.enumerated() {
                    for position in block.range {
                        places[position].block = number
                        places[position].column = block.column
                    }
                }
            } else if path.hasSuffix(".dict") {
                let name = String(path.split(separator: "/").last ?? "")
                for position in bytes.indices {
                    places[position].column = dictionaryColumns[name]
                    if position >= 64 { places[position].block = 0 }
                }
            }
            return places
        }
    }

    /// Column of each dictionary file: the last number of its name.
    private func dictionaryColumns(_ fileSystem: MemoryFileSystem) -> [String: String] {
        var columns: [String: String] = [:]
        for path in files(fileSystem) where path.hasSuffix(".dict") {
            let name = String(path.split(separator: "/").last ?? "")
            let number = name.dropLast(5).split(separator: "-").last.flatMap { Int($0) }
            columns[name] = number.map { SampleTable.schema.fields[$0].name }
        }
        return columns
    }

    @Test("a flipped bit of any byte is found by a query and by verify, which name file, block and column, all of them")
    func flips() throws {
        let fileSystem = try small()
        let sound = fileSystem.files
        let store = try Store.open("/store", fileSystem: fileSystem)
        #expect(try store.verify(deep: false).isSound)
        let columns = dictionaryColumns(fileSystem)
        var flipCount = 0
        for path in files(fileSystem) {
            let bytes = try #require(sound[path])
            let places = Place.places(path, bytes, dictionaryColumns: columns)
            for position in bytes.indices {
                let masks: [UInt8] =
                    Torture.isAskedFor ? (0..<8).map { 1 << $0 } + [0xFF] : [1 << UInt8(position % 8)]
                for mask in masks {
                    var damaged = bytes
                    damaged[position] ^= mask
                    fileSystem.files[path] = damaged
                    flipCount += 1
                    let what: Comment = "byte \(position) of \(path), mask \(mask)"
                    guard case .failure(let error) = read(fileSystem) else {
                        Issue.record(what)
                        continue
                    }
                    #expect(error.kind == .badData && Place(error) == places[position], what)
                    // All files are read for it, hence not for every byte in the short run.
                    guard Torture.isAskedFor || position % 5 == 0 else { continue }
                    let found = try store.verify(deep: false).problems.map { Place($0) }
                    #expect(found.contains(places[position]), what)
                }
            }
            fileSystem.files[path] = bytes
        }
        print("flipped: \(flipCount), all found")
    }

    @Test("a file cut at any length, or with bytes behind its end, is found; an empty manifest counts as absent")
    func lengths() throws {
        let fileSystem = try small()
        let sound = fileSystem.files
        let store = try Store.open("/store", fileSystem: fileSystem)
        for path in files(fileSystem) {
            let bytes = try #require(sound[path])
            let name = String(path.dropFirst("/store/".count))
            let longer = [1, 7, 8, 63, 64, 4096].flatMap { count in
                [bytes + [UInt8](repeating: 0, count: count), bytes + Array(bytes.prefix(count))]
            }
            for (number, changed) in ((0..<bytes.count).map { Array(bytes[0..<$0]) } + longer).enumerated() {
                fileSystem.files[path] = changed
                let what: Comment = "\(path), \(changed.count) bytes"
                switch read(fileSystem) {
                case .failure(let error): #expect(error.kind == .badData && error.file == name, what)
                case .success(let rows):
                    #expect(changed.isEmpty && rows.isEmpty && path == Self.newest, what)
                }
                guard Torture.isAskedFor || number % 16 == 0 || changed.count > bytes.count else { continue }
                #expect(try store.verify(deep: false).problems.contains { $0.file == name }, what)
            }
            fileSystem.files[path] = nil
            if path == Self.newest {
                #expect(try read(fileSystem).get().isEmpty)
            } else {
                guard case .failure(let error) = read(fileSystem) else { throw Missed(path: path) }
                #expect(error.file == name && error.kind == .badData)
                #expect(try store.verify(deep: false).problems.contains { $0.file == name })
            }
            fileSystem.files[path] = bytes
        }
    }

    private struct Missed: Error {
        let path: String
    }

    @Test("files that took each other's place are found, though each is sound and of the same size") func swaps() throws {
        let fileSystem = MemoryFileSystem()
        let tables = (1...3).map { SampleTable(rowCount: 40, seed: 5, firstClaim: 1000 * $0) }
        try load(tables, into: "/store", fileSystem: fileSystem)
        try load([SampleTable(rowCount: 40, seed: 5, firstClaim: 9000)], into: "/store", fileSystem: fileSystem)
        let sound = fileSystem.files
        let store = try Store.open("/store", fileSystem: fileSystem)
        let all = files(fileSystem)
        var sameSizeCount = 0
        for (index, path) in all.enumerated() {
            for other in all.dropFirst(index + 1) where path.suffix(4) == other.suffix(4) && sound[path] != sound[other] {
                fileSystem.files[path] = sound[other]
                fileSystem.files[other] = sound[path]
                if sound[path]?.count == sound[other]?.count { sameSizeCount += 1 }
                let names = [path, other].map { String($0.dropFirst("/store/".count)) }
                let problems = try store.verify(deep: false).problems
                #expect(names.allSatisfy { name in problems.contains { $0.file == name } }, "\(names)")
                guard case .failure(let error) = read(fileSystem) else { throw Missed(path: path) }
                #expect(names.contains(error.file ?? "?"), "\(names)")
                fileSystem.files = sound
            }
        }
        #expect(sameSizeCount > 2)
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
}
