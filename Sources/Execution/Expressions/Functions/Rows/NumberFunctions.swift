import Columns
import Planning

/// Numbers as texts and texts as numbers, digits and bits.
enum NumberFunctions {
    static let all: [String: RowFunction] = [
        "to_char number": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .text(let pattern) = values[1] else { return .null }
            if case .double(let number) = values[0] { return .text(try NumberFormat(pattern).text(number)) }
            guard let (unscaled, scale) = decimal(values[0]) else { return .null }
            return .text(try NumberFormat(pattern).text(unscaled: unscaled, scale: scale))
        },
        "to_number": RowFunction { (values, type, _) throws(RowFailure) in
            guard case .text(let text) = values[0], case .text(let pattern) = values[1], !pattern.isEmpty else {
                return .null
            }
            let (unscaled, scale) = try NumberFormat(pattern).number(text)
            guard let value = WideArithmetic.rescaled(unscaled, from: scale, to: type.scale ?? 0) else {
                throw RowFailure(.numericFieldOverflow)
            }
            return .numeric(unscaled: value, scale: type.scale ?? 0)
        },
        "round double": RowFunction { (values, type, _) throws(RowFailure) in try cut(values, type, isRounded: true) },
        "trunc double": RowFunction { (values, type, _) throws(RowFailure) in try cut(values, type, isRounded: false) },
        "width_bucket": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .double(let value) = values[0], case .double(let low) = values[1],
                case .double(let high) = values[2], case .integer(let count) = values[3]
            else { return .null }
            if count <= 0 { throw RowFailure("count must be greater than zero") }
            if value.isNaN || low.isNaN || high.isNaN {
                throw RowFailure("operand, lower bound, and upper bound cannot be NaN")
            }
            if low.isInfinite || high.isInfinite { throw RowFailure("lower and upper bounds must be finite") }
            if low == high { throw RowFailure("lower bound cannot equal upper bound") }
            let isRising = low < high
            if isRising ? value < low : value > low { return .integer(0) }
            if isRising ? value >= high : value <= high { return try bucket(count + 1) }
            if value == low { return .integer(1) }
            // In PostgreSQL's order, which decides next to a border; next to the upper bound it gives the bucket behind it.
            let place = Double(count) * (isRising ? value - low : low - value) / (isRising ? high - low : low - high) + 1
            // Beyond a double PostgreSQL's own answer is another one in each of its releases.
            guard (high - low).isFinite, place.isFinite else {
                throw RowFailure(.unsupported("width_bucket between bounds whose difference is no double is not supported"))
            }
            return try bucket(Int64(place))
        },
        "width_bucket numeric": RowFunction { (values, _, _) throws(RowFailure) in
            guard let value = decimal(values[0]), let low = decimal(values[1]), let high = decimal(values[2]),
                case .integer(let count) = values[3]
            else { return .null }
            if count <= 0 { throw RowFailure("count must be greater than zero") }
            let scale = max(value.scale, low.scale, high.scale)
            guard let own = WideArithmetic.rescaled(value.unscaled, from: value.scale, to: scale),
                let first = WideArithmetic.rescaled(low.unscaled, from: low.scale, to: scale),
                let last = WideArithmetic.rescaled(high.unscaled, from: high.scale, to: scale)
            else { throw RowFailure(.numericFieldOverflow) }
            if first == last { throw RowFailure("lower bound cannot equal upper bound") }
            let isRising = first < last
            if isRising ? own < first : own > first { return .integer(0) }
            if isRising ? own >= last : own <= last { return try bucket(count + 1) }
            let (distance, isFar) = (isRising ? own : first).subtractingReportingOverflow(isRising ? first : own)
            let (width, isWide) = (isRising ? last : first).subtractingReportingOverflow(isRising ? first : last)
            let (product, isLarge) = distance.multipliedReportingOverflow(by: Int128(count))
            if isFar || isWide || isLarge { throw RowFailure(.numericFieldOverflow) }
            return try bucket(Int64(product / width) + 1)
        },
        "sqrt numeric": significant("sqrt numeric"), "exp numeric": significant("exp numeric"),
        "ln numeric": significant("ln numeric"), "log numeric": significant("log numeric"),
        "log10 numeric": significant("log10 numeric"), "power numeric": significant("power numeric"),
        "scale": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .numeric(_, let scale) = values[0] else { return .null }
            return .integer(Int64(scale))
        },
        "min_scale": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .numeric(var unscaled, var scale) = values[0] else { return .null }
            while scale > 0, unscaled % 10 == 0 {
                unscaled /= 10
                scale -= 1
            }
            return .integer(Int64(scale))
        },
        "factorial": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .integer(let number) = values[0] else { return .null }
            if number < 0 { throw RowFailure("factorial of a negative number is undefined") }
            // 33! has 37 digits.
            guard number <= 33 else { throw RowFailure(.numericFieldOverflow) }
            return .numeric(unscaled: (0..<Int128(number)).reduce(1) { $0 * ($1 + 1) }, scale: 0)
        },
        "gcd numeric": divisors { (divisor, _) in divisor },
        "lcm numeric": divisors { (divisor, pair) in
            if divisor == 0 { return 0 }
            let (product, isLarge) = (pair.0 / divisor).multipliedReportingOverflow(by: pair.1)
            return isLarge ? nil : product
        },
        "nearest real": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .double(let number) = values[0] else { return .null }
            let real = Float(number)
            if real.isInfinite, number.isFinite { throw RowFailure("value out of range: overflow") }
            if real == 0, number != 0 { throw RowFailure("value out of range: underflow") }
            return .double(Double(real))
        },
        "six digits": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .double(let number) = values[0], number.isFinite, number != 0 else { return values[0] }
            return .double(SignificantDigits.nearest(number, digits: 6))
        },
        "limit rows": count(of: "LIMIT"),
        "offset rows": count(of: "OFFSET"),
        "bits and": bits { $0 & $1 },
        "bits or": bits { $0 | $1 },
        "bits xor": bits { $0 ^ $1 },
        "bits not": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .integer(let value) = values[0] else { return .null }
            return .integer(~value)
        },
        "low bits": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .integer(let value) = values[0] else { return .null }
            return .integer(Int64(Int16(truncatingIfNeeded: value)))
        },
        "bits left": shift { (value, count, width) in
            width == 32 ? Int64(Int32(truncatingIfNeeded: value) &<< Int32(count & 31)) : value &<< (count & 63)
        },
        "bits right": shift { (value, count, width) in
            width == 32 ? Int64(Int32(truncatingIfNeeded: value) &>> Int32(count & 31)) : value &>> (count & 63)
        },
    ]

    /// A function of ``NumericFunctions``.
    private static func significant(_ name: String) -> RowFunction {
        RowFunction { (values, type, _) throws(RowFailure) in
            var numbers: [NumericFunctions.Number] = []
            for value in values {
                guard let number = decimal(value) else { return .null }
                numbers.append(number)
            }
            let scale = type.scale ?? 0
            do throws(NumericFunctions.Failure) {
                return .numeric(unscaled: try NumericFunctions.value(name, numbers, scale: scale), scale: scale)
            } catch {
                switch error {
                case .invalid(let message): throw RowFailure(message)
                case .divisionByZero: throw RowFailure(.divisionByZero)
                case .beyond: throw RowFailure(.resultBeyondDigits(of: String(name.prefix { $0 != " " })))
                }
            }
        }
    }

    private static func bucket(_ number: Int64) throws(RowFailure) -> ScalarValue {
        guard number <= Int64(Int32.max) else { throw RowFailure(.outOfRange("integer")) }
        return .integer(number)
    }

    /// What the greatest common divisor of two numbers, and their sizes, give in the scale they have in common.
    private static func divisors(
        _ value: @escaping @Sendable (Int128, (Int128, Int128)) -> Int128?
    ) -> RowFunction {
        RowFunction { (values, type, _) throws(RowFailure) in
            guard let a = decimal(values[0]), let b = decimal(values[1]) else { return .null }
            let scale = type.scale ?? 0
            guard let first = WideArithmetic.rescaled(a.unscaled, from: a.scale, to: scale),
                let second = WideArithmetic.rescaled(b.unscaled, from: b.scale, to: scale)
            else { throw RowFailure(.numericFieldOverflow) }
            var (large, small) = (first.magnitude, second.magnitude)
            while small != 0 { (large, small) = (small, large % small) }
            let pair = (Int128(first.magnitude), Int128(second.magnitude))
            guard let result = value(Int128(large), pair), result <= WideArithmetic.maximum else {
                throw RowFailure(.numericFieldOverflow)
            }
            return .numeric(unscaled: result, scale: scale)
        }
    }

    private static func count(of clause: String) -> RowFunction {
        RowFunction { (values, _, _) throws(RowFailure) in
            if case .integer(let number) = values[0], number < 0 { throw RowFailure("\(clause) must not be negative") }
            return values[0]
        }
    }

    private static func bits(_ operation: @escaping @Sendable (Int64, Int64) -> Int64) -> RowFunction {
        RowFunction { (values, _, _) throws(RowFailure) in
            guard case .integer(let a) = values[0], case .integer(let b) = values[1] else { return .null }
            return .integer(operation(a, b))
        }
    }

    private static func shift(_ operation: @escaping @Sendable (Int64, Int64, Int) -> Int64) -> RowFunction {
        RowFunction { (values, type, _) throws(RowFailure) in
            guard case .integer(let a) = values[0], case .integer(let b) = values[1] else { return .null }
            return .integer(operation(a, b, type == .integer ? 32 : 64))
        }
    }

    /// An exact number, or the shortest decimal that reads back as a double; nil for one that is not finite or too long.
    private static func decimal(_ value: ScalarValue) -> (unscaled: Int128, scale: Int)? {
        switch value {
        case .integer(let number): return (Int128(number), 0)
        case .numeric(let unscaled, let scale): return (unscaled, scale)
        case .double(let number):
            guard number.isFinite else { return nil }
            return digits(number)
        default: return nil
        }
    }

    private static func digits(_ number: Double) -> (unscaled: Int128, scale: Int)? {
        let text = "\(number)".lowercased()
        let parts = text.split(separator: "e")
        guard let (mantissa, scale) = DecimalText.parse(String(parts[0])) else { return nil }
        let exponent = parts.count > 1 ? Int(parts[1].filter { $0 != "+" }) ?? 0 : 0
        let left = scale - exponent
        if left >= 0 {
            // Digits so far behind the point that none of them counts.
            if left <= 38 { return (mantissa, left) }
            return left > 76 ? (0, 0) : (WideArithmetic.rescaled(mantissa, from: left, to: 38) ?? 0, 38)
        }
        return WideArithmetic.rescaled(mantissa, from: 0, to: -left).map { ($0, 0) }
    }

    /// A double with so many digits after the point, as an exact number.
    private static func cut(_ values: [ScalarValue], _ type: LogicalType, isRounded: Bool) throws(RowFailure)
        -> ScalarValue
    {
        guard case .integer(let wanted) = values[1] else { return .null }
        guard let (unscaled, scale) = decimal(values[0]) else { throw RowFailure(.numericFieldOverflow) }
        let kept = Int(max(-38, min(wanted, 38)))
        var result: Int128? = unscaled
        if kept < scale {
            if isRounded {
                result = WideArithmetic.rescaled(unscaled, from: scale, to: kept)
            } else {
                result = scale - kept > 38 ? 0 : unscaled / DecimalText.powers128[scale - kept]
            }
        }
        let own = min(kept, scale)
        let target = type.scale ?? 0
        guard let value = result.flatMap({ WideArithmetic.rescaled($0, from: own, to: target) }),
            value.magnitude <= WideArithmetic.maximum.magnitude
        else { throw RowFailure(.numericFieldOverflow) }
        return .numeric(unscaled: value, scale: target)
    }
}
