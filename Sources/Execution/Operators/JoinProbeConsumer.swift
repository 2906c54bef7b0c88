import Columns

/// One worker's probing.
final class JoinProbeConsumer: BatchConsumer {
    private let probe: JoinProbe
    private let next: any BatchConsumer
    private var state = ExpressionState()

    /// Candidate pairs that are looked at together.
    private let pairLimit: Int

    private static let pairLimits = (1 << 12)...(1 << 18)
    /// Bytes a pair takes, roughly, while it is looked at.
    private static let pairSize = 512

    init(_ probe: JoinProbe, next: any BatchConsumer) {
        self.probe = probe
        self.next = next
        // Pairs of all workers are to be a small part of what the plan may hold.
        let wanted = probe.memoryLimitBytes.map { $0 / (16 * JoinProbeConsumer.pairSize) } ?? .max
        pairLimit = min(max(wanted, JoinProbeConsumer.pairLimits.lowerBound), JoinProbeConsumer.pairLimits.upperBound)
    }

    /// Key groups of a batch: one a run, or one a row.
    private struct Candidates {
        var groups: [UInt32]
        var map: RunMap?
        /// 1 where a key is NULL, with the granularity of `groups`; nil if none is.
        var nulls: [UInt8]?
    }

    func consume(_ batch: Batch) throws(ExecutionError) {
        if batch.rowCount == 0 { return }
        let start = ContinuousClock.now
        var spent = Duration.zero
        var outputs: [Batch] = []
        if probe.build.rowCount == 0 {
            if let output = withoutBuildRows(batch) { outputs = [output] }
        } else if probe.probePrograms.isEmpty {
            try crossed(batch, &outputs, start: start, spent: &spent)
        } else {
            var keys: [Vector] = []
            for program in probe.probePrograms { keys.append(try program.evaluate(batch, &state)) }
            let map = RunMap.common(keys, rowCount: batch.rowCount)
            let flat = keys.map { key in map.map { key.perRun($0) } ?? key.flattened() }
            let table = try probe.table(probe: flat, &state)
            let groups = table.find(flat, isNullSafe: probe.isNullSafe, rowCount: map?.runCount ?? batch.rowCount)
            let candidates = Candidates(
                groups: groups, map: map, nulls: JoinTable.nullMask(flat, probe.isNullSafe))
            try join(batch, candidates, table, &outputs, start: start, spent: &spent)
        }
        probe.counters.add(ContinuousClock.now - start - spent)
        for output in outputs { try emit(output) }
    }

    private func emit(_ batch: Batch) throws(ExecutionError) {
        probe.counters.count(rows: batch.rowCount)
        try next.consume(batch)
    }

    private func withoutBuildRows(_ batch: Batch) -> Batch? {
        switch probe.kind {
        case .inner, .semi: return nil
        case .anti: return batch
        case .mark: return appending([.constant(.boolean(false), type: .boolean, count: batch.rowCount)], to: batch)
        case .left, .single:
            return appending(
                probe.build.columns.map { .constant(.null, type: $0.type, count: batch.rowCount) }, to: batch)
        }
    }

    private func appending(_ columns: [Vector], to batch: Batch) -> Batch {
        var result = batch
        result.columns = probe.buildColumnsFirst ? columns + batch.columns : batch.columns + columns
        return result
    }

    // MARK: Joins with keys

