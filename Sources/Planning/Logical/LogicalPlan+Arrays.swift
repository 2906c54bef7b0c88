import Columns

extension LogicalPlan {
    /// The plan with arrays as the texts they are: only binding tells them apart.
    var withoutArrays: LogicalPlan {
        let inner: LogicalPlan
        if case .shared(let id, let definition, let columns) = self {
            inner = .shared(id: id, plan: definition.withoutArrays, columns: columns)
        } else if case .recursive(var node) = self {
            node.base = node.base.withoutArrays
            node.step = node.step.withoutArrays
            inner = .recursive(node)
        } else {
            inner = mapInputs { $0.withoutArrays }
        }
        let plain = inner.mapOwnExpressions { $0.withoutArrays }.mapDefinedColumns { column in
            var column = column
            column.type = column.type.withoutArrays
            return column
        }
        return plain.mapCalls { call in
            var call = call
            call.type = call.type.withoutArrays
            return call
        }
    }

    /// The node with each aggregate's call replaced.
    private func mapCalls(_ transform: (AggregateCall) -> AggregateCall) -> LogicalPlan {
        switch self {
        case .aggregate(var node):
            node.aggregates = node.aggregates.map { .init(column: $0.column, call: transform($0.call)) }
            return .aggregate(node)
        case .window(let input, let items):
            return .window(
                input,
                items.map { item in
                    var item = item
                    item.call = transform(item.call)
                    return item
                })
        default: return self
        }
    }
}

extension BoundExpression {
    /// The expression with arrays as texts; a cast that then changes nothing is left out.
    var withoutArrays: BoundExpression {
        let inner = mapOperands { $0.withoutArrays }
        switch inner {
        case .constant(let value, .array): return .constant(value, .text)
        case .column(let id, .array): return .column(id, .text)
        case .cast(let operand, .array(let element), let position):
            var source = ArrayElementType(.text)
            if case .cast(let original, _, _) = self, case .array(let own) = original.type { source = own }
            let codes = [source?.code ?? element.code, element.code].map {
                BoundExpression.constant(.integer($0), .bigint)
            }
            return .call(name: "array cast", arguments: [operand] + codes, .text, position: position)
        case .cast(let operand, .text, _) where operand.type == .text: return operand
        case .caseWhen(let branches, let otherwise, .array): return .caseWhen(branches, otherwise: otherwise, .text)
        case .coalesce(let items, .array): return .coalesce(items, .text)
        case .call(let name, let arguments, .array, let position):
            return .call(name: name, arguments: arguments, .text, position: position)
        default: return inner
        }
    }
}

extension LogicalType {
    var withoutArrays: LogicalType {
        if case .array = self { return .text }
        return self
    }
}
