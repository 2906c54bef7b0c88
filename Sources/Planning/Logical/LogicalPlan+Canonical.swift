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
        if case .recursive(let node) = self, node.isDependent {
            node.base.collectNames(&names)
            node.step.collectNames(&names)
        }
        for input in inputs { input.collectNames(&names) }
        for column in definedColumns where names[column.id] == nil { names[column.id] = ColumnID(-1 - names.count) }
    }

    /// The plan with all column names empty, and calls without their places: neither makes a difference.
    private var withoutNames: LogicalPlan {
        var plan = mapInputs { $0.withoutNames }
        if case .recursive(var node) = self, node.isDependent {
            node.base = node.base.withoutNames
            node.step = node.step.withoutNames.reading(working: node.id, as: 0)
            (node.id, node.name, node.position) = (0, "", -1)
            plan = .recursive(node)
        }
        return plan.withoutCallPositions.mapDefinedColumns {
            var column = $0
            column.name = ""
            return column
        }
    }

    /// The plan with what it reads of a recursive query's step before under another number.
    private func reading(working id: Int, as newID: Int) -> LogicalPlan {
        if case .working(id, let columns) = self { return .working(id: newID, columns: columns) }
        return mapInputs { $0.reading(working: id, as: newID) }
    }

    /// The node with its calls written nowhere in particular; `mapExpressions` sees only what they are computed from.
    private var withoutCallPositions: LogicalPlan {
        switch self {
        case .aggregate(var node):
            for index in node.aggregates.indices { node.aggregates[index].call.position = -1 }
            return .aggregate(node)
        case .expand(var node):
            for index in node.calls.indices { node.calls[index].position = -1 }
            return .expand(node)
        case .window(let input, var items):
            for index in items.indices { items[index].call.position = -1 }
            return .window(input, items)
        default: return self
        }
    }
}