    private func join(
        _ batch: Batch, _ candidates: Candidates, _ table: JoinTable, _ outputs: inout [Batch],
        start: ContinuousClock.Instant, spent: inout Duration
    ) throws(ExecutionError) {
        if probe.kind == .inner, table.isUnique, probe.matched == nil {
            guard let joined = joinedUnique(batch, candidates, table) else { return }
            switch try probe.residual?.select(joined, &state) ?? .all {
            case .all: outputs.append(joined)
            case .none: break
            case .rows(let rows): outputs.append(joined.selecting(rows))
            }
            return
        }
        if probe.residual == nil {
            switch probe.kind {
            case .semi, .anti: preconditionFailure("a join that only filters runs in a SemiJoinChain")
            case .mark:
                outputs.append(appending([marks(batch, candidates)], to: batch))
                return
            case .inner: break
            case .left, .single:
                if table.isUnique, probe.matched == nil {
                    if let joined = joinedUnique(batch, candidates, table) { outputs.append(joined) }
                    return
                }
            }
        }
        let groups = candidates.map.map { spread(candidates.groups, $0.starts) } ?? candidates.groups
        try expand(batch, start, &spent, matchCount: { table.matchCount(groups[$0]) }) { row, pairs in
            let group = groups[row]
            if group == GroupTable.none { return }
            for index in Int(table.starts[Int(group)])..<Int(table.starts[Int(group) + 1]) {
                pairs.append(table.rows[index])
            }
        }
    }

    /// IN's truth value: NULL where nothing matches but a NULL on either side might have.
    private func marks(_ batch: Batch, _ candidates: Candidates) -> Vector {
        let count = candidates.groups.count
        var flags = [UInt8](repeating: 0, count: count)
        var present = [UInt8](repeating: 1, count: count)
        let isIn = probe.isNullSafe == [false]
        let unknown: UInt8 = isIn && probe.hasNullBuildKey ? 0 : 1
        for item in 0..<count {
            if candidates.groups[item] != GroupTable.none {
                flags[item] = 1
            } else {
                present[item] = unknown
                if isIn, let nulls = candidates.nulls, nulls[item] != 0 { present[item] = 0 }
            }
        }
        let vector = Vector(
            type: .boolean, count: count, values: .boolean(flags), validity: Validity(compacting: present))
        return candidates.map.map { .runs(vector, map: $0) } ?? vector
    }

    /// At most one match a row: probe columns stay as they are, and build columns are gathered once a run.
    private func joinedUnique(_ batch: Batch, _ candidates: Candidates, _ table: JoinTable) -> Batch? {
        let groups = candidates.groups
        var buildRows = table.uniqueRows(of: groups)
        var missingCount = 0
        for item in 0..<buildRows.count { missingCount &+= buildRows[item] < 0 ? 1 : 0 }
        if probe.kind == .inner, missingCount == groups.count { return nil }
        guard probe.kind == .inner, missingCount > 0 else {
            let columns = probe.build.columns.map { column -> Vector in
                let gathered = missingCount == 0 ? column.gathered(buildRows) : column.gatheredOrNull(buildRows)
                return candidates.map.map { .runs(gathered.flattened(), map: $0) } ?? gathered
            }
            return appending(columns, to: batch)
        }
        guard let map = candidates.map else {
            let rows = JoinProbeConsumer.found(buildRows, count: groups.count - missingCount)
            let matches = gather(buildRows, rows)
            return appending(probe.build.columns.map { $0.gathered(matches) }, to: batch.selecting(rows))
        }
        var isFound = [UInt8](repeating: 0, count: buildRows.count)
        var count = 0
        let starts = map.starts
        for run in 0..<buildRows.count {
            let bit: Int32 = buildRows[run] >= 0 ? 1 : 0
            isFound[run] = UInt8(truncatingIfNeeded: bit)
            count &+= Int(bit &* (starts[run &+ 1] &- starts[run]))
            // A run that keeps no row may have any value.
            buildRows[run] = max(buildRows[run], 0)
        }
        if count == 0 { return nil }
        let rows = map.rows(ofRuns: isFound, count: count)
        let columns = probe.build.columns.map { Vector.runs($0.gathered(buildRows).flattened(), map: map) }
        return appending(columns, to: batch).selecting(rows)
    }

    /// The rows with a match, ascending.
    private static func found(_ buildRows: [Int32], count: Int) -> [Int32] {
        let matches = buildRows.span
        // One place more: every row is written, the next one over it if it has no match.
        return unsafe [Int32](unsafeUninitializedCapacity: count + 1) { rows, filledCount in
            var next = 0
            for row in 0..<matches.count {
                unsafe rows[next] = Int32(truncatingIfNeeded: row)
                next &+= matches[row] >= 0 ? 1 : 0
            }
            filledCount = count
        }
    }

