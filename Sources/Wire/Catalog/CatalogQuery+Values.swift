import SQL

/// Values of expressions for the row in hand.
extension CatalogQuery {
    func value(_ expression: Expression, _ frame: CatalogFrame) throws -> CatalogValue {
        try budget.step()
        switch expression.kind {
        case .literal(let literal): return CatalogQuery.value(of: literal)
        case .column(let parts): return try column(parts, frame)
        case .parameter(let number):
            guard parameters.indices.contains(number - 1) else { return .null }
            return parameters[number - 1]
        case .unary(let name, let operand): return try unary(name, value(operand, frame))
        case .binary(let name, let left, let right):
            return try CatalogOperators.binary(name, value(left, frame), value(right, frame), budget)
        case .and(let items): return try conjunction(items, frame, absorbing: false)
        case .or(let items): return try conjunction(items, frame, absorbing: true)
        case .not(let operand): return try value(operand, frame).boolean.map { .boolean(!$0) } ?? .null
        case .isNull(let operand, let negated): return .boolean(try value(operand, frame).isNull != negated)
        case .truthTest(let operand, let test, let negated):
            let found = try value(operand, frame).boolean
            let wanted: Bool? = test == .true ? true : (test == .false ? false : nil)
            return .boolean((found == wanted) != negated)
        case .isDistinctFrom(let left, let right, let negated):
            let (a, b) = (try value(left, frame), try value(right, frame))
            let isSame = try a.isNull && b.isNull || budget.order(a, b) == 0
            return .boolean(isSame == negated)
        case .between(let operand, let low, let high, _, let negated):
            let found = try value(operand, frame)
            guard let a = try budget.order(found, value(low, frame)), let b = try budget.order(found, value(high, frame))
            else { return .null }
            return .boolean((a >= 0 && b <= 0) != negated)
        case .inList(let operand, let items, let negated):
            return try membership(value(operand, frame), items.map { try value($0, frame) }, negated)
        case .inSubquery(let operand, let query, let negated):
            return try membership(value(operand, frame), run(query, outer: frame).rows.map { $0.first ?? .null }, negated)
        case .exists(let query): return .boolean(!(try run(query, outer: frame).rows.isEmpty))
        case .scalarSubquery(let query):
            let rows = try run(query, outer: frame).rows
            guard rows.count <= 1 else { throw WireError(.cardinality, "more than one row returned by a subquery used as an expression") }
            return rows.first?.first ?? .null
        case .arraySubquery(let query): return try budget.made(.array(run(query, outer: frame).rows.map { $0.first ?? .null }))
        case .quantified(let operand, let name, let quantifier, let range):
            return try quantified(value(operand, frame), name, quantifier, range, frame)
        case .patternMatch(let match): return try pattern(match, frame)
        case .caseWhen(let cases): return try caseValue(cases, frame)
        case .cast(let operand, let type): return try cast(operand, type, frame)
        case .function(let call): return try self.call(call, frame)
        case .coalesce(let items):
            for item in items {
                let found = try value(item, frame)
                if !found.isNull { return found }
            }
            return .null
        case .nullIf(let left, let right):
            let (a, b) = (try value(left, frame), try value(right, frame))
            return try budget.order(a, b) == 0 ? .null : a
        case .array(let items): return try budget.made(.array(items.map { try value($0, frame) }))
        case .element(let operand, let index):
            let array = try value(operand, frame)
            try budget.look(array)
            guard let items = CatalogFunctions.items(array), let index = try value(index, frame).integer
            else { return .null }
            return CatalogFunctions.item(index, of: items) ?? .null
        case .collate(let operand, _), .atTimeZone(let operand, _): return try value(operand, frame)
        case .currentValue(let current): return try CatalogFunctions.current(current, contents)
        default: throw WireError(.notSupported, "this expression is not supported in a query of the catalogs")
        }
    }

    static func value(of literal: Literal) -> CatalogValue {
        switch literal {
        case .integer(let number): .integer(number)
        case .decimal(let text), .string(let text): .text(text)
        case .boolean(let flag): .boolean(flag)
        case .null: .null
        }
    }

