import Columns

/// An exact decimal number: `unscaled / 10^scale`, at most 38 digits. Money is this, never a `Double`.
///
/// `1.5` and `1.50` are equal; their descriptions differ.
public struct ExactDecimal: Sendable {
    /// The number without its point: 1250 for 12.50.
    public let unscaled: Int128
    /// Digits after the point, 0 to 38.
    public let scale: Int

    /// - Precondition: `scale` is between 0 and 38.
    public init(unscaled: Int128, scale: Int) {
        precondition((0...38).contains(scale), "a decimal has 0 to 38 digits after the point")
        self.unscaled = unscaled
        self.scale = scale
    }

    /// The nearest `Double`; not exact.
    public var doubleValue: Double {
        // Up to here both numbers are exact, and so the quotient is rounded once.
        if unscaled.magnitude < 1 << 53, scale <= 22 { return Double(Int64(unscaled)) / ExactDecimal.powers[scale] }
        return Double(description) ?? .nan
    }

    private static let powers: [Double] = (0...22).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }

    /// Without zeros at the end.
    private var reduced: (unscaled: Int128, scale: Int) {
        var (unscaled, scale) = (unscaled, scale)
        while scale > 0, unscaled % 10 == 0 {
            unscaled /= 10
            scale -= 1
        }
        return (unscaled, scale)
    }
}

extension ExactDecimal: Hashable, Comparable {
    public static func == (left: ExactDecimal, right: ExactDecimal) -> Bool { left.reduced == right.reduced }

    public func hash(into hasher: inout Hasher) {
        let (unscaled, scale) = reduced
        hasher.combine(unscaled)
        hasher.combine(scale)
    }

    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let (leftWhole, leftRest) = left.unscaled.quotientAndRemainder(dividingBy: DecimalText.powers128[left.scale])
        let (rightWhole, rightRest) = right.unscaled.quotientAndRemainder(dividingBy: DecimalText.powers128[right.scale])
        if leftWhole != rightWhole { return leftWhole < rightWhole }
        // What is left is less than 1, so that it has no more digits than the greater scale: at most 38.
        let scale = max(left.scale, right.scale)
        return leftRest * DecimalText.powers128[scale - left.scale] < rightRest * DecimalText.powers128[scale - right.scale]
    }
}

extension ExactDecimal: LosslessStringConvertible {
    /// All digits, such as `-12.50`.
    public var description: String { DecimalText.string(unscaled: unscaled, scale: scale) }

    /// Reads `-12.50`, `+3`, `.5`; nil for anything else, an exponent or more than 38 digits among it.
    public init?(_ description: String) {
        guard let parsed = DecimalText.parse(description) else { return nil }
        self.init(unscaled: parsed.unscaled, scale: parsed.scale)
    }
}
