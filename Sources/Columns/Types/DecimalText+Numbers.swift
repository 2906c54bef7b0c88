extension DecimalText {
    /// Powers of ten that are exact doubles: n ≤ 22.
    package static let doublePowers: [Double] = (0...22).map { exponent in (0..<exponent).reduce(1.0) { power, _ in power * 10 } }

    /// The double nearest to `unscaled / 10^scale`.
    package static func double(unscaled: Int128, scale: Int) -> Double {
        // Both are exact doubles, so the division rounds once. Converting an Int128 directly goes through the standard
        // library's generic path and costs a hundred times more than an Int64.
        let narrow = Int64(truncatingIfNeeded: unscaled)
        if Int128(narrow) == unscaled, narrow.magnitude <= 1 << 53, scale <= 22 { return Double(narrow) / doublePowers[scale] }
        if scale == 0 { return Double(unscaled) }
        return Double(string(unscaled: unscaled, scale: scale)) ?? Double(unscaled)
    }

    /// The exact order of two decimals of any digits: -1, 0 or 1.
    ///
    /// - Precondition: scales from 0 to 38.
    package static func order(_ first: Int128, scale firstScale: Int, _ second: Int128, scale secondScale: Int) -> Int {
        // At the common scale one of them has the digits it had: if the other has no room there, it is larger by its sign.
        let scale = max(firstScale, secondScale)
        let (a, isFirstLarge) = first.multipliedReportingOverflow(by: powers128[scale - firstScale])
        if isFirstLarge { return first < 0 ? -1 : 1 }
        let (b, isSecondLarge) = second.multipliedReportingOverflow(by: powers128[scale - secondScale])
        if isSecondLarge { return second < 0 ? 1 : -1 }
        return a == b ? 0 : a < b ? -1 : 1
    }
}
