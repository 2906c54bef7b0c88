import Columns
import Planning
import Synchronization

/// A semi or anti join whose left side is much smaller than its right: the left rows are held in memory and the right rows
/// stream past, marking the keys they meet. Left rows come out in their order.
enum ReversedSemiJoin {
    static func relation(
        left: Relation, leftPrograms: [ExpressionProgram], right: Pipeline, rightPrograms: [ExpressionProgram],
        isNullSafe: [Bool], keepsMatches: Bool, _ context: ExecutionContext, counters: OperatorCounters
    ) throws(ExecutionError) -> Relation {
        let rows = left.concatenated()
        let probe = JoinProbe(
            kind: .semi, build: rows, probePrograms: rightPrograms, buildPrograms: leftPrograms,
            isNullSafe: isNullSafe, residual: nil, counters: counters, options: context.options)
        let sinks = try PipelineRun.drive(right, context) { _, _ in MarkingSink(probe) }
        var state = ExpressionState()
        var keys: [Vector] = []
        for program in leftPrograms { keys.append(try program.evaluate(rows, &state).flattened()) }
        // With no row on the right no table was built, and nothing matches.
        var isMatched = [UInt8](repeating: 0, count: rows.rowCount)
        if let table = sinks.lazy.compactMap(\.table).first {
            let groups = table.find(keys, isNullSafe: isNullSafe, rowCount: rows.rowCount)
            for row in 0..<rows.rowCount where groups[row] != GroupTable.none {
                for sink in sinks where Int(groups[row]) < sink.isMet.count && sink.isMet[Int(groups[row])] != 0 {
                    isMatched[row] = 1
                }
            }
        }
        var kept: [Int32] = []
        for row in 0..<rows.rowCount where (isMatched[row] != 0) == keepsMatches {
            kept.append(Int32(truncatingIfNeeded: row))
        }
        counters.count(rows: kept.count)
        return Relation.cut(
            rows.columns.map { $0.gathered(kept) }, rowCount: kept.count, columns: left.columns)
    }
}

/// Marks the keys of a table that a worker's rows have.
///
/// Unchecked because each sink belongs to one worker until all workers are done.
private final class MarkingSink: BatchConsumer, @unchecked Sendable {
    private(set) var isMet: [UInt8] = []
    private(set) var table: JoinTable?
    private let probe: JoinProbe
    private var state = ExpressionState()

    init(_ probe: JoinProbe) { self.probe = probe }

    func consume(_ batch: Batch) throws(ExecutionError) {
        if batch.rowCount == 0 || probe.build.rowCount == 0 { return }
        let batch = batch.withoutEmptyRuns()
        var keys: [Vector] = []
        for program in probe.probePrograms { keys.append(try program.evaluate(batch, &state)) }
        let map = RunMap.common(keys, rowCount: batch.rowCount)
        let flat = keys.map { key in map.map { key.perRun($0) } ?? key.flattened() }
        let table = try probe.table(probe: flat, &state)
        self.table = table
        isMet.pad(to: table.table.count, with: 0)
        let groups = table.find(flat, isNullSafe: probe.isNullSafe, rowCount: map?.runCount ?? batch.rowCount)
        mark(groups, &isMet)
    }

    private func mark(_ groups: [UInt32], _ flags: inout [UInt8]) {
        for group in groups where group != GroupTable.none { flags[Int(group)] = 1 }
    }
}
