import Columns
import Engine
import Testing

@Suite("Keys seen before")
struct UniqueKeyGuardTests {
    /// A small generator with a fixed sequence, so that a failure can be repeated.
    struct SeededRandom: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static func secondary(_ texts: [String]) -> SecondaryKeys {
        var entries = StringColumn()
        var codes: [UInt32] = []
        var index = StringHashIndex()
        for text in texts { codes.append(index.intern(Array(text.utf8), in: &entries)) }
        return SecondaryKeys(codes: codes, entries: entries)
    }

    @Test("the first row of a key stays, every later one is named", arguments: 1...12 as ClosedRange<UInt64>)
    func agreesWithASet(seed: UInt64) {
        var random = SeededRandom(state: seed)
        var guarded = UniqueKeyGuard()
        var known: Set<String> = []
        // Chunks of claims whose lines count up, repeat, skip, or are long numbers, in and out of order.
        for _ in 0..<20 {
            var primary: [UInt64] = []
            var lines: [String] = []
            for _ in 0..<60 {
                let claim = UInt64.random(in: 0..<40, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: for line in 1...Int.random(in: 1...6, using: &random) { primary.append(claim); lines.append("\(line)") }
                case 1: primary.append(claim); lines.append("\(Int.random(in: 0...9, using: &random))")
                case 2: primary.append(claim); lines.append("0\(Int.random(in: 1...9, using: &random))")
                case 3: primary.append(claim); lines.append("4403000000000\(Int.random(in: 100...120, using: &random))")
                default: primary.append(claim); lines.append("line \(Int.random(in: 1...5, using: &random))")
                }
            }
            var expected: [Int32] = []
            for row in primary.indices where !known.insert("\(primary[row])/\(lines[row])").inserted {
                expected.append(Int32(row))
            }
            #expect(guarded.admit(primary: primary, secondary: Self.secondary(lines)) == expected, "seed \(seed)")
        }
    }

    @Test("a key of one column is known after its first row, in its own run too") func singleColumn() {
        var guarded = UniqueKeyGuard()
        #expect(guarded.admit(primary: [7, 7, 8, 7, 0, 0], secondary: nil) == [1, 3, 5])
        #expect(guarded.admit(primary: [9, 8], secondary: nil) == [1])
    }

    @Test("a claim cut by a chunk's end goes on counting") func acrossChunks() {
        var guarded = UniqueKeyGuard()
        #expect(guarded.admit(primary: [1, 1], secondary: Self.secondary(["1", "2"])) == [])
        #expect(guarded.admit(primary: [1, 1, 1], secondary: Self.secondary(["3", "2", "4"])) == [1])
    }

    @Test("many keys survive growing") func manyKeys() {
        var guarded = UniqueKeyGuard()
        let keys = (0..<50_000).map { UInt64($0) &* 0x1_0000_0001 }
        #expect(guarded.admit(primary: keys, secondary: nil).isEmpty)
        #expect(guarded.admit(primary: keys, secondary: nil).count == keys.count)
    }
}
