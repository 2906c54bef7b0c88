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
            return try doubles(column, grouped, present, workerCount) { keys, range, number in
                QuantileState.interpolated(&keys, range, fraction, descending, number)
            }
        case .medianDeviation:
            return try doubles(column, grouped, present, workerCount, QuantileState.deviation)
        case .discrete(let fraction?):
            let descending = descending
            let keys = picked(grouped, workerCount) { keys, range in
                let place = max(0, Int((fraction * Double(range.count)).rounded(.up)) - 1)
                let own = descending ? range.count - 1 - place : place
                Quickselect.select(&keys, range, place: range.lowerBound + own)
                return keys[range.lowerBound + own]
            }
            return column.vector(keys, validity: Validity(compacting: present))
        case .mode:
            let descending = descending
            let keys = picked(grouped, workerCount) { keys, range in
                keys[range].sort()
                return QuantileState.mostFrequent(keys, range, descending)
            }
            return column.vector(keys, validity: Validity(compacting: present))
        }
    }

    /// Keys of all values by group, and the column that says what they mean. Keys that need no table of all values are
    /// taken from each piece as it is.
    private func collected(
        _ pieces: [Piece], _ groupCount: Int, _ workerCount: Int
    ) -> (column: OrderedColumn, grouped: GroupedKeys) {
        let keys = WorkerThreads.map(count: pieces.count, workerCount: workerCount) { OrderedBits.rows(of: pieces[$0].vectors[0]) }
        if keys.allSatisfy({ $0 != nil }) {
            let empty = OrderedColumn(.flatConstant(.null, type: inputType, count: 0))
            let parts = zip(keys, pieces).map { (keys: $0 ?? [], groups: $1.groups) }
            return (empty, GroupedKeys(parts, groupCount: groupCount, workerCount: workerCount))
        }
        let column = OrderedColumn(CollectingState.column(0, pieces, type: inputType))
        let groups = CollectingState.groups(pieces)
        return (column, GroupedKeys([(column.keys, groups)], groupCount: groupCount, workerCount: 1))
    }

    private static func mostFrequent(_ sorted: [Int64], _ range: Range<Int>, _ descending: Bool) -> Int64 {
        var best = sorted[range.lowerBound]
        var bestCount = 0
        var first = range.lowerBound
        while first < range.upperBound {
            var end = first
            while end < range.upperBound, sorted[end] == sorted[first] { end &+= 1 }
            if end - first > bestCount || (descending && end - first == bestCount) {
                best = sorted[first]
                bestCount = end - first
            }
            first = end
        }
        return best
    }

    private static func interpolated(
        _ keys: inout [Int64], _ range: Range<Int>, _ fraction: Double, _ descending: Bool, _ number: (Int64) -> Double
    ) -> Double {
        let place = fraction * Double(range.count - 1)
        let lower = Int(place.rounded(.down))
        let upper = Int(place.rounded(.up))
        let share = place - Double(lower)
        if descending {
            let (high, low) = Quickselect.pair(
                &keys, range, lower: range.count - 1 - upper, upper: range.count - 1 - lower)
            return lerp(number(low), number(high), share)
        }
        let (low, high) = Quickselect.pair(&keys, range, lower: lower, upper: upper)
        return lerp(number(low), number(high), share)
    }

    /// As PostgreSQL interpolates.
    private static func lerp(_ low: Double, _ high: Double, _ share: Double) -> Double {
        low == high ? low : low + (high - low) * share
    }

    private static func deviation(
        _ keys: inout [Int64], _ range: Range<Int>, _ number: (Int64) -> Double
    ) -> Double {
        let median = interpolated(&keys, range, 0.5, false, number)
        var distances = [Int64](repeating: 0, count: range.count)
        for index in 0..<range.count {
            distances[index] = OrderedBits.ordered(abs(number(keys[range.lowerBound + index]) - median))
        }
        return interpolated(&distances, 0..<distances.count, 0.5, false, OrderedBits.double)
    }

    /// One double for each group that is present, computed in parallel.
    private func doubles(
        _ column: OrderedColumn, _ grouped: GroupedKeys, _ present: [UInt8], _ workerCount: Int,
        _ compute: @escaping @Sendable (inout [Int64], Range<Int>, (Int64) -> Double) -> Double
    ) throws(ExecutionError) -> Vector {
        guard column.doubles != nil || grouped.keys.isEmpty else {
            throw ExecutionError(
                .unsupported("a percentile between values of type \(inputType.name) is not supported"),
                position: errorPosition)
        }
        let chunks = grouped.chunks(workerCount * 4)
        let parts = WorkerThreads.map(count: chunks.count, workerCount: workerCount) { chunk in
            let number = column.doubles ?? { _ in 0 }
            let start = grouped.starts[chunks[chunk].lowerBound]
            var keys = Array(grouped.keys[start..<grouped.starts[chunks[chunk].upperBound]])
            return chunks[chunk].map { group in
                let range = (grouped.starts[group] - start)..<(grouped.starts[group + 1] - start)
                return range.isEmpty ? 0 : compute(&keys, range, number)
            }
        }
        let rows = parts.flatMap { $0 }
        return Vector(
            type: .double, count: rows.count, values: .double(rows), validity: Validity(compacting: present))
    }

    /// One key for each group, computed in parallel; groups without keys get 0.
    private func picked(
        _ grouped: GroupedKeys, _ workerCount: Int,
        _ pick: @escaping @Sendable (inout [Int64], Range<Int>) -> Int64
    ) -> [Int64] {
        let chunks = grouped.chunks(workerCount * 4)
        let parts = WorkerThreads.map(count: chunks.count, workerCount: workerCount) { chunk in
            let start = grouped.starts[chunks[chunk].lowerBound]
            var keys = Array(grouped.keys[start..<grouped.starts[chunks[chunk].upperBound]])
            return chunks[chunk].map { group in
                let range = (grouped.starts[group] - start)..<(grouped.starts[group + 1] - start)
                return range.isEmpty ? 0 : pick(&keys, range)
            }
        }
        return parts.flatMap { $0 }
    }
}
