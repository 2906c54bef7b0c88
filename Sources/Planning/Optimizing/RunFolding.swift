import Columns

/// Lets a scan put out one row for each run of stored rows (each claim, not each of its lines) below an aggregation that asks
/// for no more: rows are counted and numbers summed within each run already, from what the store keeps of whole runs where it
/// can.
///
/// Holds because counts and sums of a group are those of the parts of its runs, and everything else that is asked for
/// (groups, conditions, join keys, other aggregates) has one value in a run. Where a segment turns out to be stored
/// otherwise, the scan puts out its rows as they are, each as a run of one.
enum RunFolding {
    static let name = "RunFolding"

    static func fold(_ parts: inout PlanParts, catalog: any Catalog, numbering: ColumnNumbering) -> Bool {
        let folding = Folding(catalog: catalog, numbering: numbering)
        let before = parts.main
        parts.main = folding.folded(parts.main)
        var hasChanged = parts.main != before
        for (id, definition) in parts.definitions {
            let folded = folding.folded(definition)
            if folded != definition { hasChanged = true }
            parts.definitions[id] = folded
        }
        return hasChanged
    }
}

private struct Folding {
    let catalog: any Catalog
    let numbering: ColumnNumbering

    /// What a plan over a scan passes on of the columns that differ within runs.
    private struct Lines {
        /// Columns, by their present identity, with the scan's own.
        var columns: [ColumnID: ColumnID]
        /// The columns that cannot be NULL, by their present identity.
        var required: Set<ColumnID>
        /// Columns that are read on the way, and those handed to the top.
        var used: Set<ColumnID> = []
    }

    func folded(_ plan: LogicalPlan) -> LogicalPlan {
        let plan = plan.mapInputs(folded)
        guard case .aggregate(let node) = plan else { return plan }
        return aggregate(node) ?? besideKnown(node) ?? plan
    }

    /// Extremes and counts of all rows of a table beside other aggregates that can be folded: what zone maps tell of them is then told
    /// without reading the rows that the others do not need.
    private func besideKnown(_ node: AggregateNode) -> LogicalPlan? {
        guard node.groups.isEmpty, node.groupingSets == [[]], node.groupingColumns.isEmpty, case .scan(let scan) = node.input,
            scan.filters.isEmpty, scan.fold == nil
        else { return nil }
        var known = part(node, scan) { Folding.isKnown($0.call) }
        let others = part(node, scan) { !Folding.isKnown($0.call) }
        guard !known.node.aggregates.isEmpty, !others.node.aggregates.isEmpty, let folded = aggregate(others.node) else { return nil }
        // Columns of its own: the same table is read at two places.
        var replacements: [ColumnID: BoundExpression] = [:]
        for index in known.scan.columns.indices {
            let column = known.scan.columns[index].column
            known.scan.columns[index].column = numbering.column(column.name, column.type)
            replacements[column.id] = known.scan.columns[index].column.reference
        }
        known.node.input = .scan(known.scan)
        for index in known.node.aggregates.indices {
            known.node.aggregates[index].call.arguments = known.node.aggregates[index].call.arguments.map { $0.replacing(replacements) }
        }
        let join = LogicalPlan.join(JoinNode(kind: .cross, left: .aggregate(known.node), right: folded, keys: []))
        return .project(join, LogicalPlan.aggregate(node).columns.map { ProjectedColumn(column: $0, expression: $0.reference) })
    }

    /// The aggregation with some of its aggregates, over the columns that they read.
    private func part(
        _ node: AggregateNode, _ scan: TableScanNode, _ isKept: (AggregateNode.AggregateColumn) -> Bool
    ) -> (node: AggregateNode, scan: TableScanNode) {
        var (part, scan) = (node, scan)
        part.aggregates = node.aggregates.filter(isKept)
        let asked = Set(part.aggregates.flatMap { $0.call.inputs.flatMap(\.columnIDs) })
        scan.columns.removeAll { !asked.contains($0.column.id) }
        part.input = .scan(scan)
        return (part, scan)
    }

    /// Whether a call asks for the smallest or largest value of a column that zone maps have exactly, or how many there are.
    private static func isKnown(_ call: AggregateCall) -> Bool {
        guard !call.isDistinct, call.filter == nil, call.orderBy.isEmpty, call.arguments.count == 1, case .column(_, let type) = call.arguments[0]
        else { return false }
        if call.name == "count" { return true }
        guard call.name == "min" || call.name == "max", call.type == type else { return false }
        switch type {
        case .integer, .bigint, .numeric, .date, .timestamp: return true
        default: return false
        }
    }

