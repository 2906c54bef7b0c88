import Columns
import Execution
import Planning

/// One aggregate over one column, computed naively.
struct Reference: CustomStringConvertible, Sendable {
    var name: String
    var field: Field?
    var isDistinct = false
    var filter: Field?
    var fraction: Double?
    var descending = false
    var type: LogicalType

    var description: String { "\(name)(\(isDistinct ? "distinct " : "")\(field.map { "\($0)" } ?? "*"))" }

    static let all: [Reference] = {
        var all = [
            Reference(name: "count", type: .bigint),
            Reference(name: "count", filter: .flag, type: .bigint),
            Reference(name: "sum", field: .quantity, filter: .flag, type: .numeric(precision: 38, scale: 2)),
            Reference(name: "count", field: .claim, isDistinct: true, filter: .flag, type: .bigint),
            Reference(name: "sum", field: .quantity, type: .numeric(precision: 38, scale: 2)),
            Reference(name: "sum", field: .quantity, isDistinct: true, type: .numeric(precision: 38, scale: 2)),
            Reference(name: "avg", field: .quantity, type: .numeric(precision: 38, scale: 16)),
            Reference(name: "avg", field: .quantity, isDistinct: true, type: .numeric(precision: 38, scale: 16)),
            Reference(name: "sum", field: .wide, type: .numeric(precision: 38, scale: 3)),
            Reference(name: "sum", field: .score, type: .double),
            Reference(name: "avg", field: .score, type: .double),
            Reference(name: "var_samp", field: .quantity, type: .double),
            Reference(name: "stddev_pop", field: .score, type: .double),
            Reference(name: "median", field: .quantity, type: .double),
            Reference(name: "mad", field: .quantity, type: .double),
            Reference(name: "median", field: .wide, type: .double),
            Reference(name: "percentile_cont", field: .score, fraction: 0.3, descending: true, type: .double),
            Reference(name: "percentile_disc", field: .item, fraction: 0.4, type: .text),
            Reference(name: "percentile_disc", field: .wide, fraction: 0.9, type: Field.wide.type),
            Reference(name: "mode", field: .institution, type: .text),
            Reference(name: "bool_and", field: .flag, type: .boolean),
            Reference(name: "bool_or", field: .flag, type: .boolean),
            Reference(name: "string_agg", field: .note, type: .text),
            Reference(name: "string_agg", field: .note, isDistinct: true, type: .text),
        ]
        for field in Field.allCases {
            all.append(Reference(name: "count", field: field, type: .bigint))
            all.append(Reference(name: "count", field: field, isDistinct: true, type: .bigint))
            all.append(Reference(name: "min", field: field, type: field.type))
            all.append(Reference(name: "max", field: field, type: field.type))
        }
        return all.filter { !($0.field == .flag && ($0.name == "min" || $0.name == "max")) }
    }()

    func call(_ scan: Scan) -> AggregateCall {
        var call = AggregateCall(
            name: name, arguments: field.map { [scan($0)] } ?? [], isDistinct: isDistinct,
            filter: filter.map { scan($0) }, type: type)
        if let field, let fraction {
            call.arguments = [.constant(.double(fraction), .double)]
            call.orderBy = [PlanSortKey(expression: scan(field), descending: descending)]
        }
        if let field, name == "mode" {
            call.arguments = []
            call.orderBy = [PlanSortKey(expression: scan(field))]
        }
        if name == "string_agg" { call.arguments.append(.constant(.text("-"), .text)) }
        return call
    }

    func value(_ rows: [[ScalarValue]]) -> ScalarValue {
        let kept = filter.map { filter in rows.filter { $0[filter.rawValue] == .boolean(true) } } ?? rows
        guard let field else { return .integer(Int64(kept.count)) }
        var values = kept.map { $0[field.rawValue] }.filter { !$0.isNull }
        if isDistinct { values = Array(Set(values)).sorted(by: isOrdered) }
        if name == "count" { return .integer(Int64(values.count)) }
        if values.isEmpty { return .null }
        let sorted = values.sorted(by: isOrdered)
        let numbers = sorted.map(Reference.number)
        switch name {
        case "sum", "avg": return total(values)
        case "min", "bool_and": return sorted[0]
        case "max", "bool_or": return sorted[sorted.count - 1]
        case "median": return .double(Reference.percentile(numbers, 0.5))
        case "mad":
            let median = Reference.percentile(numbers, 0.5)
            return .double(Reference.percentile(numbers.map { abs($0 - median) }.sorted(), 0.5))
        case "percentile_cont": return .double(Reference.percentile(numbers.reversed(), fraction ?? 0))
        case "percentile_disc":
            return sorted[max(0, Int(((fraction ?? 0) * Double(sorted.count)).rounded(.up)) - 1)]
        case "mode":
            let counts = Dictionary(sorted.map { ($0, 1) }, uniquingKeysWith: +)
            let most = counts.values.max()
            return sorted.first { counts[$0] == most } ?? .null
        case "var_samp", "stddev_pop":
            let divisor = Double(numbers.count - (name == "var_samp" ? 1 : 0))
            if divisor == 0 { return .null }
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            let variance = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / divisor
            return .double(name == "var_samp" ? variance : variance.squareRoot())
        case "string_agg":
            return .text(
                values.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: "-"))
        default: return .null
        }
    }

    private func total(_ values: [ScalarValue]) -> ScalarValue {
        if type == .double {
            let sum = values.map(Reference.number).reduce(0, +)
            return .double(name == "avg" ? sum / Double(values.count) : sum)
        }
        var sum: Int128 = 0
        var scale = 0
        for case .numeric(let unscaled, let own) in values {
            sum += unscaled
            scale = own
        }
        if name == "sum" { return .numeric(unscaled: sum, scale: scale) }
        let dividend = sum * DecimalText.powers128[(type.scale ?? 0) - scale]
        let count = Int128(values.count)
        let magnitude = (dividend.magnitude * 2 + count.magnitude) / (count.magnitude * 2)
        return .numeric(unscaled: dividend < 0 ? -Int128(magnitude) : Int128(magnitude), scale: type.scale ?? 0)
    }

    static func number(_ value: ScalarValue) -> Double {
        switch value {
        case .integer(let value): Double(value)
        case .numeric(let unscaled, let scale): Double(unscaled) / Double(DecimalText.powers128[scale])
        case .double(let value): value
        default: 0
        }
    }

    static func percentile(_ sorted: [Double], _ fraction: Double) -> Double {
        let place = fraction * Double(sorted.count - 1)
        let low = sorted[Int(place.rounded(.down))]
        let high = sorted[Int(place.rounded(.up))]
        return low == high ? low : low + (high - low) * (place - place.rounded(.down))
    }

    /// Equal, or doubles that differ by rounding alone.
    static func agree(_ left: ScalarValue, _ right: ScalarValue) -> Bool {
        if case .double(let a) = left, case .double(let b) = right { return abs(a - b) <= 1e-9 * max(1, abs(a)) }
        return left == right
    }
}