    private func column(_ parts: [String], _ frame: CatalogFrame) throws -> CatalogValue {
        if let place = frame.place(of: parts) {
            // While only types are asked for there may be no row yet.
            return place.source < place.frame.row.count ? place.frame.row[place.source][place.column] : .null
        }
        // The alias of a function in FROM is its value.
        if parts.count == 1, let place = frame.wholeSource(parts[0]) {
            guard place.source < place.frame.row.count else { return .null }
            let row = place.frame.row[place.source]
            if row.count == 1 { return row[0] }
            try budget.admit(valueOfBytes: row.reduce(2) { $0 + 1 + $1.byteCount })
            return .text("(" + row.map { $0.text ?? "" }.joined(separator: ",") + ")")
        }
        throw WireError(.unknownColumn, "column \(parts.count > 1 ? parts.joined(separator: ".") : "\"\(parts[0])\"") does not exist")
    }

    private func unary(_ name: String, _ operand: CatalogValue) throws -> CatalogValue {
        guard name == "-" || name == "+" else { throw CatalogOperators.unknown(name) }
        guard let number = operand.integer else { return .null }
        return .integer(name == "-" ? 0 &- number : number)
    }

    private func conjunction(_ items: [Expression], _ frame: CatalogFrame, absorbing: Bool) throws -> CatalogValue {
        var isUnknown = false
        for item in items {
            guard let found = try value(item, frame).boolean else {
                isUnknown = true
                continue
            }
            if found == absorbing { return .boolean(absorbing) }
        }
        return isUnknown ? .null : .boolean(!absorbing)
    }

    private func membership(_ operand: CatalogValue, _ items: [CatalogValue], _ negated: Bool) throws -> CatalogValue {
        if operand.isNull { return items.isEmpty ? .boolean(negated) : .null }
        if try items.contains(where: { try budget.order(operand, $0) == 0 }) { return .boolean(!negated) }
        return items.contains { $0.isNull } ? .null : .boolean(negated)
    }

    private func quantified(
        _ operand: CatalogValue, _ name: String, _ quantifier: Quantifier, _ range: QuantifiedOperand, _ frame: CatalogFrame
    ) throws -> CatalogValue {
        let items: [CatalogValue]
        switch range {
        case .array(let array):
            let found = try value(array, frame)
            try budget.look(found)
            guard let known = CatalogFunctions.items(found) else { return .null }
            items = known
        case .subquery(let query): items = try run(query, outer: frame).rows.map { $0.first ?? .null }
        }
        var isUnknown = false
        for item in items {
            try budget.step()
            guard let holds = try CatalogOperators.binary(name, operand, item, budget).boolean else {
                isUnknown = true
                continue
            }
            if holds == (quantifier == .any) { return .boolean(holds) }
        }
        return isUnknown ? .null : .boolean(quantifier == .all)
    }

    private func pattern(_ match: PatternMatch, _ frame: CatalogFrame) throws -> CatalogValue {
        guard match.kind != .similar else { throw CatalogOperators.unknown("SIMILAR TO") }
        let (operand, like) = (try value(match.operand, frame), try value(match.pattern, frame))
        try budget.look(operand, like)
        guard let text = operand.text, let pattern = like.text else { return .null }
        let escape = try match.escape.map { try value($0, frame).text ?? "" } ?? "\\"
        let found = try CatalogOperators.isLike(text, pattern, escape: escape, ignoresCase: match.kind == .ilike, budget)
        return .boolean(found != match.negated)
    }

    private func caseValue(_ cases: CaseExpression, _ frame: CatalogFrame) throws -> CatalogValue {
        let operand = try cases.operand.map { try value($0, frame) }
        for branch in cases.branches {
            let condition = try value(branch.condition, frame)
            let holds = try operand.map { try budget.order($0, condition) == 0 } ?? (condition.boolean == true)
            if holds { return try value(branch.result, frame) }
        }
        return try cases.otherwise.map { try value($0, frame) } ?? .null
    }
}
