import Glibc

/// Benjamini–Hochberg marks over the upper normal tail.
package enum SignificanceMarks {
    /// The chance of a standard normal value above `z`.
    package static func upperTail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

    /// Which of the values are significant at the false discovery rate: all up to the largest p(k) ≤ k·q/m.
    package static func marks(_ values: [Double], falseDiscoveryRate: Double) -> [Bool] {
        marks(tails: values.map(upperTail), falseDiscoveryRate: falseDiscoveryRate)
    }

    /// Which of the tail chances, one a test, are significant at the false discovery rate.
    ///
    /// Source: Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
    package static func marks(tails: [Double], falseDiscoveryRate: Double) -> [Bool] {
        let sorted = tails.sorted()
        var limit = -1.0
        for (index, tail) in sorted.enumerated()
        where tail <= Double(index + 1) * falseDiscoveryRate / Double(sorted.count) { limit = tail }
        return tails.map { $0 <= limit }
    }
}
