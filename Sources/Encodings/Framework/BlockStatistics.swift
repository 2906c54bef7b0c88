import CKernels

/// What the chooser knows of a block's values before it tries anything. Each part takes a pass when it is first asked for.
package final class BlockStatistics {
    private let values: [Int64]
    package let count: Int
    private let knownBounds: (low: Int64, high: Int64)?
    private lazy var bounds: (low: Int64, high: Int64) = knownBounds ?? BlockStatistics.bounds(values)
    private lazy var changes: Changes = Changes(values)
    /// Evenly spread values, at most 1024.
    package private(set) lazy var sample: [Int64] = BlockStatistics.sample(values)

    /// The three commonest values of the sample, and which part of it they are.
    package private(set) lazy var common = FrequentEncoding.commonValues(sample)

    /// - Parameter bounds: Smallest and largest value, if they are known already.
    package init(_ values: [Int64], bounds: (low: Int64, high: Int64)? = nil) {
        self.values = values
        count = values.count
        knownBounds = bounds
    }

    package var minimum: Int64 { bounds.low }
    package var maximum: Int64 { bounds.high }
    /// Runs of equal neighbours.
    package var runCount: Int { values.isEmpty ? 0 : changes.count + 1 }
    /// Smallest and largest difference of neighbours, wrapping.
    package var minimumDelta: Int64 { changes.count == 0 ? 0 : changes.low }
    package var maximumDelta: Int64 { changes.count == 0 ? 0 : changes.high }

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

    private static func bounds(_ values: [Int64]) -> (low: Int64, high: Int64) {
        guard !values.isEmpty else { return (0, 0) }
        var (low, high) = (Int64(0), Int64(0))
        // Reads the array's own values.
        unsafe values.withUnsafeBufferPointer { unsafe ck_bounds($0.baseAddress, $0.count, &low, &high) }
        return (low, high)
    }

    private struct Changes {
        var count = 0
        var low = Int64.max
        var high = Int64.min

        init(_ values: [Int64]) {
            // Reads the array's own values.
            count = unsafe ck_changes(ck_level(), values, values.count, &low, &high)
        }
    }

    private static func sample(_ values: [Int64]) -> [Int64] {
        let step = max(1, values.count / 1024)
        var picked: [Int64] = []
        picked.reserveCapacity(1025)
        var row = 0
        while row < values.count, picked.count < 1024 {
            picked.append(values[row])
            row += step
        }
        return picked
    }
}