    // MARK: Joins without keys

    private func crossed(
        _ batch: Batch, _ outputs: inout [Batch], start: ContinuousClock.Instant, spent: inout Duration
    ) throws(ExecutionError) {
        let buildCount = probe.build.rowCount
        if probe.residual == nil {
            switch probe.kind {
            case .semi:
                outputs.append(batch)
                return
            case .anti: return
            case .mark:
                outputs.append(appending([.constant(.boolean(true), type: .boolean, count: batch.rowCount)], to: batch))
                return
            case .single where buildCount > 1: throw ExecutionError(.moreThanOneRow)
            case .inner, .left, .single:
                if buildCount == 1, probe.matched == nil {
                    let columns = probe.build.columns.map {
                        Vector.constant($0.scalar(at: 0), type: $0.type, count: batch.rowCount)
                    }
                    outputs.append(appending(columns, to: batch))
                    return
                }
            }
        }
        let all = (0..<buildCount).map { Int32(truncatingIfNeeded: $0) }
        try expand(batch, start, &spent, matchCount: { _ in buildCount }) { _, pairs in
            pairs.append(contentsOf: all)
        }
    }

    // MARK: Any number of matches

    /// Works on pieces of the batch that have a bounded number of candidate pairs, and passes on their results.
    private func expand(
        _ batch: Batch, _ start: ContinuousClock.Instant, _ spent: inout Duration, matchCount: (Int) -> Int,
        candidates: (Int, inout [Int32]) -> Void
    ) throws(ExecutionError) {
        var first = 0
        while first < batch.rowCount {
            try probe.checkRunning()
            var end = first
            var pairCount = 0
            while end < batch.rowCount, pairCount < pairLimit {
                let count = matchCount(end)
                if count > pairLimit, end > first, probe.kind != .single { break }
                pairCount += count
                end += 1
            }
            if pairCount > 2 * pairLimit, end == first + 1, probe.kind != .single {
                try expand(batch, row: first, &spent, candidates: candidates)
                first = end
                continue
            }
            var probeRows: [Int32] = []
            var buildRows: [Int32] = []
            probeRows.reserveCapacity(pairCount)
            buildRows.reserveCapacity(pairCount)
            for row in first..<end {
                candidates(row, &buildRows)
                while probeRows.count < buildRows.count { probeRows.append(Int32(truncatingIfNeeded: row)) }
            }
            let output = try resolved(batch, first..<end, probeRows, buildRows)
            let before = ContinuousClock.now
            if let output { try emit(output) }
            spent += ContinuousClock.now - before
            first = end
        }
    }

    /// The same for one row with very many candidates: they are looked at in pieces.
    private func expand(
        _ batch: Batch, row: Int, _ spent: inout Duration, candidates: (Int, inout [Int32]) -> Void
    ) throws(ExecutionError) {
        var all: [Int32] = []
        candidates(row, &all)
        var hasMatch = false
        func pass(_ output: Batch) throws(ExecutionError) {
            let before = ContinuousClock.now
            try emit(output)
            spent += ContinuousClock.now - before
        }
        for first in stride(from: 0, to: all.count, by: pairLimit) {
            try probe.checkRunning()
            let candidates = Array(all[first..<min(all.count, first + pairLimit)])
            let rows = [Int32](repeating: Int32(truncatingIfNeeded: row), count: candidates.count)
            let (probeRows, buildRows) = try passing(batch, rows, candidates)
            if probeRows.isEmpty { continue }
            hasMatch = true
            switch probe.kind {
            case .semi, .anti, .mark: break
            case .inner, .left, .single:
                probe.matched?.mark(buildRows)
                try pass(paired(batch, probeRows, buildRows))
                continue
            }
            break
        }
        switch probe.kind {
        case .inner, .single: break
        case .left: if !hasMatch { try pass(paired(batch, [Int32(truncatingIfNeeded: row)], [-1])) }
        case .semi, .anti, .mark: if let output = marked(batch, row..<(row + 1), [hasMatch ? 1 : 0]) { try pass(output) }
        }
    }

