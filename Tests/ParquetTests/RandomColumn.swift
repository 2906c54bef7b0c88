import Columns

/// Columns of each type, with values that differ much or little, and edge values among them.
struct RandomColumn: CustomStringConvertible, Sendable {
    enum Presence: String, CaseIterable, Sendable { case all, most, few, none }

    let type: LogicalType
    let presence: Presence
    /// Whether few values come again and again.
    let isRepeating: Bool

    var description: String { "\(type.name), \(presence.rawValue) present, \(isRepeating ? "repeating" : "all different")" }

    static let types: [LogicalType] = [
        .boolean, .integer, .bigint, .double, .text, .date, .timestamp, .numeric(precision: 9, scale: 2),
        .numeric(precision: 10, scale: 4), .numeric(precision: 18, scale: 0), .numeric(precision: 19, scale: 6),
        .numeric(precision: 38, scale: 10), .numeric(precision: 3, scale: 3),
    ]

    static let all: [RandomColumn] = types.flatMap { type in
        Presence.allCases.flatMap { presence in
            [true, false].map { RandomColumn(type: type, presence: presence, isRepeating: $0) }
        }
    }

    func vector(count: Int, seed: UInt64) -> Vector {
        var random = SeededRandom(seed: seed)
        let mask: [UInt8] = (0..<count).map { _ in
            switch presence {
            case .all: 1
            case .most: UInt64.random(in: 0..<10, using: &random) > 0 ? 1 : 0
            case .few: UInt64.random(in: 0..<10, using: &random) == 0 ? 1 : 0
            case .none: 0
            }
        }
        let numbers = (0..<count).map { row in number(row, &random) }
        return Vector(type: type, count: count, values: values(numbers), validity: Validity(compacting: mask))
    }

    /// A number that the value of a row is made of: edges first.
    private func number(_ row: Int, _ random: inout SeededRandom) -> Int64 {
        if isRepeating { return Int64.random(in: -3...3, using: &random) }
        switch row {
        case 0: return .min
        case 1: return .max
        case 2: return 0
        case 3: return -1
        default: return Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<63, using: &random)
        }
    }

    private func values(_ numbers: [Int64]) -> VectorValues {
        switch type {
        case .boolean: return .boolean(numbers.map { UInt8(truncatingIfNeeded: $0 & 1) })
        case .integer: return .int64(numbers.map { Int64(Int32(clamping: $0)) })
        case .date: return .int32(numbers.map { Int32(clamping: $0) })
        case .double: return .double(numbers.map { $0 == .max ? .infinity : $0 == 0 ? -0.0 : Double($0) / 7 })
        case .text:
            var strings = StringColumn()
            for value in numbers { strings.append(value == 0 ? "" : value % 5 == 0 ? "费用 \(value)" : "item-\(value)") }
            return .string(strings)
        case .numeric(let precision, _):
            let limit = DecimalText.powers128[precision] - 1
            let wide = numbers.map { value -> Int128 in
                let stretched = type.isWide ? Int128(value) * 0x7FFF_FFFF_FFFF : Int128(value)
                return isRepeating ? Int128(value) : max(-limit, min(limit, value == .min ? -limit : value == .max ? limit : stretched))
            }
            return type.isWide ? .int128(wide) : .int64(wide.map { Int64($0) })
        default: return .int64(numbers)
        }
    }
}
