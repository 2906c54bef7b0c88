import Columns

/// One batch grouped within the runs of its leading key. Its groups are complete but for the first and the last run, which may
/// go on in the batches around it.
struct RunGroupedPart: Sendable {
    /// Rows of a run that may have others elsewhere.
    struct Border: Sendable {
        let code: UInt64
        /// Groups of the run among the part's.
        let groups: Range<Int>
        let rowCount: Int
        /// Flat, one row a row of the run.
        let keys: [Vector]
        let inputs: [[Vector]]
        let selections: [Selection?]

        var byteCount: Int { (keys + inputs.flatMap { $0 }).reduce(0) { $0 + $1.byteCount } }
    }

    /// Where the first row stands in the input.
    let position: UInt64
    let morsel: Int
    /// The keys of the set, then the aggregates.
    let columns: [Vector]
    let groupCount: Int
    /// One a run, ascending.
    let codes: [UInt64]
    let first: Border
    let last: Border

    var byteCount: Int { columns.reduce(codes.count * 8 + first.byteCount + last.byteCount) { $0 + $1.byteCount } }
}

/// Grouping within runs: no table of all groups, nothing to merge but runs that a batch's end divides.
struct RunGrouping {
    let aggregates: [AggregationPlan.Aggregate]
    /// Places of keys whose columns nobody reads; they are put out as NULL.
    let unreadKeys: Set<Int>
    /// Nobody reads groups of fewer rows.
    let leastRowCount: Int

    init(_ plan: AggregationPlan, set: Int) {
        aggregates = plan.aggregates[set]
        unreadKeys = plan.unreadKeys[set]
        leastRowCount = plan.kept.leastRowCount
    }

    func part(
        _ keys: [Vector], _ runs: LeadingRuns, inputs: [[Vector]], selections: [Selection?], position: UInt64, morsel: Int
    ) throws(ExecutionError) -> RunGroupedPart {
        let groups = try RunGrouping.groups(keys, runs)
        if let groups, selections.allSatisfy({ $0 == nil }), let kept = rowsOfLargeGroups(groups, runs.map),
            let fewer = RunGrouping.selecting(kept, keys, runs, inputs)
        {
            return try part(
                fewer.keys, fewer.runs, RunGrouping.groups(fewer.keys, fewer.runs), codes: runs.codes, inputs: fewer.inputs,
                selections: selections, position: position, morsel: morsel)
        }
        return try part(
            keys, runs, groups, codes: runs.codes, inputs: inputs, selections: selections, position: position, morsel: morsel)
    }

    /// The groups of the keys that vary within the runs; nil if none do, so that the runs are the groups.
    private static func groups(_ keys: [Vector], _ runs: LeadingRuns) throws(ExecutionError) -> RunGroups? {
        let map = runs.map
        let varying = keys.filter { !isConstantInRuns($0, map) && $0 !== runs.source }
        if varying.isEmpty { return nil }
        let flat = varying.map { $0.flattened() }
        // A layout of this batch's own: its keys are compared with each other only.
        let layout = try LayoutChoice(isRoomy: false).layout(for: flat)
        return RunGroups(
            layout.encode(flat, rowCount: map.rowCount, adding: true).words, stride: layout.stride, runs: map.starts)
    }

    /// The rows of groups that somebody may read, ascending: those with enough rows, and those of the first and the last run, which
    /// may have more elsewhere. nil where that is most rows.
    private func rowsOfLargeGroups(_ groups: RunGroups, _ map: RunMap) -> [Int32]? {
        if leastRowCount < 2 { return nil }
        var sizes = [UInt32](repeating: 0, count: groups.heads.count)
        for group in groups.groupOfRow { sizes[Int(group)] &+= 1 }
        let least = UInt32(clamping: leastRowCount)
        let inner = Int(map.starts[1])..<max(Int(map.starts[1]), Int(map.starts[map.runCount - 1]))
        let groupOfRow = groups.groupOfRow.span
        var isKept = [UInt8](repeating: 1, count: map.rowCount)
        for row in inner { isKept[row] = sizes[Int(groupOfRow[row])] >= least ? 1 : 0 }
        let rows = Mask.rows(isKept)
        return rows.count * 2 < map.rowCount ? rows : nil
    }

