import Columns
import Execution
import Planning

/// A small generator with a fixed seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A table held in memory: the same values as segments of vectors, for the engine, and as rows, for references.
struct MemoryTable: ScannableTable {
    var types: [LogicalType]
    var segments: [[Vector]]

    var segmentCount: Int { segments.count }
    func rowCount(segment: Int) -> Int { segments[segment][0].count }
    func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool { true }
    func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector] { fields.map { segments[segment][$0] } }
    func hasOneValueInRuns(segment: Int, field: Int) throws(ExecutionError) -> Bool {
        switch segments[segment][field].values {
        case .runs, .constant: true
        default: false
        }
    }

    var rows: [[ScalarValue]] {
        segments.flatMap { columns in
            let flat = columns.map { $0.flattened() }
            return (0..<columns[0].count).map { row in flat.map { $0.scalar(at: row) } }
        }
    }
}

struct MemoryTables: TableSource {
    var tables: [String: MemoryTable]

    func table(named name: String) throws(ExecutionError) -> any ScannableTable {
        guard let table = tables[name] else { throw ExecutionError(.unsupported("no table \(name)")) }
        return table
    }
}

/// Columns of the random tables.
enum Field: Int, CaseIterable {
    case claim, institution, day, item, quantity, score, note, wide, flag, time

    var type: LogicalType {
        switch self {
        case .claim, .institution, .item, .note: .text
        case .day: .date
        case .quantity: .numeric(precision: 16, scale: 2)
        case .score: .double
        case .wide: .numeric(precision: 38, scale: 3)
        case .flag: .boolean
        case .time: .timestamp
        }
    }
}

extension MemoryTable {
    /// Claims of some lines each: claim, institution and day are the same within a claim and stored by runs.
    static func random(seed: UInt64, segmentSizes: [Int], institutions: Int = 7) -> MemoryTable {
        var random = SeededGenerator(seed: seed)
        var names = StringColumn()
        for number in 0..<institutions { names.append("H\((number * 37) % 101)") }
        let institutionDomain = TextDictionary(entries: names)
        var items = StringColumn()
        for number in 0..<40 { items.append("item\((number * 17) % 41)") }
        let itemDomain = TextDictionary(entries: items)
        let claimDomain = IdentifierDomain(
            formats: [.init(prefix: Array("C".utf8), digitCount: 6), .init(prefix: Array("B-".utf8), digitCount: 3)],
            exceptions: TextDictionary(single: "odd claim"))
        let segments = segmentSizes.map { size in
            segment(size, &random, institutionDomain, itemDomain, claimDomain)
        }
        return MemoryTable(types: Field.allCases.map(\.type), segments: segments)
    }

    private static func mask(_ count: Int, _ random: inout SeededGenerator) -> Validity {
        Validity(compacting: (0..<count).map { _ in UInt8.random(in: 0..<8, using: &random) == 0 ? 0 : 1 })
    }

    private static func segment(
        _ size: Int, _ random: inout SeededGenerator, _ institutions: TextDictionary, _ items: TextDictionary,
        _ claims: IdentifierDomain
    ) -> [Vector] {
        var starts: [Int32] = [0]
        while Int(starts[starts.count - 1]) < size {
            starts.append(min(Int32(size), starts[starts.count - 1] + Int32.random(in: 1...6, using: &random)))
        }
        let map = RunMap(starts: starts)
        let runs = map.runCount
        let claimCodes = (0..<runs).map { _ -> UInt64 in
            switch Int.random(in: 0..<10, using: &random) {
            case 0: (15 << 60)
            case 1: (1 << 60) | UInt64.random(in: 0..<20, using: &random)
            default: UInt64.random(in: 100..<160, using: &random)
            }
        }
        let institutionCodes = (0..<runs).map { _ in UInt32.random(in: 0..<UInt32(institutions.count), using: &random) }
        let days = (0..<runs).map { _ in Int32.random(in: 19_000..<19_060, using: &random) }
        var notes = StringColumn()
        for _ in 0..<size { notes.append("n\(Int.random(in: 0..<15, using: &random))") }
        return [
            .runs(Vector(type: .text, count: runs, values: .identifier(codes: claimCodes, claims)), map: map),
            .runs(
                Vector(
                    type: .text, count: runs, values: .dictionary(codes: institutionCodes, institutions),
                    validity: mask(runs, &random)), map: map),
            .runs(Vector(type: .date, count: runs, values: .int32(days), validity: mask(runs, &random)), map: map),
            Vector(
                type: .text, count: size,
                values: .dictionary(
                    codes: (0..<size).map { _ in UInt32.random(in: 0..<UInt32(items.count), using: &random) }, items)),
            Vector(
                type: Field.quantity.type, count: size,
                values: .int64((0..<size).map { _ in Int64.random(in: -500..<2000, using: &random) }),
                validity: mask(size, &random)),
            Vector(
                type: .double, count: size,
                values: .double((0..<size).map { _ in Double(Int.random(in: -40..<40, using: &random)) / 8 }),
                validity: mask(size, &random)),
            Vector(type: .text, count: size, values: .string(notes), validity: mask(size, &random)),
            Vector(
                type: Field.wide.type, count: size,
                values: .int128(
                    (0..<size).map { _ in Int128(Int64.random(in: -9...9, using: &random)) * 1_000_000_000_000_000_000_000 }),
                validity: mask(size, &random)),
            Vector(
                type: .boolean, count: size,
                values: .boolean((0..<size).map { _ in UInt8.random(in: 0...1, using: &random) }),
                validity: mask(size, &random)),
            Vector(
                type: .timestamp, count: size,
                values: .int64((0..<size).map { _ in Int64.random(in: 0..<30, using: &random) * 86_400_000_000 })),
        ]
    }
}

