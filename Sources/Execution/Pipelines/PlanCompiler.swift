import Columns
import Planning

/// Turns a plan into a pipeline, from the leaves up; operators that need all of their input run on the way.
final class PlanCompiler {
    let context: ExecutionContext
    /// Results of `.shared` plans that read the rows of no recursive query's step.
    private let shared: SharedResults
    /// The recursive queries around the plan, outermost first.
    private let recursions: [RunningRecursion]
    /// Parts of the plan, which is a recursive term, that other steps have computed or will read; nil for any other plan.
    private(set) var fixed: FixedParts?
    /// How many rows of a recursive query are enough.
    private var rowGoals: [Int: Int] = [:]
    /// Rows that were computed before their turn.
    private var settledRows: [PlanPath: Pipeline] = [:]
    /// What scans are asked besides their own filters.
    private var scanConditions: [PlanPath: [BoundExpression]] = [:]
    /// Which groups of an aggregation the steps above it may want.
    private var groupChoices: [PlanPath: GroupChoice] = [:]

    init(_ context: ExecutionContext) {
        self.context = context
        shared = SharedResults()
        recursions = []
    }

    /// For a part of a recursive query, which is a plan of its own.
    private init(_ context: ExecutionContext, _ shared: SharedResults, _ recursions: [RunningRecursion], _ fixed: FixedParts?) {
        self.context = context
        self.shared = shared
        self.recursions = recursions
        self.fixed = fixed
    }

    func pipeline(_ plan: LogicalPlan, at path: PlanPath = .root) throws(ExecutionError) -> Pipeline {
        guard let fixed, fixed.contains(plan, at: path) else { return try compiled(plan, at: path) }
        if let known = fixed.pipeline(at: path) { return known }
        // What is below belongs to the part.
        self.fixed = nil
        defer { self.fixed = fixed }
        let new = try compiled(plan, at: path)
        fixed.keep(new, at: path)
        return new
    }

    /// Keeps the rows of a plan for when its turn comes.
    func settle(_ rows: Pipeline, at path: PlanPath) { settledRows[path] = rows }

    /// Asks the scan at a place a condition that some step above asks too.
    func narrow(_ path: PlanPath, by condition: BoundExpression) { scanConditions[path, default: []].append(condition) }