    /// Keys, runs and inputs of some rows, among them those of the first and the last run; nil if the runs cannot be told any more.
    private static func selecting(
        _ rows: [Int32], _ keys: [Vector], _ runs: LeadingRuns, _ inputs: [[Vector]]
    ) -> (keys: [Vector], runs: LeadingRuns, inputs: [[Vector]])? {
        guard let leading = keys.firstIndex(where: { $0 === runs.source }) else { return nil }
        let all = Batch(columns: keys + inputs.flatMap { $0 }, rowCount: runs.map.rowCount)
        let columns = all.selecting(rows).withoutEmptyRuns().columns
        guard let fewer = LeadingRuns(columns[leading]) else { return nil }
        var next = keys.count
        let own = inputs.map { vectors in
            defer { next += vectors.count }
            return Array(columns[next..<(next + vectors.count)])
        }
        return (Array(columns[..<keys.count]), fewer, own)
    }

    /// - Parameter codes: Of all runs of the batch, whether or not their rows were kept.
    private func part(
        _ keys: [Vector], _ runs: LeadingRuns, _ groups: RunGroups?, codes: [UInt64], inputs: [[Vector]],
        selections: [Selection?], position: UInt64, morsel: Int
    ) throws(ExecutionError) -> RunGroupedPart {
        let map = runs.map
        let starts = groups.map { RunMap(starts: $0.starts) }
        let groupCount = groups?.heads.count ?? map.runCount
        let identity = groups == nil ? (0..<groupCount).map { UInt32(truncatingIfNeeded: $0) } : []
        let assignment = groups.map { GroupAssignment.rows($0.groupOfRow) } ?? .runs(identity, map)
        let isSingle = groups == nil && map.runCount == map.rowCount
        var columns = keys.enumerated().map { place, key in
            unreadKeys.contains(place)
                ? .constant(.null, type: key.type, count: groupCount) : RunGrouping.column(key, map, groups, starts)
        }
        for (index, aggregate) in aggregates.enumerated() {
            if isSingle, let results = aggregate.factory.ofSingleRows {
                columns.append(results(inputs[index], groupCount))
                continue
            }
            let state = aggregate.factory.makeState()
            state.grow(to: groupCount)
            try GroupingPass.update(state, inputs[index], selections[index], assignment, morsel: morsel)
            columns.append(try state.finish(groupCount: groupCount, workerCount: 1))
        }
        func border(_ run: Int) -> RunGroupedPart.Border {
            let rows = map.starts[run]..<map.starts[run + 1]
            let indices = Array(rows)
            let ends = starts?.starts
            return RunGroupedPart.Border(
                code: runs.codes[run],
                groups: ends.map { Int($0[run])..<Int($0[run + 1]) } ?? run..<(run + 1),
                rowCount: rows.count,
                keys: keys.map { $0.rows(indices, inRun: run, of: map) },
                inputs: inputs.map { $0.map { $0.rows(indices, inRun: run, of: map) } },
                selections: selections.map { $0?.within(rows) })
        }
        let first = border(0)
        return RunGroupedPart(
            position: position, morsel: morsel, columns: columns, groupCount: groupCount, codes: codes, first: first,
            last: map.runCount == 1 ? first : border(map.runCount - 1))
    }

    private static func isConstantInRuns(_ key: Vector, _ map: RunMap) -> Bool {
        switch key.values {
        case .constant: true
        case .runs(_, let own): own === map
        default: false
        }
    }

    /// One value a group.
    private static func column(_ key: Vector, _ map: RunMap, _ groups: RunGroups?, _ starts: RunMap?) -> Vector {
        switch key.values {
        case .constant(let value): return .constant(value, type: key.type, count: groups?.heads.count ?? map.runCount)
        case .runs(let child, let own) where own === map: return starts.map { .runs(child, map: $0) } ?? child
        default: return key.gathered(groups?.heads ?? Array(map.starts.dropLast()))
        }
    }

