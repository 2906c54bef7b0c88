import Columns
import Storage

/// Claim-like rows: an identifier key with runs, coded text, numbers, dates, NULLs, plain text.
struct SampleTable {
    static let schema = Schema([
        Field(name: "claim_id", type: .text, isNullable: false), Field(name: "line_id", type: .text),
        Field(name: "visit_type", type: .text), Field(name: "settled_at", type: .timestamp),
        Field(name: "service_time", type: .timestamp), Field(name: "admission_date", type: .date),
        Field(name: "item_code", type: .text), Field(name: "item_name", type: .text),
        Field(name: "quantity", type: .numeric(precision: 16, scale: 4)),
        Field(name: "unit_price", type: .numeric(precision: 16, scale: 6)),
        Field(name: "amount", type: .numeric(precision: 16, scale: 2)),
        Field(name: "fund_amount", type: .numeric(precision: 16, scale: 2)),
        Field(name: "wide", type: .numeric(precision: 30, scale: 2)), Field(name: "factor", type: .double),
        Field(name: "flag", type: .boolean), Field(name: "note", type: .text), Field(name: "nothing", type: .bigint),
        Field(name: "source", type: .text),
    ])

    /// One row of scalars each, in the schema's order.
    var rows: [[ScalarValue]] = []

    init(rowCount: Int, seed: UInt64, firstClaim: Int = 0) {
        var random = SeededRandom(seed: seed)
        var claim = firstClaim
        var left = 0
        var header: [ScalarValue] = []
        var line = 0
        for _ in 0..<rowCount {
            if left == 0 {
                claim += 1
                left = Int.random(in: 1...9, using: &random)
                line = 0
                let stay = Int.random(in: 0..<5, using: &random) == 0
                header = [
                    .text("C2025" + String(String(10_000_000 + claim).dropFirst())),
                    .text(["outpatient", "inpatient", "pharmacy"].randomElement(using: &random)!),
                    .timestamp(1_735_000_000_000_000 + Int64(claim) * 37_000_000),
                    stay ? .date(20_000 + Int32(claim % 300)) : .null,
                ]
            }
            left -= 1
            line += 1
            let item = Int(
                Double(400) * Double.random(in: 0..<1, using: &random) * Double.random(in: 0..<1, using: &random))
            let quantity = Int64.random(in: -2...9, using: &random)
            let price = Int64(item * 37 % 900 + 100) * 10_000 + Int64.random(in: 0...3, using: &random) * 10_000
            let amount = quantity * 10_000 * price / 100_000_000
            guard case .timestamp(let settled) = header[2] else { continue }
            rows.append([
                header[0], .text(String(line)), header[1], header[2], .timestamp(settled - 600_000_000), header[3],
                .text("X\(item % 7)-\(item)"), .text("项目 \(item / 2)"),
                .numeric(unscaled: Int128(quantity) * 10_000, scale: 4),
                .numeric(unscaled: Int128(price), scale: 6), .numeric(unscaled: Int128(amount), scale: 2),
                line == 3 ? .null : .numeric(unscaled: Int128((amount * 700 + 500) / 1000), scale: 2),
                .numeric(unscaled: Int128(amount) << Int128(claim % 60), scale: 2),
                .double(Double(item) / 3), .boolean(quantity > 3), line == 2 ? .text("note \(claim)/\(line)") : .null,
                .null,
                .text("one source"),
            ])
        }
    }

    /// The rows as columns for the encoder, their text coded by `code`: nil to keep text plain.
    func columns(code: (Int, StringColumn) throws -> TextCodes) rethrows -> [EncodableColumn] {
        try SampleTable.schema.fields.indices.map { index in
            let values = rows.map { $0[index] }
            let validity = Validity(compacting: values.map { $0.isNull ? 0 : 1 })
            switch SampleTable.schema.fields[index].type {
            case .boolean:
                return EncodableColumn(.boolean(values.map { $0 == .boolean(true) ? 1 : 0 }), validity: validity)
            case .date:
                return EncodableColumn(
                    .int32(values.map { if case .date(let day) = $0 { day } else { -7 } }), validity: validity)
            case .double:
                return EncodableColumn(
                    .double(values.map { if case .double(let x) = $0 { x } else { 0 } }), validity: validity)
            case .timestamp:
                return EncodableColumn(
                    .int64(values.map { if case .timestamp(let t) = $0 { t } else { 5 } }), validity: validity)
            case .text: return EncodableColumn(try text(values, index, code), validity: validity)
            case let type:
                let numbers = values.map { value -> Int128 in
                    if case .numeric(let number, _) = value { number } else { 3 }
                }
                return EncodableColumn(
                    type.isWide ? .int128(numbers) : .int64(numbers.map { Int64($0) }), validity: validity)
            }
        }
    }

    private func text(
        _ values: [ScalarValue], _ column: Int, _ code: (Int, StringColumn) throws -> TextCodes
    ) rethrows -> EncodableColumn.Values {
        var entries = StringColumn()
        var all = StringColumn()
        var places: [String: Int] = [:]
        var local: [Int] = []
        for value in values {
            guard case .text(let text) = value else {
                local.append(0)
                all.append("")
                continue
            }
            if places[text] == nil {
                places[text] = entries.count
                entries.append(text)
            }
            local.append(places[text]!)
            all.append(text)
        }
        switch try code(column, entries) {
        case .codes32(let codes): return .codes32(local.map { codes.isEmpty ? 0 : codes[$0] })
        case .codes64(let codes): return .codes64(local.map { codes[$0] })
        case .plain: return .strings(all)
        }
    }
}

/// Loads sample rows as one batch of segments.
@discardableResult
func load(
    _ tables: [SampleTable], into path: String, fileSystem: any FileSystem, table: String = "claims",
    rejects: String? = nil
) throws -> StoreSnapshot {
    let transaction = try StoreTransaction.begin(path, fileSystem: fileSystem)
    if transaction.schema(of: table) == nil { try transaction.createTable(table, schema: SampleTable.schema) }
    for (order, rows) in tables.enumerated() {
        let columns = try rows.columns { column, entries in
            try transaction.textDomain(of: column, in: table).codes(for: entries, rowCount: rows.rows.count)
        }
        let segment = try SegmentEncoder.encode(
            schema: SampleTable.schema, columns: columns, rowCount: rows.rows.count, groupKeyColumn: 0, timeColumn: 3)
        try transaction.add(segment, to: table, order: order)
    }
    if let rejects { try transaction.appendRejects(Array(rejects.utf8)) }
    let batch = BatchSummary(
        id: transaction.batchID, table: table, sourceName: "claims.csv",
        sourceHash: String(repeating: "ab", count: 32),
        sourceSize: 1000, rowsLoaded: tables.reduce(0) { $0 + $1.rows.count },
        details: ["amount": "12.50", "a\"\n": "\\费"])
    return try transaction.commit(batch: batch, time: 1_700_000_000_000_000)
}

/// Every row of a table as scalars.
func allRows(_ table: TableSnapshot) throws -> [[ScalarValue]] {
    var rows: [[ScalarValue]] = []
    for index in table.segments.indices {
        let vectors = try table.readSegment(index, columns: Array(table.schema.fields.indices)).map { $0.flattened() }
        for row in 0..<table.segments[index].rowCount { rows.append(vectors.map { $0.scalar(at: row) }) }
    }
    return rows
}
