import Columns
import Planning

/// `+ - * / %` and unary minus over vectors.
enum Arithmetic {
    static func vector(
        _ operation: ArithmeticOperator, _ left: Vector, _ right: Vector, type: LogicalType, count: Int, position: Int
    ) throws(ExecutionError) -> Vector {
        if left.isConstantNull || right.isConstantNull { return .null(type, count: count) }
        let validity = Validity.common([left, right])
        let inputs = ArithmeticInputs(
            left: left, right: right, validity: validity, count: count, type: type, position: position)
        let values: VectorValues
        switch (left.type, right.type) {
        case (.double, .double): values = .double(try inputs.doubles(operation))
        case (.integer, .integer), (.integer, .bigint), (.bigint, .integer), (.bigint, .bigint):
            switch type {
            case .integer, .bigint: values = .int64(try inputs.integers(operation))
            default: values = try inputs.numerics(operation)
            }
        case (let first, let second) where first.scale != nil && second.scale != nil:
            values = try inputs.numerics(operation)
        case (let first, let second) where first.isNumber && second.isNumber:
            values = .double(try inputs.doubles(operation))
        default: values = try inputs.temporals(operation)
        }
        return Vector(type: type, count: count, values: values, validity: validity)
    }

    static func negated(_ input: Vector, type: LogicalType, position: Int) throws(ExecutionError) -> Vector {
        if input.isConstantNull { return .null(type, count: input.count) }
        let zero: ScalarValue
        switch type {
        case .double:
            // 0 - x would lose the sign of zero.
            let rows = mapRows(input.doubleOperand().expanded(count: input.count), filler: 0) { -$0 }
            return Vector(type: type, count: input.count, values: .double(rows), validity: input.flatValidity)
        case .interval: zero = .interval(IntervalValue())
        case .numeric(_, let scale): zero = .numeric(unscaled: 0, scale: scale)
        default: zero = .integer(0)
        }
        let nothing = Vector.constant(zero, type: type, count: input.count)
        return try vector(.subtract, nothing, input, type: type, count: input.count, position: position)
    }
}

/// The inputs of one binary operation; neither is a NULL constant.
struct ArithmeticInputs {
    let left: Vector
    let right: Vector
    let validity: Validity
    let count: Int
    let type: LogicalType
    let position: Int

    func failure(_ kind: ExecutionError.Kind) -> ExecutionError { ExecutionError(kind, position: position) }

    // MARK: integers

    func integers(_ operation: ArithmeticOperator) throws(ExecutionError) -> [Int64] {
        guard let first = left.int64Operand(), let second = right.int64Operand() else {
            throw failure(.outOfRange(type.name))
        }
        switch operation {
        case .add, .subtract, .multiply:
            if let rows = fastIntegers(operation, first, second) { return rows }
        case .divide, .modulo: break
        }
        return try CheckedLoop.mapPairs(first, second, validity, count: count, filler: 0) {
            (a, b) throws(ExecutionError) in try integer(operation, a, b)
        }
    }

    /// The rows, or nil if one of them (perhaps a NULL one) may be out of range.
    private func fastIntegers(
        _ operation: ArithmeticOperator, _ first: Operand<Int64>, _ second: Operand<Int64>
    ) -> [Int64]? {
        let result: (rows: [Int64], flags: Int64)
        switch operation {
        case .add:
            result = FlaggingKernels.mapPairs(first, second, count: count, filler: 0) {
                let sum = $0 &+ $1
                return (sum, (($0 ^ sum) & ($1 ^ sum)) & Int64.min)
            }
        case .subtract:
            result = FlaggingKernels.mapPairs(first, second, count: count, filler: 0) {
                let difference = $0 &- $1
                return (difference, (($0 ^ $1) & ($0 ^ difference)) & Int64.min)
            }
        default:
            guard Magnitude.bits(first) + Magnitude.bits(second) <= 62 else { return nil }
            result = FlaggingKernels.mapPairs(first, second, count: count, filler: 0) { ($0 &* $1, 0) }
        }
        if result.flags != 0 { return nil }
        if type == .integer, Magnitude.bits(result.rows) > 31 { return nil }
        return result.rows
    }

    private func integer(_ operation: ArithmeticOperator, _ a: Int64, _ b: Int64) throws(ExecutionError) -> Int64 {
        let result: (partialValue: Int64, overflow: Bool)
        switch operation {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .divide:
            if b == 0 { throw failure(.divisionByZero) }
            result = a.dividedReportingOverflow(by: b)
        case .modulo:
            if b == 0 { throw failure(.divisionByZero) }
            return b == -1 ? 0 : a % b
        }
        if result.overflow || (type == .integer && Int32(exactly: result.partialValue) == nil) {
            throw failure(.outOfRange(type.name))
        }
        return result.partialValue
    }

    // MARK: doubles

    func doubles(_ operation: ArithmeticOperator) throws(ExecutionError) -> [Double] {
        let first = left.doubleOperand()
        let second = right.doubleOperand()
        let result: (rows: [Double], flags: Int64)
        // Infinities and zeros that may be errors are looked at again, row by row.
        switch operation {
        case .add:
            result = FlaggingKernels.mapPairs(first, second, count: count, filler: 0) {
                let sum = $0 + $1
                return (sum, sum.magnitude == .infinity ? 1 : 0)
            }
        case .subtract:
            result = FlaggingKernels.mapPairs(first, second, count: count, filler: 0) {
                let difference = $0 - $1
                return (difference, difference.magnitude == .infinity ? 1 : 0)
            }
        case .multiply:
            result = FlaggingKernels.mapPairs(first, second, count: count, filler: 0) {
                let product = $0 * $1
                let suspect = product.magnitude == .infinity || (product == 0 && $0 != 0 && $1 != 0)
                return (product, suspect ? 1 : 0)
            }
        case .divide:
            result = FlaggingKernels.mapPairs(first, second, count: count, filler: 0) {
                let quotient = $0 / $1
                let suspect = $1 == 0 || quotient.magnitude == .infinity || (quotient == 0 && $0 != 0)
                return (quotient, suspect ? 1 : 0)
            }
        case .modulo: throw failure(.unsupported("operator does not exist: double precision % double precision"))
        }
        if result.flags == 0 { return result.rows }
        return try CheckedLoop.mapPairs(first, second, validity, count: count, filler: 0) {
            (a, b) throws(ExecutionError) in try checkedDouble(operation, a, b)
        }
    }

    private func checkedDouble(_ operation: ArithmeticOperator, _ a: Double, _ b: Double) throws(ExecutionError)
        -> Double
    {
        let result: Double
        switch operation {
        case .add: result = a + b
        case .subtract: result = a - b
        case .multiply: result = a * b
        case .divide, .modulo:
            if b == 0 && !a.isNaN { throw failure(.divisionByZero) }
            result = a / b
        }
        if result.isInfinite && !a.isInfinite && !(b.isInfinite) { throw failure(.doubleOverflow) }
        if result == 0, operation == .multiply, a != 0, b != 0 { throw failure(.doubleUnderflow) }
        if result == 0, operation == .divide, a != 0, !b.isInfinite { throw failure(.doubleUnderflow) }
        return result
    }
}
