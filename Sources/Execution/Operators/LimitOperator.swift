import Columns
import Synchronization

/// The first rows of a pipeline after an offset; morsels beyond them are not started.
enum LimitOperator {
    /// - Returns: a pipeline that is kept, in a file where memory has no room for the rows.
    static func pipeline(
        _ pipeline: Pipeline, limit: Int?, offset: Int, _ context: ExecutionContext, counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        guard let spillingByteCount = context.spillingByteCount, limit != 0 else {
            return try relation(pipeline, limit: limit, offset: offset, context).pipeline
        }
        let offset = max(0, offset)
        let progress = Progress(needed: limit.map { $0.addingReportingOverflow(offset) }.map { $0.overflow ? .max : $0.partialValue })
        let share = MemoryShare(context.budget, limitBytes: spillingByteCount)
        let overflow = SpillOverflow(context, counters: counters)
        let sinks = try PipelineRun.drive(pipeline, context) { _, cursor in
            LimitSink(progress: progress, cursor: cursor, CollectingSink(share, overflow: overflow))
        }
        guard let store = overflow.used else {
            let batches = cut(CollectingSink.ordered(sinks.map(\.rows)), limit: limit, offset: offset)
            return Relation(columns: pipeline.columns, batches: batches, share: share).pipeline
        }
        var pieces: [SpillPiece] = []
        for sink in sinks { pieces += try sink.rows.pieces(in: store) }
        let rows = SpilledRows(store, columns: pipeline.columns, pieces: pieces)
        return Pipeline(source: CutRows(rows, offset: offset, limit: limit ?? .max), columns: pipeline.columns)
    }

    static func relation(
        _ pipeline: Pipeline, limit: Int?, offset: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> Relation {
        let offset = max(0, offset)
        if limit == 0 { return Relation(columns: pipeline.columns, batches: []) }
        let progress = Progress(needed: limit.map { $0.addingReportingOverflow(offset) }.map { $0.overflow ? .max : $0.partialValue })
        let share = MemoryShare(context.budget, limitBytes: nil)
        let sinks = try PipelineRun.drive(pipeline, context) { _, cursor in
            LimitSink(progress: progress, cursor: cursor, CollectingSink(share))
        }
        let batches = CollectingSink.ordered(sinks.map(\.rows))
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
    let rows: CollectingSink
    private let progress: LimitOperator.Progress
    private let cursor: MorselCursor

    init(progress: LimitOperator.Progress, cursor: MorselCursor, _ rows: CollectingSink) {
        self.progress = progress
        self.cursor = cursor
        self.rows = rows
    }

    func consume(_ batch: Batch) throws(ExecutionError) {
        guard batch.rowCount > 0 else { return }
        try rows.consume(batch)
        // Every morsel up to this one has been handed out, so stopping here leaves none of them undone.
        if progress.add(batch.rowCount, morsel: batch.morsel) { cursor.stop() }
    }
}

/// Some rows of a file that follow each other.
private struct CutRows: MorselSource {
    private let rows: SpilledRows
    /// Pieces that have some of them, and which.
    private let parts: [(piece: Int, range: Range<Int>)]
    private let rowCount: Int

    init(_ rows: SpilledRows, offset: Int, limit: Int) {
        var parts: [(piece: Int, range: Range<Int>)] = []
        var toSkip = offset
        var toTake = limit
        for (number, piece) in rows.pieces.enumerated() where toTake > 0 {
            let first = min(toSkip, piece.rowCount)
            toSkip -= first
            let count = min(toTake, piece.rowCount - first)
            toTake -= count
            if count > 0 { parts.append((number, first..<(first + count))) }
        }
        self.rows = rows
        self.parts = parts
        rowCount = parts.reduce(0) { $0 + $1.range.count }
    }

    var morselCount: Int { parts.count }
    var estimatedRowCount: Int { rowCount }
    var isKept: Bool { true }
    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(cut: self, next: next) }

    private final class Reader: MorselReader {
        let cut: CutRows
        let next: any BatchConsumer

        init(cut: CutRows, next: any BatchConsumer) {
            self.cut = cut
            self.next = next
        }

        func read(morsel: Int) throws(ExecutionError) {
            let (piece, range) = cut.parts[morsel]
            var batch = try cut.rows.batch(piece)
            if range.count < batch.rowCount {
                batch = Batch(columns: batch.columns.map { $0.sliced(range) }, rowCount: range.count)
            }
            batch.morsel = morsel
            try next.consume(batch)
        }
    }
}
