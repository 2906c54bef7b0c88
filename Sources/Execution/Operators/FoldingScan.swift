import Columns
import Planning

/// Reads the segments of a stored table, one a morsel, and puts out one row for each run of rows that the filters leave, and one for
/// the whole segment where nothing but sums and the number of rows is asked: columns that have one value in a run, sums of others,
/// and the number of rows.
///
/// Filters on columns with one value in a run are asked once a run, those on the sign of a number answered by what the store
/// keeps of each run; lines are read only where a filter or a sum needs them. A segment whose key columns differ within runs, or
/// whose sums do not fit 64 bits, puts out its rows as they are.
struct FoldingScan: MorselSource {
    private var rows: ScanSource
    private let table: any ScannableTable
    /// Fields read, in the order of the node's columns.
    private let fields: [Int]
    private let filters: [RunFilter]
    /// All filters, if one of them may fail for some values: then they are asked in their order.
    private let predicate: PredicateProgram?
    /// Indexes into `fields` of what is put out, and whether it is a sum.
    private let output: [(index: Int, isSum: Bool)]
    private let countsRows: Bool
    private let zones: ZoneCondition
    /// Semi and anti joins whose answers are kept for later statements.
    private var remembered: [RememberedFilter] = []
    let origin: ScanOrigin
    private let counters: OperatorCounters

    init(_ node: TableScanNode, _ fold: ScanFold, _ context: ExecutionContext, at path: PlanPath) throws(ExecutionError) {
        var plain = node
        plain.fold = nil
        counters = context.profile.add(path)
        rows = try ScanSource(plain, context, counters: counters)
        table = try context.tables.table(named: node.table)
        fields = node.columns.map(\.fieldIndex)
        var layout: [ColumnID: Int] = [:]
        var fieldOf: [ColumnID: Int] = [:]
        for (index, column) in node.columns.enumerated() {
            layout[column.column.id] = index
            fieldOf[column.column.id] = column.fieldIndex
        }
        var filters: [RunFilter] = []
        for filter in node.filters { filters.append(try RunFilter(filter, layout: layout)) }
        self.filters = filters
        origin = ScanOrigin(
            table: node.table, fieldOf: fieldOf.filter { fold.keys.contains($0.key) && !fold.sums.contains($0.key) },
            segmentCount: table.segmentCount)
        predicate =
            filters.contains { $0.predicate.canRaise } ? try PredicateProgram(predicates: node.filters, columns: layout) : nil
        output = node.columns.enumerated().compactMap { index, column in
            if fold.sums.contains(column.column.id) { return (index, true) }
            return fold.keys.contains(column.column.id) ? (index, false) : nil
        }
        countsRows = fold.rowCount != nil
        zones = .all(node.filters.map { ZoneCondition($0, fields: fieldOf) })
    }

    var morselCount: Int { table.segmentCount }
    var estimatedRowCount: Int { rows.estimatedRowCount / 4 }

