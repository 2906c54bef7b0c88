import Columns

/// Computes once what stands in several places of a statement: right sides of semi and anti joins, aggregations, and what
/// `with` clauses say that is read more than once.
///
/// Two sub-plans are the same if they differ in column identities only.
enum CommonSubplans {
    static let name = "CommonSubplans"

    static func share(_ parts: inout PlanParts, numbering: ColumnNumbering, nextID: inout Int) {
        mergeEqualDefinitions(&parts)
        var counts: [LogicalPlan: Int] = [:]
        for plan in Array(parts.definitions.values) + [parts.main] { count(plan, &counts) }
        let repeated = counts.filter { $0.value > 1 }
        if repeated.isEmpty { return }
        var sharer = Sharer(repeated: Set(repeated.keys), numbering: numbering, nextID: nextID)
        let new = parts.rewriteEach { plan in (sharer.replace(plan), sharer.takeNew()) }
        nextID = sharer.nextID
        inlineSingles(&parts, new)
    }

    /// Makes one of definitions that do the same: a statement may say it in several `with` clauses.
    private static func mergeEqualDefinitions(_ parts: inout PlanParts) {
        var firsts: [LogicalPlan: Int] = [:]
        var substitutes: [Int: Int] = [:]
        for id in parts.order {
            guard let definition = parts.definitions[id].map({ redirected($0, substitutes) }) else { continue }
            parts.definitions[id] = definition
            let key = definition.canonical
            if let first = firsts[key] { substitutes[id] = first } else { firsts[key] = id }
        }
        if substitutes.isEmpty { return }
        parts.main = redirected(parts.main, substitutes)
        parts.order.removeAll { substitutes[$0] != nil }
        for id in substitutes.keys { parts.definitions[id] = nil }
    }

    /// The plan reading other definitions in place of those that are gone.
    private static func redirected(_ plan: LogicalPlan, _ substitutes: [Int: Int]) -> LogicalPlan {
        guard case .shared(let id, let placeholder, let columns) = plan, let substitute = substitutes[id] else {
            return plan.mapInputs { redirected($0, substitutes) }
        }
        return .shared(id: substitute, plan: placeholder, columns: columns)
    }

    /// What stands twice only inside something that stands twice is computed once anyway.
    private static func inlineSingles(_ parts: inout PlanParts, _ candidates: Set<Int>) {
        var readings: [Int: Int] = [:]
        for plan in Array(parts.definitions.values) + [parts.main] {
            plan.forEachNode { if case .shared(let id, _, _) = $0 { readings[id, default: 0] += 1 } }
        }
        let singles = candidates.filter { readings[$0] == 1 }
        if singles.isEmpty { return }
        for id in parts.order {
            parts.definitions[id] = parts.definitions[id].map { inlined($0, singles, parts.definitions) }
        }
        parts.main = inlined(parts.main, singles, parts.definitions)
        parts.order.removeAll { singles.contains($0) }
        for id in singles { parts.definitions[id] = nil }
    }

    private static func inlined(_ plan: LogicalPlan, _ singles: Set<Int>, _ definitions: [Int: LogicalPlan])
        -> LogicalPlan
    {
        guard case .shared(let id, _, let columns) = plan, singles.contains(id), let definition = definitions[id] else {
            return plan.mapInputs { inlined($0, singles, definitions) }
        }
        let items = zip(columns, definition.columns).map { ProjectedColumn(column: $0, expression: $1.reference) }
        return .project(inlined(definition, singles, definitions), items)
    }

    private static func count(_ plan: LogicalPlan, _ counts: inout [LogicalPlan: Int]) {
        for candidate in candidates(plan) {
            let key = candidate.canonical
            counts[key, default: 0] += 1
        }
        for input in plan.inputs { count(input, &counts) }
    }

    /// Inputs of the node worth computing once.
    private static func candidates(_ plan: LogicalPlan) -> [LogicalPlan] {
        var found: [LogicalPlan] = []
        if case .join(let node) = plan {
            switch node.kind {
            case .semi, .anti, .mark:
                let right = belowProjections(node.right)
                if isWorthwhile(right) { found.append(right) }
            default: break
            }
        }
        for input in plan.inputs {
            if case .aggregate = input, !found.contains(input) { found.append(input) }
        }
        return found
    }

    private static func belowProjections(_ plan: LogicalPlan) -> LogicalPlan {
        if case .project(let input, _) = plan { return belowProjections(input) }
        return plan
    }

    private static func isWorthwhile(_ plan: LogicalPlan) -> Bool {
        switch plan {
        case .scan(let node): !node.filters.isEmpty
        case .values, .shared: false
        default: plan.outerColumnIDs.isEmpty
        }
    }

    private struct Sharer {
        let repeated: Set<LogicalPlan>
        let numbering: ColumnNumbering
        var nextID: Int
        private var ids: [LogicalPlan: Int] = [:]
        private var new: [PlanParts.Definition] = []

        init(repeated: Set<LogicalPlan>, numbering: ColumnNumbering, nextID: Int) {
            self.repeated = repeated
            self.numbering = numbering
            self.nextID = nextID
        }

        mutating func takeNew() -> [PlanParts.Definition] {
            defer { new = [] }
            return new
        }

        mutating func replace(_ plan: LogicalPlan) -> LogicalPlan {
            for candidate in candidates(plan) {
                let key = candidate.canonical
                if repeated.contains(key) {
                    return replace(swap(plan, candidate, for: reading(candidate, key)))
                }
            }
            return plan.mapInputs { replace($0) }
        }

        /// The node with one of its inputs, or what is below that one's projections, replaced.
        private func swap(_ plan: LogicalPlan, _ old: LogicalPlan, for new: LogicalPlan) -> LogicalPlan {
            if plan == old { return new }
            if case .join(var node) = plan, belowProjections(node.right) == old {
                node.right = swapBelowProjections(node.right, for: new)
                return .join(node)
            }
            return plan.mapInputs { $0 == old ? new : $0 }
        }

        private func swapBelowProjections(_ plan: LogicalPlan, for new: LogicalPlan) -> LogicalPlan {
            if case .project(let input, let items) = plan {
                return .project(swapBelowProjections(input, for: new), items)
            }
            return new
        }

        private mutating func reading(_ plan: LogicalPlan, _ key: LogicalPlan) -> LogicalPlan {
            let id: Int
            if let known = ids[key] {
                id = known
            } else {
                id = nextID
                nextID += 1
                ids[key] = id
                // What it reads itself may be shared too.
                new.append((id, replace(numbering.copy(plan).plan)))
            }
            return .shared(id: id, plan: PlanParts.placeholder, columns: plan.columns)
        }
    }
}
