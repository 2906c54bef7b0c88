import Columns
import Engine
import Testing

@Suite("Keys seen before")
struct UniqueKeyGuardTests {
    /// Codes that stay the same from chunk to chunk, as those of a table do.
    final class TableCodes {
        private var entries = StringColumn()
        private var index = StringHashIndex()

        func secondary(_ texts: [String]) -> SecondaryKeys {
            SecondaryKeys(
                codes: texts.map { UInt64(index.intern(Array($0.utf8), in: &entries)) },
                ordinals: texts.map { text in
                    guard let number = UInt32(text), "\(number)" == text, number > 0, text.utf8.count <= 8 else { return 0 }
                    return number
                })
        }
    }

    static func admit(
        _ guarded: inout UniqueKeyGuard, _ primary: [UInt64], _ secondary: SecondaryKeys? = nil
    ) -> [Int32] {
        var starts: [Int32] = []
        for row in primary.indices where row == 0 || primary[row] != primary[row - 1] { starts.append(Int32(row)) }
        let codes = starts.map { primary[Int($0)] }
        return guarded.admit(starts: starts + [Int32(primary.count)], primary: codes, secondary: secondary)
    }

    @Test("the first row of a key stays, every later one is named", arguments: 1...12 as ClosedRange<UInt64>)
    func agreesWithASet(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var guarded = UniqueKeyGuard()
        var known: Set<String> = []
        let codes = TableCodes()
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
            #expect(Self.admit(&guarded, primary, codes.secondary(lines)) == expected, "seed \(seed)")
        }
    }

    @Test("a key of one column is known after its first row, in its own run too") func singleColumn() {
        var guarded = UniqueKeyGuard()
        #expect(Self.admit(&guarded, [7, 7, 8, 7, 0, 0]) == [1, 3, 5])
        #expect(Self.admit(&guarded, [9, 8]) == [1])
    }

    @Test("a claim cut by a chunk's end goes on counting") func acrossChunks() {
        var guarded = UniqueKeyGuard()
        let codes = TableCodes()
        #expect(Self.admit(&guarded, [1, 1], codes.secondary(["1", "2"])) == [])
        #expect(Self.admit(&guarded, [1, 1, 1], codes.secondary(["3", "2", "4"])) == [1])
    }

    @Test("many keys survive growing", arguments: [1, 7, 0x1_0001, 0x1_0000_0001, 0x1000_0000_0000] as [UInt64])
    func manyKeys(distance: UInt64) {
        var guarded = UniqueKeyGuard()
        let keys = (0..<50_000).map { UInt64($0) &* distance }
        #expect(Self.admit(&guarded, keys).isEmpty)
        #expect(Self.admit(&guarded, keys).count == keys.count)
        // Those between them are new, if there is room for any.
        if distance > 1 { #expect(Self.admit(&guarded, keys.dropLast().map { $0 + 1 }).isEmpty) }
    }

    @Test("keys that lie close together and keys that lie far apart are known among each other", arguments: [1, 1000, 1100, 20_000])
    func mixedDistances(together: Int) {
        var guarded = UniqueKeyGuard()
        var keys: [UInt64] = []
        for stretch in 0..<40_000 / together + 2 {
            let start = UInt64(stretch) << 34
            keys += (0..<min(together, 20_000)).map { start + UInt64($0) * 3 }
        }
        #expect(Self.admit(&guarded, keys).isEmpty)
        #expect(Self.admit(&guarded, keys).count == keys.count)
        #expect(Self.admit(&guarded, keys.map { $0 + 1 }).isEmpty)
        #expect(Self.admit(&guarded, keys.map { $0 + 1 }).count == keys.count)
    }

    @Test("a claim of many lines goes on counting where it stopped, wherever it stands among others")
    func manyLines() {
        var guarded = UniqueKeyGuard()
        let codes = TableCodes()
        let lengths = [1, 253, 254, 255, 256, 1000]
        for (claim, length) in lengths.enumerated() {
            let primary = [UInt64](repeating: UInt64(claim) * 10, count: length)
            #expect(Self.admit(&guarded, primary, codes.secondary((1...length).map { "\($0)" })) == [])
        }
        for (claim, length) in lengths.enumerated() {
            let primary = [UInt64](repeating: UInt64(claim) * 10, count: 3)
            #expect(Self.admit(&guarded, primary, codes.secondary(["\(length)", "\(length + 1)", "x"])) == [0])
            #expect(Self.admit(&guarded, primary, codes.secondary(["\(length + 1)", "x", "\(length + 2)"])) == [0, 1])
        }
    }

    @Test("claims whose lines have numbers of their own are known, together, cut in two and scattered", arguments: 1...4 as ClosedRange<UInt64>)
    func serialNumbers(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var guarded = UniqueKeyGuard()
        let codes = TableCodes()
        let claims = (0..<3000).map { UInt64($0) << 3 }.shuffled(using: &random)
        var rows = claims.flatMap { claim in
            (0..<Int.random(in: 1...40, using: &random)).map { (claim, "4403\(claim * 100 + UInt64($0) * 3)") }
        }
        #expect(Self.admit(&guarded, rows.map(\.0), codes.secondary(rows.map(\.1))) == [])
        // Lines that come later, among others that are there already.
        rows = rows.prefix(2000).shuffled(using: &random)
        let later = rows.map { Bool.random(using: &random) ? $0 : ($0.0, $0.1 + "7") }
        var known = Set(rows.map { "\($0.0)/\($0.1)" })
        let expected = later.indices.filter { !known.insert("\(later[$0].0)/\(later[$0].1)").inserted }.map { Int32($0) }
        #expect(Self.admit(&guarded, later.map(\.0), codes.secondary(later.map(\.1))) == expected)
    }

    @Test("more lines than a list holds, some of them twice", arguments: [15, 16, 17, 4095, 4096, 4097, 9000]) func longClaims(count: Int) {
        var guarded = UniqueKeyGuard()
        let codes = TableCodes()
        let lines = (0..<count).map { "x\(($0 * 7919) % 100_003)" }
        #expect(Self.admit(&guarded, [UInt64](repeating: 5, count: count), codes.secondary(lines)) == [])
        let more = [lines[count / 2], "new", lines[0], "new"]
        #expect(Self.admit(&guarded, [5, 5, 5, 5], codes.secondary(more)) == [0, 2, 3])
        let twice = lines + [lines[count - 1]]
        #expect(Self.admit(&guarded, [UInt64](repeating: 6, count: count + 1), codes.secondary(twice)) == [Int32(count)])
    }
}
