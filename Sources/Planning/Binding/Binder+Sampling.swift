import Columns
import SQL

/// `tablesample`.
extension Binder {
    /// The rows of a table of which a hash of their number in it and of the seed says so.
    ///
    /// The same rows each time, also without a seed: answers must be repeatable.
    func sampled(_ item: FromItem, _ sample: TableSample?, _ scope: Scope) throws(PlanningError) -> FromItem {
        guard let sample else { return item }
        let context = BindContext(Scope(parent: nil, tables: nil), .functionInFrom)
        func number(_ expression: Expression, _ missing: String) throws(PlanningError) -> Double {
            let value = try coerce(try bind(expression, context), to: .double, at: expression.position)
            switch ConstantFolding.fold(value).constantValue {
            case .double(let number)?: return number
            case .null?: throw PlanningError(missing, at: expression.position)
            default: throw .unsupported("TABLESAMPLE with a parameter that is no constant", at: expression.position)
            }
        }
        let percentage = try number(sample.percentage, "TABLESAMPLE parameter cannot be null")
        guard percentage >= 0, percentage <= 100 else {
            throw PlanningError("sample percentage must be between 0 and 100", at: sample.percentage.position)
        }
        let seed =
            try sample.seed.map { (seed) throws(PlanningError) in
                try number(seed, "TABLESAMPLE REPEATABLE parameter cannot be null")
            } ?? 0
        let place = numbering.column("row", .bigint)
        let call = AggregateCall(name: "row_number", arguments: [], type: .bigint, position: sample.position)
        let window = WindowColumn(column: place, call: call, partitionBy: [], orderBy: [], frame: WindowFrame())
        let condition = BoundExpression.call(
            name: "sampled row",
            arguments: [
                place.reference, .constant(.double(percentage), .double), .constant(.double(seed), .double),
                .constant(.boolean(sample.method == .system), .boolean),
            ], .boolean, position: sample.position)
        var item = item
        let columns = item.plan.columns
        item.plan = .project(
            .filter(.window(item.plan, [window]), condition),
            columns.map { ProjectedColumn(column: $0, expression: $0.reference) })
        return item
    }
}
