import Columns
import Diagnostics
import SQL

/// Functions in FROM: `generate_series` of constants, and those the catalog knows.
extension Binder {
    private static let seriesLimit = 1_000_000

    func bindFunction(_ function: FunctionTable, _ scope: Scope) throws(PlanningError) -> FromItem {
        let name = function.call.name.last ?? ""
        if function.withOrdinality { throw .unsupported("WITH ORDINALITY", at: function.position) }
        var arguments: [BoundExpression] = []
        for argument in function.call.arguments {
            if argument.name != nil { throw .unsupported("a named argument", at: argument.value.position) }
            let bound = try bind(argument.value, BindContext(Scope(parent: nil, tables: nil), .functionInFrom))
            arguments.append(ConstantFolding.fold(bound))
        }
        let plan: LogicalPlan
        if name == "generate_series" {
            plan = try series(function, arguments)
        } else {
            plan = try catalogFunction(name, function, arguments)
        }
        var columns = plan.columns
        // A function with one column lends it its alias.
        if name == "generate_series", let alias = function.alias { columns[0].name = alias.columns.first ?? alias.name }
        var names = columns.map(ScopeColumn.init)
        for (index, newName) in (function.alias?.columns ?? []).enumerated() {
            guard index < names.count else {
                throw PlanningError(
                    "table \"\(function.alias?.name ?? name)\" has \(names.count) columns available but \(function.alias?.columns.count ?? 0) columns specified",
                    at: function.position)
            }
            names[index].name = newName
        }
        let relation = ScopeRelation(alias: function.alias?.name ?? name, columns: names, position: function.position)
        return FromItem(plan: plan, relations: [relation], visible: names)
    }

    private func catalogFunction(
        _ name: String, _ function: FunctionTable, _ arguments: [BoundExpression]
    ) throws(PlanningError) -> LogicalPlan {
        var values: [ScalarValue] = []
        for argument in arguments {
            guard let value = argument.constantValue else {
                throw .unsupported("an argument of \(name) that is no constant", at: function.position)
            }
            values.append(value)
        }
        let table: CatalogTable?
        do {
            table = try catalog.table(function: name, arguments: values)
        } catch let error as any DiagnosableError {
            throw PlanningError(error.diagnostic.message, at: function.position, hint: error.diagnostic.mend)
        } catch {
            throw PlanningError("\(name) failed: \(error)", at: function.position)
        }
        guard let table else { throw .unsupported("table function \(name)", at: function.position) }
        return .scan(
            TableScanNode(
                table: table.name,
                columns: table.schema.fields.enumerated().map { index, field in
                    .init(column: numbering.column(field.name, field.type), fieldIndex: index)
                }))
    }

    private func series(_ function: FunctionTable, _ arguments: [BoundExpression]) throws(PlanningError) -> LogicalPlan
    {
        let position = function.position
        guard (2...3).contains(arguments.count) else {
            throw functionMissing("generate_series", arguments.map(\.type), at: position)
        }
        if arguments.contains(where: { $0.type == .date || $0.type == .timestamp }) {
            return try timeSeries(arguments, at: position)
        }
        guard arguments.allSatisfy({ TypeCoercion.isInteger($0.type) }) else {
            throw functionMissing("generate_series", arguments.map(\.type), at: position)
        }
        let type: LogicalType = arguments.contains { $0.type == .bigint } ? .bigint : .integer
        let column = numbering.column("generate_series", type)
        var numbers: [Int64] = []
        for argument in arguments {
            guard let value = argument.constantValue else {
                throw .unsupported("generate_series of values that are no constants", at: position)
            }
            guard case .integer(let number) = value else { return .values(columns: [column], rows: []) }
            numbers.append(number)
        }
        let step = numbers.count == 3 ? numbers[2] : 1
        guard step != 0 else { throw PlanningError("step size cannot equal zero", at: position) }
        var rows: [[BoundExpression]] = []
        var value = numbers[0]
        while step > 0 ? value <= numbers[1] : value >= numbers[1] {
            try checkSeries(rows.count, at: position)
            rows.append([.constant(.integer(value), type)])
            let (next, overflow) = value.addingReportingOverflow(step)
            if overflow { break }
            value = next
        }
        return .values(columns: [column], rows: rows)
    }

    private func checkSeries(_ count: Int, at position: Int) throws(PlanningError) {
        guard count < Binder.seriesLimit else {
            throw .unsupported("generate_series of more than \(Binder.seriesLimit) rows", at: position)
        }
    }

    private func timeSeries(_ arguments: [BoundExpression], at position: Int) throws(PlanningError) -> LogicalPlan {
        let column = numbering.column("generate_series", .timestamp)
        guard arguments.count == 3 else {
            throw functionMissing("generate_series", arguments.map(\.type), at: position)
        }
        let start = ConstantFolding.fold(try coerce(arguments[0], to: .timestamp, at: position)).constantValue
        let stop = ConstantFolding.fold(try coerce(arguments[1], to: .timestamp, at: position)).constantValue
        guard arguments[2].type == .interval || arguments[2].type == .unknown else {
            throw functionMissing("generate_series", arguments.map(\.type), at: position)
        }
        let step = try coerce(arguments[2], to: .interval, at: position).constantValue
        guard case .timestamp(let first)? = start, case .timestamp(let last)? = stop,
            case .interval(let interval)? = step
        else {
            if start?.isNull == true || stop?.isNull == true || step?.isNull == true {
                return .values(columns: [column], rows: [])
            }
            throw .unsupported("generate_series of values that are no constants", at: position)
        }
        guard case .timestamp(let second)? = ConstantEvaluator.shifted(first, interval, .add), second != first else {
            throw PlanningError("step size cannot equal zero", at: position)
        }
        var rows: [[BoundExpression]] = []
        var value = first
        while second > first ? value <= last : value >= last {
            try checkSeries(rows.count, at: position)
            rows.append([.constant(.timestamp(value), .timestamp)])
            guard case .timestamp(let next)? = ConstantEvaluator.shifted(value, interval, .add), next != value else {
                break
            }
            value = next
        }
        return .values(columns: [column], rows: rows)
    }
}
