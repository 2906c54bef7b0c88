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
        let runCount = starts.count - 1
        var signs = [UInt8](repeating: RunSign.other.rawValue, count: runCount)
        var sums: [Int64]? = withSums ? [Int64](repeating: 0, count: runCount) : nil
        var present = mask == nil ? [] : [UInt8](repeating: 1, count: runCount)
        for run in 0..<runCount {
            let rows = Int(starts[run])..<Int(starts[run + 1])
            var positiveCount = 0
            var negativeCount = 0
            for row in rows {
                // Signs by shifts: a condition that becomes a number is several times slower here.
                negativeCount &+= Int(truncatingIfNeeded: UInt64(bitPattern: lanes[row]) &>> 63)
                positiveCount &+= Int(truncatingIfNeeded: UInt64(bitPattern: (0 &- lanes[row]) & ~lanes[row]) &>> 63)
            }
            if sums != nil {
                if let sum = RunMeasures.sum(lanes, rows) { sums?[run] = sum } else { sums = nil }
            }
            if positiveCount == rows.count {
                signs[run] = RunSign.positive.rawValue
            } else if negativeCount == rows.count {
                signs[run] = RunSign.negative.rawValue
            }
            if let mask, !rows.contains(where: { mask[$0] != 0 }) { present[run] = 0 }
        }
        self.signs = signs
        self.sums = sums
        self.mask = present.contains(0) ? present : nil
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