    private func aggregate(_ node: AggregateNode) -> LogicalPlan? {
        guard let lines = lines(of: node.input) else { return nil }
        guard node.groups.allSatisfy({ isFree($0.expression, lines) }) else { return nil }
        let count = numbering.column("run_rows", .integer)
        var calls: [AggregateNode.AggregateColumn] = []
        // Counts that may meet no row at all.
        var open: [ColumnID: PlanColumn] = [:]
        var sums: Set<ColumnID> = []
        for aggregate in node.aggregates {
            guard let call = foldedCall(aggregate.call, lines, count, &sums) else { return nil }
            var column = aggregate.column
            if aggregate.call.name == "count", call.name == "sum",
                call.filter != nil || node.groupingSets.contains(where: { $0.isEmpty })
            {
                column = numbering.column(column.name, column.type)
                open[aggregate.column.id] = column
            }
            calls.append(.init(column: column, call: call))
        }
        let readsCount = calls.contains { $0.call.arguments.last == count.reference }
        guard readsCount || !sums.isEmpty || !node.groups.isEmpty else { return nil }
        var used = lines.used
        for group in node.groups { group.expression.collectColumnIDs(into: &used) }
        for aggregate in calls {
            for argument in aggregate.call.arguments { argument.collectColumnIDs(into: &used) }
            aggregate.call.filter?.collectColumnIDs(into: &used)
        }
        guard let input = build(node.input, lines, used, sums: sums, count: readsCount ? count : nil) else { return nil }
        var folded = node
        folded.input = input
        folded.aggregates = calls
        guard !open.isEmpty else { return .aggregate(folded) }
        return .project(
            .aggregate(folded),
            LogicalPlan.aggregate(node).columns.map { column in
                let value =
                    open[column.id].map {
                        BoundExpression.coalesce([$0.reference, .constant(.integer(0), .bigint)], .bigint)
                    } ?? column.reference
                return ProjectedColumn(column: column, expression: value)
            })
    }

    // MARK: What may be folded

    /// The columns that differ within runs of a plan whose rows are those of one scan; nil if it may not be folded.
    private func lines(of plan: LogicalPlan) -> Lines? {
        switch plan {
        case .scan(let node): return lines(of: node)
        case .filter(let input, let condition):
            guard var lines = lines(of: input), isFree(condition, lines) else { return nil }
            condition.collectColumnIDs(into: &lines.used)
            return lines
        case .project(let input, let items):
            guard let inner = lines(of: input) else { return nil }
            var lines = Lines(columns: [:], required: [], used: inner.used)
            for item in items {
                if case .column(let id, _) = item.expression, inner.required.contains(id) {
                    lines.required.insert(item.column.id)
                }
                if case .column(let id, _) = item.expression, let own = inner.columns[id] {
                    lines.columns[item.column.id] = own
                } else if isFree(item.expression, inner) {
                    item.expression.collectColumnIDs(into: &lines.used)
                } else {
                    return nil
                }
            }
            return lines
        case .join(let node):
            guard var (_, lines) = foldable(node) else { return nil }
            for condition in node.conditions {
                guard isFree(condition, lines) else { return nil }
                condition.collectColumnIDs(into: &lines.used)
            }
            return lines
        default: return nil
        }
    }

    private func lines(of node: TableScanNode) -> Lines? {
        // Rows of which nothing is read are counted without reading.
        guard node.fold == nil, !node.columns.isEmpty, let table = catalog.table(named: node.table), table.meanRunLength >= 1.5
        else { return nil }
        var lines = Lines(columns: [:], required: [])
        for column in node.columns {
            let isGrouped = column.fieldIndex < table.groupedFields.count && table.groupedFields[column.fieldIndex]
            if !isGrouped { lines.columns[column.column.id] = column.column.id }
            if !table.schema.fields[column.fieldIndex].isNullable { lines.required.insert(column.column.id) }
        }
        return lines
    }

    private enum Side { case left, right }

    /// The side whose rows a join keeps or repeats, and never makes up, if it may be folded.
    private func foldable(_ node: JoinNode) -> (side: Side, lines: Lines)? {
        switch node.kind {
        case .semi, .anti, .mark, .single, .left: return lines(of: node.left).map { (side: .left, lines: $0) }
        case .inner, .cross:
            return lines(of: node.left).map { (side: .left, lines: $0) } ?? lines(of: node.right).map { (side: .right, lines: $0) }
        case .right, .full: return nil
        }
    }

    private func isFree(_ expression: BoundExpression, _ lines: Lines) -> Bool {
        !expression.columnIDs.contains { lines.columns[$0] != nil }
    }