    /// A part's groups that are complete, and what its last run is made of if it goes on in other parts.
    private struct Piece {
        let part: Int
        let kept: Range<Int>
        let divided: [(border: RunGroupedPart.Border, morsel: Int)]
    }

    /// The batches of all parts, runs that end one part and begin the next brought together.
    ///
    /// - Throws: `choice` reports disorder where a run goes on in a part that does not follow.
    func batches(
        _ parts: [RunGroupedPart], choice: RunKeyChoice, workerCount: Int
    ) throws(ExecutionError) -> [Batch] {
        let parts = parts.sorted { $0.position < $1.position }
        guard RunGrouping.areRunsWhole(parts) else { try choice.reportDisorder() }
        var pieces: [Piece] = []
        for index in parts.indices {
            let part = parts[index]
            var kept = 0..<part.groupCount
            if index > 0, parts[index - 1].last.code == part.first.code {
                kept = part.first.groups.upperBound..<kept.upperBound
            }
            var divided = [(part.last, part.morsel)]
            var next = index + 1
            while next < parts.count, parts[next].first.code == part.last.code {
                divided.append((parts[next].first, parts[next].morsel))
                if parts[next].first.groups.upperBound < parts[next].groupCount { break }
                next += 1
            }
            // Where the last run is what an earlier part began, that part has brought it together.
            guard divided.count > 1, kept.lowerBound <= part.last.groups.lowerBound else {
                if !kept.isEmpty { pieces.append(Piece(part: index, kept: kept, divided: [])) }
                continue
            }
            pieces.append(Piece(part: index, kept: kept.lowerBound..<part.last.groups.lowerBound, divided: divided))
        }
        let all = pieces
        let batches = try WorkerThreads.map(count: all.count, workerCount: workerCount) {
            index throws(ExecutionError) -> [Batch] in
            let piece = all[index]
            let part = parts[piece.part]
            if piece.divided.isEmpty {
                if piece.kept.count == part.groupCount { return [Batch(columns: part.columns, rowCount: part.groupCount)] }
                return [RunGrouping.batch(part.columns, piece.kept, nil)]
            }
            let joined = try joined(piece.divided)
            if RunGrouping.isOneRun(joined, like: part.columns) {
                return [RunGrouping.batch(part.columns, piece.kept, joined)]
            }
            return [RunGrouping.batch(part.columns, piece.kept, nil), joined]
        }
        return batches.flatMap { $0 }.filter { $0.rowCount > 0 }
    }

    /// Whether no run has rows in two parts, but for one that ends a part and begins the next. Batches may be loaded in any
    /// order: only where parts do not ascend must all runs be looked at.
    private static func areRunsWhole(_ parts: [RunGroupedPart]) -> Bool {
        let pairs = zip(parts, parts.dropFirst())
        if pairs.allSatisfy({ $0.last.code <= $1.first.code }) { return true }
        var codes = parts.first?.codes ?? []
        for (before, part) in pairs { codes += before.last.code == part.first.code ? part.codes.dropFirst() : part.codes[...] }
        codes.sort()
        return zip(codes, codes.dropFirst()).allSatisfy { $0 != $1 }
    }

    /// Whether the joined rows have one value in each key that is the same within the runs of `columns`.
    private static func isOneRun(_ joined: Batch, like columns: [Vector]) -> Bool {
        for (key, column) in columns.enumerated() {
            switch column.values {
            case .runs, .constant:
                let first = joined.columns[key].scalar(at: 0)
                for row in 1..<max(1, joined.rowCount) where joined.columns[key].scalar(at: row) != first { return false }
                // A constant stands for the part's own rows, too.
                if case .constant(let value) = column.values, value != first { return false }
            default: continue
            }
        }
        return true
    }

