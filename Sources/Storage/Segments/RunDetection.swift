import Columns

/// Finds runs of a key column and the columns that never change within one.
enum RunDetection {
    /// As `starts(of:)`, for a key with a value for each of these runs.
    static func starts(of key: LaneColumn, runs: RunMap?) -> [Int32] {
        let places = starts(of: key)
        guard let runs else { return places }
        return places.count == runs.starts.count ? runs.starts : gather(runs.starts, places)
    }

    /// For each run that begins at one of `starts` the run of `runs` it lies in; nil if a run of `runs` begins elsewhere.
    static func places(of starts: [Int32], in runs: RunMap) -> [Int32]? {
        let coarse = runs.starts
        guard coarse.count <= starts.count else { return nil }
        var result = [Int32](repeating: 0, count: starts.count - 1)
        var run = 0
        for index in 0..<result.count {
            let start = starts[index]
            if run + 1 < coarse.count, coarse[run + 1] <= start {
                guard coarse[run + 1] == start else { return nil }
                run += 1
            }
            result[index] = Int32(truncatingIfNeeded: run)
        }
        return run == coarse.count - 2 ? result : nil
    }

    /// First row of each run and the row count behind them: a run ends where the key changes.
    static func starts(of key: LaneColumn) -> [Int32] {
        var starts: [Int32] = [0]
        for row in 1..<max(1, key.count) where !isSame(key, row, row - 1) { starts.append(Int32(row)) }
        if key.count > 0 { starts.append(Int32(key.count)) }
        return starts
    }

    /// Whether the column has one value, or NULL, in every run.
    static func isConstant(_ column: LaneColumn, starts: [Int32]) -> Bool {
        for run in 0..<(starts.count - 1) {
            let first = Int(starts[run])
            let end = Int(starts[run + 1])
            if column.strings != nil || column.highLanes != nil || column.mask != nil {
                for row in (first + 1)..<max(end, first + 1) where !isSame(column, row, first) { return false }
            } else {
                let value = column.lanes[first]
                var row = first + 1
                while row < end {
                    if column.lanes[row] != value { return false }
                    row &+= 1
                }
            }
        }
        return true
    }

    private static func isSame(_ column: LaneColumn, _ row: Int, _ other: Int) -> Bool {
        if let mask = column.mask, mask[row] != mask[other] { return false }
        if let strings = column.strings { return strings[bytesAt: row] == strings[bytesAt: other] }
        if let high = column.highLanes, high[row] != high[other] { return false }
        return column.lanes[row] == column.lanes[other]
    }
}
