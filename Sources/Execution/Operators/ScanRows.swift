import Columns

/// The rows of one segment while a scan thins them out: its columns as they are read, and which rows are left.
struct ScanRows {
    private enum Left {
        case all
        case matches(KeyMatches)
        /// Ascending.
        case rows([Int32])
    }

    private let table: any ScannableTable
    private let segment: Int
    private let rowCount: Int
    private let fields: [Int]
    private let counters: OperatorCounters
    private var reader: (any SegmentReader)?
    /// By index into `fields`; constants of nothing until they are read.
    private(set) var columns: [Vector]
    private var isRead: [Bool]
    private var left: Left = .all
    /// By index into `fields`: what was read of columns of which only is asked whether they are NULL.
    private var presences: [Int: Vector] = [:]
    /// By index into `fields`: columns read at the rows left alone.
    private var chosen: [Int: Vector] = [:]
    /// Rows left.
    private(set) var count: Int

    init(table: any ScannableTable, segment: Int, rowCount: Int, fields: [Int], counters: OperatorCounters) {
        self.table = table
        self.segment = segment
        self.rowCount = rowCount
        self.fields = fields
        self.counters = counters
        columns = [Vector](repeating: .constant(.null, type: .boolean, count: rowCount), count: fields.count)
        isRead = [Bool](repeating: false, count: fields.count)
        count = rowCount
    }

    /// Reads the columns of these that are not there yet, all in one go: one may be predicted from another.
    mutating func read(_ indexes: some Sequence<Int>) throws(ExecutionError) {
        let missing = Set(indexes).filter { !isRead[$0] }.sorted()
        if missing.isEmpty { return }
        let wanted = missing.map { fields[$0] }
        if counters.countsBlocks { counters.count(read: table.blocks(segment: segment, fields: wanted)) }
        for (index, vector) in zip(missing, try openReader().columns(wanted)) {
            columns[index] = sharingRunMap(vector)
            isRead[index] = true
        }
    }

    private mutating func openReader() throws(ExecutionError) -> any SegmentReader {
        if let reader { return reader }
        let opened = try table.reader(segment: segment)
        reader = opened
        return opened
    }

    /// One value takes the place of a column that is not read.
    mutating func standIn(_ value: ScalarValue, type: LogicalType, for index: Int) {
        guard !isRead[index] else { return }
        columns[index] = .constant(value, type: type, count: rowCount)
        isRead[index] = true
        if counters.countsBlocks { counters.count(skipped: table.blocks(segment: segment, fields: [fields[index]])) }
    }

    /// Counts what is not read as skipped.
    func skipRest() {
        guard counters.countsBlocks else { return }
        let rest = fields.indices.filter { !isRead[$0] && presences[$0] == nil }.map { fields[$0] }
        counters.count(skipped: table.blocks(segment: segment, fields: rest))
    }

    /// Columns read in two goes may have equal run maps that are two objects: run-aware steps want one.
    private func sharingRunMap(_ vector: Vector) -> Vector {
        guard case .runs(let child, let map) = vector.values else { return vector }
        for column in columns {
            guard case .runs(_, let known) = column.values else { continue }
            if known === map { return vector }
            if known.starts == map.starts { return .runs(child, map: known) }
        }
        return vector
    }

    private var batch: Batch { Batch(columns: columns, rowCount: rowCount, morsel: segment) }

    /// Where few rows are left, what is asked next is asked for those alone.
    private mutating func fewRows() -> [Int32]? {
        guard count * 8 < rowCount else { return nil }
        switch left {
        case .all: return nil
        case .rows(let rows): return rows
        case .matches(let matches):
            let rows = matches.rows(count: count)
            left = .rows(rows)
            return rows
        }
    }

    mutating func keep(_ predicate: PredicateProgram, _ state: inout ExpressionState) throws(ExecutionError) {
        let batch = try self.batch(for: predicate)
        if let rows = fewRows() {
            take(try predicate.select(batch.selecting(rows, columns: predicate.columns), &state), among: rows)
            return
        }
        let selection = try predicate.select(batch, &state)
        switch (left, selection) {
        case (_, .all): return
        case (.all, .none), (.all, .rows): take(selection, among: nil)
        default: intersect(KeyMatches(map: nil, flags: selection.mask(rowCount: rowCount)))
        }
    }

