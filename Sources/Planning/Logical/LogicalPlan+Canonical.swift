import Columns

extension LogicalPlan {
    /// The plan with its own columns numbered by first appearance, without names and positions: equal for plans that do
    /// the same.
    var canonical: LogicalPlan {
        var names: [ColumnID: ColumnID] = [:]
        collectNames(&names)
        return renamed(names).mapExpressions(\.withoutPositions).withoutNames
    }

    private func collectNames(_ names: inout [ColumnID: ColumnID]) {
        for input in inputs { input.collectNames(&names) }
        for column in definedColumns where names[column.id] == nil { names[column.id] = ColumnID(-1 - names.count) }
    }

    /// The plan with all column names empty, and aggregates without their places: neither makes a difference.
    private var withoutNames: LogicalPlan {
        mapInputs { $0.withoutNames }.withoutAggregatePositions.mapDefinedColumns {
            var column = $0
            column.name = ""
            return column
        }
    }

    /// The node with its aggregates written nowhere in particular; `mapExpressions` sees only what they are computed from.
    private var withoutAggregatePositions: LogicalPlan {
        guard case .aggregate(var node) = self else { return self }
        for index in node.aggregates.indices { node.aggregates[index].call.position = -1 }
        return .aggregate(node)
    }
}
