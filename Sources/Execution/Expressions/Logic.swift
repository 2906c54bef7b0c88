import Columns

/// Three-valued logic over boolean vectors of any shape.
enum Logic {
    /// Rows that are TRUE, FALSE or neither.
    struct Truth {
        /// 1 where TRUE.
        var isTrue: [UInt8]
        /// 1 where FALSE.
        var isFalse: [UInt8]

        init(_ vector: Vector) {
            if vector.isConstantNull {
                isTrue = [UInt8](repeating: 0, count: vector.count)
                isFalse = isTrue
                return
            }
            if case .runs(let child, let map) = vector.values {
                let truth = Truth(child)
                isTrue = spread(truth.isTrue, map.starts)
                isFalse = spread(truth.isFalse, map.starts)
                return
            }
            let values = vector.booleanOperand().expanded(count: vector.count)
            switch vector.flatValidity {
            case .allPresent:
                isTrue = values
                isFalse = Mask.not(values)
            case .mask(let present):
                isTrue = Mask.and(values, present)
                isFalse = Mask.subtract(present, values)
            }
        }

        /// Every row the same.
        init(repeating value: Bool, count: Int) {
            isTrue = [UInt8](repeating: value ? 1 : 0, count: count)
            isFalse = [UInt8](repeating: value ? 0 : 1, count: count)
        }

        var vector: Vector { .boolean(isTrue, validity: Validity(compacting: Mask.or(isTrue, isFalse))) }

        mutating func formAnd(_ other: Truth) {
            isTrue = Mask.and(isTrue, other.isTrue)
            isFalse = Mask.or(isFalse, other.isFalse)
        }

        mutating func formOr(_ other: Truth) {
            isTrue = Mask.or(isTrue, other.isTrue)
            isFalse = Mask.and(isFalse, other.isFalse)
        }
    }

    /// 1 where the row is TRUE.
    static func trueMask(_ vector: Vector) -> [UInt8] {
        if vector.isConstantNull { return [UInt8](repeating: 0, count: vector.count) }
        if case .runs(let child, let map) = vector.values { return spread(trueMask(child), map.starts) }
        let values = vector.booleanOperand().expanded(count: vector.count)
        guard case .mask(let present) = vector.flatValidity else { return values }
        return Mask.and(values, present)
    }

    static func not(_ vector: Vector) -> Vector {
        if vector.isConstantNull { return vector }
        let values = vector.booleanOperand().expanded(count: vector.count)
        return .boolean(Mask.not(values), validity: vector.flatValidity)
    }

    static func isNull(_ vector: Vector, negated: Bool) -> Vector {
        switch vector.flatValidity {
        case .allPresent: .constant(.boolean(negated), type: .boolean, count: vector.count)
        case .mask(let present): .boolean(negated ? present : Mask.not(present))
        }
    }

    static func isTruth(_ vector: Vector, value: Bool, negated: Bool) -> Vector {
        let truth = Truth(vector)
        let mask = value ? truth.isTrue : truth.isFalse
        return .boolean(negated ? Mask.not(mask) : mask)
    }
}
