import Glibc

/// Steps 2 to 5: how far each member of a peer group lies from what its peers let expect.
package struct FunnelComparison: Hashable, Sendable {
    /// Expected rate of each member over the other members that stayed in the sums.
    package var expectedRates: [Double]
    /// Signed root of the binomial deviance of each member.
    package var distances: [Double]
    /// φ, at least 1.
    package var overdispersion: Double
    /// Whether the member stayed in the sums of the second pass.
    package var isKept: [Bool]

    /// z′ of a member.
    package func adjustedDistance(_ member: Int) -> Double { distances[member] / overdispersion.squareRoot() }

    /// Compares the members of a group of at least two: a first pass, then one without the members that stand out.
    ///
    /// - Precondition: `events` and `exposures` have the same count; `0 <= events <= exposures`, `exposures >= 1`.
    package static func compare(events: [Int64], exposures: [Int64], parameters: RankingParameters) -> FunnelComparison {
        precondition(events.count == exposures.count)
        let everyone = [Bool](repeating: true, count: events.count)
        let first = pass(events: events, exposures: exposures, isKept: everyone, parameters: parameters)
        let isKept = events.indices.map { first.adjustedDistance($0) <= parameters.standoutZ }
        let leaving = isKept.count { !$0 }
        if leaving == 0 || leaving * 2 > events.count { return first }
        return pass(events: events, exposures: exposures, isKept: isKept, parameters: parameters)
    }

    private static func pass(
        events: [Int64], exposures: [Int64], isKept: [Bool], parameters: RankingParameters
    ) -> FunnelComparison {
        var keptEvents: Int128 = 0
        var keptExposure: Int128 = 0
        for member in events.indices where isKept[member] {
            keptEvents += Int128(events[member])
            keptExposure += Int128(exposures[member])
        }
        var expectedRates: [Double] = []
        var distances: [Double] = []
        expectedRates.reserveCapacity(events.count)
        distances.reserveCapacity(events.count)
        // A 64-bit number becomes a double in one step, a wider one does not.
        let narrow = Int64(exactly: keptEvents).flatMap { events in Int64(exactly: keptExposure).map { (events: events, exposure: $0) } }
        for member in events.indices {
            let rate: Double
            if let narrow {
                let otherEvents = isKept[member] ? narrow.events - events[member] : narrow.events
                let otherExposure = isKept[member] ? narrow.exposure - exposures[member] : narrow.exposure
                rate = (Double(otherEvents) + 0.5) / (Double(otherExposure) + 1)
            } else {
                let otherEvents = isKept[member] ? keptEvents - Int128(events[member]) : keptEvents
                let otherExposure = isKept[member] ? keptExposure - Int128(exposures[member]) : keptExposure
                rate = (Double(otherEvents) + 0.5) / (Double(otherExposure) + 1)
            }
            expectedRates.append(rate)
            distances.append(distance(events: events[member], exposure: exposures[member], expectedRate: rate))
        }
        return FunnelComparison(
            expectedRates: expectedRates, distances: distances,
            overdispersion: overdispersion(of: distances, winsorPercent: parameters.winsorPercent), isKept: isKept)
    }

    /// sign(e − np) · √(2 [e ln(e/np) + (n−e) ln((n−e)/(n−np))]), with 0 · ln 0 = 0.
    package static func distance(events: Int64, exposure: Int64, expectedRate: Double) -> Double {
        let e = Double(events)
        let n = Double(exposure)
        let expected = n * expectedRate
        let first = events == 0 ? 0 : e * log(e / expected)
        let second = events == exposure ? 0 : (n - e) * log((n - e) / (n - expected))
        let root = max(0, 2 * (first + second)).squareRoot()
        return e > expected ? root : (e < expected && root > 0 ? -root : 0)
    }

    /// max(1, mean of z² after pulling in the outermost values at each end).
    ///
    /// Source: Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005).
    package static func overdispersion(of distances: [Double], winsorPercent: Int) -> Double {
        let count = distances.count
        guard count > 0 else { return 1 }
        let sorted = distances.sorted()
        let pulled = min((count * winsorPercent + 99) / 100, (count - 1) / 2)
        var sum = 0.0
        for position in 0..<count {
            let value = sorted[min(max(position, pulled), count - 1 - pulled)]
            sum += value * value
        }
        return max(1, sum / Double(count))
    }
}
