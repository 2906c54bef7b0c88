import Columns
import Diagnostics

/// A new segment while its rows are gathered, source by source; where one bucket is too full for a segment, the next
/// begins behind a whole run.
struct SegmentFilling {
    private let buckets: ClosedRange<Int64>
    private let limit: Int
    private(set) var rows: RowCollector
    private let empty: RowCollector
    private(set) var nextOrder: Int
    private(set) var writtenRowCount = 0

    init(_ output: CompactionPlan.Output, firstOrder: Int, rows: RowCollector, limit: Int) {
        buckets = output.buckets
        nextOrder = firstOrder
        self.rows = rows
        empty = rows
        self.limit = limit
    }

    /// Adds the rows of a source that fall into the buckets.
    ///
    /// - Parameter write: Is given a segment that is full, and its place.
    mutating func append(
        _ vectors: [Vector], _ times: ClaimTimes, segment: Int, parts: [BatchPart],
        write: (RowCollector, Int) throws(StorageError) -> Void
    ) throws(StorageError) {
        var selected: [Int32] = []
        for run in times.buckets.indices where buckets.contains(times.buckets[run]) {
            let added = times.starts[run]..<times.starts[run + 1]
            let filled = rows.rowCount + selected.count
            if filled > 0, filled + added.count > limit {
                try rows.append(vectors, segment: segment, rows: selected, parts: parts)
                selected = []
                try write(rows, nextOrder)
                writtenRowCount += rows.rowCount
                nextOrder += 1
                rows = empty
            }
            selected.append(contentsOf: added)
        }
        try rows.append(vectors, segment: segment, rows: selected, parts: parts)
    }
}
