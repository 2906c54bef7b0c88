import Encodings

/// Signs and sums of a line column for each run.
struct RunMeasures {
    /// Raw values of `RunSign`.
    let signs: [UInt8]
    /// 0 for runs without a value; nil if a sum does not fit 64 bits.
    let sums: [Int64]?
    /// 1 for runs with a value; nil if all have one.
    let mask: [UInt8]?

    /// - Parameters:
    ///   - lanes: One for each row, 0 where NULL.
    ///   - mask: 1 = present; nil if every row is.
    ///   - starts: First row of each run, and the end.
    ///   - withSums: Whether sums are wanted.
    init(_ lanes: [Int64], mask: [UInt8]?, starts: [Int32], withSums: Bool) {
        let canSum = withSums && RunMeasures.sumsFit(lanes, starts)
        let summary = LaneKernels.summary(ofRuns: starts, lanes, mask: mask, withSums: canSum)
        signs = summary.signs
        sums = canSum ? summary.sums : withSums ? RunMeasures.checkedSums(lanes, starts) : nil
        self.mask = summary.present.contains(0) ? summary.present : nil
    }

    /// Whether no run's sum can leave 64 bits, whatever its rows hold.
    private static func sumsFit(_ lanes: [Int64], _ starts: [Int32]) -> Bool {
        let statistics = BlockStatistics(lanes)
        let largest = max(statistics.minimum.magnitude, statistics.maximum.magnitude)
        return !largest.multipliedReportingOverflow(by: UInt64(max(1, lanes.count)) * 2).overflow
    }

    /// nil if one of them does not fit 64 bits.
    private static func checkedSums(_ lanes: [Int64], _ starts: [Int32]) -> [Int64]? {
        var sums: [Int64] = []
        for run in 0..<(starts.count - 1) {
            guard let sum = sum(lanes, Int(starts[run])..<Int(starts[run + 1])) else { return nil }
            sums.append(sum)
        }
        return sums
    }

    /// nil if the sum does not fit 64 bits.
    private static func sum(_ lanes: [Int64], _ rows: Range<Int>) -> Int64? {
        var sum: Int64 = 0
        for row in rows {
            let (next, overflow) = sum.addingReportingOverflow(lanes[row])
            if overflow { return nil }
            sum = next
        }
        return sum
    }
}
