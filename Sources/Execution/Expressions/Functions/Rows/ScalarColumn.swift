import Columns

/// A column put together from single values.
struct ScalarColumn {
    private let type: LogicalType
    private var strings = StringColumn()
    private var narrow: [Int64] = []
    private var wide: [Int128] = []
    private var doubles: [Double] = []
    private var bytes: [UInt8] = []
    private var days: [Int32] = []
    private var intervals: [IntervalValue] = []
    private var present: [UInt8] = []

    init(type: LogicalType) { self.type = type }

    mutating func reserve(_ count: Int) { present.reserveCapacity(count) }

    /// - Precondition: The value is of the column's type, or NULL; numerics take the column's scale.
    mutating func append(_ value: ScalarValue) {
        present.append(value.isNull ? 0 : 1)
        switch type {
        case .boolean: bytes.append(value == .boolean(true) ? 1 : 0)
        case .double:
            if case .double(let number) = value { doubles.append(number) } else { doubles.append(0) }
        case .text, .unknown, .array:
            if case .text(let text) = value { strings.append(text) } else { strings.append("") }
        case .date:
            if case .date(let day) = value { days.append(day) } else { days.append(0) }
        case .interval:
            if case .interval(let interval) = value {
                intervals.append(interval)
            } else {
                intervals.append(IntervalValue())
            }
        case .integer, .bigint, .timestamp, .moment, .numeric:
            let number = value.scaled(to: type.scale ?? 0) ?? 0
            if type.isWide { wide.append(number) } else { narrow.append(Int64(truncatingIfNeeded: number)) }
        }
    }

    func vector() -> Vector {
        let values: VectorValues =
            switch type {
            case .boolean: .boolean(bytes)
            case .double: .double(doubles)
            case .text, .unknown, .array: .string(strings)
            case .date: .int32(days)
            case .interval: .interval(intervals)
            case .integer, .bigint, .timestamp, .moment, .numeric: type.isWide ? .int128(wide) : .int64(narrow)
            }
        return Vector(type: type, count: present.count, values: values, validity: Validity(compacting: present))
    }
}
