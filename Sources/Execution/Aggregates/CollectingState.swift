import Columns

/// Base of aggregates that must see all values of a group together, or in the order of the rows: keeps vectors with the
/// group of each row, and hands them over in the order of their morsels.
class CollectingState: AggregateState, @unchecked Sendable {
    struct Piece {
        var morsel: Int
        /// Nil: all rows belong to group 0.
        var groups: [UInt32]?
        var vectors: [Vector]
        var rowCount: Int
    }

    private var pieces: [Piece] = []
    private var piecesByteCount = 0

    override var byteCount: Int { piecesByteCount }

    /// Which inputs must be present for a row to count.
    var requiredInputs: [Int] { [0] }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        var vectors = inputs.map { $0.flattened() }
        var validity = Validity.allPresent
        for index in requiredInputs { validity = validity.intersection(vectors[index].validity) }
        guard case .mask(let mask) = validity else {
            keep(Piece(morsel: morsel, groups: groups.groupOfRow, vectors: vectors, rowCount: groups.rowCount))
            return
        }
        var kept: [Int32] = []
        for row in 0..<mask.count where mask[row] != 0 { kept.append(Int32(truncatingIfNeeded: row)) }
        if kept.isEmpty { return }
        vectors = vectors.map { $0.gathered(kept) }
        keep(
            Piece(
                morsel: morsel, groups: groups.groupOfRow.map { gather($0, kept) }, vectors: vectors,
                rowCount: kept.count))
    }

    private func keep(_ piece: Piece) {
        piecesByteCount += piece.rowCount * 4 + piece.vectors.reduce(0) { $0 + $1.byteCount }
        pieces.append(piece)
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? CollectingState else { return }
        var isSame = true
        for group in 0..<map.count { isSame = isSame && map[group] == UInt32(truncatingIfNeeded: group) }
        for var piece in other.pieces {
            if !isSame, let groups = piece.groups { piece.groups = groups.map { map[Int($0)] } }
            pieces.append(piece)
        }
    }

    /// All pieces in the order of the rows.
    final func takePieces() -> [Piece] {
        var result: [Piece] = []
        swap(&result, &pieces)
        result.sort { $0.morsel < $1.morsel }
        return result
    }

    /// One input of all pieces as one flat vector.
    static func column(_ index: Int, _ pieces: [Piece], type: LogicalType) -> Vector {
        Vector.concatenated(pieces.map { $0.vectors[index] }, type: type)
    }

    static func groups(_ pieces: [Piece]) -> [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(pieces.reduce(0) { $0 + $1.rowCount })
        for piece in pieces {
            if let groups = piece.groups {
                result.append(contentsOf: groups)
            } else {
                result.append(contentsOf: repeatElement(0, count: piece.rowCount))
            }
        }
        return result
    }
}

/// Keys brought together by group: those of group `g` are `keys[starts[g]..<starts[g + 1]]`, in the order they came.
struct GroupedKeys: Sendable {
    let starts: [Int]
    let keys: [Int64]

    /// - Parameter pieces: Keys with the group of each, nil for group 0 throughout; in the order of the rows.
    init(_ pieces: [(rows: OrderedRows, groups: [UInt32]?)], groupCount: Int, workerCount: Int) {
        let total = pieces.reduce(0) { $0 + $1.rows.count }
        // Each worker counts the keys of some pieces and puts them behind those of the pieces before, group by group.
        let shareCount = groupCount * 8 <= total ? max(1, min(workerCount, pieces.count)) : 1
        let shares = (0..<shareCount).map { pieces[(pieces.count * $0 / shareCount)..<(pieces.count * ($0 + 1) / shareCount)] }
        var next = WorkerThreads.map(count: shareCount, workerCount: workerCount) { share in
            var counts = [Int](repeating: 0, count: groupCount)
            for piece in shares[share] { GroupedKeys.count(piece.rows.count, piece.groups, &counts) }
            return counts
        }
        var starts = [Int](repeating: 0, count: groupCount + 1)
        var start = 0
        for group in 0..<groupCount {
            starts[group] = start
            for share in 0..<shareCount {
                let count = next[share][group]
                next[share][group] = start
                start &+= count
            }
        }
        starts[groupCount] = start
        self.starts = starts
        let places = next
        // Places of different shares are different ones, and all together are those up to `start`: each is written once.
        keys = unsafe [Int64](unsafeUninitializedCapacity: start) { memory, filledCount in
            nonisolated(unsafe) let target = unsafe memory
            _ = WorkerThreads.map(count: shareCount, workerCount: workerCount) { share in
                var next = places[share]
                for piece in shares[share] { unsafe GroupedKeys.scatter(piece.rows, piece.groups, &next, target) }
                return share
            }
            filledCount = start
        }
    }

    private static func count(_ keyCount: Int, _ groups: [UInt32]?, _ counts: inout [Int]) {
        guard let groups else {
            if !counts.isEmpty { counts[0] += keyCount }
            return
        }
        for row in 0..<groups.count { counts[Int(groups[row])] &+= 1 }
    }

    private static func scatter(
        _ rows: OrderedRows, _ groups: [UInt32]?, _ next: inout [Int], _ keys: UnsafeMutableBufferPointer<Int64>
    ) {
        switch rows {
        case .lanes(let rows): unsafe scatter(rows, groups, &next, keys) { $0 }
        case .doubles(let rows): unsafe scatter(rows, groups, &next, keys, OrderedBits.ordered)
        case .days(let rows): unsafe scatter(rows, groups, &next, keys) { Int64($0) }
        case .flags(let rows): unsafe scatter(rows, groups, &next, keys) { Int64($0) }
        }
    }

    @inline(__always)
    private static func scatter<Row>(
        _ values: [Row], _ groups: [UInt32]?, _ next: inout [Int], _ keys: UnsafeMutableBufferPointer<Int64>,
        _ ordered: (Row) -> Int64
    ) {
        if next.isEmpty { return }
        let rows = values.span
        guard let groups else {
            for row in 0..<rows.count { unsafe keys[next[0] &+ row] = ordered(rows[row]) }
            next[0] += rows.count
            return
        }
        let groupOfRow = groups.span
        var places = next.mutableSpan
        precondition(rows.count == groupOfRow.count)
        for row in 0..<rows.count {
            let group = Int(groupOfRow[row])
            unsafe keys[places[group]] = ordered(rows[row])
            places[group] &+= 1
        }
    }

    var groupCount: Int { starts.count - 1 }

    /// Ranges of groups with about the same number of keys each, for dividing work.
    func chunks(_ count: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        let share = max(1, keys.count / max(1, count))
        var first = 0
        var group = 0
        while group < groupCount {
            group += 1
            if starts[group] - starts[first] >= share || group == groupCount {
                result.append(first..<group)
                first = group
            }
        }
        return result
    }
}
