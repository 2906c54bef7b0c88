import BigInt

/// Functions of numerics. Nil is an error of PostgreSQL's, or a value that is not known to its last digit.
extension LongNumber {
    /// The names of functions of numerics alone.
    static let functions: Set<String> = [
        "abs", "ceil", "floor", "round", "trunc", "sign", "trim_scale", "mod", "div", "gcd", "lcm", "power", "exp",
        "ln", "log", "log10",
        "sqrt", "scale", "min_scale",
    ]

    /// A function of numerics alone, by its name in ``FunctionSignatures``.
    static func call(_ name: String, _ arguments: [LongNumber]) -> LongNumber? {
        switch (name, arguments.count) {
        case ("abs", 1): return arguments[0].magnitude
        case ("ceil", 1), ("floor", 1): return arguments[0].whole(upward: name == "ceil")
        case ("round", 1): return arguments[0].rounded(to: 0)
        case ("trunc", 1): return arguments[0].cut(to: 0)
        case ("sign", 1): return arguments[0].sign.map { LongNumber(Int64($0)) } ?? .nan
        case ("trim_scale", 1): return arguments[0].trimmed
        case ("greatest", _): return arguments.max { $0.order($1) < 0 }
        case ("least", _): return arguments.min { $0.order($1) < 0 }
        case ("mod", 2): return arguments[0].rest(by: arguments[1])
        case ("div", 2): return arguments[0].wholeQuotient(by: arguments[1])
        case ("gcd", 2), ("lcm", 2): return arguments[0].common(arguments[1], isMultiple: name == "lcm")
        case ("power", 2): return arguments[0].raised(to: arguments[1])
        case ("exp", 1), ("ln", 1), ("log", 1), ("log10", 1), ("log", 2), ("sqrt", 1):
            return transcendent(name, arguments)
        default: return nil
        }
    }

    private func whole(upward: Bool) -> LongNumber? {
        guard case .finite(let unscaled, _) = self else { return self }
        let cut = cut(to: 0)
        if order(cut) == 0 || (unscaled < 0) == upward { return cut }
        return cut.plus(LongNumber(upward ? 1 : -1))
    }

    private static func transcendent(_ name: String, _ arguments: [LongNumber]) -> LongNumber? {
        if arguments.contains(.nan) { return .nan }
        let finite = arguments.compactMap { argument -> NumericConstants.Number? in
            guard case .finite(let unscaled, let scale) = argument else { return nil }
            return (unscaled, scale)
        }
        if finite.count == arguments.count {
            return NumericConstants(isUnlimited: true).value(name, finite).flatMap {
                LongNumber($0.unscaled, scale: $0.scale)
            }
        }
        // Of a negative number there is neither a root nor a logarithm.
        if name == "exp" { return arguments[0].sign == -1 ? .finite(0, scale: 0) : arguments[0] }
        guard arguments.allSatisfy({ $0.sign == 1 }) else { return nil }
        if arguments.count == 1 { return arguments[0] }
        // PostgreSQL does not ask whether a finite base is below 1.
        guard case .infinite = arguments[0] else { return arguments[1] }
        return arguments[1].scale == nil ? .nan : .finite(0, scale: 0)
    }

    /// Where one side is no finite number, as C's `pow`: 1 to any power is 1, and so is anything to the power 0.
    private func raised(to exponent: LongNumber) -> LongNumber? {
        let one = LongNumber(1)
        if case .finite = self, case .finite = exponent { return LongNumber.transcendent("power", [self, exponent]) }
        if order(one) == 0 { return cut(to: 0) }
        if exponent.isZero { return one }
        guard let sign, let exponentSign = exponent.sign else { return .nan }
        guard case .infinite = exponent else {
            // An infinity to a finite power.
            if exponentSign < 0 { return .finite(0, scale: 0) }
            if sign > 0 { return self }
            guard case .finite = exponent, exponent.order(exponent.cut(to: 0)) == 0 else { return nil }
            let isOdd = exponent.cut(to: 0).rest(by: LongNumber(2)).map { !$0.isZero } ?? false
            return .infinite(isNegative: isOdd)
        }
        if isZero { return exponentSign > 0 ? .finite(0, scale: 0) : nil }
        let size = magnitude.order(one)
        if size == 0 { return one }
        return (size > 0) == (exponentSign > 0) ? .infinite(isNegative: false) : .finite(0, scale: 0)
    }

    /// The digits after the point that are not zeros at the end; nil for what has none.
    var leastScale: Int? {
        guard case .finite(_, let scale) = trimmed else { return nil }
        return scale
    }

    /// Digits after the point; nil for what has none.
    var scale: Int? {
        guard case .finite(_, let scale) = self else { return nil }
        return scale
    }

    /// The product of the numbers from 1; nil below 0 and where it is more than PostgreSQL computes.
    static func factorial(_ number: Int64) -> LongNumber? {
        guard (0...3000).contains(number) else { return nil }
        return LongNumber((0..<number).reduce(BigInt(1)) { $0 * BigInt($1 + 1) }, scale: 0)
    }

    /// The number of the bucket that a value falls in; nil where the bounds leave none.
    static func bucket(_ value: LongNumber, _ low: LongNumber, _ high: LongNumber, _ count: Int64) -> Int64? {
        guard count > 0, count < Int64(Int32.max), value != .nan, low.scale != nil, high.scale != nil, low.order(high) != 0 else { return nil }
        let isAscending = low.order(high) < 0
        if (value.order(low) < 0) == isAscending, value.order(low) != 0 { return 0 }
        if (value.order(high) < 0) != isAscending || value.order(high) == 0 { return count + 1 }
        guard let distance = value.plus(low.negated), let span = high.plus(low.negated),
            let scaled = distance.times(LongNumber(count)),
            case .finite(let whole, _)? = scaled.wholeQuotient(by: span),
            // Where a quotient rounded to PostgreSQL's digits says another bucket, its minor versions differ.
            scaled.divided(by: span)?.cut(to: 0) == .finite(whole, scale: 0)
        else { return nil }
        return Int64(whole) + 1
    }
}
