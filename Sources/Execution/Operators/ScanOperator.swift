import Columns
import Planning

/// What the columns that a scan puts out are in its table.
struct ScanOrigin: Sendable {
    let table: String
    /// Of columns that are put out as they are stored.
    let fieldOf: [ColumnID: Int]
    let segmentCount: Int
}

/// Reads the segments of a stored table, one a morsel: zone maps first, then the columns that filters and joins by key need,
/// and the others only where rows are left.
struct ScanSource: MorselSource {
    private let table: any ScannableTable
    /// Distinct fields in reading order: those of the filters first.
    private let fields: [Int]
    /// For each output column, its index in `fields`.
    private let output: [Int]
    private let predicate: PredicateProgram?
    /// Joins that thin out the rows, those first that later steps ask again.
    private var keyFilters: [KeyFilter] = []
    /// Semi and anti joins whose answers are kept for later statements.
    private var remembered: [RememberedFilter] = []
    /// Columns that need not be read in every segment.
    private var standIns: [ZoneStandIn] = []
    let origin: ScanOrigin
    /// Where columns of the table are in `fields`.
    let layout: [ColumnID: Int]
    private let zones: ZoneCondition
    /// What a sort above leaves open.
    private var bound: ScanBound?
    /// The order in which segments are read; nil for their own.
    private var segments: [Int]?
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
        for column in node.columns where !fields.contains(column.fieldIndex) { fields.append(column.fieldIndex) }
        let order = fields
        self.fields = order
        output = node.columns.filter { !node.filterOnly.contains($0.column.id) }.map { order.firstIndex(of: $0.fieldIndex) ?? 0 }
        var layout: [ColumnID: Int] = [:]
        for (id, field) in fieldOf { layout[id] = order.firstIndex(of: field) }
        self.layout = layout
        origin = ScanOrigin(table: node.table, fieldOf: fieldOf, segmentCount: table.segmentCount)
        predicate =
            node.filters.isEmpty ? nil : try PredicateProgram(predicates: node.filters, columns: layout)
        zones = .all(node.filters.map { ZoneCondition($0, fields: fieldOf) })
        counters.count(toScan: (0..<table.segmentCount).reduce(0) { $0 + table.rowCount(segment: $1) })
    }

    var morselCount: Int { table.segmentCount }

    /// Rows of the table.
    var rowCount: Int {
        var count = 0
        for segment in 0..<table.segmentCount { count += table.rowCount(segment: segment) }
        return count
    }

    var estimatedRowCount: Int { predicate == nil ? rowCount : rowCount / 4 }
    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(scan: self, next: next) }

    /// For each output column, its place in `layout`.
    var outputPlaces: [Int] { output }

    /// Whether rows may be turned away before the scan's own conditions are asked.
    var takesOptionalFilters: Bool { predicate?.canRaise != true }

    /// Rows for which the filter has no match, or one, are left out from now on.
    mutating func add(_ filter: KeyFilter) {
        let place = filter.benefit == nil ? keyFilters.count : keyFilters.firstIndex { $0.benefit == nil } ?? keyFilters.count
        keyFilters.insert(filter, at: place)
    }

    /// Whether a condition or key filter of the scan reads a column.
    private func asks(_ place: Int) -> Bool {
        predicate?.columns.contains(place) == true || keyFilters.contains { $0.columns.contains(place) } || bound?.place == place
    }

    /// Where the zone map allows, a column that a later join alone asks for is not read, if no condition of the scan reads it.
    mutating func add(_ standIn: ZoneStandIn) { standIns.append(standIn) }

    mutating func add(_ filter: RememberedFilter) { remembered.append(filter) }

    /// Rows that cannot be among the first ones of a sort are left out from now on.
    mutating func bound(by key: PlanSortKey, _ type: LogicalType, ofPlace place: Int, _ bound: TopBound) {
        self.bound = ScanBound(bound, key, type, of: fields[place], place: place, in: table)
        segments = self.bound?.segmentsBestFirst
    }

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
            var joining = Duration.zero
            let counters = scan.counters
            let segment = scan.segments?[morsel] ?? morsel
            let batch = try scan.rows(segment, &state) { filter, count, duration in
                (filter?.probe.counters ?? counters).count(rows: count)
                filter?.probe.counters.add(duration)
                joining += duration
            }
            scan.counters.add(ContinuousClock.now - start - joining)
            scan.counters.count(scanned: scan.table.rowCount(segment: segment))
            if let batch { try next.consume(batch) }
        }
    }

    /// The rows of a segment that pass the filters, all columns of the node; nil if there are none.
    ///
    /// - Parameter onRows: Told how many rows are left after the scan's own filters (`filter` nil), and after each join that no
    ///   later step asks again, and how long that took.
    func rows(
        _ segment: Int, _ state: inout ExpressionState, onRows: (_ filter: KeyFilter?, _ count: Int, Duration) -> Void = { _, _, _ in }
    ) throws(ExecutionError) -> Batch? {
        let rowCount = table.rowCount(segment: segment)
        if rowCount == 0 { return nil }
        var rows = ScanRows(table: table, segment: segment, rowCount: rowCount, fields: fields, counters: counters)
        guard zones.mightHold(in: table, segment: segment), bound?.mightHold(inSegment: segment) ?? true else {
            rows.skipRest()
            return nil
        }
        for standIn in standIns where !asks(standIn.place) {
            guard let zone = table.zone(segment: segment, field: fields[standIn.place]), let value = standIn.value(in: zone) else { continue }
            rows.standIn(value, type: standIn.type, for: standIn.place)
        }
        if let matches = try bound?.matches(in: table, segment: segment) { rows.keep(matches) }
        let optional = keyFilters.filter { $0.benefit?.isWorthwhile == true }
        let required = keyFilters.filter { $0.benefit == nil }
        // First what is the same in all rows of a run: few values to read.
        var late: [KeyFilter] = []
        for filter in optional {
            guard try hasOneValueInRuns(filter, segment) else {
                late.append(filter)
                continue
            }
            if rows.count > 0 { try rows.keep(filter, &state) }
        }
        if rows.count > 0 {
            try rows.read((predicate?.valueColumns ?? []) + (late + required).flatMap(\.columns))
            for filter in late where rows.count > 0 { try rows.keep(filter, &state) }
            if rows.count > 0, let predicate { try rows.keep(predicate, &state) }
        }
        onRows(nil, rows.count, .zero)
        for filter in remembered where rows.count > 0 {
            rows.keep(try filter.matches(in: table, segment: segment, &state))
        }
        for filter in required where rows.count > 0 {
            let start = ContinuousClock.now
            try rows.keep(filter, &state)
            onRows(filter, rows.count, ContinuousClock.now - start)
        }
        if let bound, bound.isKnown, rows.count > 0 { try rows.keep(bound) }
        guard rows.count > 0 else {
            rows.skipRest()
            return nil
        }
        return try rows.finish(output: output)
    }

    private func hasOneValueInRuns(_ filter: KeyFilter, _ segment: Int) throws(ExecutionError) -> Bool {
        for column in filter.columns where try !table.hasOneValueInRuns(segment: segment, field: fields[column]) { return false }
        return true
    }

    /// Whether a column is the same in all rows of each run of the first segment, which speaks for the others.
    func seemsSameInRuns(_ column: Int) throws(ExecutionError) -> Bool {
        guard table.segmentCount > 0 else { return false }
        return try table.hasOneValueInRuns(segment: 0, field: fields[column])
    }
}
