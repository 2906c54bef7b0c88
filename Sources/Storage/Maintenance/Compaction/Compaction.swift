import Columns
import Diagnostics
import Synchronization

/// Merges the small segments of one table into full ones, laid out by time, without changing a row.
///
/// Rows are cut into segments by the time of their run (the claim), runs stay whole, and inside a segment rows stay in the
/// order they were loaded in, so that the batches of a segment are a few neighbouring parts. The order of calls: `survey`
/// for each segment, then `plan`, then `write` for each step, both from any thread and in any order, then `finish`. What is
/// written does not depend on the threads.
package final class Compaction: Sendable {
    /// Rows of a full segment.
    package static let defaultTargetRowCount = 131_072
    /// New segments that are filled at the same time by one thread: it bounds the memory, not the result.
    private static let segmentsAtOnce = 4

    private let transaction: StoreTransaction
    private let table: TableSnapshot
    private let layout: TableLayout
    private let keyColumn: Int?
    private let timeColumn: Int?
    private let targetRowCount: Int
    private let state = Mutex(State())

    private struct State {
        var sources: [CompactionPlan.Source] = []
        var rowsOfBucket: [Int64: Int] = [:]
        var plan = CompactionPlan(sources: [], rowsOfBucket: [:], targetRowCount: 1)
        var groups: [Range<Int>] = []
        /// Place of each output's first segment among the new ones.
        var firstOrders: [Int] = []
        var parts: [[BatchPart]] = []
        var written: [(bucket: Int64, order: Int, record: SegmentRecord)] = []
    }

    /// - Parameter layout: Of the table, where the manifest does not tell it.
    package init(
        _ transaction: StoreTransaction, table name: String, layout: TableLayout = TableLayout(),
        targetRowCount: Int = Compaction.defaultTargetRowCount
    ) throws(StorageError) {
        guard let table = transaction.base.table(name) else {
            throw StorageError(.noInput, "there is no table \"\(name)\"", file: transaction.folder.path)
        }
        self.transaction = transaction
        self.table = table
        self.layout = table.record.layout.filled(from: layout)
        self.targetRowCount = targetRowCount
        let fields = table.schema.fields
        keyColumn = self.layout.groupKey.flatMap { key in fields.firstIndex { $0.name == key } }
        timeColumn = self.layout.timeColumn.flatMap { time in
            fields.firstIndex { $0.name == time && $0.type == .timestamp }
        }
        var provenance = BatchProvenance(folder: transaction.folder)
        var parts: [[BatchPart]] = []
        for segment in table.record.segments { parts.append(try provenance.parts(of: segment)) }
        state.withLock { $0.parts = parts }
    }

    /// Segments to be surveyed.
    package var segmentCount: Int { table.segments.count }

    /// Looks up when the rows of a segment happened.
    package func survey(_ index: Int) throws(StorageError) {
        let segment = table.segments[index]
        guard segment.rowCount > 0 else { return }
        var rowsOfBucket: [Int64: Int] = [:]
        if let bucket = try onlyBucket(index) { rowsOfBucket[bucket] = segment.rowCount } else {
            try claimTimes(index).forEachBucket { rowsOfBucket[$0, default: 0] += $1 }
        }
        guard let low = rowsOfBucket.keys.min(), let high = rowsOfBucket.keys.max() else { return }
        let found = rowsOfBucket
        state.withLock { state in
            state.sources.append(CompactionPlan.Source(index: index, rowCount: segment.rowCount, buckets: low...high))
            state.rowsOfBucket.merge(found) { $0 + $1 }
        }
    }

    /// The bucket of all rows of a segment, if that is known without reading them.
    private func onlyBucket(_ index: Int) throws(StorageError) -> Int64? {
        // Without a time, segments follow each other as they are.
        guard let timeColumn else { return Int64(index) }
        let zone = try table.segments[index].zoneMap(timeColumn)
        guard zone.nullCount == 0, case .values(.timestamp(let low), .timestamp(let high)?) = zone.bounds else { return nil }
        let bucket = ClaimTimes.bucket(of: low)
        return bucket == ClaimTimes.bucket(of: high) ? bucket : nil
    }

    private func claimTimes(_ index: Int) throws(StorageError) -> ClaimTimes {
        let columns = [keyColumn, timeColumn].compactMap { $0 }
        let rowCount = table.segments[index].rowCount
        let vectors = try table.readSegment(index, columns: columns)
        return ClaimTimes(
            key: keyColumn == nil ? nil : vectors[0], time: timeColumn == nil ? nil : vectors[vectors.count - 1],
            rowCount: rowCount, bucket: Int64(index))
    }

    /// Decides what is written, once all segments are surveyed.
    ///
    /// - Returns: The steps to write; none if nothing can be gained.
    package func plan() -> Int {
        state.withLock { state in
            state.sources.sort { $0.index < $1.index }
            state.plan = CompactionPlan(
                sources: state.sources, rowsOfBucket: state.rowsOfBucket, targetRowCount: targetRowCount)
            state.groups = state.plan.groups(maximumCount: Compaction.segmentsAtOnce)
            // A new segment has at least one row, so that no two are of one place.
            var order = 0
            for output in state.plan.outputs {
                state.firstOrders.append(order)
                order += output.rowCount
            }
            return state.groups.count
        }
    }

    /// Writes the segments of one step.
    package func write(_ step: Int) throws(StorageError) {
        let (outputs, firstOrders, parts) = state.withLock { state in
            let group = state.groups[step]
            return (Array(state.plan.outputs[group]), Array(state.firstOrders[group]), state.parts)
        }
        var fillings: [SegmentFilling] = []
        for (output, order) in zip(outputs, firstOrders) {
            fillings.append(
                SegmentFilling(output, firstOrder: order, rows: try RowCollector(table, layout: layout), limit: targetRowCount))
        }
        for index in Set(outputs.flatMap(\.sources)).sorted() {
            let times = try claimTimes(index)
            guard outputs.contains(where: { output in times.buckets.contains { output.buckets.contains($0) } }) else { continue }
            let vectors = try table.readSegment(index, columns: Array(table.schema.fields.indices))
            for place in fillings.indices {
                try fillings[place].append(vectors, times, segment: index, parts: parts[index]) { (rows, order) throws(StorageError) in
                    try write(rows, bucket: outputs[place].buckets.lowerBound, order: order)
                }
            }
        }
        for place in fillings.indices {
            guard fillings[place].writtenRowCount + fillings[place].rows.rowCount == outputs[place].rowCount else {
                throw StorageError(
                    .internalError, "compaction of \(table.name) met another number of rows than its survey", file: transaction.folder.path)
            }
            guard fillings[place].rows.rowCount > 0 else { continue }
            try write(fillings[place].rows, bucket: outputs[place].buckets.lowerBound, order: fillings[place].nextOrder)
        }
    }

    private func write(_ rows: RowCollector, bucket: Int64, order: Int) throws(StorageError) {
        let record = try transaction.write(rows.encoded(), of: table.name, order: order, parts: rows.parts)
        state.withLock { $0.written.append((bucket, order, record)) }
    }

    /// Gives the table its new segments and dictionaries, once all steps are written; the transaction is left to commit.
    package func finish() throws(StorageError) -> CompactionReport {
        let (plan, written) = state.withLock { ($0.plan, $0.written) }
        var all = written.map { (bucket: $0.bucket, place: $0.order, record: $0.record) }
        for source in plan.kept {
            all.append((source.buckets.lowerBound, source.index, table.record.segments[source.index]))
        }
        // Kept and new segments share no bucket; those of one bucket stay in their order.
        all.sort { ($0.bucket, $0.place) < ($1.bucket, $1.place) }
        let segments = all.map(\.record)
        guard segments.reduce(0, { $0 + $1.rowCount }) == table.rowCount else {
            throw StorageError(
                .internalError, "compaction of \(table.name) would change its number of rows", file: transaction.folder.path)
        }
        let mergedCount = try transaction.mergeDictionaries(of: table)
        if !written.isEmpty { try transaction.setSegments(segments, of: table.name) }
        return CompactionReport(
            table: table.name, segmentCountBefore: table.segments.count,
            segmentCountAfter: written.isEmpty ? table.segments.count : segments.count, sizeBefore: table.record.storedSize,
            sizeAfter: try transaction.withTable(table.name) { (draft) throws(StorageError) in draft.record.storedSize },
            rowCount: table.rowCount, hasChanged: mergedCount > 0 || !written.isEmpty)
    }
}

extension TableRecord {
    /// Bytes of its segments and dictionaries.
    var storedSize: Int {
        segments.reduce(0) { $0 + $1.size }
            + columns.reduce(0) { $0 + ($1.text?.dictionaries.reduce(0) { $0 + $1.size } ?? 0) }
    }
}