    private func compiled(_ plan: LogicalPlan, at path: PlanPath) throws(ExecutionError) -> Pipeline {
        if let rows = settledRows.removeValue(forKey: path) { return rows }
        switch plan {
        case .scan(var node):
            node.filters += scanConditions.removeValue(forKey: path) ?? []
            if let fold = node.fold {
                return Pipeline(source: try FoldingScan(node, fold, context, at: path), columns: plan.columns)
            }
            return Pipeline(source: try ScanSource(node, context, at: path), columns: plan.columns)
        case .values(let columns, let rows):
            let relation = try ValuesOperator.relation(columns: columns, rows: rows, running: context.options)
            context.profile.add(path).count(rows: relation.rowCount)
            return relation.pipeline
        case .filter(let input, let condition):
            let counters = context.profile.add(path)
            if fixed == nil { try settleScalars(of: condition, above: input, at: path.input(0)) }
            var pipeline =
                if case .aggregate(let node) = input, fixed == nil {
                    try aggregated(node, at: path.input(0), keeping: condition)
                } else {
                    try pipeline(input, at: path.input(0))
                }
            pipeline.operators.append(
                try FilterOperator(condition, columns: pipeline.layout, counters: counters))
            pipeline.estimatedShare /= 3
            return pipeline
        case .project(let input, let items):
            let counters = context.profile.add(path)
            var pipeline = try pipeline(input, at: path.input(0))
            pipeline.operators.append(
                try ProjectOperator(items.map(\.expression), columns: pipeline.layout, counters: counters, running: context.options))
            pipeline.columns = plan.columns
            return pipeline
        case .aggregate(let node): return try aggregated(node, at: path)
        case .join(let node): return try JoinCompiler(self, context).pipeline(node, at: path)
        case .sort(let input, let keys):
            let counters = context.profile.add(path)
            return try sorted(try pipeline(input, at: path.input(0)), keys, counters)
        case .limit(let input, let limit, let offset):
            return try limited(input, limit, offset, at: path)
        case .window(let input, let items):
            let counters = context.profile.add(path)
            let context = context
            if fixed == nil, case .aggregate(let node) = input, let item = items.first, let limit = item.placeLimit {
                groupChoices[path.input(0)] = GroupChoice(node, within: limit, of: item)
            }
            let rows = try pipeline(input, at: path.input(0))
                .collected(context, counters: counters, extraSize: Relation.workingSize)
            if !(rows.source is RelationSource), PartitionedWindow.canRun(items) {
                let window = PartitionedWindow(items: items, rows: rows, context: context, counters: counters)
                let result = try counters.timed { () throws(ExecutionError) in try window.pipeline(columns: plan.columns) }
                counters.count(result: result.source)
                return result
            }
            let relation = try rows.materialized(context)
            // It counts its columns itself.
            return try counted(counters, isHeld: true) { () throws(ExecutionError) in
                try WindowOperator(items, relation, context).relation(columns: plan.columns)
            }
        case .distinctOn(let input, let keys):
            let counters = context.profile.add(path)
            let context = context
            let rows = try pipeline(input, at: path.input(0))
                .collected(context, counters: counters, extraSize: Relation.workingSize)
            if !(rows.source is RelationSource), !keys.isEmpty {
                let divided = DividedRows(keys: keys, newColumns: [], context: context, counters: counters) {
                    rows, _ throws(ExecutionError) in
                    try SetOperator.firstRows(rows, keys: keys, layout: rows.pipeline.layout)
                }
                let result = try counters.timed { () throws(ExecutionError) in try divided.pipeline(rows) }
                counters.count(result: result.source)
                return result
            }
            let relation = try rows.materialized(context)
            return try counted(counters) { () throws(ExecutionError) in
                try SetOperator.firstRows(relation, keys: keys, layout: relation.pipeline.layout)
            }
        case .setOperation(let node): return try setOperation(node, at: path)
        case .expand(let node):
            let counters = context.profile.add(path)
            var pipeline = try pipeline(node.input, at: path.input(0))
            pipeline.operators.append(
                try ExpandOperator(node, columns: pipeline.layout, counters: counters, options: context.options))
            pipeline.columns = plan.columns
            return pipeline
        case .recursive(let node): return try recursive(node, at: path)
        case .working(let id, let columns):
            guard let recursion = recursions.last(where: { $0.id == id }) else {
                throw ExecutionError(.unsupported("a recursive query is read outside of itself"))
            }
            return Pipeline(source: RelationSource(relation: recursion.working), columns: columns)
        case .shared(let id, let plan, let columns):
            let counters = context.profile.add(path)
            let results = recursions.last { plan.reads(working: $0.id) }?.shared ?? shared
            let known: Pipeline
            if let rows = results.rows(id, of: plan) {
                known = rows
            } else {
                known = try pipeline(plan, at: .shared(id)).collected(context, counters: counters)
                results.keep(known, id, of: plan)
            }
            counters.count(result: known.source)
            var pipeline = known
            pipeline.columns = columns
            return pipeline
        }
    }

    /// - Parameter condition: What a step above keeps of the groups.
    private func aggregated(
        _ node: AggregateNode, at path: PlanPath, keeping condition: BoundExpression? = nil
    ) throws(ExecutionError) -> Pipeline {
        if let known = try KnownAggregates(node, context) {
            return try known.pipeline(context, at: path) { rest throws(ExecutionError) in try aggregated(rest, at: path) }
        }
        let counters = context.profile.add(path)
        var input = try pipeline(node.input, at: path.input(0))
        let counting = condition.flatMap { CoarseCounting(node, $0) }
        if let counting {
            let (context, whole) = (context, input)
            input = try counters.timed { () throws(ExecutionError) in try counting.thinned(whole, context) }
        }
        let kept = try condition.map { condition throws(ExecutionError) in
            try GroupCondition(node, condition, leastRowCount: counting?.leastRowCount ?? 0)
        }
        // Groups that a condition will not keep do not count among the first ones.
        let choice = groupChoices.removeValue(forKey: path).flatMap { kept?.isWhole ?? true ? $0 : nil }
        return try HashAggregation.pipeline(node, input, context, keeping: kept ?? .none, choosing: choice, counters: counters)
    }

