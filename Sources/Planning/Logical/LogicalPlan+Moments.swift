import Columns

extension LogicalPlan {
    /// The plan with instants and times of day as the timestamps they are: only binding tells them apart.
    var withoutMoments: LogicalPlan {
        let inner: LogicalPlan
        if case .shared(let id, let definition, let columns) = self {
            inner = .shared(id: id, plan: definition.withoutMoments, columns: columns)
        } else if case .recursive(var node) = self {
            node.base = node.base.withoutMoments
            node.step = node.step.withoutMoments
            inner = .recursive(node)
        } else {
            inner = mapInputs { $0.withoutMoments }
        }
        let plain = inner.mapOwnExpressions { $0.withoutMoments }.mapDefinedColumns { column in
            var column = column
            column.type = column.type.withoutMoments
            return column
        }
        return plain.mapCalls { call in
            var call = call
            call.type = call.type.withoutMoments
            return call
        }
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
