/// Spreads values over runs of rows. Most runs are short: sixteen rows are written whatever the length, the surplus is
/// written over by the next run, and no branch depends on lengths up to sixteen.
package enum RunKernels {
    private static let stride = 16

    /// `rows[row] = values[run]` for the rows `starts[run]..<starts[run + 1]`.
    ///
    /// - Precondition: `starts` begins with 0 and does not fall; one value for each run.
    package static func expanded(_ values: [Int64], starts: [Int32]) -> [Int64] {
        precondition(starts.count == values.count + 1)
        return filled(starts) { run, _ in values[run] }
    }

    /// The number of each row in its run, from `first` on.
    package static func rowsInRun(starts: [Int32], from first: Int64 = 0) -> [Int64] {
        filled(starts) { _, row in Int64(row) &+ first }
    }

    /// Undoes `rowsInRun`: the first row of each run, and the row count. A run begins where the row's number in it does not rise.
    package static func starts(_ rowsInRun: [Int64]) -> [Int32] {
        let rows = rowsInRun.span
        // A place more than rows: what no run begins at is written over by the next one.
        var starts = [Int32](repeating: 0, count: rows.count + 1)
        var target = starts.mutableSpan
        var count = min(1, rows.count)
        for row in 1..<max(1, rows.count) {
            target[count] = Int32(truncatingIfNeeded: row)
            count &+= rows[row] <= rows[row &- 1] ? 1 : 0
        }
        target[count] = Int32(truncatingIfNeeded: rows.count)
        starts.removeLast(starts.count - count - 1)
        return starts
    }

    /// What `value` says of the run and the row in it.
    @inline(__always)
    private static func filled(_ starts: [Int32], _ value: (_ run: Int, _ rowInRun: Int) -> Int64) -> [Int64] {
        let count = Int(starts[starts.count - 1])
        precondition(starts[0] == 0)
        return Lanes.filled(count: count) { rows in
            // Bounds: each run's first row and end are checked against the last run's end and its own start.
            unsafe rows.withUnsafeMutableBufferPointer { target in
                for run in 0..<(starts.count - 1) {
                    let first = Int(starts[run])
                    let end = Int(starts[run + 1])
                    precondition(first <= end && end <= count)
                    if first < end { unsafe fill(target, first, end, run, value) }
                }
            }
        }
    }

    @inline(__always)
    private static func fill(
        _ rows: UnsafeMutableBufferPointer<Int64>, _ first: Int, _ end: Int, _ run: Int,
        _ value: (_ run: Int, _ rowInRun: Int) -> Int64
    ) {
        var row = first
        if first &+ stride <= rows.count {
            let to = unsafe rows.baseAddress! + first
            for offset in 0..<stride { unsafe to[offset] = value(run, offset) }
            row = first &+ stride
        }
        while row < end {
            unsafe rows[row] = value(run, row &- first)
            row &+= 1
        }
    }
}
