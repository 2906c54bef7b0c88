import Columns

/// Rows of a batch that semi and anti joins keep: by runs of one map as long as every key is constant within them, else by
/// rows.
struct KeyMatches {
    /// nil: a flag for each row.
    private(set) var map: RunMap?
    /// 1 for each run or row that is kept.
    private(set) var flags: [UInt8]

    init(map: RunMap?, flags: [UInt8]) {
        self.map = map
        self.flags = flags
    }

    /// What the keys of a batch leave.
    ///
    /// - Parameters:
    ///   - programs: Of the keys, over the batch's columns.
    ///   - keepsMatches: Whether rows with a match are kept (semi), or those without one (anti).
    init(
        _ programs: [ExpressionProgram], _ probe: JoinProbe, keepsMatches: Bool, _ batch: Batch, _ state: inout ExpressionState
    ) throws(ExecutionError) {
        var keys: [Vector] = []
        for program in programs { keys.append(try program.evaluate(batch, &state)) }
        let map = RunMap.common(keys, rowCount: batch.rowCount)
        let flat = keys.map { key in map.map { key.perRun($0) } ?? key.flattened() }
        let table = try probe.table(probe: flat, &state)
        let found = table.matches(flat, isNullSafe: probe.isNullSafe, rowCount: map?.runCount ?? batch.rowCount)
        self.init(map: map, matches: found, keepsMatches: keepsMatches)
    }

    /// - Parameter matches: 1 for each run or row with a match.
    init(map: RunMap?, matches: [UInt8], keepsMatches: Bool) {
        var flags = matches
        if !keepsMatches { for item in 0..<flags.count { flags[item] ^= 1 } }
        self.init(map: map, flags: flags)
    }

    mutating func intersect(_ other: KeyMatches) {
        switch (map, other.map) {
        case (let own?, let given?) where own === given: KeyMatches.keep(&flags, other.flags)
        case (nil, nil): KeyMatches.keep(&flags, other.flags)
        case (nil, let given?): KeyMatches.clear(&flags, where: other.flags, given)
        case (let own?, nil):
            var rows = other.flags
            KeyMatches.clear(&rows, where: flags, own)
            self = KeyMatches(map: nil, flags: rows)
        case (let own?, let given?):
            var rows = [UInt8](repeating: 1, count: own.rowCount)
            KeyMatches.clear(&rows, where: flags, own)
            KeyMatches.clear(&rows, where: other.flags, given)
            self = KeyMatches(map: nil, flags: rows)
        }
    }

    private static func keep(_ flags: inout [UInt8], _ others: [UInt8]) {
        precondition(flags.count == others.count)
        let others = others.span
        var own = flags.mutableSpan
        for item in 0..<others.count { own[item] &= others[item] }
    }

    /// Clears the rows of runs that are not kept. Reversals leave out few claims: most runs are passed over.
    private static func clear(_ rows: inout [UInt8], where runs: [UInt8], _ map: RunMap) {
        precondition(rows.count == map.rowCount)
        let kept = runs.span
        let starts = map.starts
        var own = rows.mutableSpan
        for run in 0..<kept.count where kept[run] == 0 {
            for row in Int(starts[run])..<Int(starts[run &+ 1]) { own[row] = 0 }
        }
    }

    var rowCount: Int {
        guard let map else { return Mask.count(flags) }
        var count = 0
        let starts = map.starts
        for run in 0..<flags.count where flags[run] != 0 { count &+= Int(starts[run &+ 1] &- starts[run]) }
        return count
    }

    /// The rows that are kept, ascending.
    ///
    /// - Parameter count: `rowCount`.
    func rows(count: Int) -> [Int32] {
        guard let map else { return Mask.rows(flags) }
        var rows: [Int32] = []
        rows.reserveCapacity(count)
        let starts = map.starts
        for run in 0..<flags.count where flags[run] != 0 {
            for row in starts[run]..<starts[run &+ 1] { rows.append(row) }
        }
        return rows
    }
}
