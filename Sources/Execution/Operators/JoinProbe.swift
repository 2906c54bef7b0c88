import Columns
import Planning
import Synchronization

/// The streaming half of a hash join: looks up each probe row's matches on the build side, which is held in memory.
///
/// Rows come out in the order of the probe side, and of the build side for one probe row.
final class JoinProbe: PipelineOperator {
    enum Kind: Sendable {
        case inner, left, single, semi, anti, mark
    }

    let kind: Kind
    /// All build rows as flat columns.
    let build: Batch
    /// Whether build columns go before those of the probe side.
    let buildColumnsFirst: Bool
    let probePrograms: [ExpressionProgram]
    let buildPrograms: [ExpressionProgram]
    let isNullSafe: [Bool]
    /// Over the columns put out for a match.
    let residual: PredicateProgram?
    let counters: OperatorCounters
    private let options: ExecutionOptions
    /// Counts the build side, for as long as the join is there.
    private let share: MemoryShare?
    /// For each build row, whether it had a match; only for full joins.
    let matched: MatchedRows?
    private let shared = Mutex<JoinTable?>(nil)
    private let buildKeyHasNull = Mutex<Bool?>(nil)

    init(
        kind: Kind, build: Batch, buildColumnsFirst: Bool = false, probePrograms: [ExpressionProgram],
        buildPrograms: [ExpressionProgram], isNullSafe: [Bool], residual: PredicateProgram?,
        counters: OperatorCounters, options: ExecutionOptions, matched: MatchedRows? = nil, share: MemoryShare? = nil
    ) {
        self.share = share
        self.kind = kind
        self.build = build
        self.buildColumnsFirst = buildColumnsFirst
        self.probePrograms = probePrograms
        self.buildPrograms = buildPrograms
        self.isNullSafe = isNullSafe
        self.residual = residual
        self.counters = counters
        self.options = options
        self.matched = matched
    }

    /// Bytes that the plan may hold, for one of its workers; nil for no limit.
    var memoryLimitBytes: Int? { options.memoryLimitBytes.map { $0 / options.workerCount } }

    /// Asked once a batch of matches: one morsel may have very many of them.
    func checkRunning() throws(ExecutionError) { try options.checkRunning() }

    func makeConsumer(_ next: any BatchConsumer) -> any BatchConsumer {
        guard isKeyFilter else { return JoinProbeConsumer(self, next: next) }
        if let chain = next as? SemiJoinChain { return SemiJoinChain([self] + chain.probes, next: chain.next) }
        return SemiJoinChain([self], next: next)
    }

    /// The table, built when the first probe batch shows which text domains its keys have.
    func table(probe: [Vector], _ state: inout ExpressionState) throws(ExecutionError) -> JoinTable {
        if let known = shared.withLock({ $0 }) { return known }
        var own = state
        let result = shared.withLock { known -> Result<JoinTable, ExecutionError> in
            if let known { return .success(known) }
            do throws(ExecutionError) {
                var keys: [Vector] = []
                for program in buildPrograms { keys.append(try program.evaluate(build, &own).flattened()) }
                let new = try JoinTable(keys: keys, probe: probe, isNullSafe: isNullSafe, rowCount: build.rowCount)
                known = new
                let hasNull = JoinTable.nullMask(keys, isNullSafe) != nil
                buildKeyHasNull.withLock { $0 = hasNull }
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        state = own
        return try result.get()
    }

    /// Whether some build row has a NULL key; known once the table is built.
    var hasNullBuildKey: Bool { buildKeyHasNull.withLock { $0 } ?? false }
}

/// Which rows of a full join's build side had a match.
final class MatchedRows: Sendable {
    private let flags: Mutex<[UInt8]>

    init(rowCount: Int) { flags = Mutex([UInt8](repeating: 0, count: rowCount)) }

    func mark(_ rows: [Int32]) {
        flags.withLock { flags in for row in rows where row >= 0 { flags[Int(row)] = 1 } }
    }

    /// Rows never marked, ascending.
    var missing: [Int32] {
        flags.withLock { flags in
            var rows: [Int32] = []
            for row in 0..<flags.count where flags[row] == 0 { rows.append(Int32(truncatingIfNeeded: row)) }
            return rows
        }
    }
}
