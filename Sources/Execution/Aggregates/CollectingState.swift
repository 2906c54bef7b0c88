import CKernels
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
        /// Between which the first input's keys lie; nil if nobody wants to know.
        var bounds: KeyBounds?
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

    /// Whether the pieces' bounds are wanted. They are found while a piece has just been made, and is at hand.
    var wantsBounds: Bool { false }

    private func keep(_ new: Piece) {
        var piece = new
        if wantsBounds { piece.bounds = OrderedRows(piece.vectors[0]).map { KeyBounds($0) } }
        piecesByteCount += piece.rowCount * 4 + piece.vectors.reduce(0) { $0 + $1.byteCount }
        pieces.append(piece)
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? CollectingState else { return }
        var isSame = true
        for group in 0..<map.count { isSame = isSame && map[group] == UInt32(truncatingIfNeeded: group) }
        var others: [Piece] = []
        swap(&others, &other.pieces)
        if !isSame { for index in others.indices { CollectingState.renumber(&others[index].groups, map) } }
        pieces.append(contentsOf: others)
    }

    /// In place, where nobody else holds the groups.
    private static func renumber(_ groups: inout [UInt32]?, _ map: [UInt32]) {
        guard var own = groups else { return }
        groups = nil
        var rows = own.mutableSpan
        for row in 0..<rows.count { rows[row] = map[Int(rows[row])] }
        groups = own
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

/// Smallest and largest of some keys, as far as it costs little to say.
struct KeyBounds: Sendable {
    var smallest = Int64.max
    var largest = Int64.min

    init() {}

    init(_ rows: OrderedRows) {
        switch rows {
        // Bounds: the kernel reads as many lanes as there are.
        case .lanes(let rows): unsafe ck_bounds_at_level(ck_level(), rows, rows.count, &smallest, &largest)
        case .days, .flags: (smallest, largest) = (Int64(Int32.min), Int64(Int32.max))
        case .doubles: (smallest, largest) = (.min, .max)
        }
    }

    mutating func formUnion(_ other: KeyBounds) {
        smallest = min(smallest, other.smallest)
        largest = max(largest, other.largest)
    }
}

/// Keys brought together by group: those of group `g` are number `starts[g]..<starts[g + 1]`, in the order they came.
struct GroupedKeys: Sendable {
    let starts: [Int]
    private let keys: Keys

    private enum Keys: Sendable {
        case wide([Int64])
        /// Keys less the smallest one.
        case narrow([UInt32], smallest: Int64)
    }

    /// - Parameters:
    ///   - pieces: Keys with the group of each, nil for group 0 throughout; in the order of the rows.
    ///   - bounds: Between which all keys lie.
    init(_ pieces: [(rows: OrderedRows, groups: [UInt32]?)], bounds: KeyBounds, groupCount: Int, workerCount: Int) {
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
        let (smallest, largest) = (bounds.smallest, bounds.largest)
        // Half the memory, where the keys lie close enough together.
        if smallest <= largest, UInt64(bitPattern: largest &- smallest) <= UInt64(UInt32.max) {
            keys = .narrow(
                GroupedKeys.scattered(shares, places, count: start, workerCount, less: smallest, as: UInt32.self),
                smallest: smallest)
        } else {
            keys = .wide(GroupedKeys.scattered(shares, places, count: start, workerCount, less: 0, as: Int64.self))
        }
    }

    private static func count(_ keyCount: Int, _ groups: [UInt32]?, _ counts: inout [Int]) {
        guard let groups else {
            if !counts.isEmpty { counts[0] += keyCount }
            return
        }
        for row in 0..<groups.count { counts[Int(groups[row])] &+= 1 }
    }

    /// Keys of all shares, less a number.
    private static func scattered<Key: FixedWidthInteger & Sendable>(
        _ shares: [ArraySlice<(rows: OrderedRows, groups: [UInt32]?)>], _ places: [[Int]], count: Int, _ workerCount: Int,
        less smallest: Int64, as type: Key.Type
    ) -> [Key] {
        // Places of different shares are different ones, and all together are those up to `count`: each is written once.
        unsafe [Key](unsafeUninitializedCapacity: count) { memory, filledCount in
            nonisolated(unsafe) let target = unsafe memory
            _ = WorkerThreads.map(count: shares.count, workerCount: workerCount) { share in
                var next = places[share]
                for (rows, groups) in shares[share] {
                    switch rows {
                    case .lanes(let rows): unsafe scatter(rows, groups, &next, target) { Key(truncatingIfNeeded: $0 &- smallest) }
                    case .doubles(let rows): unsafe scatter(rows, groups, &next, target) { Key(truncatingIfNeeded: OrderedBits.ordered($0) &- smallest) }
                    case .days(let rows): unsafe scatter(rows, groups, &next, target) { Key(truncatingIfNeeded: Int64($0) &- smallest) }
                    case .flags(let rows): unsafe scatter(rows, groups, &next, target) { Key(truncatingIfNeeded: Int64($0) &- smallest) }
                    }
                }
                return share
            }
            filledCount = count
        }
    }

    @inline(__always)
    private static func scatter<Row, Key>(
        _ values: [Row], _ groups: [UInt32]?, _ next: inout [Int], _ keys: UnsafeMutableBufferPointer<Key>,
        _ key: (Row) -> Key
    ) {
        if next.isEmpty { return }
        let rows = values.span
        guard let groups else {
            for row in 0..<rows.count { unsafe keys[next[0] &+ row] = key(rows[row]) }
            next[0] += rows.count
            return
        }
        let groupOfRow = groups.span
        var places = next.mutableSpan
        precondition(rows.count == groupOfRow.count)
        for row in 0..<rows.count {
            let group = Int(groupOfRow[row])
            unsafe keys[places[group]] = key(rows[row])
            places[group] &+= 1
        }
    }

    var groupCount: Int { starts.count - 1 }
    /// Keys of all groups.
    var count: Int { starts[groupCount] }

    /// The keys of one group.
    func keys(of group: Int) -> KeysOfGroup {
        let range = starts[group]..<starts[group + 1]
        switch keys {
        case .wide(let keys): return KeysOfGroup(keys, range)
        case .narrow(let keys, let smallest): return KeysOfGroup(keys, smallest: smallest, range)
        }
    }

    /// Ranges of groups with about the same number of keys each, for dividing work.
    func chunks(_ chunkCount: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        let share = max(1, count / max(1, chunkCount))
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
