import Columns
import Planning
import Synchronization

/// Leaves out rows of groups that a condition on a sum or a count will not keep, before they are grouped.
///
/// Rows are first added up in places by a hash of their keys, far fewer than there are groups. A place holds at least what each of
/// its groups comes to, so a place that stays below the limit has no group that reaches it: coarse counting (Fang et al., Computing
/// Iceberg Queries Efficiently, VLDB 1998).
struct CoarseCounting {
    private let groups: [ProjectedColumn]
    /// What is added up; nil: rows are counted.
    private let summand: BoundExpression?
    /// The smallest total of a group that is kept, in units of the summand's type.
    private let least: UInt32

    /// Rows that a group must have to be kept; nil where a sum decides.
    var leastRowCount: Int? { summand == nil ? Int(least) : nil }

    /// nil if the condition sets no such limit, or a group left out might have failed.
    init?(_ node: AggregateNode, _ condition: BoundExpression) {
        guard node.groupingSets == [Array(node.groups.indices)], !node.groups.isEmpty,
            node.aggregates.allSatisfy({ ["sum", "count", "min", "max"].contains($0.call.name) })
        else { return nil }
        let conditions = if case .and(let parts) = condition { parts } else { [condition] }
        for condition in conditions {
            guard let (id, least) = CoarseCounting.limit(condition), let limit = UInt32(exactly: least), limit > 1,
                let call = node.aggregates.first(where: { $0.column.id == id })?.call, call.filter == nil, !call.isDistinct
            else { continue }
            switch call.name {
            case "count": summand = nil
            case "sum":
                // The total is in the units of what is added up.
                guard call.arguments.count == 1, call.type.scale == call.arguments[0].type.scale else { continue }
                summand = call.arguments[0]
            default: continue
            }
            groups = node.groups
            self.least = limit
            return
        }
        return nil
    }

    /// `column > constant` or `column >= constant`: the column, and the smallest value for which it is true.
    private static func limit(_ condition: BoundExpression) -> (ColumnID, Int64)? {
        guard case .comparison(let given, let left, let right) = condition else { return nil }
        let (comparison, side, constant) = if case .constant = left { (given.swapped, right, left) } else { (given, left, right) }
        guard case .column(let id, let type) = side, case .constant(let value, _) = constant else { return nil }
        // In units of the column: the largest number that is not above the constant, and whether it is the constant.
        var limit: Int128
        var scale = 0
        switch value {
        case .integer(let number): limit = Int128(number)
        case .numeric(let unscaled, let own): (limit, scale) = (unscaled, own)
        default: return nil
        }
        guard let columnScale = type.scale, limit > 0, limit < 1 << 64 else { return nil }
        var isExact = true
        while scale < columnScale {
            limit *= 10
            scale += 1
            if limit > 1 << 64 { return nil }
        }
        while scale > columnScale {
            if limit % 10 != 0 { isExact = false }
            limit /= 10
            scale -= 1
        }
        switch comparison {
        case .greater: return Int64(exactly: limit + 1).map { (id, $0) }
        case .greaterOrEqual: return Int64(exactly: isExact ? limit : limit + 1).map { (id, $0) }
        default: return nil
        }
    }

    /// Rows below which grouping at once costs less.
    private static let rowsPerGroup = 8

