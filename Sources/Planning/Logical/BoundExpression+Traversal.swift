package import Columns

extension BoundExpression {
    /// The expression with each direct operand replaced; a subquery's plan is left alone.
    package func mapOperands<Failure: Error>(
        _ transform: (BoundExpression) throws(Failure) -> BoundExpression
    ) throws(Failure) -> BoundExpression {
        func all(_ items: [BoundExpression]) throws(Failure) -> [BoundExpression] {
            var result: [BoundExpression] = []
            result.reserveCapacity(items.count)
            for item in items { result.append(try transform(item)) }
            return result
        }
        switch self {
        case .constant, .column, .outerColumn: return self
        case .cast(let operand, let type, let position):
            return .cast(try transform(operand), to: type, position: position)
        case .comparison(let comparison, let left, let right):
            return .comparison(comparison, try transform(left), try transform(right))
        case .distinct(let left, let right, let negated):
            return .distinct(try transform(left), try transform(right), negated: negated)
        case .arithmetic(let operation, let left, let right, let type, let position):
            return .arithmetic(operation, try transform(left), try transform(right), type, position: position)
        case .negate(let operand, let type, let position):
            return .negate(try transform(operand), type, position: position)
        case .and(let items): return .and(try all(items))
        case .or(let items): return .or(try all(items))
        case .not(let operand): return .not(try transform(operand))
        case .isNull(let operand, let negated): return .isNull(try transform(operand), negated: negated)
        case .isTruth(let operand, let value, let negated):
            return .isTruth(try transform(operand), value: value, negated: negated)
        case .inList(let operand, let items, let negated):
            return .inList(try transform(operand), try all(items), negated: negated)
        case .like(let operand, let pattern, let escape, let caseInsensitive, let negated):
            return .like(
                try transform(operand), pattern: try transform(pattern), escape: escape,
                caseInsensitive: caseInsensitive, negated: negated)
        case .caseWhen(let branches, let otherwise, let type):
            var newBranches: [BoundBranch] = []
            for branch in branches {
                newBranches.append(
                    BoundBranch(condition: try transform(branch.condition), result: try transform(branch.result)))
            }
            return .caseWhen(newBranches, otherwise: try transform(otherwise), type)
        case .coalesce(let items, let type): return .coalesce(try all(items), type)
        case .call(let name, let arguments, let type, let position):
            return .call(name: name, arguments: try all(arguments), type, position: position)
        case .subquery(var subquery):
            if case .quantified(let left, let comparison, let isAll, let negated) = subquery.kind {
                subquery.kind = .quantified(left: try transform(left), comparison, isAll: isAll, negated: negated)
            }
            return .subquery(subquery)
        }
    }

    /// Direct operands; for a quantified subquery its left side.
    package var operands: [BoundExpression] {
        switch self {
        case .constant, .column, .outerColumn: return []
        case .cast(let operand, _, _), .negate(let operand, _, _), .not(let operand), .isNull(let operand, _),
            .isTruth(let operand, _, _):
            return [operand]
        case .comparison(_, let left, let right), .distinct(let left, let right, _),
            .arithmetic(_, let left, let right, _, _), .like(let left, let right, _, _, _):
            return [left, right]
        case .and(let items), .or(let items), .coalesce(let items, _), .call(_, let items, _, _): return items
        case .inList(let operand, let items, _): return [operand] + items
        case .caseWhen(let branches, let otherwise, _):
            return branches.flatMap { [$0.condition, $0.result] } + [otherwise]
        case .subquery(let subquery):
            if case .quantified(let left, _, _, _) = subquery.kind { return [left] }
            return []
        }
    }

    /// Whether the expression or anything in it fits; does not look into subqueries' plans.
    package func contains(where predicate: (BoundExpression) -> Bool) -> Bool {
        if predicate(self) { return true }
        return operands.contains { $0.contains(where: predicate) }
    }

    /// Calls `visit` for the expression and everything in it, outermost first.
    package func forEach(_ visit: (BoundExpression) -> Void) {
        visit(self)
        for operand in operands { operand.forEach(visit) }
    }

    /// Columns of the plan below that the expression reads, those of outer queries aside.
    package var columnIDs: Set<ColumnID> {
        var ids: Set<ColumnID> = []
        collectColumnIDs(into: &ids)
        return ids
    }

