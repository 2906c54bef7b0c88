import Columns
import Synchronization

/// The first rows of a pipeline after an offset; morsels beyond them are not started.
enum LimitOperator {
    static func relation(
        _ pipeline: Pipeline, limit: Int?, offset: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> Relation {
        let offset = max(0, offset)
        if limit == 0 { return Relation(columns: pipeline.columns, batches: []) }
        let progress = Progress(needed: limit.map { $0.addingReportingOverflow(offset) }.map { $0.overflow ? .max : $0.partialValue })
        let share = MemoryShare(context.budget, limitBytes: nil)
        let sinks = try PipelineRun.drive(pipeline, context) { _, cursor in
            LimitSink(progress: progress, cursor: cursor, share: share)
        }
        var batches = sinks.flatMap(\.batches)
        batches.sort { $0.morsel < $1.morsel }
        return Relation(columns: pipeline.columns, batches: cut(batches, limit: limit, offset: offset), share: share)
    }

    /// Rows `offset..<offset + limit` of all batches.
    static func cut(_ batches: [Batch], limit: Int?, offset: Int) -> [Batch] {
        var result: [Batch] = []
        var toSkip = offset
        var toTake = limit ?? .max
        for batch in batches {
            if toTake == 0 { break }
            let first = min(toSkip, batch.rowCount)
            toSkip -= first
            let count = min(toTake, batch.rowCount - first)
            if count == 0 { continue }
            toTake -= count
            if count == batch.rowCount {
                result.append(batch)
            } else {
                result.append(batch.selecting((first..<(first + count)).map { Int32(truncatingIfNeeded: $0) }))
            }
        }
        return result
    }

    /// How many rows each morsel begun so far has given.
    final class Progress: Sendable {
        private let rows = Mutex<[Int: Int]>([:])
        private let needed: Int?

        init(needed: Int?) { self.needed = needed }

        /// Whether the first morsels, up to and with `morsel`, have given enough.
        ///
        /// Earlier morsels that gave no row, or have not come so far, count as empty: more rows than needed are no harm.
        func add(_ count: Int, morsel: Int) -> Bool {
            guard let needed else { return false }
            return rows.withLock { rows in
                rows[morsel, default: 0] += count
                var total = 0
                for (number, given) in rows where number <= morsel { total += given }
                return total >= needed
            }
        }
    }
}

/// Keeps batches until enough rows are there.
///
/// Unchecked because each sink belongs to one worker until all workers are done.
private final class LimitSink: BatchConsumer, @unchecked Sendable {
    private(set) var batches: [Batch] = []
    private let progress: LimitOperator.Progress
    private let cursor: MorselCursor
    private let share: MemoryShare

    init(progress: LimitOperator.Progress, cursor: MorselCursor, share: MemoryShare) {
        self.progress = progress
        self.cursor = cursor
        self.share = share
    }

    func consume(_ batch: Batch) throws(ExecutionError) {
        guard batch.rowCount > 0 else { return }
        _ = try share.add(batch.byteCount)
        batches.append(batch)
        // Every morsel up to this one has been handed out, so stopping here leaves none of them undone.
        if progress.add(batch.rowCount, morsel: batch.morsel) { cursor.stop() }
    }
}
