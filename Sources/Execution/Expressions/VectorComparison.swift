import Columns
import Planning

/// Comparison operators over vectors of one type (numerics may differ in scale and width).
enum VectorComparison {
    static func vector(
        _ comparison: ComparisonOperator, _ left: Vector, _ right: Vector, count: Int, _ state: inout ExpressionState
    ) -> Vector {
        if left.isConstantNull || right.isConstantNull { return .null(.boolean, count: count) }
        let mask = mask(comparison, left, right, count: count, &state)
        return .boolean(mask, validity: Validity.common([left, right]))
    }

    /// `is [not] distinct from`: NULL is a value like any other; never NULL itself.
    static func distinct(
        _ left: Vector, _ right: Vector, negated: Bool, count: Int, _ state: inout ExpressionState
    ) -> Vector {
        let first = left.flatValidity.expanded(rowCount: count)
        let second = right.flatValidity.expanded(rowCount: count)
        let oneNull = mapPairs(.rows(first), .rows(second), count: count, filler: UInt8(0)) { $0 ^ $1 }
        if left.isConstantNull || right.isConstantNull { return .boolean(negated ? Mask.not(oneNull) : oneNull) }
        let differ = mask(.notEqual, left, right, count: count, &state)
        let distinct = Mask.or(oneNull, Mask.and(Mask.and(first, second), differ))
        return .boolean(negated ? Mask.not(distinct) : distinct)
    }

    /// 1 where the comparison holds; any byte on NULL rows. Neither side is a NULL constant.
    static func mask(
        _ comparison: ComparisonOperator, _ left: Vector, _ right: Vector, count: Int, _ state: inout ExpressionState
    ) -> [UInt8] {
        switch (left.type, right.type) {
        case (.boolean, _): Comparison.mask(comparison, left.booleanOperand(), right.booleanOperand(), count: count)
        case (.date, .date): Comparison.mask(comparison, left.dateOperand(), right.dateOperand(), count: count)
        case (.date, _), (_, .date):
            Comparison.mask(comparison, microseconds(left), microseconds(right), count: count)
        case (.double, _), (_, .double):
            Comparison.doubleMask(comparison, left.doubleOperand(), right.doubleOperand(), count: count)
        case (.interval, _):
            Comparison.mask(comparison, comparable(left), comparable(right), count: count)
        case (.text, _), (.unknown, _), (.array, _): TextComparison.mask(comparison, left, right, count: count, &state)
        case (.integer, _), (.bigint, _), (.numeric, _), (.timestamp, _), (.moment, _):
            exactMask(comparison, left, right, count: count)
        }
    }

    private static func comparable(_ vector: Vector) -> Operand<Int128> {
        switch vector.intervalOperand() {
        case .constant(let value): .constant(Temporal.comparable(value))
        case .rows(let rows): .rows(mapRows(rows, filler: 0) { Temporal.comparable($0) })
        }
    }

    private static func microseconds(_ vector: Vector) -> Operand<Int64> {
        guard vector.type == .date else { return vector.int64Operand() ?? .constant(0) }
        switch vector.dateOperand() {
        case .constant(let day): return .constant(CivilTime.midnight(ofDay: day))
        case .rows(let rows): return .rows(mapRows(rows, filler: 0) { CivilTime.midnight(ofDay: $0) })
        }
    }

    // MARK: exact numbers

    private static func exactMask(
        _ comparison: ComparisonOperator, _ left: Vector, _ right: Vector, count: Int
    ) -> [UInt8] {
        let scales = (left.type.scale ?? 0, right.type.scale ?? 0)
        if let value = right.constantValue, let limit = NumberLimit(comparison, value, scale: scales.0) {
            return limit.mask(left, count: count)
        }
        if let value = left.constantValue, let limit = NumberLimit(comparison.mirrored, value, scale: scales.1) {
            return limit.mask(right, count: count)
        }
        if let first = left.int64Operand(), let second = right.int64Operand(),
            let mask = narrowMask(comparison, first, second, scales, count: count)
        {
            return mask
        }
        let (first, second) = (left.int128Operand(), right.int128Operand())
        // A sum's type is wide; its values seldom are.
        if let narrow = WideArithmetic.narrowed(first), let other = WideArithmetic.narrowed(second), let mask = narrowMask(comparison, narrow, other, scales, count: count) {
            return mask
        }
        return wideMask(comparison, first, second, scales, count: count)
    }

