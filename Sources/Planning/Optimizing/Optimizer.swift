import Columns

/// Rewrites a bound plan, rule by rule; plans computed once are rewritten on their own.
package struct Optimizer {
    private static var rules: [any RewriteRule.Type] {
        [
            ConstantFolding.self, CalendarRanges.self, DisjunctionFactoring.self, FilterPushdown.self, SemiJoinPushdown.self, JoinOrdering.self,
            DistinctElimination.self, TopN.self,
        ]
    }

    /// Names that `PlannerOptions.disabledRules` understands.
    package static let ruleNames: [String] =
        rules.map { $0.name } + [
            OuterJoinSimplification.name, SemiJoinReduction.name, CommonSubplans.name, ProjectionPruning.name,
            WindowTopN.name, RunFolding.name,
        ]

    private let catalog: any Catalog
    private let numbering: ColumnNumbering
    private let disabledRules: Set<String>
    private var nextShareID: Int
    package private(set) var appliedRules: [String] = []

    package init(catalog: any Catalog, numbering: ColumnNumbering, disabledRules: Set<String>, nextShareID: Int) {
        self.catalog = catalog
        self.numbering = numbering
        self.disabledRules = disabledRules
        self.nextShareID = nextShareID
    }

    /// The plan with the same columns in the same order, rewritten.
    package mutating func optimize(_ plan: LogicalPlan) -> LogicalPlan {
        var parts = PlanParts(recursivePartsOptimized(plan))
        let cardinality = Cardinality(catalog: catalog)
        let context = RuleContext(numbering: numbering, cardinality: cardinality, disabledRules: disabledRules)
        // Definitions first: readers ask how many rows they have.
        for id in parts.order {
            guard let definition = parts.definitions[id] else { continue }
            let rewritten = rewrite(definition, context)
            parts.definitions[id] = rewritten
            cardinality.define(id, rewritten)
        }
        parts.main = rewrite(parts.main, context)
        if !disabledRules.contains(SemiJoinReduction.name) {
            cardinality.learn(parts.main)
            if SemiJoinReduction.reduce(&parts, context, nextID: &nextShareID) { note(SemiJoinReduction.name) }
        }
        if !disabledRules.contains(CommonSubplans.name) {
            let before = parts.order
            CommonSubplans.share(&parts, numbering: numbering, nextID: &nextShareID)
            if parts.order != before { note(CommonSubplans.name) }
        }
        if !disabledRules.contains(ProjectionPruning.name) {
            let before = parts.main
            ProjectionPruning.prune(&parts)
            if parts.main != before { note(ProjectionPruning.name) }
        }
        if !disabledRules.contains(WindowTopN.name), WindowTopN.limit(&parts) { note(WindowTopN.name) }
        // Last: nothing but the scan itself knows how to read a folded one.
        if !disabledRules.contains(RunFolding.name),
            RunFolding.fold(&parts, catalog: catalog, numbering: numbering)
        {
            note(RunFolding.name)
        }
        return parts.assembled()
    }

    /// The plan with both parts of each recursive query in it rewritten, as plans of their own.
    private mutating func recursivePartsOptimized(_ plan: LogicalPlan) -> LogicalPlan {
        switch plan {
        case .recursive(var node):
            node.base = optimize(node.base)
            node.step = optimize(node.step)
            return .recursive(node)
        case .shared(let id, let definition, let columns):
            return .shared(id: id, plan: recursivePartsOptimized(definition), columns: columns)
        default: return plan.mapInputs { recursivePartsOptimized($0) }
        }
    }

    private mutating func note(_ name: String) {
        if !appliedRules.contains(name) { appliedRules.append(name) }
    }

    private mutating func rewrite(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        let columns = plan.columns
        var plan = plan
        for rule in Optimizer.rules where context.isEnabled(rule.name) {
            let before = plan
            context.cardinality.learn(plan)
            plan = rule.apply(plan, context)
            if plan != before { note(rule.name) }
            for name in context.notes { note(name) }
        }
        // Join ordering may have opened new ways for filters.
        if context.isEnabled(FilterPushdown.name) { plan = FilterPushdown.apply(plan, context) }
        return PlanParts.exactly(plan, columns)
    }
}

/// A statement's plan with the plans it computes once kept apart: inside, their readings hold no definition.
struct PlanParts {
    var main: LogicalPlan
    var definitions: [Int: LogicalPlan] = [:]
    /// Ids, each after those it reads.
    var order: [Int] = []

    init(_ plan: LogicalPlan) {
        main = plan
        main = detach(plan)
    }

    private mutating func detach(_ plan: LogicalPlan) -> LogicalPlan {
        guard case .shared(let id, let definition, let columns) = plan else { return plan.mapInputs { detach($0) } }
        if definitions[id] == nil {
            let inner = detach(definition)
            if definitions[id] == nil {
                definitions[id] = inner
                order.append(id)
            }
        }
        return .shared(id: id, plan: PlanParts.placeholder, columns: columns)
    }

    /// Stands for a definition while plans are apart.
    static let placeholder = LogicalPlan.values(columns: [], rows: [])

    /// A plan computed once.
    typealias Definition = (id: Int, plan: LogicalPlan)

    /// Rewrites every part. Plans that the rewriting keeps apart anew go before the part that reads them.
    ///
    /// - Returns: The ids of the new ones.
    mutating func rewriteEach(_ rewrite: (LogicalPlan) -> (plan: LogicalPlan, new: [Definition])) -> Set<Int> {
        var newIDs: Set<Int> = []
        var newOrder: [Int] = []
        func take(_ new: [Definition], _ definitions: inout [Int: LogicalPlan]) {
            for definition in new {
                definitions[definition.id] = definition.plan
                newOrder.append(definition.id)
                newIDs.insert(definition.id)
            }
        }
        for id in order {
            guard let definition = definitions[id] else { continue }
            let (plan, new) = rewrite(definition)
            definitions[id] = plan
            take(new, &definitions)
            newOrder.append(id)
        }
        let (plan, new) = rewrite(main)
        main = plan
        take(new, &definitions)
        order = newOrder
        return newIDs
    }

    /// One plan again, with each definition at its readings.
    func assembled() -> LogicalPlan {
        var whole: [Int: LogicalPlan] = [:]
        func attach(_ plan: LogicalPlan) -> LogicalPlan {
            guard case .shared(let id, _, let columns) = plan else { return plan.mapInputs(attach) }
            return .shared(id: id, plan: whole[id] ?? PlanParts.placeholder, columns: columns)
        }
        for id in order {
            if let definition = definitions[id] { whole[id] = attach(definition) }
        }
        return attach(main)
    }

    /// The plan putting out just these columns in this order.
    static func exactly(_ plan: LogicalPlan, _ columns: [PlanColumn]) -> LogicalPlan {
        if plan.columns.map(\.id) == columns.map(\.id) { return plan }
        return .project(plan, columns.map { ProjectedColumn(column: $0, expression: $0.reference) })
    }
}
