import Columns
import SQL

/// Window calls, named windows and frames.
extension Binder {
    func bindWindowCall(
        _ call: FunctionCall, _ name: String, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        guard context.clause.allowsWindows else { throw misplacedWindow(context.clause, at: position) }
        let isAggregate = AggregateSignatures.names.contains(name)
        guard isAggregate || AggregateSignatures.windowOnly.contains(name) else {
            let types: [LogicalType] = []
            if FunctionSignatures.named(name).isEmpty { throw functionMissing(name, types, at: position) }
            throw PlanningError(
                "OVER specified, but \(name) is not a window function nor an aggregate function", at: position)
        }
        if AggregateSignatures.orderedSets.contains(name) {
            throw .unsupported("OVER for ordered-set aggregate \(name)", at: position)
        }
        if call.isDistinct { throw .unsupported("DISTINCT in a window function", at: position) }
        if !call.orderBy.isEmpty { throw .unsupported("ORDER BY in the arguments of a window function", at: position) }
        if let parts = try intervalAggregate(call, name, at: position, context) { return try bind(parts, context) }
        let bound: AggregateCall
        if isAggregate {
            bound = try aggregateCall(call, name, at: position, context, clause: .windowArgument)
        } else {
            if call.filter != nil {
                throw .unsupported("FILTER for non-aggregate window function \(name)", at: position)
            }
            bound = try windowOnly(call, name, at: position, context)
        }
        guard let over = call.over else { throw PlanningError("window call without OVER", at: position) }
        let specification = try specification(over, context.scope.block)
        var window = try bindWindow(specification, bound, named: call.name.last ?? name, context)
        if AggregateSignatures.ignoringFrame.contains(name) { window.frame = WindowFrame() }
        return register(window, context.scope.block)
    }

    private func register(_ window: WindowColumn, _ block: SelectBlock) -> BoundExpression {
        func plain(_ window: WindowColumn) -> WindowColumn {
            var plain = window
            plain.column = PlanColumn(id: ColumnID(0), name: "", type: .unknown)
            plain.call = window.call.withoutPositions
            plain.partitionBy = window.partitionBy.map(\.withoutPositions)
            for index in plain.orderBy.indices {
                plain.orderBy[index].expression = plain.orderBy[index].expression.withoutPositions
            }
            return plain
        }
        let key = plain(window)
        if let same = block.windows.first(where: { plain($0) == key }) { return same.column.reference }
        block.windows.append(window)
        return window.column.reference
    }

    private func misplacedWindow(_ clause: Clause, at position: Int) -> PlanningError {
        switch clause {
        case .aggregateArgument:
            PlanningError("aggregate function calls cannot contain window function calls", at: position)
        case .windowArgument, .windowDefinition: PlanningError("window function calls cannot be nested", at: position)
        case .where, .having:
            PlanningError(
                "window functions are not allowed in \(clause.name)", at: position,
                hint: "compute it in a derived table and filter outside")
        default: PlanningError("window functions are not allowed in \(clause.name)", at: position)
        }
    }