    /// The call over runs; nil if it asks for single lines.
    private func foldedCall(
        _ call: AggregateCall, _ lines: Lines, _ count: PlanColumn, _ sums: inout Set<ColumnID>
    ) -> AggregateCall? {
        guard call.orderBy.isEmpty, call.filter.map({ isFree($0, lines) }) ?? true else { return nil }
        let areFree = call.arguments.allSatisfy { isFree($0, lines) }
        if call.isDistinct { return areFree ? call : nil }
        switch call.name {
        case "min", "max", "bool_and", "bool_or", "approx_count_distinct": return areFree ? call : nil
        case "count":
            var folded = AggregateCall(
                name: "sum", arguments: [count.reference], filter: call.filter, type: .bigint, position: call.position)
            guard let argument = call.arguments.first else { return folded }
            switch argument {
            case .column(let id, _) where lines.required.contains(id): return folded
            case .constant(let value, _) where !value.isNull: return folded
            default: break
            }
            guard areFree else { return nil }
            let isPresent = BoundExpression.isNull(argument, negated: true)
            folded.filter = call.filter.map { .and([$0, isPresent]) } ?? isPresent
            return folded
        case "sum":
            guard let argument = call.arguments.first, !areFree, isSum(argument, lines) else { return nil }
            sums.formUnion(argument.columnIDs.compactMap { lines.columns[$0] })
            return call
        case "avg":
            // The average of all lines: their sums, and how many they are. Such an average takes both.
            guard case .column(let id, _)? = call.arguments.first, call.arguments.count == 1, !areFree, lines.required.contains(id),
                isSum(call.arguments[0], lines), let own = lines.columns[id]
            else { return nil }
            sums.insert(own)
            var folded = call
            folded.arguments.append(count.reference)
            return folded
        default: return nil
        }
    }

    /// Whether an expression of a run's sums is the sum of the expression over its lines.
    private func isSum(_ expression: BoundExpression, _ lines: Lines) -> Bool {
        switch expression {
        case .column(let id, .numeric(let precision, _)): lines.columns[id] != nil && precision <= 18
        case .negate(let inner, _, _): isSum(inner, lines)
        case .arithmetic(.multiply, let left, let right, .numeric, _):
            isSum(left, lines) && isFactor(right) || isSum(right, lines) && isFactor(left)
        case .caseWhen(let branches, let otherwise, _):
            branches.allSatisfy { isFree($0.condition, lines) && isSumOrZero($0.result, lines) }
                && isSumOrZero(otherwise, lines)
        case .coalesce(let items, _):
            items.count == 2 && isSum(items[0], lines) && isZero(items[1])
        default: false
        }
    }

    private func isSumOrZero(_ expression: BoundExpression, _ lines: Lines) -> Bool {
        isZero(expression) || isSum(expression, lines)
    }

    /// A number of few digits: a product with it is exact, and fits wherever that of one line does.
    private func isFactor(_ expression: BoundExpression) -> Bool {
        switch expression {
        case .constant(.integer(let value), _): value.magnitude < 1_000_000_000
        case .constant(.numeric(let unscaled, let scale), _): unscaled.magnitude < 1_000_000_000 && scale <= 9
        default: false
        }
    }

    private func isZero(_ expression: BoundExpression) -> Bool {
        switch expression {
        case .constant(.null, _), .constant(.integer(0), _): true
        case .constant(.numeric(let unscaled, _), _): unscaled == 0
        default: false
        }
    }

    // MARK: The folded plan

    private func build(
        _ plan: LogicalPlan, _ lines: Lines, _ used: Set<ColumnID>, sums: Set<ColumnID>, count: PlanColumn?
    ) -> LogicalPlan? {
        switch plan {
        case .scan(var node):
            let own = self.lines(of: node)?.columns ?? [:]
            let keys = node.columns.map(\.column.id).filter { own[$0] == nil && used.contains($0) }
            node.fold = ScanFold(keys: Set(keys), sums: sums, rowCount: count)
            node.filterOnly = []
            return .scan(node)
        case .filter(let input, let condition):
            return build(input, lines, used, sums: sums, count: count).map { .filter($0, condition) }
        case .project(let input, let items):
            guard let inner = build(input, lines, used, sums: sums, count: count) else { return nil }
            // What nobody reads above may not be there any more.
            let known = Set(inner.columns.map(\.id))
            var kept = items.filter { $0.expression.columnIDs.isSubset(of: known) }
            if let count { kept.append(ProjectedColumn(column: count, expression: count.reference)) }
            return .project(inner, kept)
        case .join(var node):
            guard let (side, _) = foldable(node) else { return nil }
            let child = side == .left ? node.left : node.right
            guard let inner = build(child, lines, used, sums: sums, count: count) else { return nil }
            if side == .left { node.left = inner } else { node.right = inner }
            return .join(node)
        default: return nil
        }
    }
}
