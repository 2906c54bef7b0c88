import Columns

/// Which expressions may fail on some row: they are not moved to rows that a join or filter would have kept from them.
enum ErrorRisk {
    static func mayFail(_ expression: BoundExpression) -> Bool {
        expression.contains { part in
            switch part {
            case .arithmetic(.divide, _, let right, _, _), .arithmetic(.modulo, _, let right, _, _):
                return !isNonZeroConstant(right)
            case .cast(let operand, let type, _): return operand.type == .text && type != .text
            case .call(let name, let arguments, _, _):
                return FunctionRisk(name, constants: arguments.map(\.constantValue)) == .ofArguments
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
