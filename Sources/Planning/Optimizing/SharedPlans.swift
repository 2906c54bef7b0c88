import Columns
import SQL

/// Decides which common tables and views are computed once and which are part of each reader's plan.
enum SharedPlans {
    /// Keeps `.shared` where a plan is read more than once and worth keeping; puts the definition in its place elsewhere.
    ///
    /// A definition that only filters and projects stored rows is never kept unless the statement says `materialized`:
    /// filters of its readers reach the scan that way.
    static func resolve(
        _ plan: LogicalPlan, materialization: [Int: CommonTable.Materialization], numbering: ColumnNumbering
    ) -> LogicalPlan {
        var readings: [Int: Int] = [:]
        var definitions: [Int: LogicalPlan] = [:]
        count(plan, &readings, &definitions)
        var kept: Set<Int> = []
        for (id, count) in readings {
            switch materialization[id] ?? .unspecified {
            case .always: kept.insert(id)
            case .never: break
            case .unspecified:
                if count > 1, let definition = definitions[id], !isSimple(definition, definitions) { kept.insert(id) }
            }
        }
        var resolver = Resolver(kept: kept, numbering: numbering)
        return resolver.resolve(plan)
    }

    private static func count(
        _ plan: LogicalPlan, _ readings: inout [Int: Int], _ definitions: inout [Int: LogicalPlan]
    ) {
        if case .shared(let id, let definition, _) = plan {
            readings[id, default: 0] += 1
            if definitions[id] == nil {
                definitions[id] = definition
                count(definition, &readings, &definitions)
            }
        }
        for input in plan.inputs { count(input, &readings, &definitions) }
    }

    /// Whether a plan is a scan with filters, projections, and semi or anti joins on its way.
    private static func isSimple(_ plan: LogicalPlan, _ definitions: [Int: LogicalPlan]) -> Bool {
        switch plan {
        case .scan, .values: return true
        case .filter(let input, _), .project(let input, _): return isSimple(input, definitions)
        case .join(let node):
            switch node.kind {
            case .semi, .anti: return isSimple(node.left, definitions)
            default: return false
            }
        case .shared(_, let definition, _): return isSimple(definition, definitions)
        default: return false
        }
    }

    private struct Resolver {
        let kept: Set<Int>
        let numbering: ColumnNumbering
        var resolved: [Int: LogicalPlan] = [:]
        var inlined: Set<Int> = []

        mutating func resolve(_ plan: LogicalPlan) -> LogicalPlan {
            guard case .shared(let id, let definition, let columns) = plan else {
                return plan.mapInputs { resolve($0) }
            }
            let inner: LogicalPlan
            if let known = resolved[id] {
                inner = known
            } else {
                inner = resolve(definition)
                resolved[id] = inner
            }
            if kept.contains(id) { return .shared(id: id, plan: inner, columns: columns) }
            // The first reader takes the definition's own identities, later ones a copy.
            let own = inlined.insert(id).inserted ? inner : numbering.copy(inner).plan
            let items = zip(columns, own.columns).map { ProjectedColumn(column: $0, expression: $1.reference) }
            return .project(own, items)
        }
    }
}
