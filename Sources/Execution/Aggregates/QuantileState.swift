import Columns

/// `median`, `mad`, `quantile`, `percentile_cont`, `percentile_disc` and `mode`: exact, from all values of a group.
final class QuantileState: CollectingState, @unchecked Sendable {
    enum Kind: Sendable {
        /// Interpolated between the two nearest values, as double.
        case continuous(fraction: Double?)
        /// The first value at or beyond the fraction.
        case discrete(fraction: Double?)
        /// Median of the distances from the median, as double.
        case medianDeviation
        /// The most frequent value, the first in order among several.
        case mode
    }

    private let kind: Kind
    private let descending: Bool
    private let inputType: LogicalType
    private let type: LogicalType
    private let errorPosition: Int
    /// A state of the same values in the same groups, which keeps them.
    private var keeper: QuantileState?
    private var isKeeper = false
    /// What a keeper has brought together, for those that read it too.
    private var keptValues: (column: OrderedColumn, grouped: GroupedKeys)?

    /// A fraction of nil is NULL, and so is every result.
    init(_ kind: Kind, descending: Bool, inputType: LogicalType, type: LogicalType, errorPosition: Int) {
        self.kind = kind
        self.descending = descending
        self.inputType = inputType
        self.type = type
        self.errorPosition = errorPosition
    }

    /// Leaves the values to another state that is given the same ones, and is asked for its results before this one.
    func readValues(of other: QuantileState) {
        keeper = other
        other.isKeeper = true
    }

