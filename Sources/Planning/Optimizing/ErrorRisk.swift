import Columns

/// Which expressions may fail on some row: they are not moved to rows that a join or filter would have kept from them.
enum ErrorRisk {
    private static let functions: Set<String> = [
        "ln", "log", "log10", "sqrt", "power", "exp", "div", "to_date", "to_timestamp", "make_date", "make_timestamp",
        "chr",
        "repeat", "asin", "acos", "to_number", "date_bin", "width_bucket", "width_bucket numeric", "format", "to_timestamp number",
        "to_char number", "justify_days", "justify_hours", "justify_interval", "array cast", "trim_array", "round double",
    ]

    static func mayFail(_ expression: BoundExpression) -> Bool {
        expression.contains { part in
            switch part {
            case .arithmetic(.divide, _, let right, _, _), .arithmetic(.modulo, _, let right, _, _):
                return !isNonZeroConstant(right)
            case .cast(let operand, let type, _): return operand.type == .text && type != .text
            case .call(let name, let arguments, _, _):
                // A written pattern alone has been read; flags and numbers may be wrong in a row.
                if name.hasPrefix("regexp_") || name == "substring pattern" {
                    return arguments.count != 2 || !arguments[1].isConstant
                }
                return functions.contains(name)
            default: return false
            }
        }
    }

    private static func isNonZeroConstant(_ expression: BoundExpression) -> Bool {
        switch expression.constantValue {
        case .integer(let value)?: value != 0
        case .numeric(let value, _)?: value != 0
        case .double(let value)?: value != 0
        default: false
        }
    }
}
