import Columns
import Planning

/// Reads the segments of a stored table, one a morsel: zone maps first, then the columns the filters need, and the others
/// only where rows are left.
struct ScanSource: MorselSource {
    private let table: any ScannableTable
    /// Distinct fields in reading order: those of the filters first.
    private let fields: [Int]
    private let filterFieldCount: Int
    /// For each output column, its index in `fields`.
    private let output: [Int]
    private let predicate: PredicateProgram?
    private let zones: ZoneCondition
    private let counters: OperatorCounters

    init(_ node: TableScanNode, _ context: ExecutionContext, at path: PlanPath) throws(ExecutionError) {
        try self.init(node, context, counters: context.profile.add(path))
    }

    init(_ node: TableScanNode, _ context: ExecutionContext, counters: OperatorCounters) throws(ExecutionError) {
        table = try context.tables.table(named: node.table)
        self.counters = counters
        var fieldOf: [ColumnID: Int] = [:]
        for column in node.columns { fieldOf[column.column.id] = column.fieldIndex }
        var filterIDs: Set<ColumnID> = []
        for filter in node.filters { filter.collectColumnIDs(into: &filterIDs) }
        var fields: [Int] = []
        for column in node.columns where filterIDs.contains(column.column.id) && !fields.contains(column.fieldIndex) {
            fields.append(column.fieldIndex)
        }
        filterFieldCount = fields.count
        for column in node.columns where !fields.contains(column.fieldIndex) { fields.append(column.fieldIndex) }
        let order = fields
        self.fields = order
        output = node.columns.map { column in order.firstIndex(of: column.fieldIndex) ?? 0 }
        var layout: [ColumnID: Int] = [:]
        for (id, field) in fieldOf { layout[id] = order.firstIndex(of: field) }
        predicate =
            node.filters.isEmpty ? nil : try PredicateProgram(predicates: node.filters, columns: layout)
        zones = .all(node.filters.map { ZoneCondition($0, fields: fieldOf) })
        counters.count(toScan: (0..<table.segmentCount).reduce(0) { $0 + table.rowCount(segment: $1) })
    }

    var morselCount: Int { table.segmentCount }
    var estimatedRowCount: Int {
        var count = 0
        for segment in 0..<table.segmentCount { count += table.rowCount(segment: segment) }
        return predicate == nil ? count : count / 4
    }
    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(scan: self, next: next) }

    private final class Reader: MorselReader {
        let scan: ScanSource
        let next: any BatchConsumer
        var state = ExpressionState()

        init(scan: ScanSource, next: any BatchConsumer) {
            self.scan = scan
            self.next = next
        }

        func read(morsel: Int) throws(ExecutionError) {
            let start = ContinuousClock.now
            let batch = try scan.rows(morsel, &state)
            scan.counters.add(ContinuousClock.now - start)
            scan.counters.count(scanned: scan.table.rowCount(segment: morsel))
            guard let batch else { return }
            scan.counters.count(rows: batch.rowCount)
            try next.consume(batch)
        }
    }

    /// The rows of a segment that pass the filters, all columns of the node; nil if there are none.
    func rows(_ segment: Int, _ state: inout ExpressionState) throws(ExecutionError) -> Batch? {
        let rowCount = table.rowCount(segment: segment)
        if rowCount == 0 { return nil }
        guard zones.mightHold(in: table, segment: segment) else {
            skip(segment, fields)
            return nil
        }
        guard let predicate = predicate else {
            read(segment, fields)
            let vectors = fields.isEmpty ? [] : try table.read(segment: segment, fields: fields)
            return batch(vectors, rowCount, segment)
        }
        let filterFields = Array(fields[..<filterFieldCount])
        let rest = Array(fields[filterFieldCount...])
        read(segment, filterFields)
        var vectors = filterFields.isEmpty ? [] : try table.read(segment: segment, fields: filterFields)
        let selection = try predicate.select(
            Batch(columns: vectors, rowCount: rowCount, morsel: segment), &state)
        if case .none = selection {
            skip(segment, rest)
            return nil
        }
        read(segment, rest)
        if !rest.isEmpty { vectors += try table.read(segment: segment, fields: rest) }
        let whole = batch(vectors, rowCount, segment)
        guard case .rows(let kept) = selection else { return whole }
        return kept.isEmpty ? nil : whole.selecting(kept)
    }

    private func read(_ segment: Int, _ fields: [Int]) {
        if counters.countsBlocks { counters.count(read: table.blocks(segment: segment, fields: fields)) }
    }

    private func skip(_ segment: Int, _ fields: [Int]) {
        if counters.countsBlocks { counters.count(skipped: table.blocks(segment: segment, fields: fields)) }
    }

    private func batch(_ vectors: [Vector], _ rowCount: Int, _ segment: Int) -> Batch {
        let shared = ScanSource.sharingRunMaps(vectors)
        return Batch(columns: output.map { shared[$0] }, rowCount: rowCount, morsel: segment)
    }

    /// Columns read in two goes may have equal run maps that are two objects: run-aware steps want one.
    private static func sharingRunMaps(_ vectors: [Vector]) -> [Vector] {
        var maps: [RunMap] = []
        return vectors.map { vector in
            guard case .runs(let child, let map) = vector.values else { return vector }
            if maps.contains(where: { $0 === map }) { return vector }
            if let known = maps.first(where: { $0.starts == map.starts }) { return .runs(child, map: known) }
            maps.append(map)
            return vector
        }
    }
}
