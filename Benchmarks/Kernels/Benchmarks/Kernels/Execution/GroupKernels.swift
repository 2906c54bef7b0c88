import Columns

@testable import Execution

private struct AssignInput {
    var table: GroupTable
    let words: [UInt64]

    /// - Parameters:
    ///   - distinctCount: Different keys, at most.
    ///   - stride: Words of a key.
    ///   - isDense: Whether the table is told that the keys are small.
    init(distinctCount: Int64, stride: Int = 1, isDense: Bool = false) {
        let keys = Segment.numbers(0...distinctCount - 1, seed: 51)
        words = keys.flatMap { key in
            (0..<stride).map { isDense ? UInt64(key) : UInt64(key) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64($0) }
        }
        table = GroupTable(stride: stride, denseBitCount: isDense ? 64 - (distinctCount - 1).leadingZeroBitCount : nil)
    }

    /// The groups of the keys; but for the first time all are known.
    mutating func assign() -> [UInt32] { table.assign(words, count: Segment.rowCount, firstPosition: 0) }

    /// The groups of keys of which none is known yet.
    func assignNew() -> [UInt32] {
        var table = GroupTable(stride: 1, denseBitCount: nil)
        return table.assign(words, count: Segment.rowCount, firstPosition: 0)
    }
}

private struct FindInput {
    var table = GroupTable(stride: 1, denseBitCount: nil)
    let words: [UInt64]

    /// One key of ten is in the table.
    init() {
        words = Segment.numbers(0...99_999, seed: 52).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
        let known = (0..<10_000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
        _ = table.assign(known, count: known.count, firstPosition: 0)
        table.prepareForFinding()
    }
}

private struct SumInput {
    let state = ExactSumState(
        isAverage: false, inputScale: 2, type: .numeric(precision: 38, scale: 2), errorPosition: 0)
    let vector = Vector(
        type: .numeric(precision: 16, scale: 2), count: Segment.rowCount,
        values: .int64(Segment.numbers(0...99_999, seed: 53)))
    let groups: GroupAssignment

    init(groupCount: Int, _ groups: GroupAssignment) {
        self.groups = groups
        state.grow(to: groupCount)
    }

    static func rows(groupCount: Int) -> SumInput {
        let groups = Segment.numbers(0...Int64(groupCount) - 1, seed: 54).map { UInt32($0) }
        return SumInput(groupCount: groupCount, .rows(groups))
    }

    static func runs(groupCount: Int) -> SumInput {
        let map = RunMap(starts: Segment.runStarts())
        let groups = Segment.numbers(0...Int64(groupCount) - 1, seed: 54, count: map.runCount).map { UInt32($0) }
        return SumInput(groupCount: groupCount, .runs(groups, map))
    }

    func update() throws { try state.update([vector], groups, morsel: 0) }
}

private struct HashInput {
    let vector: Vector
    var state = ExpressionState()

    mutating func hash() -> [UInt64] { KeyHashing.hash(vector, &state) }
}

/// Keys to groups, sums of groups, hashes.
func registerGroupKernels() {
    kernel("group, 400 small keys") {
        AssignInput(distinctCount: 400, isDense: true)
    } run: {
        $0.assign()
    }
    kernel("group, 400 keys") {
        AssignInput(distinctCount: 400)
    } run: {
        $0.assign()
    }
    kernel("group, 20,000 keys") {
        AssignInput(distinctCount: 20_000)
    } run: {
        $0.assign()
    }
    kernel("group, 20,000 keys of 2 words") {
        AssignInput(distinctCount: 20_000, stride: 2)
    } run: {
        $0.assign()
    }
    kernel("group, 20,000 new keys") {
        AssignInput(distinctCount: 20_000)
    } run: {
        $0.assignNew()
    }
    kernel("group, find, 1 of 10 known") {
        FindInput()
    } run: {
        $0.table.find($0.words, count: Segment.rowCount)
    }
    kernel("sum, all rows") {
        SumInput(groupCount: 1, .single(rowCount: Segment.rowCount))
    } run: {
        try $0.update()
    }
    kernel("sum, 400 groups") {
        SumInput.rows(groupCount: 400)
    } run: {
        try $0.update()
    }
    kernel("sum, 20,000 groups") {
        SumInput.rows(groupCount: 20_000)
    } run: {
        try $0.update()
    }
    kernel("sum, 400 groups of runs of 3") {
        SumInput.runs(groupCount: 400)
    } run: {
        try $0.update()
    }
    kernel("hash, 64-bit values") {
        HashInput(
            vector: Vector(type: .bigint, count: Segment.rowCount, values: .int64(Segment.numbers(0...(1 << 40)))))
    } run: {
        $0.hash()
    }
    kernel("hash, texts of 12 bytes") { () -> HashInput in
        var texts = StringColumn()
        for number in Segment.numbers(0...(1 << 30)) { texts.append("P\(10_000_000_000 + number)") }
        return HashInput(vector: Vector(type: .text, count: Segment.rowCount, values: .string(texts)))
    } run: {
        $0.hash()
    }
}
