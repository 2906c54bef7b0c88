import Columns
import Diagnostics
import SQL

/// Functions in FROM: `generate_series` of constants, and those the catalog knows.
extension Binder {
    /// Longest series that is a list of rows in the plan.
    private static let seriesLimit = 1000

    func bindFunction(_ function: FunctionTable, _ scope: Scope) throws(PlanningError) -> FromItem {
        let name = function.call.name.last ?? ""
        // A function reads the items before it without LATERAL, too.
        let lateral = Scope(parent: scope, tables: scope.tables)
        let isSet = FunctionSignatures.ofSets.contains(name)
        let isOrdinary = !isSet && !catalog.functionNames.contains(name) && Binder.isOrdinary(name)
        let plan: LogicalPlan
        if !function.others.isEmpty {
            plan = try rowsFrom(function, lateral)
        } else if isOrdinary {
            plan = try row(of: name, function, lateral)
        } else if isSet {
            let arguments = try setArguments(function.call, lateral)
            let isPlain = !function.withOrdinality && arguments.allSatisfy(\.isConstant)
            if name == "generate_series", isPlain, let rows = try series(function, arguments) {
                plan = rows
            } else {
                let calls = try setCalls(function.call, arguments, at: function.position)
                plan = try setTable(calls, withOrdinality: function.withOrdinality)
            }
        } else {
            if function.withOrdinality { throw .unsupported("WITH ORDINALITY", at: function.position) }
            plan = try catalogFunction(name, function, Scope(parent: nil, tables: scope.tables))
        }
        var columns = plan.columns
        // A function with one column lends it its alias.
        let isValue = function.others.isEmpty && (isOrdinary || isSet && (name != "unnest" || function.call.arguments.count == 1))
        if isValue, let alias = function.alias { columns[0].name = alias.columns.first ?? alias.name }
        var names = columns.map(ScopeColumn.init)
        for (index, newName) in (function.alias?.columns ?? []).enumerated() {
            guard index < names.count else {
                throw PlanningError(
                    "table \"\(function.alias?.name ?? name)\" has \(names.count) columns available but \(function.alias?.columns.count ?? 0) columns specified",
                    at: function.position)
            }
            names[index].name = newName
        }
        var relation = ScopeRelation(alias: function.alias?.name ?? name, columns: names, position: function.position)
        relation.isValue = isValue && names.count == 1
        return FromItem(plan: plan, relations: [relation], visible: names)
    }

    private static func isOrdinary(_ name: String) -> Bool {
        FunctionSignatures.names.contains(name) || AggregateSignatures.names.contains(AggregateSignatures.canonical(name))
    }

    /// A function that gives one value is a table of one row.
    private func row(
        of name: String, _ function: FunctionTable, _ scope: Scope
    ) throws(PlanningError) -> LogicalPlan {
        var plan = LogicalPlan.values(columns: [], rows: [[]])
        let call = try bindCall(function.call, at: function.position, BindContext(scope, .functionInFrom))
        let value = try attach(try resolved(call, at: function.position), to: &plan)
        var items = [ProjectedColumn(column: numbering.column(name, value.type), expression: value)]
        if function.withOrdinality {
            items.append(
                ProjectedColumn(column: numbering.column("ordinality", .bigint), expression: .constant(.integer(1), .bigint)))
        }
        return .project(plan, items)
    }

    /// `rows from (f(…), g(…))`: the rows of the functions beside each other, with NULLs for those that give fewer.
    private func rowsFrom(_ function: FunctionTable, _ scope: Scope) throws(PlanningError) -> LogicalPlan {
        var calls: [ExpandNode.Call] = []
        for call in [function.call] + function.others {
            let position = call.position >= 0 ? call.position : function.position
            let name = call.name.last ?? ""
            guard FunctionSignatures.ofSets.contains(name) else {
                throw .unsupported("\(name) in ROWS FROM", at: position)
            }
            calls += try setCalls(call, try setArguments(call, scope), at: position)
        }
        return try setTable(calls, withOrdinality: function.withOrdinality)
    }

    private func setArguments(_ call: FunctionCall, _ scope: Scope) throws(PlanningError) -> [BoundExpression] {
        var arguments: [BoundExpression] = []
        for argument in call.arguments {
            if argument.name != nil { throw .unsupported("a named argument", at: argument.value.position) }
            arguments.append(ConstantFolding.fold(try bind(argument.value, BindContext(scope, .functionInFrom))))
        }
        return arguments
    }

