import Columns

extension LogicalPlan {
    /// The plan with instants and times of day as the timestamps they are: only binding tells them apart.
    var withoutMoments: LogicalPlan {
        retyped({ $0.withoutMoments }, inputs: { $0.withoutMoments }, expressions: { $0.withoutMoments })
    }
}

extension BoundExpression {
    /// The expression over timestamps; a cast that then changes nothing is left out.
    fileprivate var withoutMoments: BoundExpression {
        switch mapOperands({ $0.withoutMoments }) {
        case .constant(let value, .moment): return .constant(value, .timestamp)
        case .column(let id, .moment): return .column(id, .timestamp)
        case .cast(let operand, let type, let position):
            return operand.type == type.withoutMoments
                ? operand : .cast(operand, to: type.withoutMoments, position: position)
        case .caseWhen(let branches, let otherwise, .moment):
            return .caseWhen(branches, otherwise: otherwise, .timestamp)
        case .coalesce(let items, .moment): return .coalesce(items, .timestamp)
        case .call(let name, let arguments, .moment, let position):
            return .call(name: name, arguments: arguments, .timestamp, position: position)
        case let plain: return plain
        }
    }
}

extension LogicalType {
    fileprivate var withoutMoments: LogicalType {
        if case .moment = self { return .timestamp }
        return self
    }
}
