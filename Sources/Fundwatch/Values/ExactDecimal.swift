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
    public var doubleValue: Double { DecimalText.double(unscaled: unscaled, scale: scale) }

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
        DecimalText.order(left.unscaled, scale: left.scale, right.unscaled, scale: right.scale) < 0
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
