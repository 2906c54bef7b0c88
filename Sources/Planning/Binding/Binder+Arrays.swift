import Columns
import SQL

/// Arrays: literals, elements, functions.
extension Binder {
    /// `array[…]`; its elements meet in one type unless one is given.
    func arrayLiteral(
        _ items: [Expression], of element: LogicalType?, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        var bound: [BoundExpression] = []
        for item in items {
            bound.append(try bind(item, context))
            if case .array? = bound.last?.type { throw .unsupported("an array of arrays", at: position) }
        }
        let type: LogicalType
        if let element, element != TypeCoercion.unconstrained || items.isEmpty {
            type = element
            for (index, item) in items.enumerated() {
                guard TypeCoercion.isExplicit(from: bound[index].type, to: type) else {
                    throw PlanningError(
                        "cannot cast type \(TypeCoercion.messageName(bound[index].type)) to \(TypeCoercion.messageName(type))",
                        at: item.position)
                }
                bound[index] = try coerce(bound[index], to: type, at: item.position, explicit: true)
            }
        } else {
            if element != nil {
                for index in bound.indices {
                    bound[index] = try numericOperand(bound[index], at: items[index].position)
                }
            }
            if items.isEmpty {
                throw PlanningError(
                    "cannot determine type of empty array", at: position,
                    hint: "cast it to the desired type, for example array[]::integer[]")
            }
            (bound, type) = try unified(bound, items.map(\.position), of: "ARRAY")
        }
        guard let own = ArrayElementType(type)?.withDigits(0) else {
            throw noArray(of: type, at: position)
        }
        let texts = bound.map {
            BoundExpression.call(name: "array element", arguments: [$0], .text, position: position)
        }
        return .call(name: "array literal", arguments: texts, .array(own), position: position)
    }

    /// `a[i]`.
    func arrayElement(
        _ array: Expression, _ index: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let bound = try bind(array, context)
        guard case .array(let element) = bound.type else {
            if case .element = array.kind { throw .unsupported("an array of arrays", at: array.position) }
            throw PlanningError(
                "cannot subscript type \(TypeCoercion.messageName(bound.type)) because it does not support subscripting",
                at: array.position)
        }
        let place = try subscriptIndex(index, context)
        let text = BoundExpression.call(name: "array element at", arguments: [bound, place], .text, position: position)
        return element.type == .text ? text : .cast(text, to: element.type, position: position)
    }

    func arraySlice(
        _ array: Expression, _ low: Expression?, _ high: Expression?, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let bound = try bind(array, context)
        guard case .array = bound.type else {
            throw PlanningError(
                "cannot subscript type \(TypeCoercion.messageName(bound.type)) because it does not support subscripting",
                at: array.position)
        }
        let from = try low.map { (item) throws(PlanningError) in try subscriptIndex(item, context) }
        let to = try high.map { (item) throws(PlanningError) in try subscriptIndex(item, context) }
        return .call(
            name: "array slice",
            arguments: [
                bound, from ?? .constant(.integer(1), .integer), to ?? .constant(.integer(Int64(Int32.max)), .integer),
            ], bound.type, position: position)
    }

    private func subscriptIndex(_ index: Expression, _ context: BindContext) throws(PlanningError) -> BoundExpression {
        let bound = try bind(index, context)
        guard bound.type == .unknown || TypeCoercion.isInteger(bound.type) else {
            throw PlanningError("array subscript must have type integer", at: index.position)
        }
        return try coerce(bound, to: .integer, at: index.position)
    }

    /// `array(query)`: the rows of a query of one column.
    func arraySubquery(_ query: Query, at position: Int, _ context: BindContext) throws(PlanningError)
        -> BoundExpression
    {
        let bound = try bindInner(query, context)
        guard bound.columns.count == 1 else { throw PlanningError("subquery must return only one column", at: position) }
        guard let element = ArrayElementType(bound.columns[0].type) else {
            throw noArray(of: bound.columns[0].type, at: position)
        }
        let plan = exactly(bound)
        var keys: [PlanSortKey] = []
        if case .sort(_, let own) = bound.plan { keys = own }
        let call = AggregateCall(
            name: "array_agg", arguments: [bound.columns[0].reference], orderBy: keys, type: .array(element),
            position: position)
        let column = numbering.column("array", .array(element))
        let input = keys.isEmpty ? plan : bound.plan
        let node = AggregateNode(input: input, groups: [], aggregates: [.init(column: column, call: call)])
        let subquery = BoundExpression.subquery(
            BoundSubquery(kind: .scalar, plan: .aggregate(node), type: .array(element), position: position))
        return .coalesce([subquery, .constant(.text("{}"), .array(element))], .array(element))
    }