    private static func narrowMask(
        _ comparison: ComparisonOperator, _ first: Operand<Int64>, _ second: Operand<Int64>, _ scales: (Int, Int),
        count: Int
    ) -> [UInt8]? {
        if scales.0 == scales.1 { return Comparison.mask(comparison, first, second, count: count) }
        let scale = max(scales.0, scales.1)
        let shift = (scale - scales.0, scale - scales.1)
        guard shift.0 <= 18, shift.1 <= 18, Magnitude.bits(first) + Magnitude.bits(ofPower: shift.0) <= 62,
            Magnitude.bits(second) + Magnitude.bits(ofPower: shift.1) <= 62
        else { return nil }
        return Comparison.mask(
            comparison, scaled(first, by: DecimalText.powers64[shift.0]),
            scaled(second, by: DecimalText.powers64[shift.1]),
            count: count)
    }

    private static func scaled(_ operand: Operand<Int64>, by factor: Int64) -> Operand<Int64> {
        if factor == 1 { return operand }
        switch operand {
        case .constant(let value): return .constant(value &* factor)
        case .rows(let rows): return .rows(mapRows(rows, filler: 0) { $0 &* factor })
        }
    }

    private static func wideMask(
        _ comparison: ComparisonOperator, _ first: Operand<Int128>, _ second: Operand<Int128>, _ scales: (Int, Int),
        count: Int
    ) -> [UInt8] {
        if scales.0 == scales.1 { return Comparison.mask(comparison, first, second, count: count) }
        let scale = max(scales.0, scales.1)
        let shift = (scale - scales.0, scale - scales.1)
        if Magnitude.bits(first) + Magnitude.bits(ofPower: shift.0) <= 126, Magnitude.bits(second) + Magnitude.bits(ofPower: shift.1) <= 126 {
            let (left, right) = (DecimalText.powers128[shift.0], DecimalText.powers128[shift.1])
            return mapPairs(first, second, count: count, filler: 0) {
                let (own, other) = ($0 &* left, $1 &* right)
                return Comparison.holds(comparison, own == other ? 0 : own < other ? -1 : 1) ? 1 : 0
            }
        }
        return mapPairs(first, second, count: count, filler: 0) {
            Comparison.holds(comparison, DecimalText.order($0, scale: scales.0, $1, scale: scales.1)) ? 1 : 0
        }
    }
}

/// A comparison with a constant, restated in the column's own scale so that rows are compared as they are stored.
struct NumberLimit {
    private let comparison: ComparisonOperator
    private let bound: Int128
    /// The answer for every row, where the constant lies between two values of the scale and equality is asked.
    private let fixed: Bool?

    /// Nil where the constant is no exact number.
    init?(_ comparison: ComparisonOperator, _ value: ScalarValue, scale: Int) {
        let exact: (unscaled: Int128, scale: Int)
        switch value {
        case .integer(let number): exact = (Int128(number), 0)
        case .numeric(let unscaled, let ownScale): exact = (unscaled, ownScale)
        case .timestamp(let number): exact = (Int128(number), scale)
        default: return nil
        }
        if exact.scale <= scale {
            guard let bound = WideArithmetic.rescaled(exact.unscaled, from: exact.scale, to: scale) else { return nil }
            (self.comparison, self.bound, fixed) = (comparison, bound, nil)
            return
        }
        guard exact.scale - scale <= 38 else { return nil }
        let power = DecimalText.powers128[exact.scale - scale]
        let (quotient, remainder) = exact.unscaled.quotientAndRemainder(dividingBy: power)
        if remainder == 0 {
            (self.comparison, self.bound, fixed) = (comparison, quotient, nil)
            return
        }
        // Between floor and floor + 1: "less" means at most the floor, "greater" means above it.
        bound = remainder < 0 ? quotient - 1 : quotient
        switch comparison {
        case .equal: (self.comparison, fixed) = (.equal, false)
        case .notEqual: (self.comparison, fixed) = (.notEqual, true)
        case .less, .lessOrEqual: (self.comparison, fixed) = (.lessOrEqual, nil)
        case .greater, .greaterOrEqual: (self.comparison, fixed) = (.greater, nil)
        }
    }

    func mask(_ vector: Vector, count: Int) -> [UInt8] {
        if let fixed { return [UInt8](repeating: fixed ? 1 : 0, count: count) }
        guard let rows = vector.int64Operand() else {
            return Comparison.mask(comparison, vector.int128Operand(), .constant(bound), count: count)
        }
        if let narrow = Int64(exactly: bound) {
            return Comparison.mask(comparison, rows, .constant(narrow), count: count)
        }
        // Beyond 64 bits: every row lies on the same side.
        let holds = Comparison.holds(comparison, bound > 0 ? -1 : 1)
        return [UInt8](repeating: holds ? 1 : 0, count: count)
    }
}
