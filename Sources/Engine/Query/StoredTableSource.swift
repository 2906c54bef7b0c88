import Columns
import Diagnostics
import Execution
import Storage

/// Hands a snapshot's tables to execution.
struct StoredTableSource: TableSource {
    let snapshot: StoreSnapshot?
    let options: EngineOptions
    let files: FileTables
    /// Rows of other statements, by the names the plan calls them.
    var results: [String: ResultTable] = [:]
    /// Said of any table if there is no store: a wrong path must not look like empty tables.
    let missingStore: Diagnostic

    func table(named name: String) throws(ExecutionError) -> any ScannableTable {
        switch files.known(name) {
        case .stored(let table): return StoredTable(table: table, isCopy: true)
        case .parquet(let table): return table
        case nil: break
        }
        let isStored = snapshot?.table(name) != nil || options.knownTables[name] != nil
        if !isStored, let result = results[name] { return result }
        guard let snapshot else { throw ExecutionError(.diagnosed(missingStore)) }
        if let stored = snapshot.table(name) { return StoredTable(table: stored) }
        if let schema = options.knownTables[name] { return EmptyTable(schema: schema) }
        throw ExecutionError(.diagnosed(Diagnostic(.query, "relation \"\(name)\" does not exist")))
    }

    func isLasting(_ name: String) -> Bool { files.known(name) == nil && snapshot?.table(name) != nil }
}

/// One stored table as execution sees it.
private struct StoredTable: ScannableTable {
    let table: TableSnapshot
    /// Whether it is a private copy of files that statements name.
    var isCopy = false

    var segmentCount: Int { table.segments.count }

    func rowCount(segment: Int) -> Int { table.segments[segment].rowCount }

    func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool {
        // A zone map that cannot be read must not hide rows: the scan that follows reports the damage.
        let stored = table.segments[segment]
        if case .text(let low)? = range.low, case .text(let high)? = range.high, low == high {
            return (try? mightContain(text: low, segment: stored, field: field)) ?? true
        }
        return (try? stored.mightContain(field, minimum: range.low, maximum: range.high)) ?? true
    }

    func zone(segment: Int, field: Int) -> SegmentZone? {
        // As above: damage is the scan's to report.
        guard let zone = try? table.segments[segment].zoneMap(field) else { return nil }
        var bounds: SegmentZone.Bounds?
        if case .values(let low, let high) = zone.bounds { bounds = SegmentZone.Bounds(low: low, high: high) }
        return SegmentZone(hasNulls: zone.nullCount > 0, isEmpty: zone.bounds == .empty, bounds: bounds)
    }

    func knownExtremes(field: Int) -> KnownExtremes {
        var known = KnownExtremes(minimum: .null, maximum: .null, valueCount: 0)
        for segment in table.segments {
            // As above: damage is the scan's to report.
            guard let zone = try? segment.zoneMap(field) else { return KnownExtremes() }
            known.valueCount = known.valueCount.map { $0 + segment.rowCount - zone.nullCount }
            guard case .values(let low, let high) = zone.bounds else {
                if zone.bounds != .empty { (known.minimum, known.maximum) = (nil, nil) }
                continue
            }
            known.minimum = KnownExtremes.further(known.minimum, exact(low, field)) { ZoneMap.compare($0, $1).map { $0 <= 0 } }
            known.maximum = KnownExtremes.further(known.maximum, high.flatMap { exact($0, field) }) { ZoneMap.compare($0, $1).map { $0 >= 0 } }
        }
        return known
    }

    /// A bound that is a value of the field's type as it is; nil for others: text is cut, and doubles have values that do not compare.
    private func exact(_ bound: ScalarValue, _ field: Int) -> ScalarValue? {
        switch (table.schema.fields[field].type, bound) {
        case (.integer, .integer), (.bigint, .integer), (.date, .date), (.timestamp, .timestamp): bound
        case (.numeric(_, let scale), .numeric(_, let own)) where scale == own: bound
        default: nil
        }
    }

    private func mightContain(text: String, segment: SegmentSnapshot, field: Int) throws -> Bool {
        switch try table.textDomain(field) {
        case .dictionary(let dictionary):
            guard let code = dictionary.code(of: text) else { return false }
            return try segment.mightContain(field, code: UInt64(code))
        case .identifier(let domain):
            guard let code = domain.code(of: Array(text.utf8)) else { return false }
            return try segment.mightContain(field, code: code)
        case .plain, nil:
            return try segment.mightContain(field, minimum: .text(text), maximum: .text(text))
        }
    }

    func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector] {
        try diagnosed { () throws(StorageError) in try table.readSegment(segment, columns: fields) }
    }

    func reader(segment: Int) throws(ExecutionError) -> any SegmentReader {
        StoredSegmentReader(try diagnosed { () throws(StorageError) in try table.segmentColumns(segment) })
    }

    func runMap(segment: Int) throws(ExecutionError) -> RunMap? {
        try diagnosed { () throws(StorageError) in try table.segments[segment].runMap() }
    }

    func hasOneValueInRuns(segment: Int, field: Int) throws(ExecutionError) -> Bool {
        try diagnosed { () throws(StorageError) in try table.segments[segment].isConstantInRuns(field) }
    }

    func runSigns(segment: Int, field: Int) throws(ExecutionError) -> [UInt8]? {
        try diagnosed { () throws(StorageError) in try table.segments[segment].runSigns(field) }
    }

    func runSums(segment: Int, field: Int) throws(ExecutionError) -> Vector? {
        let sums = try diagnosed { () throws(StorageError) in try table.segments[segment].runSums(field) }
        // A column that was widened since is read by its lines, which become wider on the way.
        return sums?.type == table.schema.fields[field].type ? sums : nil
    }

}

/// Runs a step of the store, its errors as those of a query.
private func diagnosed<T>(_ body: () throws(StorageError) -> T) throws(ExecutionError) -> T {
    do {
        return try body()
    } catch {
        throw ExecutionError(.diagnosed(error.diagnostic))
    }
}

/// One stored segment as execution sees it.
private final class StoredSegmentReader: SegmentReader {
    private let segment: SegmentColumns

    init(_ segment: SegmentColumns) { self.segment = segment }

    func columns(_ fields: [Int]) throws(ExecutionError) -> [Vector] {
        try diagnosed { () throws(StorageError) in try segment.columns(fields) }
    }

    func columns(_ fields: [Int], at rows: [Int32]) throws(ExecutionError) -> [Vector] {
        try diagnosed { () throws(StorageError) in try segment.columns(fields, at: rows) }
    }

    func presence(_ field: Int) throws(ExecutionError) -> Vector? {
        guard let flags = try diagnosed({ () throws(StorageError) in try segment.presence(field) }) else { return nil }
        return Vector(type: .boolean, count: flags.count, values: .boolean(flags), validity: Validity(compacting: flags))
    }
}

extension StoredTable {
    func blocks(segment: Int, fields: [Int]) -> StoredBlocks {
        guard let blocks = try? table.segments[segment].blocks(ofColumns: fields) else { return StoredBlocks() }
        return StoredBlocks(count: blocks.count, size: blocks.size, isOfCopy: isCopy)
    }
}

/// A table that exists and has never been loaded.
private struct EmptyTable: ScannableTable {
    let schema: Schema

    var segmentCount: Int { 0 }
    func rowCount(segment: Int) -> Int { 0 }
    func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool { false }
    func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector] { [] }
}
