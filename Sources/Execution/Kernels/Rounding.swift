/// Which way digits are dropped.
enum Rounding: Sendable {
    /// To the nearest, ties away from zero.
    case halfAway
    case towardZero
    case up
    case down

    /// What to add to a quotient truncated towards zero.
    @inline(__always)
    func adjustment<Value: FixedWidthInteger & SignedInteger>(remainder: Value, divisor: Value) -> Value {
        switch self {
        case .towardZero: return 0
        case .up: return remainder > 0 ? 1 : 0
        case .down: return remainder < 0 ? -1 : 0
        case .halfAway:
            guard remainder.magnitude >= divisor.magnitude - remainder.magnitude else { return 0 }
            return remainder < 0 ? -1 : 1
        }
    }

    /// `rows / divisor × factor`, the quotient rounded this way. The divisor is positive; wraps, so the caller must know
    /// that the products fit.
    func quotients(_ rows: [Int64], by divisor: Int64, times factor: Int64 = 1) -> [Int64] {
        mapRows(rows, filler: 0) { value in
            let quotient = value / divisor
            let remainder = value &- (quotient &* divisor)
            return (quotient &+ adjustment(remainder: remainder, divisor: divisor)) &* factor
        }
    }
}
