/// What the chooser knows of a block's values before it tries anything. One or two passes over the values.
package struct BlockStatistics: Sendable {
    package let count: Int
    package let minimum: Int64
    package let maximum: Int64
    /// Runs of equal neighbours.
    package let runCount: Int
    /// Smallest and largest difference of neighbours, wrapping.
    package let minimumDelta: Int64
    package let maximumDelta: Int64
    /// Evenly spread values, at most 1024.
    package let sample: [Int64]

    package init(_ values: [Int64]) {
        count = values.count
        let rows = values.span
        var low = Int64.max
        var high = Int64.min
        for row in 0..<rows.count {
            low = min(low, rows[row])
            high = max(high, rows[row])
        }
        minimum = values.isEmpty ? 0 : low
        maximum = values.isEmpty ? 0 : high
        var changes = 0
        var lowDelta = Int64.max
        var highDelta = Int64.min
        if low < high {
            for row in 1..<rows.count {
                let delta = rows[row] &- rows[row &- 1]
                if delta != 0 { changes &+= 1 }
                lowDelta = min(lowDelta, delta)
                highDelta = max(highDelta, delta)
            }
        }
        runCount = values.isEmpty ? 0 : changes + 1
        minimumDelta = low < high ? lowDelta : 0
        maximumDelta = low < high ? highDelta : 0
        let step = max(1, values.count / 1024)
        var picked: [Int64] = []
        picked.reserveCapacity(1025)
        var row = 0
        while row < values.count, picked.count < 1024 {
            picked.append(values[row])
            row += step
        }
        sample = picked
    }

    /// Bits that hold `maximum - minimum`.
    package var width: Int { BlockStatistics.width(from: minimum, to: maximum) }
    package var deltaWidth: Int { BlockStatistics.width(from: minimumDelta, to: maximumDelta) }

    /// Bits that hold `high - low` as an unsigned number; 0 if they are equal.
    @inlinable
    package static func width(from low: Int64, to high: Int64) -> Int {
        64 - UInt64(bitPattern: high &- low).leadingZeroBitCount
    }

    /// Different values in the sample.
    package var sampleDistinctCount: Int { Set(sample).count }
}