    /// The columns a predicate reads; of those of which it only asks whether they are NULL no more than that.
    private mutating func batch(for predicate: PredicateProgram) throws(ExecutionError) -> Batch {
        for index in predicate.presenceColumns.sorted() where !isRead[index] && presences[index] == nil {
            guard let presence = try openReader().presence(fields[index]) else { continue }
            if counters.countsBlocks { counters.count(read: table.blocks(segment: segment, fields: [fields[index]])) }
            presences[index] = presence
        }
        let partly = predicate.presenceColumns.filter { !isRead[$0] && presences[$0] != nil }
        try read(predicate.columns.filter { !partly.contains($0) })
        var batch = self.batch
        for index in partly { batch.columns[index] = presences[index]! }
        return batch
    }

    mutating func keep(_ filter: KeyFilter, _ state: inout ExpressionState) throws(ExecutionError) {
        try read(filter.columns)
        let before = count
        defer { filter.benefit?.count(seen: before, kept: count) }
        guard let rows = fewRows() else {
            if let own = try filter.matches(batch, &state) { intersect(own) }
            return
        }
        guard let own = try filter.matches(batch.selecting(rows, columns: filter.columns), &state) else { return }
        let ownCount = own.rowCount
        let places = own.rows(count: ownCount)
        take(ownCount == rows.count ? .all : .rows(places), among: rows)
    }

    mutating func keep(_ matches: KeyMatches) { intersect(matches) }

    /// The last step: the sort key is read before all columns that no filter has asked for.
    mutating func keep(_ bound: ScanBound) throws(ExecutionError) {
        let index = bound.place
        guard let rows = fewRows() else {
            try read([index])
            guard let kept = bound.rows(of: columns[index]) else { return }
            if case .all = left { return take(.rows(kept), among: nil) }
            return intersect(KeyMatches(map: nil, flags: Selection.rows(kept).mask(rowCount: rowCount)))
        }
        let isWhole = try isRead[index] ? true : table.hasOneValueInRuns(segment: segment, field: fields[index])
        if isWhole { try read([index]) }
        let column = isWhole ? columns[index].gathered(rows) : try read(lines: [index], at: rows)[0]
        let places = bound.rows(of: column)
        if let places { take(.rows(places), among: rows) }
        if !isWhole { chosen[index] = places.map { column.gathered($0) } ?? column }
    }

    /// Columns with a value for each of some rows.
    private mutating func read(lines indexes: [Int], at rows: [Int32]) throws(ExecutionError) -> [Vector] {
        let wanted = indexes.map { fields[$0] }
        if counters.countsBlocks { counters.count(read: table.blocks(segment: segment, fields: wanted)) }
        return try openReader().columns(wanted, at: rows)
    }

    private mutating func take(_ selection: Selection, among rows: [Int32]?) {
        switch selection {
        case .all: return
        case .none: left = .rows([])
        case .rows(let places): left = .rows(rows.map { gather($0, places) } ?? places)
        }
        if case .rows(let rows) = left { count = rows.count }
    }

    private mutating func intersect(_ other: KeyMatches) {
        var matches = other
        switch left {
        case .all: break
        case .matches(let known): matches.intersect(known)
        case .rows(let rows): matches.intersect(KeyMatches(map: nil, flags: Selection.rows(rows).mask(rowCount: rowCount)))
        }
        left = .matches(matches)
        count = matches.rowCount
    }

    /// The rows left, with the columns of `output` in that order; others are read no more.
    mutating func finish(output: [Int]) throws(ExecutionError) -> Batch {
        if let rows = fewRows() { return try finish(output: output, at: rows) }
        try read(output)
        let whole = Batch(columns: output.map { columns[$0] }, rowCount: rowCount, morsel: segment)
        if count == rowCount { return whole }
        switch left {
        case .all: return whole
        case .rows(let rows): return whole.selecting(rows)
        case .matches(let matches): return whole.selecting(matches.rows(count: count))
        }
    }

    /// Few rows: what has not been read yet is read at them alone, but for columns stored by runs.
    private mutating func finish(output: [Int], at rows: [Int32]) throws(ExecutionError) -> Batch {
        let missing = Set(output).filter { !isRead[$0] && chosen[$0] == nil }.sorted()
        var lineColumns: [Int] = []
        for index in missing where try !table.hasOneValueInRuns(segment: segment, field: fields[index]) { lineColumns.append(index) }
        try read(missing.filter { !lineColumns.contains($0) })
        for (index, vector) in zip(lineColumns, try read(lines: lineColumns, at: rows)) { chosen[index] = vector }
        var whole = Batch(columns: output.map { columns[$0] }, rowCount: rowCount, morsel: segment).selecting(rows)
        for (place, index) in output.enumerated() {
            if let vector = chosen[index] { whole.columns[place] = vector }
        }
        return whole
    }
}