    /// More steps than any tree or chain is deep: then a recursion does not end.
    private static let stepLimit = 100_000

    private func recursive(_ node: RecursiveNode, at path: PlanPath) throws(ExecutionError) -> Pipeline {
        let counters = context.profile.add(path)
        var new = try PlanCompiler(context, shared, recursions, nil).relation(node.base, at: path.input(0))
        new.columns = node.columns
        var seen = try SeenRows(types: node.columns.map(\.type))
        if !node.isAll { new = try seen.newRows(of: new, context) }
        var all = new.batches
        let fixed = FixedParts(id: node.id)
        var rowCount = new.rowCount
        while new.rowCount > 0, rowCount < rowGoals[node.id] ?? .max {
            try context.options.checkRunning()
            fixed.stepCount += 1
            guard fixed.stepCount <= PlanCompiler.stepLimit else {
                throw ExecutionError(
                    .unsupported(
                        "recursive query \"\(node.name)\" does not end after \(PlanCompiler.stepLimit) steps; a condition in its recursive part must become false"
                    ), position: node.position)
            }
            let step = RunningRecursion(
                id: node.id, working: Relation(columns: node.columns, batches: new.batches))
            let compiler = PlanCompiler(context, shared, recursions + [step], fixed)
            var next = try compiler.relation(node.step, at: path.input(1))
            next.columns = node.columns
            if !node.isAll { next = try seen.newRows(of: next, context) }
            for batch in next.batches { try context.budget.reserve(batch.byteCount) }
            all += next.batches
            rowCount += next.rowCount
            new = next
        }
        let relation = Relation(columns: node.columns, batches: all)
        counters.count(rows: relation.rowCount)
        return relation.pipeline
    }

    /// A recursive query below nothing but a limit need not go on to its end, nor have one.
    private func noteRowGoal(_ count: Int, of plan: LogicalPlan) {
        switch plan {
        case .project(let input, _): noteRowGoal(count, of: input)
        case .recursive(let node): rowGoals[node.id] = count
        default: break
        }
    }

    /// Tells an aggregation below that no more is wanted than its first groups, where no step in between may fail for the others.
    private func noteFirstGroups(_ count: Int, _ keys: [PlanSortKey], of plan: LogicalPlan, at path: PlanPath) throws(ExecutionError) {
        switch plan {
        case .aggregate(let node): groupChoices[path] = GroupChoice(node, first: count, by: keys)
        case .filter(.aggregate(let node), _): groupChoices[path.input(0)] = GroupChoice(node, first: count, by: keys)
        case .project(let input, let items):
            var layout: [ColumnID: Int] = [:]
            for (index, column) in input.columns.enumerated() { layout[column.id] = index }
            var known: [ColumnID: BoundExpression] = [:]
            for item in items {
                // The first key is reckoned for all groups that a condition leaves, all the same.
                let isFirstKey = if case .column(item.column.id, _)? = keys.first?.expression { true } else { false }
                if !isFirstKey, try ExpressionProgram(item.expression, columns: layout).canRaise { return }
                known[item.column.id] = item.expression
            }
            let own = keys.map { PlanSortKey(expression: $0.expression.replacing(known), descending: $0.descending, nullsFirst: $0.nullsFirst) }
            try noteFirstGroups(count, own, of: input, at: path.input(0))
        default: break
        }
    }

    /// The rows of a plan, in memory.
    func relation(_ plan: LogicalPlan, at path: PlanPath) throws(ExecutionError) -> Relation {
        let relation = try pipeline(plan, at: path).materialized(context)
        if let fixed, fixed.contains(plan, at: path) { fixed.keep(relation.pipeline, at: path) }
        return relation
    }

    private func sorted(
        _ input: Pipeline, _ keys: [PlanSortKey], _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let context = context
        let rows = try input.collected(context, counters: counters, extraSize: Relation.workingSize)
        let sort = SortOperator(keys: keys, layout: rows.layout)
        guard let source = rows.source as? RelationSource else {
            let external = ExternalSort(sort: sort, rows: rows, context: context, counters: counters)
            let result = try counters.timed { () throws(ExecutionError) in try external.pipeline() }
            counters.count(result: result.source)
            return result
        }
        let relation = Relation(source.relation, columns: rows.columns)
        return try counted(counters) { () throws(ExecutionError) in try sort.sorted(relation, context) }
    }