    mutating func add(_ filter: RememberedFilter) {
        remembered.append(filter)
        rows.add(filter)
    }

    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(scan: self, next: next) }

    private final class Reader: MorselReader {
        let scan: FoldingScan
        let next: any BatchConsumer
        var state = ExpressionState()

        init(scan: FoldingScan, next: any BatchConsumer) {
            self.scan = scan
            self.next = next
        }

        func read(morsel: Int) throws(ExecutionError) {
            let start = ContinuousClock.now
            let batch = try scan.folded(morsel, &state)
            scan.counters.add(ContinuousClock.now - start)
            scan.counters.count(scanned: scan.table.rowCount(segment: morsel))
            guard let batch else { return }
            scan.counters.count(rows: batch.rowCount)
            try next.consume(batch)
        }
    }

    private func folded(_ segment: Int, _ state: inout ExpressionState) throws(ExecutionError) -> Batch? {
        let rowCount = table.rowCount(segment: segment)
        if rowCount == 0 { return nil }
        guard zones.mightHold(in: table, segment: segment) else {
            skip(segment, fields)
            return nil
        }
        guard let map = try table.runMap(segment: segment) else { return try lines(segment, &state) }
        for (index, isSum) in output where !isSum {
            guard try table.hasOneValueInRuns(segment: segment, field: fields[index]) else {
                return try lines(segment, &state)
            }
        }
        var fold = SegmentFold(table: table, segment: segment, fields: fields, map: map)
        guard let (mask, lineFilters) = try runConditions(segment, &fold, &state) else { return skipped(segment, fold) }
        // Without keys a segment is one run, whichever rows are left of it.
        if output.allSatisfy(\.isSum) { return try total(segment, &fold, mask, lineFilters, &state) }
        guard let kept = try fold.kept(mask, lineFilters, &state) else { return skipped(segment, fold) }
        // Together: a column may be predicted from another.
        try fold.read(output.filter { !$0.isSum || kept.readsWholeColumns }.map(\.index))
        var columns: [Vector] = []
        for (index, isSum) in output {
            guard isSum else {
                columns.append(try fold.perRun(index).picked(kept.runs))
                continue
            }
            guard let sums = try fold.sums(index, kept) else { return try lines(segment, &state) }
            columns.append(sums)
        }
        if countsRows { columns.append(fold.counts(kept)) }
        if counters.countsBlocks { counters.count(read: table.blocks(segment: segment, fields: fold.readFields)) }
        return Batch(columns: columns, rowCount: kept.runs?.count ?? map.runCount, morsel: segment)
    }

    private func skipped(_ segment: Int, _ fold: SegmentFold) -> Batch? {
        skip(segment, fields.indices.filter { !fold.isRead($0) }.map { fields[$0] })
        return nil
    }

    /// The sums and the number of all rows that the filters leave.
    private func total(
        _ segment: Int, _ fold: inout SegmentFold, _ mask: [UInt8]?, _ lineFilters: [PredicateProgram], _ state: inout ExpressionState
    ) throws(ExecutionError) -> Batch? {
        let left = try fold.left(mask, lineFilters, &state)
        if case .none = left { return skipped(segment, fold) }
        var columns = [Vector?](repeating: nil, count: output.count)
        if lineFilters.isEmpty {
            let runs = mask.map(Mask.rows)
            for place in output.indices { columns[place] = try fold.storedTotal(output[place].index, ofRuns: runs) }
        }
        let missing = output.indices.filter { columns[$0] == nil }
        guard let sums = try fold.totals(missing.map { output[$0].index }, left) else { return try lines(segment, &state) }
        for (place, sum) in zip(missing, sums) { columns[place] = sum }
        var result = columns.compactMap { $0 }
        if countsRows { result.append(.constant(.integer(Int64(left.count(rowCount: fold.rowCount))), type: .integer, count: 1)) }
        if counters.countsBlocks { counters.count(read: table.blocks(segment: segment, fields: fold.readFields)) }
        return Batch(columns: result, rowCount: 1, morsel: segment)
    }

    /// Which runs have rows that filters on whole runs leave, 1 for each such run, and the filters that are left to ask of lines; nil
    /// if there are no such runs.
    private func runConditions(
        _ segment: Int, _ fold: inout SegmentFold, _ state: inout ExpressionState
    ) throws(ExecutionError) -> (mask: [UInt8]?, lineFilters: [PredicateProgram])? {
        var mask: [UInt8]?
        var lineFilters: [PredicateProgram] = []
        if let predicate {
            // One filter may keep another from failing: all are asked in their order, row by row if need be.
            if try fold.areGrouped(predicate.columns) {
                let own = try fold.runMask(predicate, &state)
                guard own.contains(1) else { return nil }
                mask = own
            } else {
                lineFilters = [predicate]
            }
        } else {
            for filter in filters {
                if try fold.areGrouped(filter.fields) {
                    let own = try fold.runMask(filter.predicate, &state)
                    mask = mask.map { Mask.and($0, own) } ?? own
                } else if let sign = filter.sign, let signs = try fold.signs(sign.field) {
                    let (own, isDecided) = SegmentFold.mask(signs, sign, among: mask)
                    mask = mask.map { Mask.and($0, own) } ?? own
                    if !isDecided { lineFilters.append(filter.predicate) }
                } else {
                    lineFilters.append(filter.predicate)
                }
                if let mask, !mask.contains(1) { return nil }
            }
        }
        for filter in remembered {
            // Whoever reads runs has looked that there are some; keys that differ within them are asked row by row.
            let matches = try filter.matches(in: table, segment: segment, &state)
            guard matches.map != nil else { throw ExecutionError(.unsupported("a key differs within a run")) }
            mask = mask.map { Mask.and($0, matches.flags) } ?? matches.flags
            if let mask, !mask.contains(1) { return nil }
        }
        return (mask, lineFilters)
    }

    /// The rows as they are, each a run of its own.
    private func lines(_ segment: Int, _ state: inout ExpressionState) throws(ExecutionError) -> Batch? {
        guard let batch = try rows.rows(segment, &state) else { return nil }
        var columns = output.map { batch.columns[$0.index] }
        if countsRows { columns.append(.constant(.integer(1), type: .integer, count: batch.rowCount)) }
        return Batch(columns: columns, rowCount: batch.rowCount, morsel: segment)
    }

    private func skip(_ segment: Int, _ fields: [Int]) {
        if counters.countsBlocks { counters.count(skipped: table.blocks(segment: segment, fields: fields)) }
    }
}