    /// The pairs for which the join's other conditions hold.
    private func passing(
        _ batch: Batch, _ probeRows: [Int32], _ buildRows: [Int32]
    ) throws(ExecutionError) -> (probeRows: [Int32], buildRows: [Int32]) {
        guard let residual = probe.residual, !probeRows.isEmpty else { return (probeRows, buildRows) }
        switch try residual.select(paired(batch, probeRows, buildRows), &state) {
        case .all: return (probeRows, buildRows)
        case .none: return ([], [])
        case .rows(let kept): return (gather(probeRows, kept), gather(buildRows, kept))
        }
    }

    /// The output for the probe rows of `range` and their candidate pairs.
    private func resolved(
        _ batch: Batch, _ range: Range<Int>, _ candidateRows: [Int32], _ candidateBuildRows: [Int32]
    ) throws(ExecutionError) -> Batch? {
        let (probeRows, buildRows) = try passing(batch, candidateRows, candidateBuildRows)
        switch probe.kind {
        case .inner: return probeRows.isEmpty ? nil : paired(batch, probeRows, buildRows)
        case .semi, .anti, .mark:
            var hasMatch = [UInt8](repeating: 0, count: range.count)
            for row in probeRows { hasMatch[Int(row) - range.lowerBound] = 1 }
            return marked(batch, range, hasMatch)
        case .left, .single:
            probe.matched?.mark(buildRows)
            let (rows, matches) = try withUnmatched(range, probeRows, buildRows)
            return rows.isEmpty ? nil : paired(batch, rows, matches)
        }
    }

    private func marked(_ batch: Batch, _ range: Range<Int>, _ hasMatch: [UInt8]) -> Batch? {
        if probe.kind == .mark {
            let rows = range.map { Int32(truncatingIfNeeded: $0) }
            let flags = Vector(type: .boolean, count: hasMatch.count, values: .boolean(hasMatch))
            return appending([flags], to: batch.selecting(rows))
        }
        let wanted: UInt8 = probe.kind == .semi ? 1 : 0
        var rows: [Int32] = []
        for index in 0..<hasMatch.count where hasMatch[index] == wanted {
            rows.append(Int32(truncatingIfNeeded: range.lowerBound + index))
        }
        return rows.isEmpty ? nil : batch.selecting(rows)
    }

    /// Adds probe rows without a match, with build row -1, in their places.
    private func withUnmatched(
        _ range: Range<Int>, _ probeRows: [Int32], _ buildRows: [Int32]
    ) throws(ExecutionError) -> (rows: [Int32], matches: [Int32]) {
        var rows: [Int32] = []
        var matches: [Int32] = []
        rows.reserveCapacity(range.count)
        matches.reserveCapacity(range.count)
        var pair = 0
        for row in range {
            let firstPair = pair
            while pair < probeRows.count, Int(probeRows[pair]) == row {
                rows.append(probeRows[pair])
                matches.append(buildRows[pair])
                pair += 1
            }
            if pair == firstPair {
                rows.append(Int32(truncatingIfNeeded: row))
                matches.append(-1)
            } else if probe.kind == .single, pair - firstPair > 1 {
                throw ExecutionError(.moreThanOneRow)
            }
        }
        return (rows, matches)
    }

    private func paired(_ batch: Batch, _ probeRows: [Int32], _ buildRows: [Int32]) -> Batch {
        let left = batch.columns.map { $0.gathered(probeRows) }
        let right = probe.build.columns.map { $0.gatheredOrNull(buildRows) }
        return Batch(
            columns: probe.buildColumnsFirst ? right + left : left + right, rowCount: probeRows.count,
            morsel: batch.morsel, firstRow: batch.firstRow)
    }
}