    private func counted(
        _ counters: OperatorCounters, isHeld: Bool = false, _ body: () throws(ExecutionError) -> Relation
    ) throws(ExecutionError) -> Pipeline {
        let relation = try counters.timed(body)
        counters.count(rows: relation.rowCount)
        try context.options.checkRunning()
        return isHeld ? relation.pipeline : try relation.held(by: context).pipeline
    }

    private func limited(
        _ input: LogicalPlan, _ limit: Int?, _ offset: Int, at path: PlanPath
    ) throws(ExecutionError) -> Pipeline {
        if case .sort(let below, let keys) = input, let limit, SortOperator.keepsFew(limit: limit, offset: offset) {
            let counters = context.profile.add(path)
            let (count, isEndless) = max(0, limit).addingReportingOverflow(max(0, offset))
            if fixed == nil, !isEndless { try noteFirstGroups(count, keys, of: below, at: path.input(0).input(0)) }
            let pipeline = try pipeline(below, at: path.input(0).input(0))
            let sort = SortOperator(keys: keys, layout: pipeline.layout)
            return try sort.top(
                pipeline, limit: max(0, limit), offset: max(0, offset), context, counters: counters
            ).pipeline
        }
        let counters = context.profile.add(path)
        if let limit {
            let (goal, isEndless) = max(0, limit).addingReportingOverflow(max(0, offset))
            if !isEndless { noteRowGoal(goal, of: input) }
        }
        let pipeline = try pipeline(input, at: path.input(0))
        let result = try LimitOperator.pipeline(
            pipeline, limit: limit.map { max(0, $0) }, offset: offset, context, counters: counters)
        counters.count(result: result.source)
        return result
    }

    private func setOperation(_ node: SetOperationNode, at path: PlanPath) throws(ExecutionError) -> Pipeline {
        let counters = context.profile.add(path)
        if node.kind == .union {
            let parts = [try pipeline(node.left, at: path.input(0)), try pipeline(node.right, at: path.input(1))]
            let all = Pipeline(source: UnionSource(parts), columns: node.columns)
            if node.isAll {
                var counted = all
                counted.operators.append(CountOperator(counters))
                return counted
            }
            let distinct = AggregateNode(
                input: .values(columns: node.columns, rows: []),
                groups: node.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }, aggregates: [])
            if node.columns.isEmpty { return try LimitOperator.relation(all, limit: 1, offset: 0, context).pipeline }
            return try HashAggregation.pipeline(distinct, all, context, counters: counters)
        }
        let kind: SetOperator.JoinedKind = node.kind == .intersect ? .intersect : .except
        guard context.spillingByteCount != nil, fixed == nil else {
            let left = try relation(node.left, at: path.input(0))
            let right = try relation(node.right, at: path.input(1))
            return try counted(counters) { () throws(ExecutionError) in
                try SetOperator.relation(kind, isAll: node.isAll, left: left, right: right, columns: node.columns)
            }
        }
        // Rows of both sides are held twice while they are numbered.
        let left = try pipeline(node.left, at: path.input(0)).collected(context, counters: counters, extraSize: Relation.workingSize)
        let right = try pipeline(node.right, at: path.input(1)).collected(context, counters: counters, extraSize: Relation.workingSize)
        if left.source is RelationSource && right.source is RelationSource || node.columns.isEmpty {
            let (leftRows, rightRows) = (try left.materialized(context), try right.materialized(context))
            return try counted(counters) { () throws(ExecutionError) in
                try SetOperator.relation(kind, isAll: node.isAll, left: leftRows, right: rightRows, columns: node.columns)
            }
        }
        let result = try counters.timed { () throws(ExecutionError) in
            try SetOperator.divided(
                kind, isAll: node.isAll, left: left, right: right, columns: node.columns, context, counters: counters)
        }
        counters.count(result: result.source)
        return result
    }
}