    /// `name => value`, or DuckDB's `name = value`.
    private func namedArgument(_ argument: FunctionCall.Argument) -> (name: String?, value: Expression) {
        if let name = argument.name { return (name, argument.value) }
        guard case .binary("=", let left, let right) = argument.value.kind else { return (nil, argument.value) }
        switch left.kind {
        case .column(let parts) where parts.count == 1: return (parts[0], right)
        // A keyword, and so no column.
        case .literal(.null): return ("null", right)
        default: return (nil, argument.value)
        }
    }

    private func catalogFunction(
        _ name: String, _ function: FunctionTable, _ scope: Scope
    ) throws(PlanningError) -> LogicalPlan {
        let known = FunctionSignatures.ofSets.sorted() + catalog.functionNames
        let missing = PlanningError.unsupported(
            "table function \(name)", at: function.position,
            hint: known.contains(name) ? nil : FunctionHabits.instead(of: name) ?? PlanningError.suggestion(for: name, among: known))
        var arguments: [TableFunctionArgument] = []
        var options: [(name: String, value: TableFunctionArgument)] = []
        for argument in function.call.arguments {
            let (option, value) = namedArgument(argument)
            if missing.hint != nil { throw missing }
            let content = try constantArgument(value, of: name, scope)
            guard let option else {
                arguments.append(content)
                continue
            }
            if options.contains(where: { $0.name == option }) {
                throw PlanningError("argument \"\(option)\" is given twice", at: value.position)
            }
            options.append((option, content))
        }
        let table: CatalogTable?
        do {
            table = try catalog.table(function: name, arguments: arguments, options: options)
        } catch let error as any DiagnosableError {
            throw Binder.failure(error.diagnostic, of: function)
        } catch {
            throw PlanningError("\(name) failed: \(error)", at: function.position)
        }
        guard let table else { throw missing }
        let scan = TableScanNode(
            table: table.name,
            columns: table.schema.fields.enumerated().map { index, field in
                .init(column: numbering.column(field.name, field.type), fieldIndex: index)
            })
        note(unread: table.unreadFields, of: scan)
        return .scan(scan)
    }

    /// A constant, or `array[…]` of constants.
    private func constantArgument(
        _ value: Expression, of name: String, _ scope: Scope
    ) throws(PlanningError) -> TableFunctionArgument {
        func constant(_ item: Expression) throws(PlanningError) -> ScalarValue {
            let bound = ConstantFolding.fold(try bind(item, BindContext(Scope(parent: nil, tables: scope.tables), .functionInFrom)))
            guard let constant = bound.constantValue else {
                throw .unsupported("an argument of \(name) that is no constant", at: item.position)
            }
            return constant
        }
        guard case .array(let items) = value.kind else {
            return TableFunctionArgument(.scalar(try constant(value)), at: value.position)
        }
        var constants: [ScalarValue] = []
        for item in items { constants.append(try constant(item)) }
        return TableFunctionArgument(.list(constants), at: value.position)
    }

    /// What is wrong with a file or an argument, at its place in the statement: a place in a file stands in the message.
    private static func failure(_ diagnostic: Diagnostic, of function: FunctionTable) -> PlanningError {
        let place = diagnostic.location.file == nil ? "" : diagnostic.location.description + ": "
        let position = diagnostic.location.file == nil ? diagnostic.location.byteOffset ?? function.position : function.position
        return PlanningError(place + diagnostic.message, at: position, hint: diagnostic.mend, kind: diagnostic.kind)
    }

    /// The rows of a short series of constants; nil for any other.
    private func series(_ function: FunctionTable, _ arguments: [BoundExpression]) throws(PlanningError) -> LogicalPlan?
    {
        let position = function.position
        guard (2...3).contains(arguments.count) else {
            throw functionMissing("generate_series", arguments.map(\.type), at: position)
        }
        if arguments.contains(where: { $0.type == .date || $0.type == .timestamp }) {
            return try timeSeries(arguments, at: position)
        }
        guard arguments.allSatisfy({ TypeCoercion.isInteger($0.type) }) else { return nil }
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
            if rows.count == Binder.seriesLimit { return nil }
            rows.append([.constant(.integer(value), type)])
            let (next, overflow) = value.addingReportingOverflow(step)
            if overflow { break }
            value = next
        }
        return .values(columns: [column], rows: rows)
    }

    private func timeSeries(_ arguments: [BoundExpression], at position: Int) throws(PlanningError) -> LogicalPlan? {
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
            if rows.count == Binder.seriesLimit { return nil }
            rows.append([.constant(.timestamp(value), .timestamp)])
            guard case .timestamp(let next)? = ConstantEvaluator.shifted(value, interval, .add), next != value else {
                break
            }
            value = next
        }
        return .values(columns: [column], rows: rows)
    }
}
