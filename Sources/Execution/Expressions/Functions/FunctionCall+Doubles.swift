import Columns
import Glibc

/// Functions of doubles.
extension FunctionCall {
    func double(_ function: ScalarFunction) throws(ExecutionError) -> Vector {
        if inputs.isEmpty { return .constant(.double(Double.pi), type: type, count: count) }
        let first = inputs[0].doubleOperand()
        switch function {
        case .round: return result(.double(mapped(first) { $0.rounded(.toNearestOrEven) }))
        case .ceil: return result(.double(mapped(first) { $0.rounded(.up) }))
        case .floor: return result(.double(mapped(first) { $0.rounded(.down) }))
        case .trunc: return result(.double(mapped(first) { $0.rounded(.towardZero) }))
        case .abs: return result(.double(mapped(first) { $0.magnitude }))
        case .sign: return result(.double(mapped(first) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }))
        default: break
        }
        if inputs.count == 2 {
            let second = inputs[1].doubleOperand()
            return result(
                .double(
                    try CheckedLoop.mapPairs(first, second, validity, count: count, filler: 0) {
                        (a, b) throws(ExecutionError) in try binary(function, a, b)
                    }))
        }
        return result(
            .double(
                try CheckedLoop.map(first, validity, count: count, filler: 0) { (value) throws(ExecutionError) in
                    try unary(function, value)
                }))
    }

    private func mapped(_ operand: Operand<Double>, _ body: (Double) -> Double) -> [Double] {
        mapRows(operand.expanded(count: count), filler: 0, body)
    }

    private func unary(_ function: ScalarFunction, _ value: Double) throws(ExecutionError) -> Double {
        switch function {
        case .sqrt:
            if value < 0 { throw invalid("cannot take square root of a negative number") }
            return value.squareRoot()
        case .cbrt: return Glibc.cbrt(value)
        case .exp: return try checked(Glibc.exp(value), isFinite: value.isFinite, mayBeZero: false)
        case .ln: return Glibc.log(try logarithmArgument(value))
        case .log, .log10: return Glibc.log10(try logarithmArgument(value))
        case .degrees: return try checked(value / (Double.pi / 180), isFinite: value.isFinite, mayBeZero: true)
        case .radians: return value * (Double.pi / 180)
        case .sin, .cos, .tan:
            if value.isInfinite { throw invalid("input is out of range") }
            return function == .sin ? Glibc.sin(value) : (function == .cos ? Glibc.cos(value) : Glibc.tan(value))
        case .asin, .acos:
            if value < -1 || value > 1 { throw invalid("input is out of range") }
            return function == .asin ? Glibc.asin(value) : Glibc.acos(value)
        case .sinh: return Glibc.sinh(value)
        case .cosh: return Glibc.cosh(value)
        case .tanh: return Glibc.tanh(value)
        case .asinh: return Glibc.asinh(value)
        case .acosh:
            if value < 1 { throw invalid("input is out of range") }
            return Glibc.acosh(value)
        case .atanh:
            if value < -1 || value > 1 { throw invalid("input is out of range") }
            return Glibc.atanh(value)
        case .cot:
            if value.isInfinite { throw invalid("input is out of range") }
            return 1 / Glibc.tan(value)
        case .sind, .cosd, .tand, .cotd:
            if value.isInfinite { throw invalid("input is out of range") }
            return DegreeAngle.value(of: function, value)
        case .asind, .acosd:
            if value < -1 || value > 1 { throw invalid("input is out of range") }
            return DegreeAngle.value(of: function, value)
        case .atand: return DegreeAngle.value(of: function, value)
        default: return Glibc.atan(value)
        }
    }

    private func binary(_ function: ScalarFunction, _ a: Double, _ b: Double) throws(ExecutionError) -> Double {
        switch function {
        case .power: return try power(a, b)
        case .log:
            let base = Glibc.log(try logarithmArgument(a))
            let value = Glibc.log(try logarithmArgument(b))
            if base == 0 { throw failure(.divisionByZero) }
            return value / base
        case .atan2d: return DegreeAngle.degrees(Glibc.atan2(a, b))
        default: return Glibc.atan2(a, b)
        }
    }

    private func logarithmArgument(_ value: Double) throws(ExecutionError) -> Double {
        if value == 0 { throw invalid("cannot take logarithm of zero") }
        if value < 0 { throw invalid("cannot take logarithm of a negative number") }
        return value
    }

    private func power(_ base: Double, _ exponent: Double) throws(ExecutionError) -> Double {
        if base.isNaN || exponent.isNaN { return base == 1 || exponent == 0 ? 1 : .nan }
        if base == 0, exponent < 0 { throw invalid("zero raised to a negative power is undefined") }
        if base < 0, exponent.isFinite, exponent.rounded(.down) != exponent {
            throw invalid("a negative number raised to a non-integer power yields a complex result")
        }
        let result = Glibc.pow(base, exponent)
        return try checked(result, isFinite: base.isFinite && exponent.isFinite, mayBeZero: base == 0)
    }

    private func checked(_ value: Double, isFinite: Bool, mayBeZero: Bool) throws(ExecutionError) -> Double {
        if isFinite, value.isInfinite { throw failure(.doubleOverflow) }
        if isFinite, value == 0, !mayBeZero { throw failure(.doubleUnderflow) }
        return value
    }
}
