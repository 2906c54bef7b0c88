import Columns
import Diagnostics
import Storage
import Testing

/// Old manifests in one file: everything they told is told as before.
@Suite("Packed manifests")
struct ManifestPackingTests {
    private static let packing = ManifestPacking(count: 4, size: 1 << 20, keptCount: 3)

    /// Twelve commits: eleven batches, the first of which the fifth commit drops.
    private func history() throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        for number in 1...12 {
            if number == 5 {
                let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
                _ = try transaction.dropBatch(1)
                try transaction.commit(batch: nil, time: 5)
            } else {
                try load([SampleTable(rowCount: 9, seed: UInt64(number), firstClaim: number * 100)], into: "/store", fileSystem: fileSystem)
            }
        }
        return fileSystem
    }

    @discardableResult
    private func collect(
        _ fileSystem: any FileSystem, isRehearsal: Bool = false, age: Int64 = 0, packing: ManifestPacking = Self.packing
    ) throws -> GarbageReport {
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        defer { transaction.abort() }
        return try transaction.collectGarbage(olderThan: age, isRehearsal: isRehearsal, packing: packing, at: .max)
    }

    private func commits(_ fileSystem: MemoryFileSystem) -> [String] {
        fileSystem.files.keys.compactMap { $0.hasPrefix("/store/commits/") ? String($0.dropFirst(15)) : nil }.sorted()
    }

    private func files(_ fileSystem: MemoryFileSystem) -> [String: [UInt8]] { fileSystem.files.filter { !$0.key.hasSuffix("/LOCK") } }

    /// What checking the whole chain tells.
    private func check(_ fileSystem: MemoryFileSystem) throws -> [String: Int] {
        let report = try Store.open("/store", fileSystem: fileSystem).verify(deep: false)
        #expect(report.problems == [])
        return report.commitOfHash
    }

    @Test("full groups of old ones become one file each, and the whole chain is told as before") func packs() throws {
        let fileSystem = try history()
        let hashes = try check(fileSystem)
        let rows = try allRows(try #require(try Store.open("/store", fileSystem: fileSystem).snapshot().table("claims")))
        let sizeBefore = fileSystem.files.reduce(0) { $0 + ($1.key.hasPrefix("/store/commits/") ? $1.value.count : 0) }
        let state = files(fileSystem)
        let rehearsed = try collect(fileSystem, isRehearsal: true)
        #expect(rehearsed.packs.map(\.path) == ["commits/00000001-00000004.pack", "commits/00000005-00000008.pack"])
        #expect(files(fileSystem) == state)
        let done = try collect(fileSystem)
        #expect(done.packs.map(\.numbers) == [1..<5, 5..<9] && done.packs.map(\.size) == rehearsed.packs.map(\.size))
        #expect(done.packs.allSatisfy { $0.packedSize > 0 && $0.packedSize * 2 < $0.size })
        #expect(
            commits(fileSystem) == ["00000001-00000004.pack", "00000005-00000008.pack"] + ["09", "10", "11", "12"].map { "000000\($0).json" })
        #expect(fileSystem.files.reduce(0) { $0 + ($1.key.hasPrefix("/store/commits/") ? $1.value.count : 0) } * 2 < sizeBefore)
        #expect(try check(fileSystem) == hashes && hashes.count == 12)
        #expect(try collect(fileSystem).packs.isEmpty)
        #expect(try allRows(try #require(try Store.open("/store", fileSystem: fileSystem).snapshot().table("claims"))) == rows)
        // Work goes on, and what comes to be old is packed in its turn.
        for number in 13...15 { try load([SampleTable(rowCount: 9, seed: UInt64(number), firstClaim: number * 100)], into: "/store", fileSystem: fileSystem) }
        #expect(try collect(fileSystem).packs.map(\.numbers) == [9..<13])
        #expect(try check(fileSystem).count == 15)
    }

    @Test("what is not that old stays, and packs do not grow beyond their size") func limits() throws {
        let fileSystem = try history()
        #expect(try collect(fileSystem, age: .max).packs.isEmpty)
        let small = ManifestPacking(count: 4, size: 1, keptCount: 6)
        #expect(try collect(fileSystem, packing: small).packs.map(\.numbers) == [1..<3, 3..<5])
        #expect(try check(fileSystem).count == 12)
        #expect(try collect(try history(), packing: .usual).packs.isEmpty)
    }

    @Test("since when a file is out of use is found in packed manifests too") func unusedSince() throws {
        let plain = try history()
        let packed = try history()
        let lost = packed.files.filter { $0.key.hasPrefix("/store/segments/00000001") }
        #expect(!lost.isEmpty)
        func found(_ report: GarbageReport) -> [GarbageReport.File] { report.removable.filter { $0.path.hasPrefix("segments/00000001") } }
        let expected = found(try collect(plain, isRehearsal: true, packing: .usual))
        #expect(expected.map(\.unusedSince) == [5])
        try collect(packed)
        packed.files.merge(lost) { $1 }
        #expect(found(try collect(packed, isRehearsal: true)) == expected)
    }

    @Test("a damaged manifest, and what comes behind it, stay as they are") func damagedManifest() throws {
        let fileSystem = try history()
        fileSystem.files["/store/commits/00000006.json"]![20] ^= 1
        let bytes = fileSystem.files["/store/commits/00000006.json"]
        #expect(try collect(fileSystem).packs.map(\.numbers) == [1..<5])
        #expect(fileSystem.files["/store/commits/00000006.json"] == bytes)
        #expect(try Store.open("/store", fileSystem: fileSystem).verify(deep: false).problems.map(\.file) == ["commits/00000006.json"])
    }

    @Test("a damaged pack is named, whichever of its bytes it is, and the store opens as before") func damagedPack() throws {
        let fileSystem = try history()
        try collect(fileSystem)
        let path = "/store/commits/00000001-00000004.pack"
        let bytes = try #require(fileSystem.files[path])
        let head = try Store.open("/store", fileSystem: fileSystem).snapshot().headHash
        func expectDamage(_ what: Comment) throws {
            let store = try Store.open("/store", fileSystem: fileSystem)
            let snapshot = try store.snapshot()
            #expect(snapshot.headHash == head && snapshot.damage.isEmpty, what)
            #expect(try store.verify(deep: false).problems.map(\.file) == [String(path.dropFirst(7))], what)
        }
        for place in bytes.indices where place < 64 || place % 23 == 0 {
            fileSystem.files[path]![place] ^= 0x10
            try expectDamage("byte \(place)")
            fileSystem.files[path] = bytes
        }
        for length in [0, 1, 63, 64, bytes.count - 1] {
            fileSystem.files[path] = Array(bytes.prefix(length))
            try expectDamage("\(length) bytes")
        }
        fileSystem.files[path] = nil
        let missing = try Store.open("/store", fileSystem: fileSystem).verify(deep: false).problems
        #expect(missing.prefix(4).map(\.file) == (1...4).map { "commits/0000000\($0).json" })
    }

    @Test("without newer manifests the last of a pack is opened") func opensPacked() throws {
        let fileSystem = try history()
        let eighth = try check(fileSystem).first { $0.value == 8 }?.key
        let data = fileSystem.files.filter { !$0.key.hasPrefix("/store/commits/") }
        try collect(fileSystem)
        fileSystem.files.merge(data) { mine, _ in mine }
        for name in commits(fileSystem) where name.hasSuffix(".json") { fileSystem.files["/store/commits/" + name] = nil }
        let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
        #expect(snapshot.commitNumber == 8 && snapshot.headHash == eighth && snapshot.damage.isEmpty)
        try load([SampleTable(rowCount: 9, seed: 90, firstClaim: 9000)], into: "/store", fileSystem: fileSystem)
        #expect(try check(fileSystem).count == 9)
    }

    @Test("whichever call fails, once or for ever, the chain stays whole, and the next try ends as the first would have", arguments: [false, true])
    func everyCall(forEver: Bool) throws {
        let fileSystem = try history()
        let hashes = try check(fileSystem)
        let state = fileSystem.files
        let counting = FailingFileSystem(fileSystem, failAt: nil)
        try collect(counting)
        let done = files(fileSystem)
        for failAt in 1...counting.callCount {
            fileSystem.files = state
            #expect(throws: StorageError.self, "call \(failAt)") { try collect(FailingFileSystem(fileSystem, failAt: failAt, forEver: forEver)) }
            #expect(try check(fileSystem) == hashes, "call \(failAt)")
            try collect(fileSystem)
            #expect(files(fileSystem) == done, "call \(failAt)")
        }
    }

    @Test("after a cut of the power at any step the chain is whole") func powerCuts() throws {
        let base = try history()
        let hashes = try check(base)
        let recording = RecordingFileSystem(MemoryFileSystem(copying: base))
        try collect(recording)
        let steps = recording.steps
        for cut in 0...steps.count {
            let power = PowerCut(base: base, firstFiles: recording.firstFiles, steps: steps[..<cut])
            for names in PowerCut.Names.allCases {
                for seed in 0..<UInt64(2) {
                    let disk = power.survivor(names, seed: UInt64(cut) << 32 | seed)
                    #expect(try check(disk) == hashes, "cut at step \(cut), names \(names), seed \(seed)")
                    if seed > 0 { continue }
                    try collect(disk)
                    #expect(try check(disk) == hashes && commits(disk).count == 6, "cut at step \(cut), names \(names)")
                }
            }
        }
    }
}
