package import Columns

/// Makes a small result from rows of scalars: reports, statistics, tests.
package struct ResultRows: Sendable {
    private let fields: [Field]
    private var rows: [[ScalarValue]] = []

    package init(fields: [Field]) { self.fields = fields }

    /// - Precondition: one value for each field, of its type or NULL.
    package mutating func append(_ row: [ScalarValue]) {
        precondition(row.count == fields.count)
        rows.append(row)
    }

    package func result() -> QueryResult {
        let columns = fields.indices.map { column(at: $0) }
        return QueryResult(schema: Schema(fields), batches: [Batch(columns: columns, rowCount: rows.count)])
    }

    private func column(at index: Int) -> Vector {
        let type = fields[index].type
        let scalars = rows.map { $0[index] }
        let validity = Validity(compacting: scalars.map { $0.isNull ? 0 : 1 })
        return Vector(type: type, count: rows.count, values: values(scalars, type: type), validity: validity)
    }

    private func values(_ scalars: [ScalarValue], type: LogicalType) -> VectorValues {
        switch type {
        case .text, .unknown, .array:
            var strings = StringColumn()
            for scalar in scalars {
                if case .text(let text) = scalar { strings.append(text) } else { strings.append("") }
            }
            return .string(strings)
        case .boolean: return .boolean(scalars.map { $0 == .boolean(true) ? 1 : 0 })
        case .date:
            return .int32(scalars.map { if case .date(let day) = $0 { day } else { 0 } })
        case .double:
            return .double(scalars.map { if case .double(let value) = $0 { value } else { 0 } })
        case .interval:
            return .interval(scalars.map { if case .interval(let value) = $0 { value } else { IntervalValue() } })
        default:
            let wide = scalars.map { scalar -> Int128 in
                switch scalar {
                case .integer(let value): Int128(value)
                case .numeric(let unscaled, _): unscaled
                case .timestamp(let value): Int128(value)
                default: 0
                }
            }
            return type.isWide ? .int128(wide) : .int64(wide.map { Int64(truncatingIfNeeded: $0) })
        }
    }
}
