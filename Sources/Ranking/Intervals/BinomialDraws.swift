import Glibc

/// A repeatable stream of draws from one binomial distribution.
///
/// Few expected events are drawn by inversion, many by transformed rejection with squeeze. Source: Hörmann, "The generation of binomial
/// random variates", Journal of Statistical Computation and Simulation 46 (1993), algorithm BTRS.
package struct BinomialDraws {
    private var random: SplitMix64
    private let trials: Double
    /// The smaller of p and 1 − p; the draws of the other are turned round.
    private let share: Double
    private let isTurned: Bool
    private let isByInversion: Bool
    /// q^n, where the inversion begins.
    private let noneChance: Double
    private let odds: Double
    // The constants of BTRS, named as in the paper.
    private let a: Double
    private let b: Double
    private let alpha: Double
    private let vr: Double
    private let mode: Double
    private let modeTerm: Double

    /// - Parameters:
    ///   - trials: n, at least 1.
    ///   - share: p, 0 to 1.
    package init(trials: Int64, share p: Double, seed: UInt64) {
        precondition(trials >= 1)
        precondition(p >= 0 && p <= 1)
        random = SplitMix64(state: seed)
        let n = Double(trials)
        self.trials = n
        isTurned = p > 0.5
        share = min(p, 1 - p)
        odds = share / (1 - share)
        isByInversion = n * share < 10
        noneChance = exp(n * log1p(-share))
        let deviation = (n * share * (1 - share)).squareRoot()
        b = 1.15 + 2.53 * deviation
        a = -0.0873 + 0.0248 * b + 0.01 * share
        alpha = (2.83 + 5.1 / b) * deviation
        vr = 0.92 - 4.2 / b
        mode = ((n + 1) * share).rounded(.down)
        modeTerm = isByInversion ? 0 : BinomialDraws.stirling(mode) + BinomialDraws.stirling(n - mode)
    }

    /// The next draw, 0 to n.
    package mutating func next() -> Int64 {
        let drawn = isByInversion ? inverted() : rejected()
        return Int64(isTurned ? trials - drawn : drawn)
    }

    /// Walks up the distribution until the random number is used up.
    private mutating func inverted() -> Double {
        while true {
            var rest = random.unit()
            var chance = noneChance
            var k = 0.0
            while rest >= chance {
                rest -= chance
                k += 1
                if k > trials { break }
                chance *= (trials - k + 1) / k * odds
                // Beyond 10 expected events a hundred more do not happen; what is left are rounding errors.
                if k > 120 { break }
            }
            if k <= min(trials, 120) { return k }
        }
    }

    private mutating func rejected() -> Double {
        let centre = trials * share + 0.5
        while true {
            let u = random.unit() - 0.5
            var v = random.unit()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + centre).rounded(.down)
            if us >= 0.07, v <= vr { return k }
            if k < 0 || k > trials { continue }
            v = log(v * alpha / (a / (us * us) + b))
            let bound =
                (mode + 0.5) * log((mode + 1) / (odds * (trials - mode + 1)))
                + (trials + 1) * log((trials - mode + 1) / (trials - k + 1))
                + (k + 0.5) * log(odds * (trials - k + 1) / (k + 1))
                + modeTerm - BinomialDraws.stirling(k) - BinomialDraws.stirling(trials - k)
            if v <= bound { return k }
        }
    }

    /// What Stirling's formula leaves out of ln k!.
    private static func stirling(_ k: Double) -> Double {
        if k < 10 {
            // ln k! − [(k + ½) ln(k + 1) − (k + 1) + ½ ln 2π], as in the paper.
            return lgamma(k + 1).0 - ((k + 0.5) * log(k + 1) - (k + 1) + 0.918_938_533_204_672_7)
        }
        let square = (k + 1) * (k + 1)
        return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1)
    }
}
