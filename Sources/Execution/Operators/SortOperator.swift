import Columns
import Planning

/// ORDER BY, and ORDER BY with LIMIT: stable on the order of the input.
struct SortOperator {
    let keys: [PlanSortKey]
    let layout: [ColumnID: Int]

    /// Row numbers of a batch in sorted order.
    func order(of batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> [UInt32] {
        var columns: [SortKeys.Key] = []
        for key in keys {
            let vector = try ExpressionProgram(key.expression, columns: layout).evaluate(batch, &state)
            // A constant orders nothing.
            if case .constant = vector.values { continue }
            columns.append(SortKeys.Key(column: vector, descending: key.descending, nullsFirst: key.nullsFirst))
        }
        return SortKeys(columns, rowCount: batch.rowCount).order()
    }

    func sorted(_ input: Relation, _ context: ExecutionContext) throws(ExecutionError) -> Relation {
        var state = ExpressionState()
        let rows = input.concatenated()
        if rows.rowCount == 0 { return input }
        let share = MemoryShare(context.budget, limitBytes: nil)
        defer { withExtendedLifetime(share) {} }
        _ = try share.add(rows.byteCount + rows.rowCount * 24)
        let order = try order(of: rows, &state).map { Int32(bitPattern: $0) }
        return SortOperator.gathered(rows, order, columns: input.columns, context)
    }

    /// The rows in a new order, cut into batches that are gathered in parallel.
    static func gathered(
        _ rows: Batch, _ order: [Int32], columns: [PlanColumn], _ context: ExecutionContext
    ) -> Relation {
        let size = Relation.batchRowCount
        let count = (order.count + size - 1) / size
        let batches = WorkerThreads.map(count: count, workerCount: context.workerCount) { number in
            let part = Array(order[(number * size)..<min(order.count, (number + 1) * size)])
            return Batch(columns: rows.columns.map { $0.gathered(part) }, rowCount: part.count)
        }
        return Relation(columns: columns, batches: batches)
    }

    /// Whether the first rows are so few that `top` pays.
    static func keepsFew(limit: Int, offset: Int) -> Bool {
        let (count, overflow) = max(0, limit).addingReportingOverflow(max(0, offset))
        return !overflow && count <= TopSink.rowLimit
    }

    /// The first `limit` rows after `offset` of the sorted input; each worker keeps no more than it must.
    ///
    /// - Precondition: `keepsFew(limit: limit, offset: offset)`.
    func top(
        _ input: Pipeline, limit: Int, offset: Int, _ context: ExecutionContext, counters: OperatorCounters
    ) throws(ExecutionError) -> Relation {
        let count = limit + offset
        let bound = TopBound()
        var input = input
        if count > 0, let key = keys.first { JoinStep.bound(&input, by: key, bound) }
        let sinks = try PipelineRun.drive(input, context) { _, _ in
            TopSink(self, count: count, bound: bound, counters: counters)
        }
        var kept: [Batch] = []
        for sink in sinks { kept += try sink.finish() }
        kept.sort { ($0.morsel, $0.firstRow) < ($1.morsel, $1.firstRow) }
        let all = try sorted(Relation(columns: input.columns, batches: kept), context)
        let batches = LimitOperator.cut(all.batches, limit: limit, offset: offset)
        for batch in batches { counters.count(rows: batch.rowCount) }
        return Relation(columns: input.columns, batches: batches)
    }
}

/// Keeps the first rows of what one worker has met, in the order of the input.
///
/// Unchecked because each sink belongs to one worker until all workers are done.
private final class TopSink: BatchConsumer, @unchecked Sendable {
    /// Above this many rows sorting everything is no worse.
    static let rowLimit = 65_536
    /// Rows kept beyond a few times what is wanted.
    private static let keptLimit = 4096

    private let sort: SortOperator
    private let count: Int
    private let bound: TopBound
    private let counters: OperatorCounters
    private var state = ExpressionState()
    private var kept: [Batch] = []
    private var keptCount = 0
    private var sequence = 0

    init(_ sort: SortOperator, count: Int, bound: TopBound, counters: OperatorCounters) {
        self.sort = sort
        self.bound = bound
        self.count = count
        self.counters = counters
    }

    func consume(_ batch: Batch) throws(ExecutionError) {
        let start = ContinuousClock.now
        // `firstRow` numbers a worker's batches, so that those of one morsel stay in order.
        sequence += 1
        var part = try firstRows(candidates(batch))
        part.firstRow = sequence
        if part.rowCount > 0 {
            kept.append(part)
            keptCount += part.rowCount
        }
        if keptCount > 4 * count + TopSink.keptLimit { try shrink() }
        counters.add(ContinuousClock.now - start)
    }

    /// The rows that the first key does not rule out.
    private func candidates(_ batch: Batch) throws(ExecutionError) -> Batch {
        guard let codes = try leadingCodes(batch) else { return batch }
        var rows = LeadingCodes.rows(codes, upTo: bound.value)
        bound.note(gather(codes, rows), count: count)
        if rows.count > count, count > 0 { rows = LeadingCodes.rows(codes, upTo: bound.value) }
        return batch.selecting(rows)
    }

    /// For each row a number of its first key that is not above that of any row that sorts after it; nil if there are none.
    private func leadingCodes(_ batch: Batch) throws(ExecutionError) -> [Int64]? {
        guard let key = sort.keys.first else { return nil }
        return LeadingCodes.codes(try ExpressionProgram(key.expression, columns: sort.layout).evaluate(batch, &state), key)
    }

    /// The batch's rows that are among its first `count` in sorted order, still in the order of the input.
    private func firstRows(_ batch: Batch) throws(ExecutionError) -> Batch {
        if batch.rowCount <= count { return batch }
        let order = try sort.order(of: batch, &state)
        return batch.selecting(order[..<count].map { Int32(bitPattern: $0) }.sorted())
    }

    /// Drops rows that cannot be among the first: batch borders stay, so that the order of the input does too.
    private func shrink() throws(ExecutionError) {
        let columns = kept[0].columns.indices
        let joined = Batch(
            columns: columns.map { index in
                Vector.concatenated(kept.map { $0.columns[index] }, type: kept[0].columns[index].type)
            }, rowCount: keptCount)
        let order = try sort.order(of: joined, &state)
        let chosen = order[..<min(count, order.count)].map { Int32(bitPattern: $0) }.sorted()
        var result: [Batch] = []
        var base: Int32 = 0
        var index = 0
        for batch in kept {
            let end = base + Int32(truncatingIfNeeded: batch.rowCount)
            var rows: [Int32] = []
            while index < chosen.count, chosen[index] < end {
                rows.append(chosen[index] - base)
                index += 1
            }
            if !rows.isEmpty {
                var part = batch.selecting(rows)
                part.columns = part.columns.map { $0.flattened() }
                result.append(part)
            }
            base = end
        }
        kept = result
        keptCount = chosen.count
    }

    func finish() throws(ExecutionError) -> [Batch] {
        if keptCount > count { try shrink() }
        return kept
    }
}