    override var wantsBounds: Bool { true }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        if keeper == nil { try super.update(inputs, groups, morsel: morsel) }
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        if keeper == nil { try super.absorb(other, map) }
    }

    private func values(_ groupCount: Int, _ workerCount: Int) -> (column: OrderedColumn, grouped: GroupedKeys) {
        if let keeper { return keeper.values(groupCount, workerCount) }
        if let keptValues { return keptValues }
        let values = collected(takePieces(), groupCount, workerCount)
        if isKeeper { keptValues = values }
        return values
    }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        let (column, grouped) = values(groupCount, workerCount)
        var present = [UInt8](repeating: 1, count: groupCount)
        for group in 0..<groupCount where grouped.starts[group] == grouped.starts[group + 1] { present[group] = 0 }
        switch kind {
        case .continuous(nil), .discrete(nil): return .flatConstant(.null, type: type, count: groupCount)
        case .continuous(let fraction?):
            let descending = descending
            return try doubles(column, grouped, present, workerCount) { keys, scratch, number in
                QuantileState.interpolated(keys, fraction, descending, &scratch, number)
            }
        case .medianDeviation:
            return try doubles(column, grouped, present, workerCount, QuantileState.deviation)
        case .discrete(let fraction?):
            let descending = descending
            let keys = picked(grouped, workerCount) { keys, scratch in
                let place = max(0, Int((fraction * Double(keys.count)).rounded(.up)) - 1)
                let own = descending ? keys.count - 1 - place : place
                return Quickselect.pair(keys, lower: own, upper: own, scratch: &scratch).0
            }
            return column.vector(keys, validity: Validity(compacting: present))
        case .mode:
            let descending = descending
            let keys = picked(grouped, workerCount) { keys, _ in
                var values = [Int64](repeating: 0, count: keys.count)
                keys.copy(0..<keys.count, to: &values)
                return QuantileState.mostFrequent(values, descending)
            }
            return column.vector(keys, validity: Validity(compacting: present))
        }
    }

    /// Keys of all values by group, and the column that says what they mean. Keys that need no table of all values are
    /// taken from each piece as it is.
    private func collected(
        _ pieces: [Piece], _ groupCount: Int, _ workerCount: Int
    ) -> (column: OrderedColumn, grouped: GroupedKeys) {
        let parts = pieces.compactMap { piece in OrderedRows(piece.vectors[0]).map { (rows: $0, groups: piece.groups) } }
        if parts.count == pieces.count {
            let empty = OrderedColumn(.flatConstant(.null, type: inputType, count: 0))
            var bounds = KeyBounds()
            for (piece, part) in zip(pieces, parts) { bounds.formUnion(piece.bounds ?? KeyBounds(part.rows)) }
            return (empty, GroupedKeys(parts, bounds: bounds, groupCount: groupCount, workerCount: workerCount))
        }
        let column = OrderedColumn(CollectingState.column(0, pieces, type: inputType))
        let groups = CollectingState.groups(pieces)
        let rows = OrderedRows.lanes(column.keys)
        return (column, GroupedKeys([(rows, groups)], bounds: KeyBounds(rows), groupCount: groupCount, workerCount: 1))
    }

    /// Values that have at most so many places each between the smallest and the largest are counted at their places; others are
    /// sorted.
    private static let countedPlacesPerValue = 4

    private static func mostFrequent(_ values: [Int64], _ descending: Bool) -> Int64 {
        let bounds = KeyBounds(.lanes(values))
        let (range, overflow) = bounds.largest.subtractingReportingOverflow(bounds.smallest)
        if !overflow, range < values.count * countedPlacesPerValue {
            return mostFrequent(values, from: bounds.smallest, placeCount: Int(range) + 1, descending)
        }
        let sorted = values.sorted()
        var best = sorted[0]
        var bestCount = 0
        var first = 0
        while first < sorted.count {
            var end = first
            while end < sorted.count, sorted[end] == sorted[first] { end &+= 1 }
            if end - first > bestCount || (descending && end - first == bestCount) {
                best = sorted[first]
                bestCount = end - first
            }
            first = end
        }
        return best
    }

    private static func mostFrequent(_ values: [Int64], from smallest: Int64, placeCount: Int, _ descending: Bool) -> Int64 {
        var counts = [Int](repeating: 0, count: placeCount)
        for value in values { counts[Int(value &- smallest)] &+= 1 }
        var best = 0
        for place in 1..<max(1, placeCount) where counts[place] > counts[best] || (descending && counts[place] == counts[best]) {
            best = place
        }
        return smallest &+ Int64(best)
    }

    private static func interpolated(
        _ keys: KeysOfGroup, _ fraction: Double, _ descending: Bool, _ scratch: inout [Int64], _ number: (Int64) -> Double
    ) -> Double {
        let place = fraction * Double(keys.count - 1)
        let lower = Int(place.rounded(.down))
        let upper = Int(place.rounded(.up))
        let share = place - Double(lower)
        if descending {
            let (high, low) = Quickselect.pair(
                keys, lower: keys.count - 1 - upper, upper: keys.count - 1 - lower, scratch: &scratch)
            return lerp(number(low), number(high), share)
        }
        let (low, high) = Quickselect.pair(keys, lower: lower, upper: upper, scratch: &scratch)
        return lerp(number(low), number(high), share)
    }

    /// As PostgreSQL interpolates.
    private static func lerp(_ low: Double, _ high: Double, _ share: Double) -> Double {
        low == high ? low : low + (high - low) * share
    }

    private static func deviation(
        _ keys: KeysOfGroup, _ scratch: inout [Int64], _ number: (Int64) -> Double
    ) -> Double {
        let median = interpolated(keys, 0.5, false, &scratch, number)
        let distances = (0..<keys.count).map { OrderedBits.ordered(abs(number(keys[$0]) - median)) }
        return interpolated(KeysOfGroup(distances, 0..<distances.count), 0.5, false, &scratch, OrderedBits.double)
    }

    /// One double for each group that is present, computed in parallel.
    private func doubles(
        _ column: OrderedColumn, _ grouped: GroupedKeys, _ present: [UInt8], _ workerCount: Int,
        _ compute: @escaping @Sendable (KeysOfGroup, _ scratch: inout [Int64], (Int64) -> Double) -> Double
    ) throws(ExecutionError) -> Vector {
        guard column.doubles != nil || grouped.count == 0 else {
            throw ExecutionError(
                .unsupported("a percentile between values of type \(inputType.name) is not supported"),
                position: errorPosition)
        }
        let chunks = grouped.chunks(workerCount * 4)
        let parts = WorkerThreads.map(count: chunks.count, workerCount: workerCount) { chunk in
            let number = column.doubles ?? { _ in 0 }
            var scratch: [Int64] = []
            return chunks[chunk].map { group in
                let keys = grouped.keys(of: group)
                return keys.isEmpty ? 0 : compute(keys, &scratch, number)
            }
        }
        let rows = parts.flatMap { $0 }
        return Vector(
            type: .double, count: rows.count, values: .double(rows), validity: Validity(compacting: present))
    }

    /// One key for each group, computed in parallel; groups without keys get 0.
    private func picked(
        _ grouped: GroupedKeys, _ workerCount: Int,
        _ pick: @escaping @Sendable (KeysOfGroup, _ scratch: inout [Int64]) -> Int64
    ) -> [Int64] {
        let chunks = grouped.chunks(workerCount * 4)
        let parts = WorkerThreads.map(count: chunks.count, workerCount: workerCount) { chunk in
            var scratch: [Int64] = []
            return chunks[chunk].map { group in
                let keys = grouped.keys(of: group)
                return keys.isEmpty ? 0 : pick(keys, &scratch)
            }
        }
        return parts.flatMap { $0 }
    }
}
