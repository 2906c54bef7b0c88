import Columns

/// One operator of a plan, for a reader.
package struct PlanLine: Sendable {
    package var path: PlanPath
    /// 0 for the topmost operator.
    package var depth: Int
    /// The operator's name, and what it works on.
    package var title: String
    package var estimatedRowCount: Int?
}

/// A logical plan as indented text, one operator a line, inputs below; for EXPLAIN and golden tests.
///
/// Columns appear by name; where several columns of the plan share a name, all but the first carry a number. The same
/// plan always prints the same.
package struct PlanPrinter {
    private var names: [ColumnID: String] = [:]
    private var shown: Set<Int> = []
    private var cardinality: Cardinality?
    private var lines: [PlanLine] = []

    /// The plan's text, with a line end after each operator.
    package static func text(of plan: LogicalPlan) -> String {
        lines(of: plan).map { String(repeating: "  ", count: $0.depth) + $0.title + "\n" }.joined()
    }

    /// The plan's operators from the top, each before its inputs.
    ///
    /// - Parameter catalog: Asked for sizes of tables; without it lines have no estimates.
    package static func lines(of plan: LogicalPlan, estimatingBy catalog: (any Catalog)? = nil) -> [PlanLine] {
        var printer = PlanPrinter(plan)
        printer.cardinality = catalog.map { Cardinality.knowing(plan, catalog: $0) }
        printer.print(plan, depth: 0, path: .root)
        return printer.lines
    }

    private init(_ plan: LogicalPlan) {
        var columns: [ColumnID: String] = [:]
        PlanPrinter.collect(plan, &columns)
        var counts: [String: Int] = [:]
        for (id, name) in columns.sorted(by: { $0.key < $1.key }) {
            counts[name, default: 0] += 1
            let count = counts[name] ?? 1
            names[id] = count == 1 ? name : "\(name)#\(count)"
        }
    }

    private static func collect(_ plan: LogicalPlan, _ columns: inout [ColumnID: String]) {
        // Inputs first: a column passed on keeps the name it was born with.
        for input in plan.inputs { collect(input, &columns) }
        if case .shared(_, let definition, _) = plan { collect(definition, &columns) }
        if case .recursive(let node) = plan {
            collect(node.base, &columns)
            collect(node.step, &columns)
        }
        for column in plan.definedColumns where columns[column.id] == nil { columns[column.id] = column.name }
    }

    private var expressions: ExpressionPrinter { ExpressionPrinter(names: names) }

    private mutating func print(_ plan: LogicalPlan, depth: Int, path: PlanPath) {
        let estimate = cardinality?.rows(plan)
        let rows = estimate.flatMap { $0.isNaN ? nil : Int(min($0.rounded(.up), 1e15)) }
        lines.append(PlanLine(path: path, depth: depth, title: title(plan), estimatedRowCount: rows))
        if case .shared(let id, let definition, _) = plan {
            // The definition stands at its first reading.
            if shown.insert(id).inserted { print(definition, depth: depth + 1, path: .shared(id)) }
            return
        }
        if case .recursive(let node) = plan {
            print(node.base, depth: depth + 1, path: path.input(0))
            print(node.step, depth: depth + 1, path: path.input(1))
            return
        }
        for (index, input) in plan.inputs.enumerated() { print(input, depth: depth + 1, path: path.input(index)) }
    }

    private func list(_ columns: [PlanColumn]) -> String {
        columns.map { names[$0.id] ?? $0.name }.joined(separator: ", ")
    }

    private func list(_ items: [BoundExpression]) -> String { items.map(expressions.text).joined(separator: ", ") }

    private func title(_ plan: LogicalPlan) -> String {
        switch plan {
        case .scan(let node):
            let name = node.fold == nil ? "Scan" : "FoldingScan"
            let columns = scanned(node)
            if node.filters.isEmpty { return "\(name) \(node.table) [\(columns)]" }
            return
                "\(name) \(node.table) [\(columns)] where \(node.filters.map(expressions.conjunct).joined(separator: " AND "))"
        case .values(let columns, let rows): return values(columns, rows)
        case .filter(_, let condition): return "Filter \(expressions.text(condition))"
        case .project(_, let items): return "Project [\(items.map(item).joined(separator: ", "))]"
        case .aggregate(let node): return aggregate(node)
        case .window(_, let items): return "Window [\(items.map(window).joined(separator: ", "))]"
        case .join(let node): return join(node)
        case .sort(_, let keys): return "Sort [\(keys.map(expressions.sortKey).joined(separator: ", "))]"
        case .limit(let input, let limit, let offset):
            var parts: [String] = []
            if let limit { parts.append(String(limit)) }
            if offset > 0 { parts.append("offset \(offset)") }
            if case .sort = input { return "Top \(parts.joined(separator: " "))" }
            return "Limit \(parts.joined(separator: " "))"
        case .distinctOn(_, let keys): return "DistinctOn [\(list(keys))]"
        case .setOperation(let node):
            let name = node.kind == .union ? "Union" : (node.kind == .intersect ? "Intersect" : "Except")
            return "\(name)\(node.isAll ? "All" : "") [\(list(node.columns))]"
        case .expand(let node):
            var calls = node.calls.map { "\(names[$0.column.id] ?? "?") := \($0.name)(\(list($0.arguments)))" }
            if let ordinality = node.ordinality { calls.append("\(names[ordinality.id] ?? "?") := ordinality") }
            return "Expand [\(calls.joined(separator: ", "))]"
        case .recursive(let node): return "Recursive\(node.isAll ? "All" : "") \(node.name) [\(list(node.columns))]"
        case .working(_, let columns): return "Working [\(list(columns))]"
        case .shared(let id, _, let columns): return "Shared \(id) [\(list(columns))]"
        }
    }

    private func scanned(_ node: TableScanNode) -> String {
        (node.fold == nil ? node.columns.map(\.column) : node.output).map { column in
            let name = names[column.id] ?? column.name
            if node.fold?.sums.contains(column.id) == true { return "\(name) := sum(\(name))" }
            return column.id == node.fold?.rowCount?.id ? "\(name) := count(*)" : name
        }.joined(separator: ", ")
    }

    private func values(_ columns: [PlanColumn], _ rows: [[BoundExpression]]) -> String {
        if columns.isEmpty { return "Values (\(rows.count) row\(rows.count == 1 ? "" : "s"))" }
        if rows.isEmpty || rows.count > 4 { return "Values [\(list(columns))] (\(rows.count) rows)" }
        return "Values [\(list(columns))] " + rows.map { "(\(list($0)))" }.joined(separator: ", ")
    }

    private func item(_ item: ProjectedColumn) -> String {
        let value = expressions.text(item.expression)
        let name = names[item.column.id] ?? item.column.name
        return value == name ? name : "\(name) := \(value)"
    }

    private func aggregate(_ node: AggregateNode) -> String {
        var parts: [String] = []
        if !node.groups.isEmpty { parts.append("by \(node.groups.map(item).joined(separator: ", "))") }
        if node.groupingSets.count > 1 {
            let sets = node.groupingSets.map { set in
                "(" + set.map { names[node.groups[$0].column.id] ?? "?" }.joined(separator: ", ") + ")"
            }
            parts.append("sets \(sets.joined(separator: " "))")
        }
        var calls = node.aggregates.map { "\(names[$0.column.id] ?? "?") := \(expressions.call($0.call))" }
        calls += node.groupingColumns.map { column in
            let arguments = column.groups.map { names[node.groups[$0].column.id] ?? "?" }.joined(separator: ", ")
            return "\(names[column.column.id] ?? "?") := grouping(\(arguments))"
        }
        if !calls.isEmpty { parts.append("[\(calls.joined(separator: ", "))]") }
        return (["Aggregate"] + parts).joined(separator: " ")
    }

    private func window(_ item: WindowColumn) -> String {
        var parts: [String] = []
        if !item.partitionBy.isEmpty { parts.append("partition by \(list(item.partitionBy))") }
        if !item.orderBy.isEmpty {
            parts.append("order by \(item.orderBy.map(expressions.sortKey).joined(separator: ", "))")
        }
        if item.frame != WindowFrame() { parts.append(expressions.frame(item.frame)) }
        let name = names[item.column.id] ?? item.column.name
        let limit = item.placeLimit.map { ", first \($0)" } ?? ""
        return "\(name) := \(expressions.call(item.call)) over (\(parts.joined(separator: " ")))\(limit)"
    }

    private func join(_ node: JoinNode) -> String {
        let kind: String =
            switch node.kind {
            case .inner: "InnerJoin"
            case .left: "LeftJoin"
            case .right: "RightJoin"
            case .full: "FullJoin"
            case .cross: "CrossJoin"
            case .semi: "SemiJoin"
            case .anti: "AntiJoin"
            case .mark(let column): "MarkJoin \(names[column.id] ?? "mark")"
            case .single: "SingleJoin"
            }
        var text = kind
        if !node.keys.isEmpty {
            text += " on " + node.keys.map { expressions.conjunct($0.condition) }.joined(separator: " AND ")
        }
        if let residual = node.residual { text += " if \(expressions.text(residual))" }
        return text
    }
}
