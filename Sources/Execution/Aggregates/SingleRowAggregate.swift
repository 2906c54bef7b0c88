import Columns
import Planning

/// Aggregates of groups that have one row each, as those of claims have over a scan that puts out a row a claim: the value
/// itself, or whether there is one.
enum SingleRowAggregate {
    /// nil for aggregates and types that are left to states.
    static func results(of call: AggregateCall) -> (@Sendable ([Vector], Int) -> Vector)? {
        switch call.name {
        case "count":
            return { inputs, rowCount in inputs.first.map(counted) ?? .flatConstant(.integer(1), type: .bigint, count: rowCount) }
        case "sum":
            guard let argument = call.arguments.first, argument.type.scale == call.type.scale, isExact(argument.type) else {
                return nil
            }
            let type = call.type
            return { inputs, _ in widened(inputs[0].flattened(), type) }
        case "min", "max", "bool_and", "bool_or":
            guard let argument = call.arguments.first, call.type == argument.type else { return nil }
            switch argument.type {
            // A double zero of either sign comes out as one without.
            case .double, .interval, .unknown: return nil
            default: return { inputs, _ in inputs[0].flattened() }
            }
        default: return nil
        }
    }

    private static func isExact(_ type: LogicalType) -> Bool {
        switch type {
        case .integer, .bigint, .numeric: true
        default: false
        }
    }

    private static func counted(_ input: Vector) -> Vector {
        let count = input.count
        let present = input.flattened().validity.expanded(rowCount: count)
        return Vector(type: .bigint, count: count, values: .int64(present.map { Int64($0) }), validity: .allPresent)
    }

    /// The same numbers in the representation of the sum's type.
    private static func widened(_ input: Vector, _ type: LogicalType) -> Vector {
        let values: VectorValues
        switch input.values {
        case .int64(let rows): values = type.isWide ? .int128(rows.map { Int128($0) }) : .int64(rows)
        case .int128: values = input.values
        // A column of nothing but NULLs may come in another shape.
        default: return .flatConstant(.null, type: type, count: input.count)
        }
        return Vector(type: type, count: input.count, values: values, validity: input.validity)
    }
}