/// A scan of a random table with identities of its own, and the ways to speak of its columns.
struct Scan {
    let table: String
    let base: Int

    init(_ table: String, base: Int = 0) {
        self.table = table
        self.base = base
    }

    func column(_ field: Field) -> PlanColumn {
        PlanColumn(id: ColumnID(base + field.rawValue), name: "\(field)", type: field.type)
    }
    func callAsFunction(_ field: Field) -> BoundExpression { .column(column(field).id, field.type) }
    func group(_ field: Field) -> ProjectedColumn {
        ProjectedColumn(
            column: PlanColumn(id: ColumnID(base + 100 + field.rawValue), name: "\(field)", type: field.type),
            expression: self(field))
    }
    func plan(filters: [BoundExpression] = []) -> LogicalPlan {
        .scan(
            TableScanNode(
                table: table,
                columns: Field.allCases.map { .init(column: column($0), fieldIndex: $0.rawValue) }, filters: filters))
    }
}

/// Runs plans and gives rows; checks on the way that 1 and 4 workers, early deferring, next to no memory and the streaming door
/// agree.
enum Run {
    static func rows(_ plan: LogicalPlan, _ tables: [String: MemoryTable]) throws -> [[ScalarValue]] {
        let source = MemoryTables(tables: tables)
        let one = try rows(
            Executor.run(plan: plan, output: plan.columns, source: source, options: ExecutionOptions(workerCount: 1)))
        let four = try rows(
            Executor.run(plan: plan, output: plan.columns, source: source, options: ExecutionOptions(workerCount: 4)))
        let deferring = try rows(
            Executor.run(
                plan: plan, output: plan.columns, source: source,
                options: ExecutionOptions(workerCount: 2, deferringGroupCount: 3, leastRunCount: 1)))
        guard one == deferring else { throw Disagreement.deferring }
        var streamed: [Batch] = []
        try Executor.stream(
            plan: plan, output: plan.columns, source: source, options: ExecutionOptions(workerCount: 3)
        ) { (batch: Batch) in streamed.append(batch) }
        guard one == four else { throw Disagreement.workers(one.count, four.count) }
        guard one == rows(streamed) else { throw Disagreement.streaming }
        let spilled = try spilledRows(plan, source, workerCount: 2, spillingByteCount: 4000)
        guard one == spilled.rows else { throw Disagreement.spilling }
        return one
    }

    /// The rows with operators that may hold so many bytes, and how many bytes they wrote to files.
    static func spilledRows(
        _ plan: LogicalPlan, _ source: MemoryTables, workerCount: Int, spillingByteCount: Int
    ) throws -> (rows: [[ScalarValue]], byteCount: Int) {
        let profile = QueryProfile()
        let kept = try Executor.rows(
            plan: plan, output: plan.columns, source: source,
            options: ExecutionOptions(
                workerCount: workerCount, temporaryDirectories: ["/tmp"], spillingByteCount: spillingByteCount),
            profile: profile)
        var batches: [Batch] = []
        try kept.forEachBatch { batches.append($0) }
        let own = rows(batches)
        guard own.count == kept.rowCount else { throw Disagreement.spilling }
        return (own, profile.entries.reduce(0) { $0 + $1.bytesSpilled })
    }

    enum Disagreement: Error {
        case workers(Int, Int)
        case streaming
        case deferring
        case spilling
    }

    static func rows(_ batches: [Batch]) -> [[ScalarValue]] {
        batches.flatMap { batch in
            let columns = batch.columns.map { $0.flattened() }
            return (0..<batch.rowCount).map { row in columns.map { $0.scalar(at: row) } }
        }
    }
}

/// Orders values of one type as PostgreSQL does, NULL last.
func isOrdered(_ left: ScalarValue, _ right: ScalarValue) -> Bool {
    switch (left, right) {
    case (.null, _): false
    case (_, .null): true
    case (.boolean(let a), .boolean(let b)): !a && b
    case (.integer(let a), .integer(let b)): a < b
    case (.numeric(let a, let s), .numeric(let b, let t)):
        Double(a) / Double(DecimalText.powers128[s]) < Double(b) / Double(DecimalText.powers128[t])
    case (.double(let a), .double(let b)): a < b
    case (.text(let a), .text(let b)): Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8))
    case (.date(let a), .date(let b)): a < b
    case (.timestamp(let a), .timestamp(let b)): a < b
    default: false
    }
}

/// Rows in an order that depends on their values only.
func normalized(_ rows: [[ScalarValue]]) -> [[ScalarValue]] {
    rows.sorted { left, right in
        for (a, b) in zip(left, right) {
            if isOrdered(a, b) { return true }
            if isOrdered(b, a) { return false }
        }
        return false
    }
}

/// Rows by key, in order of first appearance.
func grouped(_ rows: [[ScalarValue]], by fields: [Field]) -> [(key: [ScalarValue], rows: [[ScalarValue]])] {
    var index: [[ScalarValue]: Int] = [:]
    var result: [(key: [ScalarValue], rows: [[ScalarValue]])] = []
    for row in rows {
        let key = fields.map { row[$0.rawValue] }
        if let known = index[key] {
            result[known].rows.append(row)
        } else {
            index[key] = result.count
            result.append((key, [row]))
        }
    }
    return result
}
