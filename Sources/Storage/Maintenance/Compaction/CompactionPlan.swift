/// Which segments of a table are merged, and where the new ones begin and end in time.
///
/// A segment stays as it is if it is alone in its stretch of time and at least half full; the others are cut anew, at
/// borders of buckets. So the work follows what came in since the last time, not what the table holds.
struct CompactionPlan {
    /// A segment as the survey found it.
    struct Source: Hashable {
        var index: Int
        var rowCount: Int
        /// Of its runs.
        var buckets: ClosedRange<Int64>
    }

    /// The rows of some buckets, to be written as one segment, or as several where one bucket alone is too full.
    struct Output: Hashable {
        var buckets: ClosedRange<Int64>
        var rowCount: Int
        /// Segments with rows in it, in the table's order.
        var sources: [Int]
    }

    private(set) var kept: [Source] = []
    private(set) var outputs: [Output] = []

    /// - Parameters:
    ///   - sources: Segments that have rows.
    ///   - rowsOfBucket: Over all of them.
    ///   - targetRowCount: Rows of a full segment.
    init(sources: [Source], rowsOfBucket: [Int64: Int], targetRowCount: Int) {
        let buckets = rowsOfBucket.keys.sorted()
        var stretch: [Source] = []
        for group in CompactionPlan.overlapping(sources) {
            if CompactionPlan.isSettled(group, targetRowCount: targetRowCount) {
                cut(stretch, buckets, rowsOfBucket, targetRowCount)
                stretch = []
                kept += group
            } else {
                stretch += group
            }
        }
        cut(stretch, buckets, rowsOfBucket, targetRowCount)
    }

    /// Sources that share a bucket with each other, directly or through others, group by group in the order of time.
    private static func overlapping(_ sources: [Source]) -> [[Source]] {
        var groups: [[Source]] = []
        var end = Int64.min
        let ordered = sources.sorted { ($0.buckets.lowerBound, $0.index) < ($1.buckets.lowerBound, $1.index) }
        for source in ordered {
            if groups.isEmpty || source.buckets.lowerBound > end { groups.append([]) }
            groups[groups.count - 1].append(source)
            end = max(end, source.buckets.upperBound)
        }
        return groups
    }

    /// Whether merging a group would gain nothing.
    private static func isSettled(_ group: [Source], targetRowCount: Int) -> Bool {
        let isHalfFull = group.map { $0.rowCount * 2 >= targetRowCount }
        if group.count == 1 { return isHalfFull[0] }
        // A single bucket fills several segments: all but the last of them as full as they can be.
        let isOneBucket = group.allSatisfy { $0.buckets.lowerBound == $0.buckets.upperBound }
        return isOneBucket && isHalfFull.count { !$0 } <= 1
    }

    private mutating func cut(
        _ sources: [Source], _ buckets: [Int64], _ rowsOfBucket: [Int64: Int], _ targetRowCount: Int
    ) {
        guard let first = sources.map(\.buckets.lowerBound).min(), let last = sources.map(\.buckets.upperBound).max() else {
            return
        }
        var open: Output?
        for bucket in buckets where (first...last).contains(bucket) {
            let rowCount = rowsOfBucket[bucket] ?? 0
            if var current = open, current.rowCount + rowCount <= targetRowCount {
                current.buckets = current.buckets.lowerBound...bucket
                current.rowCount += rowCount
                open = current
            } else {
                close(open, sources)
                open = Output(buckets: bucket...bucket, rowCount: rowCount, sources: [])
            }
        }
        close(open, sources)
    }

    private mutating func close(_ output: Output?, _ sources: [Source]) {
        guard var output else { return }
        let touched = sources.filter { $0.buckets.overlaps(output.buckets) }.sorted { $0.index < $1.index }
        // A segment that would be written again just as it is.
        if touched.count == 1, touched[0].rowCount == output.rowCount {
            kept.append(touched[0])
            return
        }
        output.sources = touched.map(\.index)
        outputs.append(output)
    }

    /// Neighbouring outputs that read the same segments, to be written together, so that each segment is read less often.
    func groups(maximumCount: Int) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        for index in outputs.indices {
            if let last = groups.last, last.count < maximumCount,
                Set(outputs[last.lowerBound].sources).isSuperset(of: outputs[index].sources)
            {
                groups[groups.count - 1] = last.lowerBound..<(index + 1)
            } else {
                groups.append(index..<(index + 1))
            }
        }
        return groups
    }
}