    /// A value as the text it has inside an array, without quotes.
    func elementText(_ value: BoundExpression) throws(PlanningError) -> BoundExpression {
        if value.type == .text { return value }
        if value.type == .boolean { return booleanLetter(value) }
        return try coerce(value, to: .text, at: -1)
    }

    /// `||` where one side is an array; nil if none is.
    func arrayConcatenation(
        _ a: BoundExpression, _ b: BoundExpression, _ left: Expression, _ right: Expression, at position: Int
    ) throws(PlanningError) -> BoundExpression? {
        func call(_ name: String, _ arguments: [BoundExpression], _ type: LogicalType) -> BoundExpression {
            .call(name: name, arguments: arguments, type, position: position)
        }
        switch (a.type, b.type) {
        case (.array(let first), .array(let second)) where a.type != b.type:
            guard let common = TypeCoercion.common(first.type, second.type), ArrayElementType(common) != nil else {
                throw operatorMissing("||", a.type, b.type, at: position)
            }
            return call(
                "array_cat",
                [
                    try coerce(a, to: common.asArray, at: left.position, explicit: true),
                    try coerce(b, to: common.asArray, at: right.position, explicit: true),
                ], common.asArray)
        case (.array, .array), (.array, .unknown):
            guard TypeCoercion.isImplicit(from: b.type, to: a.type) else {
                throw operatorMissing("||", a.type, b.type, at: position)
            }
            return call("array_cat", [a, try coerce(b, to: a.type, at: right.position)], a.type)
        case (.unknown, .array): return call("array_cat", [try coerce(a, to: b.type, at: left.position), b], b.type)
        case (.array(let element), _):
            guard let (array, item) = try beside(a, element, b, at: left.position, right.position) else { return nil }
            return call("array_append", [array, try elementText(item)], array.type)
        case (_, .array(let element)):
            guard let (array, item) = try beside(b, element, a, at: right.position, left.position) else { return nil }
            return call("array_prepend", [try elementText(item), array], array.type)
        default: return nil
        }
    }

    /// How many items an array written out has in each of its dimensions; none for a single value, nil for arrays of different sizes.
    private static func writtenShape(_ expression: Expression) -> [Int]? {
        guard case .array(let items) = expression.kind else { return [] }
        let shapes = items.map(writtenShape)
        guard let first = shapes.first else { return [0] }
        guard let inner = first, shapes.allSatisfy({ $0 == inner }) else { return nil }
        return [items.count] + inner
    }

    /// What `any` and `all` range over where the array is written out: its elements.
    func writtenElements(_ array: Expression) throws(PlanningError) -> [Expression]? {
        switch array.kind {
        // Those of arrays in arrays one after the other.
        case .array(let items):
            if items.contains(where: { if case .array = $0.kind { true } else { false } }) {
                let shapes = items.map(Binder.writtenShape)
                guard let shape = shapes[0], shapes.allSatisfy({ $0 == shape }) else {
                    throw PlanningError(
                        "multidimensional arrays must have array expressions with matching dimensions", at: array.position)
                }
            }
            var elements: [Expression] = []
            for item in items {
                if case .array = item.kind { elements += try writtenElements(item) ?? [] } else { elements.append(item) }
            }
            return elements
        case .cast(let inner, let name) where name.isArray:
            guard let items = try writtenElements(inner) else { return nil }
            var element = name
            element.isArray = false
            return items.map { Expression(.cast($0, element), position: $0.position) }
        case .literal(.string(let text)):
            guard let elements = ArrayText.read(text) else {
                throw PlanningError("malformed array literal: \"\(text)\"", at: array.position)
            }
            return elements.map { element in
                Expression(.literal(element.map { .string($0) } ?? .null), position: array.position)
            }
        default: return nil
        }
    }
}