    /// The input without rows of groups that stay below the limit; the input as it is where its rows are not in memory, or where
    /// most of them would be left.
    func thinned(_ input: Pipeline, _ context: ExecutionContext) throws(ExecutionError) -> Pipeline {
        guard context.plansForSpeed, let source = input.source as? RelationSource,
            input.operators.allSatisfy(\.onlyArranges),
            source.relation.rowCount >= context.options.deferringGroupCount * CoarseCounting.rowsPerGroup
        else { return input }
        var bitCount = 10
        while bitCount < 22, 1 << (bitCount + 2) <= source.relation.rowCount { bitCount += 1 }
        var keys: [ExpressionProgram] = []
        for group in groups { keys.append(try ExpressionProgram(group.expression, columns: input.layout)) }
        let value = try summand.map { summand throws(ExecutionError) in try ExpressionProgram(summand, columns: input.layout) }
        // Where an expression may fail it is asked once, by the aggregation, which says so.
        guard !keys.contains(where: \.canRaise), value?.canRaise != true else { return input }
        let choice = LayoutChoice(isRoomy: false)
        let (programs, bits) = (keys, bitCount)
        let sinks = try PipelineRun.drive(input, context) { _, _ in
            Sink(keys: programs, value: value, choice: choice, bitCount: bits)
        }
        if sinks.contains(where: \.hasGivenUp) { return input }
        var totals = [UInt32](repeating: 0, count: 1 << bitCount)
        var places = [[UInt32]](repeating: [], count: source.morselCount)
        for sink in sinks {
            let own = sink.totals
            for place in 0..<totals.count {
                let (sum, overflow) = totals[place].addingReportingOverflow(own[place])
                totals[place] = overflow ? .max : sum
            }
            for (morsel, list) in sink.places { places[morsel] = list }
        }
        let isKept = totals.map { $0 >= least ? UInt8(1) : 0 }
        let all = places
        let kept = WorkerThreads.map(count: all.count, workerCount: context.workerCount) { morsel in
            Mask.rows(gather(isKept, all[morsel].map { Int32(bitPattern: $0) }))
        }
        guard kept.reduce(0, { $0 + $1.count }) * 2 < source.relation.rowCount else { return input }
        var result = input
        result.operators.append(ChosenRowsOperator(rows: kept))
        return result
    }

    /// Adds up one worker's rows.
    ///
    /// Unchecked because each sink belongs to one worker until all workers are done.
    private final class Sink: BatchConsumer, @unchecked Sendable {
        private(set) var totals: [UInt32]
        /// By morsel, the place of each row.
        private(set) var places: [Int: [UInt32]] = [:]
        private(set) var hasGivenUp = false
        private let keys: [ExpressionProgram]
        private let value: ExpressionProgram?
        private let choice: LayoutChoice
        private let bitCount: Int
        private var state = ExpressionState()

        init(keys: [ExpressionProgram], value: ExpressionProgram?, choice: LayoutChoice, bitCount: Int) {
            self.keys = keys
            self.value = value
            self.choice = choice
            self.bitCount = bitCount
            totals = [UInt32](repeating: 0, count: 1 << bitCount)
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            if hasGivenUp { return }
            var vectors: [Vector] = []
            for key in keys { vectors.append(try key.evaluate(batch, &state).asRunsOrFlat()) }
            let layout = try choice.layout(for: vectors)
            let (words, misfits) = layout.encode(vectors, rowCount: batch.rowCount, adding: true)
            var added = [UInt32](repeating: 1, count: batch.rowCount)
            if let value {
                let vector = try value.evaluate(batch, &state).flattened()
                switch vector.values {
                case .int64(let rows): for row in 0..<rows.count { added[row] = UInt32(clamping: rows[row]) }
                case .int128(let rows): for row in 0..<rows.count { added[row] = UInt32(clamping: rows[row]) }
                default: hasGivenUp = true
                }
                if case .mask(let mask) = vector.validity { for row in 0..<mask.count { added[row] &*= UInt32(mask[row]) } }
            }
            // Keys that have no code cannot be told from others.
            if misfits != nil { hasGivenUp = true }
            if hasGivenUp { return }
            let stride = layout.stride
            let shift = UInt64(64 - bitCount)
            var own = [UInt32](repeating: 0, count: batch.rowCount)
            for row in 0..<own.count {
                own[row] = UInt32(truncatingIfNeeded: GroupTable.hash(words, row &* stride, stride) &>> shift)
            }
            for row in 0..<own.count {
                let (sum, overflow) = totals[Int(own[row])].addingReportingOverflow(added[row])
                totals[Int(own[row])] = overflow ? .max : sum
            }
            places[batch.morsel] = own
        }
    }
}

/// Passes on some rows of each batch of a relation.
private struct ChosenRowsOperator: PipelineOperator {
    /// By morsel, ascending.
    let rows: [[Int32]]

    func makeConsumer(_ next: any BatchConsumer) -> any BatchConsumer { Consumer(rows: rows, next: next) }

    private final class Consumer: BatchConsumer {
        let rows: [[Int32]]
        let next: any BatchConsumer

        init(rows: [[Int32]], next: any BatchConsumer) {
            self.rows = rows
            self.next = next
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            let own = rows[batch.morsel]
            if !own.isEmpty { try next.consume(batch.selecting(own)) }
        }
    }
}
