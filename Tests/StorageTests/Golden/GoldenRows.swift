import Columns
import Storage

/// A table of the golden store: what its columns hold, by formulas that never change, and as the encoder takes them.
struct GoldenRows {
    var name: String
    var fields: [Field] = []
    var columns: [EncodableColumn] = []
    /// By column.
    var scalars: [[ScalarValue]] = []
    let rowCount: Int
    var groupKeyColumn: Int?
    var timeColumn: Int?

    init(_ name: String, rowCount: Int) {
        self.name = name
        self.rowCount = rowCount
    }

    /// What reading the table must give.
    var rows: [[ScalarValue]] { (0..<rowCount).map { row in scalars.map { $0[row] } } }

    /// NULL where the value is nil.
    mutating func add(
        _ name: String, _ type: LogicalType, _ values: [Int64?], as scalar: (Int64) -> ScalarValue
    ) {
        precondition(values.count == rowCount)
        let lanes = values.map { $0 ?? 0 }
        let encoded: EncodableColumn.Values =
            switch type {
            case .boolean: .boolean(lanes.map { UInt8($0) })
            case .date: .int32(lanes.map { Int32($0) })
            case .double: .double(lanes.map { Double(bitPattern: UInt64(bitPattern: $0)) })
            default: .int64(lanes)
            }
        add(name, type, encoded, values.map { $0 == nil ? ScalarValue.null : scalar($0!) })
    }

    mutating func add(_ name: String, _ values: [Int64?]) { add(name, .bigint, values) { .integer($0) } }

    mutating func add(_ name: String, _ type: LogicalType, _ values: EncodableColumn.Values, _ expected: [ScalarValue]) {
        precondition(expected.count == rowCount)
        fields.append(Field(name: name, type: type))
        columns.append(EncodableColumn(values, validity: Validity(compacting: expected.map { $0.isNull ? 0 : 1 })))
        scalars.append(expected)
    }

    /// A numeric column whose numbers need more than 64 bits.
    mutating func add(_ name: String, wide values: [Int128?], precision: Int, scale: Int) {
        add(
            name, .numeric(precision: precision, scale: scale), .int128(values.map { $0 ?? 0 }),
            values.map { $0 == nil ? .null : .numeric(unscaled: $0!, scale: scale) })
    }

    /// A text column; its domain is decided by `coded`, which gives the codes of distinct strings.
    mutating func add(_ name: String, text values: [String?], coded: (Int, StringColumn) throws -> TextCodes) rethrows {
        var entries = StringColumn()
        var plain = StringColumn()
        var places: [String: Int] = [:]
        for value in values {
            plain.append(value ?? "")
            guard let value, places[value] == nil else { continue }
            places[value] = entries.count
            entries.append(value)
        }
        let local = values.map { value in value.map { places[$0]! } }
        let encoded: EncodableColumn.Values =
            switch try coded(fields.count, entries) {
            case .codes32(let codes): .codes32(local.map { place in place.map { codes[$0] } ?? 0 })
            case .codes64(let codes): .codes64(local.map { place in place.map { codes[$0] } ?? 0 })
            case .plain: .strings(plain)
            }
        add(name, .text, encoded, values.map { $0 == nil ? .null : .text($0!) })
    }
}