    private func windowOnly(
        _ call: FunctionCall, _ name: String, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> AggregateCall {
        var arguments: [BoundExpression] = []
        for argument in call.arguments {
            arguments.append(try bind(argument.value, BindContext(context.scope, .windowArgument)))
        }
        let places = call.arguments.map(\.value.position)
        let missing = functionMissing(name, arguments.map(\.type), at: position)
        let counts: ClosedRange<Int>
        switch name {
        case "ntile", "first_value", "last_value": counts = 1...1
        case "nth_value": counts = 2...2
        case "lag", "lead": counts = 1...3
        default: counts = 0...0
        }
        guard counts.contains(arguments.count), !call.isStar else { throw missing }
        var type = LogicalType.bigint
        func asInteger(_ index: Int) throws(PlanningError) {
            guard [.integer, .bigint, .unknown].contains(arguments[index].type) else { throw missing }
            arguments[index] = try coerce(arguments[index], to: .integer, at: places[index])
        }
        switch name {
        case "percent_rank", "cume_dist": type = .double
        case "ntile":
            try asInteger(0)
            type = .integer
        case "lag", "lead", "first_value", "last_value", "nth_value":
            // An untyped literal takes the type of what stands for missing rows.
            if arguments.count < 3 { arguments[0] = try resolved(arguments[0], at: places[0]) }
            if arguments.count > 1 { try asInteger(1) }
            if arguments.count > 2 {
                let (values, common) = try unified(
                    [arguments[0], arguments[2]], [places[0], places[2]], of: name.uppercased())
                (arguments[0], arguments[2], type) = (values[0], values[1], common)
            }
            type = arguments[0].type
        default: break
        }
        return AggregateCall(name: name, arguments: arguments, type: type, position: position)
    }

    /// What OVER says, with named windows filled in.
    private func specification(_ window: Window, _ block: SelectBlock) throws(PlanningError) -> WindowSpecification {
        switch window {
        case .named(let name, let position): return try namedWindow(name, block, at: position)
        case .specification(let specification): return try extended(specification, block)
        }
    }

    private func namedWindow(
        _ name: String, _ block: SelectBlock, at position: Int
    ) throws(PlanningError) -> WindowSpecification {
        guard let specification = block.namedWindows[name] else {
            throw PlanningError(
                "window \"\(name)\" does not exist", at: position,
                hint: PlanningError.suggestion(for: name, among: block.namedWindows.keys.sorted()))
        }
        return specification
    }

    /// A specification laid over the named window it starts from.
    func extended(
        _ specification: WindowSpecification, _ block: SelectBlock
    ) throws(PlanningError) -> WindowSpecification {
        guard let name = specification.base else { return specification }
        let base = try namedWindow(name, block, at: specification.position)
        if !specification.partitionBy.isEmpty {
            throw PlanningError("cannot override PARTITION BY clause of window \"\(name)\"", at: specification.position)
        }
        if !specification.orderBy.isEmpty, !base.orderBy.isEmpty {
            throw PlanningError("cannot override ORDER BY clause of window \"\(name)\"", at: specification.position)
        }
        if base.frame != nil {
            throw PlanningError(
                "cannot copy window \"\(name)\" because it has a frame clause", at: specification.position)
        }
        var merged = specification
        merged.base = nil
        merged.partitionBy = base.partitionBy
        if merged.orderBy.isEmpty { merged.orderBy = base.orderBy }
        return merged
    }

    private func bindWindow(
        _ specification: WindowSpecification, _ call: AggregateCall, named name: String, _ context: BindContext
    ) throws(PlanningError) -> WindowColumn {
        let inner = BindContext(context.scope, .windowDefinition)
        var partition: [BoundExpression] = []
        for expression in specification.partitionBy {
            partition.append(try resolved(try bind(expression, inner), at: expression.position))
        }
        var order: [PlanSortKey] = []
        for key in specification.orderBy {
            order.append(sortKey(key, try resolved(try bind(key.expression, inner), at: key.expression.position)))
        }
        if let frame = specification.frame, frame.mode == .range, frame.start.isDistance || frame.end.isDistance,
            order.count == 1
        {
            order[0].expression = try distanceKey(order[0].expression, at: specification.orderBy[0].expression.position)
        }
        let frame = try specification.frame.map { (frame) throws(PlanningError) in
            try bindFrame(frame, order, at: specification.position, inner)
        }
        return WindowColumn(
            column: numbering.column(name, call.type), call: call, partitionBy: partition, orderBy: order,
            frame: frame ?? WindowFrame())
    }

    /// The key in a type that holds every border: a distance in time from a day is one from its midnight, and a border
    /// may lie beyond the 32-bit integers; the order is the same.
    private func distanceKey(_ key: BoundExpression, at position: Int) throws(PlanningError) -> BoundExpression {
        switch key.type {
        case .date: try coerce(key, to: .timestamp, at: position)
        case .integer: try coerce(key, to: .bigint, at: position)
        default: key
        }
    }

    private func bindFrame(
        _ frame: SQL.WindowFrame, _ order: [PlanSortKey], at position: Int, _ context: BindContext
    ) throws(PlanningError) -> WindowFrame {
        let mode: WindowFrame.Mode
        switch frame.mode {
        case .rows: mode = .rows
        case .range: mode = .range
        case .groups:
            mode = .groups
            if order.isEmpty { throw PlanningError("GROUPS mode requires an ORDER BY clause", at: position) }
        }
        func bound(_ bound: SQL.WindowFrame.Bound, _ which: String) throws(PlanningError) -> WindowFrame.Bound {
            switch bound {
            case .unboundedPreceding: return .unboundedPreceding
            case .currentRow: return .currentRow
            case .unboundedFollowing: return .unboundedFollowing
            case .preceding(let expression):
                return .preceding(try offset(expression, which, mode, order, context))
            case .following(let expression):
                return .following(try offset(expression, which, mode, order, context))
            }
        }
        let exclusion: WindowFrame.Exclusion =
            switch frame.exclusion {
            case .none: .none
            case .currentRow: .currentRow
            case .group: .group
            case .ties: .ties
            }
        return WindowFrame(
            mode: mode, start: try bound(frame.start, "starting"), end: try bound(frame.end, "ending"),
            exclusion: exclusion)
    }

    /// A frame's distance: rows or groups, or for RANGE a distance in the ORDER BY column's values; a constant.
    private func offset(
        _ expression: Expression, _ which: String, _ mode: WindowFrame.Mode, _ order: [PlanSortKey],
        _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        var type = LogicalType.bigint
        if mode == .range {
            guard order.count == 1 else {
                throw PlanningError(
                    "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column",
                    at: expression.position)
            }
            switch order[0].expression.type {
            case .date, .timestamp, .interval: type = .interval
            case .numeric: type = TypeCoercion.unconstrained
            case .integer, .bigint, .double: type = order[0].expression.type
            case let other:
                throw PlanningError(
                    "RANGE with offset PRECEDING/FOLLOWING is not supported for column type \(TypeCoercion.messageName(other))",
                    at: expression.position)
            }
        }
        let value = try bind(expression, context)
        guard TypeCoercion.isImplicit(from: value.type, to: type) else {
            throw PlanningError(
                "argument of \(mode == .rows ? "ROWS" : mode == .range ? "RANGE" : "GROUPS") must be type \(TypeCoercion.messageName(type)), not type \(TypeCoercion.messageName(value.type))",
                at: expression.position)
        }
        let folded = ConstantFolding.fold(try coerce(value, to: type, at: expression.position))
        guard let constant = folded.constantValue else {
            throw .unsupported("a frame offset that is no constant", at: expression.position)
        }
        let isNegative: Bool
        switch constant {
        case .null: throw PlanningError("frame \(which) offset must not be null", at: expression.position)
        case .integer(let value): isNegative = value < 0
        case .numeric(let value, _): isNegative = value < 0
        case .double(let value): isNegative = !(value >= 0)
        case .interval(let value): isNegative = value.months < 0 || value.days < 0 || value.microseconds < 0
        default: isNegative = false
        }
        if isNegative {
            throw PlanningError("frame \(which) offset must not be negative", at: expression.position)
        }
        return folded
    }
}

extension SQL.WindowFrame.Bound {
    /// Whether the bound lies some distance from the row.
    fileprivate var isDistance: Bool {
        switch self {
        case .preceding, .following: true
        case .unboundedPreceding, .currentRow, .unboundedFollowing: false
        }
    }
}
