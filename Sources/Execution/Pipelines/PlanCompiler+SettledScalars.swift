import Columns
import Planning

/// Conditions with subqueries of one row, as `amount > (select avg(amount) from claims)`: the subquery runs first, and the scan
/// below is then asked with its value, as if it stood in the statement. Zone maps can skip segments for it, and columns are read
/// where rows are left. The condition itself stays where it was.
extension PlanCompiler {
    /// - Parameters:
    ///   - condition: What the rows of `input` must meet.
    ///   - path: The place of `input`.
    func settleScalars(of condition: BoundExpression, above input: LogicalPlan, at path: PlanPath) throws(ExecutionError) {
        var rights: [(node: JoinNode, path: PlanPath)] = []
        var (plan, place) = (input, path)
        while case .join(let node) = plan, node.kind == .single, node.keys.isEmpty, node.residual == nil {
            rights.append((node, place.input(1)))
            (plan, place) = (node.left, place.input(0))
        }
        let scans = PlanCompiler.scans(of: plan, at: place)
        let rightIDs = Set(rights.flatMap { $0.node.right.columns.map(\.id) })
        guard !rights.isEmpty, !scans.isEmpty else { return }
        let asked = condition.conjuncts.filter { part in
            guard case .comparison = part, !part.hasOuterColumns, !part.hasSubquery else { return false }
            return !part.columnIDs.isDisjoint(with: rightIDs)
        }
        if asked.isEmpty { return }
        var values: [ColumnID: BoundExpression] = [:]
        // Innermost first: that is the order in which they are run otherwise.
        for right in rights.reversed() {
            let rows = try pipeline(right.node.right, at: right.path).materialized(context)
            settle(rows.pipeline, at: right.path)
            guard rows.rowCount == 1 else { return }
            let row = rows.concatenated()
            for (index, column) in right.node.right.columns.enumerated() {
                values[column.id] = .constant(row.columns[index].scalar(at: 0), column.type)
            }
        }
        for part in asked {
            guard let settled = PlanCompiler.settled(part, values) else { continue }
            let ids = settled.columnIDs
            for scan in scans where !ids.isEmpty && ids.isSubset(of: scan.ids) { narrow(scan.path, by: settled) }
        }
    }

    /// Scans of which a condition above may be asked: each row above has the scan's values as they are, and rows that are left out
    /// there change no other row.
    private static func scans(of plan: LogicalPlan, at path: PlanPath) -> [(path: PlanPath, ids: Set<ColumnID>)] {
        switch plan {
        case .scan(let node): node.fold == nil ? [(path, Set(node.columns.map(\.column.id)))] : []
        case .filter(let input, _), .project(let input, _): scans(of: input, at: path.input(0))
        case .join(let node):
            switch node.kind {
            case .inner, .cross: scans(of: node.left, at: path.input(0)) + scans(of: node.right, at: path.input(1))
            case .left, .semi, .anti, .mark, .single: scans(of: node.left, at: path.input(0))
            case .right: scans(of: node.right, at: path.input(1))
            case .full: []
            }
        default: []
        }
    }

    /// A comparison of a column with a value, which nothing can go wrong in; nil for anything else.
    private static func settled(_ part: BoundExpression, _ values: [ColumnID: BoundExpression]) -> BoundExpression? {
        guard case .comparison(let comparison, let left, let right) = part else { return nil }
        if let column = column(left), let value = constant(right, values) { return .comparison(comparison, column, value) }
        if let column = column(right), let value = constant(left, values) { return .comparison(comparison, value, column) }
        return nil
    }

    /// A column, or one brought to a scale in which it has all its digits: then it compares as it is.
    private static func column(_ expression: BoundExpression) -> BoundExpression? {
        switch expression {
        case .column: return expression
        case .cast(let operand, let type, _):
            guard case .numeric(_, let own) = operand.type, case .numeric(_, let new) = type, own <= new else { return nil }
            return column(operand)
        default: return nil
        }
    }

    /// The value of an expression over rows of subqueries alone. An error in it is left to the condition, which will meet it.
    private static func constant(_ expression: BoundExpression, _ values: [ColumnID: BoundExpression]) -> BoundExpression? {
        guard expression.columnIDs.isSubset(of: values.keys) else { return nil }
        func replaced(_ part: BoundExpression) -> BoundExpression {
            if case .column(let id, _) = part { return values[id] ?? part }
            return part.mapOperands(replaced)
        }
        let known = replaced(expression)
        if case .constant(let value, _) = known { return value.isNull ? nil : known }
        var state = ExpressionState()
        guard let program = try? ExpressionProgram(known, columns: [:]),
            let vector = try? program.evaluate(Batch(columns: [], rowCount: 1), &state)
        else { return nil }
        let value = vector.scalar(at: 0)
        return value.isNull ? nil : .constant(value, expression.type)
    }
}
