import Storage
import Testing

@Suite("Shares of a verification")
struct VerificationSubsetTests {
    private func store() throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        for batch in 0..<6 {
            try load(
                [SampleTable(rowCount: 20, seed: UInt64(batch), firstClaim: batch * 100)], into: "/store", fileSystem: fileSystem)
        }
        return fileSystem
    }

    @Test("all shares together check every file once, and a file stays in its share while others come")
    func everyFileOnce() throws {
        let fileSystem = try store()
        let store = try Store.open("/store", fileSystem: fileSystem)
        let all = try store.verify(deep: true)
        var counts = (segments: 0, dictionaries: 0, blocks: 0)
        for number in 1...3 {
            let share = try store.verify(deep: true, subset: VerificationSubset("\(number)/3"))
            #expect(share.problems == [])
            #expect(share.manifestCount == all.manifestCount)
            counts.segments += share.segmentCount
            counts.dictionaries += share.dictionaryCount
            counts.blocks += share.blockCount
        }
        #expect(counts.segments == all.segmentCount && counts.segments == 6)
        #expect(counts.dictionaries == all.dictionaryCount)
        #expect(counts.blocks == all.blockCount)
        let head = try store.snapshot().headHash
        #expect(all.headHash == head && all.commitNumber == 6)
        #expect(all.commitOfHash[all.headHash] == 6 && all.commitOfHash.count == 6)
    }

    @Test("damage is found by the share its file is in, and by no other") func damage() throws {
        let fileSystem = try store()
        let damaged = "/store/segments/00000003-1-00000000.seg"
        fileSystem.files[damaged]![100] ^= 1
        let store = try Store.open("/store", fileSystem: fileSystem)
        let found = try (1...4).map { number in
            try store.verify(deep: false, subset: VerificationSubset("\(number)/4")).problems.count
        }
        #expect(found.count { $0 > 0 } == 1)
        try load([SampleTable(rowCount: 20, seed: 9, firstClaim: 900)], into: "/store", fileSystem: fileSystem)
        let later = try (1...4).map { number in
            try store.verify(deep: false, subset: VerificationSubset("\(number)/4")).problems.count
        }
        #expect(later == found)
    }

    @Test("only k/n with k from 1 to n is a share", arguments: ["0/3", "4/3", "1", "1/0", "a/b", "1/2/3", "", "-1/3", "1/"])
    func malformed(text: String) { #expect(VerificationSubset(text) == nil) }
}