    /// As `columnIDs`, added to a set.
    package func collectColumnIDs(into ids: inout Set<ColumnID>) {
        if case .column(let id, _) = self {
            ids.insert(id)
            return
        }
        if case .subquery(let subquery) = self {
            // What the subquery takes from the query it stands in.
            ids.formUnion(subquery.plan.outerColumnIDs)
        }
        for operand in operands { operand.collectColumnIDs(into: &ids) }
    }

    /// Columns of enclosing queries that the expression reads.
    package var outerColumnIDs: Set<ColumnID> {
        var ids: Set<ColumnID> = []
        forEach { if case .outerColumn(let id, _) = $0 { ids.insert(id) } }
        return ids
    }

    package var hasOuterColumns: Bool {
        contains { if case .outerColumn = $0 { true } else { false } }
    }

    package var hasSubquery: Bool {
        contains { if case .subquery = $0 { true } else { false } }
    }

    /// The expression with columns replaced by expressions, in subqueries too.
    package func replacing(_ replacements: [ColumnID: BoundExpression]) -> BoundExpression {
        if replacements.isEmpty { return self }
        switch self {
        case .column(let id, _): return replacements[id] ?? self
        case .constant, .outerColumn: return self
        case .subquery(var subquery):
            let outer = replacements.mapValues { $0.asOuter() }
            subquery.plan = subquery.plan.mapExpressions { $0.replacingOuter(outer) }
            return BoundExpression.subquery(subquery).mapOperands { $0.replacing(replacements) }
        default: return mapOperands { $0.replacing(replacements) }
        }
    }

    /// The expression with columns of enclosing queries replaced, in subqueries too.
    package func replacingOuter(_ replacements: [ColumnID: BoundExpression]) -> BoundExpression {
        switch self {
        case .outerColumn(let id, _): return replacements[id] ?? self
        case .constant, .column: return self
        case .subquery(var subquery):
            let outer = replacements.mapValues { $0.asOuter() }
            subquery.plan = subquery.plan.mapExpressions { $0.replacingOuter(outer) }
            return BoundExpression.subquery(subquery).mapOperands { $0.replacingOuter(replacements) }
        default: return mapOperands { $0.replacingOuter(replacements) }
        }
    }

    /// The same expression as seen from inside a subquery.
    package func asOuter() -> BoundExpression {
        switch self {
        case .column(let id, let type): .outerColumn(id, type)
        case .constant, .outerColumn: self
        default: mapOperands { $0.asOuter() }
        }
    }

    /// The expression with outer columns among `ids` as columns: what it is once it stands where those columns are.
    package func resolvingOuter(_ ids: Set<ColumnID>) -> BoundExpression {
        switch self {
        case .outerColumn(let id, let type): ids.contains(id) ? .column(id, type) : self
        case .constant, .column: self
        default: mapOperands { $0.resolvingOuter(ids) }
        }
    }

    /// The expression with all positions gone (and subqueries in canonical form), to compare what is said and not where.
    package var withoutPositions: BoundExpression {
        let inner = mapOperands { $0.withoutPositions }
        switch inner {
        case .cast(let operand, let type, _): return .cast(operand, to: type, position: -1)
        case .arithmetic(let operation, let left, let right, let type, _):
            return .arithmetic(operation, left, right, type, position: -1)
        case .negate(let operand, let type, _): return .negate(operand, type, position: -1)
        case .call(let name, let arguments, let type, _):
            return .call(name: name, arguments: arguments, type, position: -1)
        case .subquery(var subquery):
            subquery.position = -1
            subquery.plan = subquery.plan.canonical
            return .subquery(subquery)
        default: return inner
        }
    }

    /// The parts of a chain of ANDs; the expression itself if it is none.
    package var conjuncts: [BoundExpression] {
        if case .and(let items) = self { return items.flatMap(\.conjuncts) }
        return [self]
    }

    /// The parts joined by AND; nil for none.
    package static func conjunction(_ parts: [BoundExpression]) -> BoundExpression? {
        if parts.count <= 1 { return parts.first }
        return .and(parts)
    }

    package static let trueConstant = BoundExpression.constant(.boolean(true), .boolean)
    package static let falseConstant = BoundExpression.constant(.boolean(false), .boolean)

    package var isConstant: Bool {
        if case .constant = self { return true }
        return false
    }

    package var constantValue: ScalarValue? {
        if case .constant(let value, _) = self { return value }
        return nil
    }
}

extension ComparisonOperator {
    /// The operator with its sides swapped.
    package var swapped: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// The operator that holds exactly where this one does not (and neither is NULL).
    package var inverse: ComparisonOperator {
        switch self {
        case .equal: .notEqual
        case .notEqual: .equal
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        }
    }
}
