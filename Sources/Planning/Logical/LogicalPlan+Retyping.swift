import Columns

extension LogicalPlan {
    /// The plan with other types for its columns and calls.
    ///
    /// - Parameters:
    ///   - type: The new type for an old one.
    ///   - inputs: What becomes of plans below, those that are read from elsewhere and steps of recursive queries among them.
    ///   - expressions: What becomes of the node's own expressions.
    func retyped(
        _ type: (LogicalType) -> LogicalType, inputs: (LogicalPlan) -> LogicalPlan,
        expressions: (BoundExpression) -> BoundExpression
    ) -> LogicalPlan {
        let inner: LogicalPlan
        if case .shared(let id, let definition, let columns) = self {
            inner = .shared(id: id, plan: inputs(definition), columns: columns)
        } else if case .recursive(var node) = self {
            node.base = inputs(node.base)
            node.step = inputs(node.step)
            inner = .recursive(node)
        } else {
            inner = mapInputs(inputs)
        }
        let plain = inner.mapOwnExpressions(expressions).mapDefinedColumns { column in
            var column = column
            column.type = type(column.type)
            return column
        }
        return plain.mapCalls { call in
            var call = call
            call.type = type(call.type)
            return call
        }
    }
}
