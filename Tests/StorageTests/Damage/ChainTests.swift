import Diagnostics
import Storage
import Testing

/// History that was changed with all its hashes made to hold: only the chain tells.
@Suite("The chain of commits")
struct ChainTests {
    private static let head = "/store/commits/00000004.json"

    /// Four commits.
    private func history() throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        for batch in 1...4 {
            try load(
                [SampleTable(rowCount: 9, seed: UInt64(batch), firstClaim: batch * 100)], into: "/store",
                fileSystem: fileSystem)
        }
        return fileSystem
    }

    private func path(_ number: Int) -> String { "/store/commits/0000000\(number).json" }

    private func forge(_ number: Int, in fileSystem: MemoryFileSystem) throws {
        let bytes = try #require(fileSystem.files[path(number)])
        let text = String(decoding: bytes, as: UTF8.self).replacing("\"rows\":9,", with: "\"rows\":8,")
            .replacing(#/"batches":\[\[([0-9]+),9\]\]/#) { "\"batches\":[[\($0.1),8]]" }
        fileSystem.files[path(number)] = StoreForgery.sealed(text)
        #expect(fileSystem.files[path(number)] != bytes)
    }

    private func problems(_ fileSystem: MemoryFileSystem) throws -> [String] {
        try Store.open("/store", fileSystem: fileSystem).verify(deep: false).problems.compactMap { $0.file }
    }

    @Test("a commit whose content was changed is found by the one behind it", arguments: 1...3)
    func changed(number: Int) throws {
        let fileSystem = try history()
        try forge(number, in: fileSystem)
        #expect(try problems(fileSystem).contains(String(path(number + 1).dropFirst("/store/".count))))
        // Beside the head it is found on opening already.
        if number == 3 { #expect(try Store.open("/store", fileSystem: fileSystem).snapshot().commitNumber == 3) }
    }

    @Test("a changed newest commit has another head hash than the one that was written down") func changedHead() throws {
        let fileSystem = try history()
        let before = try Store.open("/store", fileSystem: fileSystem).snapshot().headHash
        try forge(4, in: fileSystem)
        let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
        #expect(snapshot.damage.isEmpty && snapshot.headHash != before)
    }

    @Test("a commit taken out of the middle is missed by name", arguments: 1...3) func removed(number: Int) throws {
        let fileSystem = try history()
        fileSystem.files[path(number)] = nil
        #expect(try problems(fileSystem).contains(String(path(number).dropFirst("/store/".count))))
        #expect(try Store.open("/store", fileSystem: fileSystem).snapshot().commitNumber == 4)
    }

    @Test("several commits taken out are each missed by name") func removedTogether() throws {
        let fileSystem = try history()
        fileSystem.files[path(2)] = nil
        fileSystem.files[path(3)] = nil
        let found = try problems(fileSystem)
        #expect(found.contains("commits/00000002.json") && found.contains("commits/00000003.json"))
    }

    @Test("commits in each other's place are both named") func swapped() throws {
        let fileSystem = try history()
        let files = fileSystem.files
        fileSystem.files[path(2)] = files[path(3)]
        fileSystem.files[path(3)] = files[path(2)]
        let found = try problems(fileSystem)
        #expect(found.contains("commits/00000002.json") && found.contains("commits/00000003.json"))
    }

    @Test("a commit of another store's history is found out") func foreign() throws {
        let one = try history()
        let two = MemoryFileSystem()
        try load([SampleTable(rowCount: 41, seed: 9)], into: "/store", fileSystem: two)
        one.files[path(1)] = two.files[path(1)]
        #expect(try problems(one).contains("commits/00000002.json"))
        let three = try history()
        three.files[path(2)] = nil
        three.files[path(3)] = nil
        three.files[path(4)] = nil
        try load([SampleTable(rowCount: 30, seed: 2)], into: "/store", fileSystem: two)
        three.files[path(2)] = two.files[path(2)]
        let snapshot = try Store.open("/store", fileSystem: three).snapshot()
        #expect(snapshot.commitNumber == 1)
        #expect(snapshot.damage.map { $0.file } == ["commits/00000002.json"])
        #expect(throws: StorageError.self) { try StoreTransaction.begin("/store", fileSystem: three) }
    }

    @Test("a copy of the newest commit under the next number is no commit") func copied() throws {
        let fileSystem = try history()
        fileSystem.files["/store/commits/00000005.json"] = fileSystem.files[Self.head]
        let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
        #expect(snapshot.commitNumber == 4 && !snapshot.damage.isEmpty)
        #expect(try problems(fileSystem).contains("commits/00000005.json"))
    }
}
