import Columns

/// Aggregates that add doubles: values are added in the order of the rows, so that the worker count does not matter.
final class DoubleAggregateState: CollectingState, @unchecked Sendable {
    enum Kind: Sendable {
        case sum
        case average
        case variance(isSample: Bool, isDeviation: Bool)
        case pairs(PairStatistic)
    }

    private let kind: Kind

    init(_ kind: Kind) {
        self.kind = kind
    }

    override var requiredInputs: [Int] { if case .pairs = kind { [0, 1] } else { [0] } }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        let pieces = takePieces()
        let groups = pieces.map(\.groups)
        let first = pieces.map { DoubleAggregateState.numbers($0.vectors[0]) }
        var counts = [Int64](repeating: 0, count: groupCount)
        for piece in pieces {
            guard let groups = piece.groups else {
                counts[0] &+= Int64(piece.rowCount)
                continue
            }
            for group in groups { counts[Int(group)] &+= 1 }
        }
        let sums = DoubleAggregateState.sums(first, groups, groupCount)
        var result = sums
        var present = counts.map { UInt8($0 > 0 ? 1 : 0) }
        switch kind {
        case .sum: break
        case .average: for group in 0..<groupCount where counts[group] > 0 { result[group] /= Double(counts[group]) }
        case .variance(let isSample, let isDeviation):
            let squares = DoubleAggregateState.products(first, first, groups, sums, sums, counts)
            for group in 0..<groupCount {
                let divisor = counts[group] - (isSample ? 1 : 0)
                if divisor <= 0 { present[group] = 0 }
                let variance = squares[group] / Double(max(1, divisor))
                result[group] = isDeviation ? variance.squareRoot() : variance
            }
        case .pairs(let statistic):
            let second = pieces.map { DoubleAggregateState.numbers($0.vectors[1]) }
            if statistic == .count {
                return Vector(type: .bigint, count: groupCount, values: .int64(counts))
            }
            let otherSums = DoubleAggregateState.sums(second, groups, groupCount)
            let xx = DoubleAggregateState.products(second, second, groups, otherSums, otherSums, counts)
            let yy = DoubleAggregateState.products(first, first, groups, sums, sums, counts)
            let xy = DoubleAggregateState.products(first, second, groups, sums, otherSums, counts)
            for group in 0..<groupCount {
                let moments = PairMoments(
                    count: counts[group], x: otherSums[group], y: sums[group], xx: xx[group], yy: yy[group],
                    xy: xy[group])
                let value = statistic.value(of: moments)
                present[group] = value == nil ? 0 : 1
                result[group] = value ?? 0
            }
        }
        return Vector(
            type: .double, count: groupCount, values: .double(result), validity: Validity(compacting: present))
    }

    /// A column of numbers as doubles.
    static func numbers(_ vector: Vector) -> [Double] {
        let power = OrderedColumn.power(vector.type.scale ?? 0)
        switch vector.values {
        case .double(let rows): return rows
        case .int64(let rows): return rows.map { Double($0) / power }
        case .int128(let rows):
            return rows.map { value in
                let narrow = Int64(truncatingIfNeeded: value)
                return (Int128(narrow) == value ? Double(narrow) : Double(value)) / power
            }
        default: return [Double](repeating: 0, count: vector.count)
        }
    }

    /// - Parameters:
    ///   - pieces: Rows in their order.
    ///   - groups: Of each piece; nil where all rows belong to group 0.
    private static func sums(_ pieces: [[Double]], _ groups: [[UInt32]?], _ groupCount: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: groupCount)
        for (rows, groups) in zip(pieces, groups) {
            guard let groups else {
                sums[0] = rows.reduce(sums[0], +)
                continue
            }
            for row in 0..<groups.count { sums[Int(groups[row])] += rows[row] }
        }
        return sums
    }

    /// Sums of the products of two columns' distances from their means.
    private static func products(
        _ left: [[Double]], _ right: [[Double]], _ groups: [[UInt32]?], _ leftSums: [Double], _ rightSums: [Double],
        _ counts: [Int64]
    ) -> [Double] {
        var leftMeans = leftSums
        var rightMeans = rightSums
        for group in 0..<counts.count where counts[group] > 0 {
            leftMeans[group] /= Double(counts[group])
            rightMeans[group] /= Double(counts[group])
        }
        var result = [Double](repeating: 0, count: counts.count)
        for piece in left.indices {
            let (left, right) = (left[piece], right[piece])
            guard let groups = groups[piece] else {
                for row in 0..<left.count { result[0] += (left[row] - leftMeans[0]) * (right[row] - rightMeans[0]) }
                continue
            }
            for row in 0..<groups.count {
                let group = Int(groups[row])
                result[group] += (left[row] - leftMeans[group]) * (right[row] - rightMeans[group])
            }
        }
        return result
    }
}
