/// Columns of seeded numbers, as long as those of a segment.
enum Segment {
    static let rowCount = 61_000

    /// A row number for each row, from 0.
    static var rows: Range<Int> { 0..<rowCount }

    /// Numbers evenly spread over a range.
    static func numbers(_ range: ClosedRange<Int64>, seed: UInt64 = 1, count: Int = rowCount) -> [Int64] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in Int64.random(in: range, using: &random) }
    }

    /// Flags, so many in a hundred of them 1.
    static func flags(percent: Int64, seed: UInt64 = 2) -> [UInt8] {
        numbers(0...99, seed: seed).map { $0 < percent ? 1 : 0 }
    }

    /// Where runs of one to five rows begin, as the lines of claims do: ascending row numbers, from 0 to `rowCount`.
    static func runStarts(seed: UInt64 = 3) -> [Int32] {
        var random = SeededRandom(seed: seed)
        var starts: [Int32] = [0]
        while Int(starts[starts.count - 1]) < rowCount {
            starts.append(min(Int32(rowCount), starts[starts.count - 1] + Int32.random(in: 1...5, using: &random)))
        }
        return starts
    }

    /// One number for each run, on all its rows.
    static func runs(of range: ClosedRange<Int64>, seed: UInt64 = 4) -> [Int64] {
        let starts = runStarts()
        let values = numbers(range, seed: seed, count: starts.count - 1)
        return values.indices.flatMap { run in
            [Int64](repeating: values[run], count: Int(starts[run + 1] - starts[run]))
        }
    }

    /// The number of each row in its run, from 0.
    static func rowsInRun() -> [Int64] {
        let starts = runStarts()
        return (1..<starts.count).flatMap { run in (0..<Int64(starts[run] - starts[run - 1])) }
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
