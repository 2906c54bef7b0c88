import Columns
import SQL

/// Functions of arrays.
extension Binder {
    /// A function that takes arrays; nil if it is none.
    func bindArrayCall(
        _ name: String, _ items: [Expression], at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression? {
        let isBucket = name == "width_bucket" && items.count == 2
        guard FunctionSignatures.ofArrays.contains(name) || isBucket else { return nil }
        var bound: [BoundExpression] = []
        for item in items { bound.append(try bind(item, context)) }
        let missing = functionMissing(name, bound.map(\.type), at: position)
        let place = name == "array_prepend" || isBucket ? 1 : 0
        guard bound.indices.contains(place) else { throw missing }
        var array = bound[place]
        if array.type == .unknown {
            // A literal is an array of what stands beside it.
            let hasElement = name == "array_replace" || name == "array_position" || bound.count == 2 && name != "array_to_string"
            let other = hasElement && bound.indices.contains(1 - place) ? bound[1 - place].type : .text
            if case .array = other {
                array = try coerce(array, to: other, at: items[place].position)
            } else {
                array = try coerce(array, to: other.asArray, at: items[place].position)
            }
        }
        guard case .array = array.type else { throw missing }
        func integer(_ index: Int) throws(PlanningError) -> BoundExpression {
            guard TypeCoercion.isImplicit(from: bound[index].type, to: .integer) else { throw missing }
            return try coerce(bound[index], to: .integer, at: items[index].position)
        }
        /// The text of a value of the array's elements; the array takes on the type both have in common.
        func elementText(_ index: Int) throws(PlanningError) -> BoundExpression {
            guard case .array(let element) = array.type,
                let (wider, item) = try beside(
                    array, element, bound[index], at: items[place].position, items[index].position)
            else { throw missing }
            array = wider
            return try self.elementText(item)
        }
        /// What tells equal elements apart from others.
        func elementCode() -> BoundExpression {
            if case .array(let element) = array.type { element.constant } else { .constant(.null, .bigint) }
        }
        func call(_ name: String, _ arguments: [BoundExpression], _ type: LogicalType) -> BoundExpression {
            .call(name: name, arguments: arguments, type, position: position)
        }
        switch (name, bound.count) {
        case ("array_length", 2), ("array_upper", 2):
            return call("array_length", [array, try integer(1)], .integer)
        case ("array_lower", 2):
            let length = call("array_length", [array, try integer(1)], .integer)
            return .caseWhen(
                [BoundBranch(condition: .isNull(length, negated: true), result: .constant(.integer(1), .integer))],
                otherwise: .constant(.null, .integer), .integer)
        case ("cardinality", 1): return call(name, [array], .integer)
        case ("array_to_string", 2), ("array_to_string", 3):
            var arguments = [array]
            for index in 1..<bound.count {
                guard bound[index].type == .text || bound[index].type == .unknown else { throw missing }
                arguments.append(try coerce(bound[index], to: .text, at: items[index].position))
            }
            return call(name, arguments, .text)
        case ("array_position", 2), ("array_position", 3):
            let text = try elementText(1)
            let start = bound.count == 3 ? [try integer(2)] : []
            return call(name, [array, text, elementCode()] + start, .integer)
        case ("array_positions", 2):
            let text = try elementText(1)
            return call(name, [array, text, elementCode()], LogicalType.integer.asArray)
        case ("array_append", 2):
            let text = try elementText(1)
            return call(name, [array, text], array.type)
        case ("array_remove", 2):
            let text = try elementText(1)
            return call(name, [array, text, elementCode()], array.type)
        case ("array_replace", 3):
            let (old, new) = (try elementText(1), try elementText(2))
            guard bound[0].type == .unknown || array.type == bound[0].type else { throw missing }
            return call(name, [array, old, new, elementCode()], array.type)
        case ("array_prepend", 2):
            let text = try elementText(0)
            return call(name, [text, array], array.type)
        case ("width_bucket", 2):
            let text = try elementText(0)
            return call("width_bucket array", [array, text, elementCode()], .integer)
        case ("array_cat", 2):
            guard let type = TypeCoercion.common(array.type, bound[1].type) else { throw missing }
            let first = try coerce(array, to: type, at: items[0].position)
            return call(name, [first, try coerce(bound[1], to: type, at: items[1].position)], type)
        case ("array_ndims", 1): return call(name, [array], .integer)
        case ("array_dims", 1): return call(name, [array], .text)
        case ("trim_array", 2): return call(name, [array, try integer(1)], array.type)
        default: throw missing
        }
    }

    /// An array and a value that goes with its elements, in the type both have in common; nil if there is none.
    func beside(
        _ array: BoundExpression, _ element: ArrayElementType, _ value: BoundExpression, at position: Int, _ place: Int
    ) throws(PlanningError) -> (array: BoundExpression, value: BoundExpression)? {
        if case .array = value.type { return nil }
        guard let type = TypeCoercion.common(element.type, value.type) else { return nil }
        return (try coerce(array, to: type.asArray, at: position), try coerce(value, to: type, at: place))
    }
}
