import Columns

extension LogicalPlan {
    /// The plan with arrays as the texts they are: only binding tells them apart.
    var withoutArrays: LogicalPlan {
        groupingEqualArrays.retyped({ $0.withoutArrays }, inputs: { $0.withoutArrays }, expressions: { $0.withoutArrays })
    }

    /// The node with arrays that are equal made the same text where rows are told apart by it.
    private var groupingEqualArrays: LogicalPlan {
        func prepared(_ input: LogicalPlan) -> LogicalPlan {
            let items = input.columns.map { ProjectedColumn(column: $0, expression: $0.reference.groupedArray) }
            if items.allSatisfy({ $0.expression == $0.column.reference }) { return input }
            // Columns keep their names: nothing but the operation above, which goes by their order, reads them.
            return .project(input, items)
        }
        switch self {
        case .aggregate(var node):
            node.groups = node.groups.map { .init(column: $0.column, expression: $0.expression.groupedArray) }
            for index in node.aggregates.indices where node.aggregates[index].call.isDistinct {
                node.aggregates[index].call.arguments = node.aggregates[index].call.arguments.map(\.groupedArray)
            }
            return .aggregate(node)
        case .window(let input, var items):
            for index in items.indices { items[index].partitionBy = items[index].partitionBy.map(\.groupedArray) }
            return .window(input, items)
        case .setOperation(var node) where node.kind != .union || !node.isAll:
            node.left = prepared(node.left)
            node.right = prepared(node.right)
            return .setOperation(node)
        case .recursive(var node) where !node.isAll:
            node.base = prepared(node.base)
            node.step = prepared(node.step)
            return .recursive(node)
        default: return self
        }
    }

    /// The node with each aggregate's call replaced.
    func mapCalls(_ transform: (AggregateCall) -> AggregateCall) -> LogicalPlan {
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

extension BoundExpression {
    /// An array whose text is the same for all arrays equal to it; any other expression is itself. Of intervals there is no
    /// such text: rows are not told apart by them, as by single ones.
    fileprivate var groupedArray: BoundExpression {
        guard case .array(let element) = type else { return self }
        switch element.kind {
        case .double: return .call(name: "array grouped", arguments: [self], type, position: -1)
        case .interval: return .call(name: "interval array grouped", arguments: [self], type, position: -1)
        default: return self
        }
    }
}

extension LogicalType {
    var withoutArrays: LogicalType {
        if case .array = self { return .text }
        return self
    }
}