    /// Rows `kept` of the columns, then those of another batch, which are of one run.
    private static func batch(_ columns: [Vector], _ kept: Range<Int>, _ joined: Batch?) -> Batch {
        let rowCount = kept.count + (joined?.rowCount ?? 0)
        var known: (old: RunMap, runs: Range<Int>, new: RunMap)?
        let vectors = columns.enumerated().map { index, column -> Vector in
            guard case .runs(let child, let map) = column.values else {
                if case .constant = column.values { return column.repeated(rowCount) }
                return Vector.concatenated(
                    [column.sliced(kept)] + (joined.map { [$0.columns[index]] } ?? []), type: column.type)
            }
            if known?.old !== map { known = RunGrouping.cut(map, kept, joined?.rowCount ?? 0) }
            guard let known else { return column }
            return .runs(
                Vector.concatenated(
                    [child.sliced(known.runs)] + (joined.map { [$0.columns[index].sliced(0..<1)] } ?? []), type: column.type),
                map: known.new)
        }
        return Batch(columns: vectors, rowCount: rowCount)
    }

    /// The runs that make up rows `kept`, and their map with a run of `added` more rows.
    private static func cut(_ map: RunMap, _ kept: Range<Int>, _ added: Int) -> (old: RunMap, runs: Range<Int>, new: RunMap) {
        let first = map.starts.firstIndex { Int($0) >= kept.lowerBound } ?? 0
        let last = map.starts.lastIndex { Int($0) <= kept.upperBound } ?? first
        var starts = map.starts[first...last].map { $0 - map.starts[first] }
        if added > 0 { starts.append(starts[starts.count - 1] + Int32(truncatingIfNeeded: added)) }
        return (map, first..<last, RunMap(starts: starts))
    }

    /// The groups of one run that lies in several parts.
    private func joined(_ pieces: [(border: RunGroupedPart.Border, morsel: Int)]) throws(ExecutionError) -> Batch {
        let rowCount = pieces.reduce(0) { $0 + $1.border.rowCount }
        // What is the same within a run need not be so in what follows it elsewhere: all keys count.
        let layout = try LayoutChoice(isRoomy: true).layout(for: pieces[0].border.keys)
        let words = pieces.flatMap { layout.encode($0.border.keys, rowCount: $0.border.rowCount, adding: true).words }
        let groups = RunGroups(words, stride: layout.stride, runs: [0, Int32(truncatingIfNeeded: rowCount)])
        let (groupOfRow, heads) = (groups.groupOfRow, groups.heads)
        let states = aggregates.makeStates()
        for state in states { state.grow(to: heads.count) }
        var row = 0
        for (border, morsel) in pieces {
            let own = Array(groupOfRow[row..<(row + border.rowCount)])
            row += border.rowCount
            try GroupingPass.update(states, border.inputs, border.selections, .rows(own), morsel: morsel)
        }
        var columns = pieces[0].border.keys.indices.map { key -> Vector in
            if unreadKeys.contains(key) { return .constant(.null, type: pieces[0].border.keys[key].type, count: heads.count) }
            return Vector.concatenated(pieces.map { $0.border.keys[key] }, type: pieces[0].border.keys[key].type).gathered(heads)
        }
        for state in states { columns.append(try state.finish(groupCount: heads.count, workerCount: 1)) }
        return Batch(columns: columns, rowCount: heads.count)
    }
}

extension Vector {
    /// A constant for so many rows.
    fileprivate func repeated(_ count: Int) -> Vector {
        guard case .constant(let value) = values else { return self }
        return .constant(value, type: type, count: count)
    }

    /// Rows of one run of `map`, flat.
    fileprivate func rows(_ indices: [Int32], inRun run: Int, of map: RunMap) -> Vector {
        if case .runs(let child, let own) = values, own === map {
            return child.gathered([Int32](repeating: Int32(truncatingIfNeeded: run), count: indices.count)).flattened()
        }
        return gathered(indices).flattened()
    }
}

extension Selection {
    /// The selection of these rows alone, numbered from the first of them.
    fileprivate func within(_ rows: Range<Int32>) -> Selection {
        guard case .rows(let kept) = self else { return self }
        let own = kept.filter { rows.contains($0) }.map { $0 - rows.lowerBound }
        return own.isEmpty ? .none : own.count == rows.count ? .all : .rows(own)
    }
}
