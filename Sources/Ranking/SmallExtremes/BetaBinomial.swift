import Glibc

/// The distribution of events when the rate itself differs from institution to institution.
package enum BetaBinomial {
    /// Below this correlation the figures spread no wider than chance makes them, to the digits a double has.
    private static let smallestCorrelation = 1e-8

    /// The chance of at least `events` events out of `exposure`, exactly summed.
    ///
    /// With M = (1−ρ)/ρ, α = pM and β = (1−p)M: P(k) = C(n,k) B(k+α, n−k+β) / B(α,β); with ρ = 0 the binomial. The terms follow
    /// from the first by P(k+1)/P(k), all of them positive, so nothing cancels. Source: Skellam, JRSS B 10 (1948).
    ///
    /// - Parameters:
    ///   - rate: p, between 0 and 1.
    ///   - correlation: ρ, 0 to 1: what two units of one institution have in common.
    /// - Complexity: O(exposure − events).
    package static func upperTail(events: Int64, exposure: Int64, rate: Double, correlation: Double) -> Double {
        precondition(events <= exposure)
        precondition(rate > 0 && rate < 1)
        if events <= 0 { return 1 }
        // Of an institution with ρ = 1 all units are events, or none.
        if correlation >= 1 { return rate }
        let isSpread = correlation >= smallestCorrelation
        let weight = isSpread ? (1 - correlation) / correlation : 0
        let (alpha, beta) = (rate * weight, (1 - rate) * weight)
        let (n, e) = (Double(exposure), Double(events))
        var logTerm = logChoices(n, e)
        if isSpread {
            logTerm += logBeta(e + alpha, n - e + beta) - logBeta(alpha, beta)
        } else {
            logTerm += e * log(rate) + (n - e) * log1p(-rate)
        }
        var term = exp(logTerm)
        var sum = term
        var k = e
        while k < n {
            let odds = isSpread ? (alpha + k) / (beta + n - k - 1) : rate / (1 - rate)
            let ratio = (n - k) / (k + 1) * odds
            term *= ratio
            sum += term
            // With β below 1 the terms rise again towards the end.
            if ratio < 1, !isSpread || beta >= 1, term < sum * 1e-18 { break }
            k += 1
        }
        return min(1, sum)
    }

    private static func logChoices(_ n: Double, _ k: Double) -> Double { logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) }

    private static func logBeta(_ a: Double, _ b: Double) -> Double { logGamma(a) + logGamma(b) - logGamma(a + b) }

    /// ln Γ(x) of a positive x.
    private static func logGamma(_ x: Double) -> Double { lgamma(x).0 }
}
