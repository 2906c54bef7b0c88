import Indicators

/// How far chance alone moves an institution's rank: a parametric bootstrap of the events.
package enum RankIntervals {
    /// A figure whose finding needs so many events that the chance of it is below e^−30 is taken as without a finding.
    private static let unreachableHalfDeviance = 30.0

    /// The interval of each institution's rank, in the order of the ranking; empty if the parameters ask for no draws.
    ///
    /// In each draw the events of every figure are drawn anew from Binomial(n, e/n), each event with the mean money of the figure's
    /// events, and steps 3 and 6 to 9 are done again. What the institution is measured with is held: the expected rates, φ, and the
    /// amounts at issue, which decide between equal scores alone. The interval leaves out the same number of draws at each end and is
    /// widened to the rank itself. Every figure has a stream of its own that its indicator and institution seed, so an
    /// institution more changes no other's draws. Source: docs/ranking.md, "How sure a rank is".
    ///
    /// - Complexity: O(draws · figures that can have a finding), and O(draws · institutions · log draws).
    package static func measure(_ ranking: InstitutionRanking) -> [ClosedRange<Int>] {
        let drawCount = ranking.parameters.intervalDrawCount
        let count = ranking.institutions.count
        if drawCount == 0 || count == 0 { return [] }
        let order = byAmount(ranking.institutions)
        // Score in tenths of each draw and institution, the institutions in the order that decides between equal scores.
        var tenths = [UInt16](repeating: 0, count: drawCount * count)
        var clean = [Double](repeating: 1, count: drawCount)
        for (slot, position) in order.enumerated() {
            guard draw(ranking.institutions[position], into: &clean, parameters: ranking.parameters) else { continue }
            for draw in 0..<drawCount {
                tenths[draw * count + slot] = UInt16((1000 * (1 - clean[draw]) + 0.5).rounded(.down))
            }
        }
        let ranks = self.ranks(tenths, count: count, drawCount: drawCount)
        var intervals = ranking.institutions.map { $0.rank...$0.rank }
        let left = drawCount * (100 - ranking.parameters.intervalPercent) / 200
        for (slot, position) in order.enumerated() {
            let sorted = ranks[(slot * drawCount)..<((slot + 1) * drawCount)].sorted()
            let rank = ranking.institutions[position].rank
            intervals[position] = min(rank, Int(sorted[left]))...max(rank, Int(sorted[drawCount - 1 - left]))
        }
        return intervals
    }

    /// Positions by amount at issue, then id.
    private static func byAmount(_ institutions: [RankedInstitution]) -> [Int] {
        institutions.indices.sorted {
            let (left, right) = (institutions[$0], institutions[$1])
            if left.amountAtIssueCents != right.amountAtIssueCents { return left.amountAtIssueCents > right.amountAtIssueCents }
            return left.profile.institutionID.utf8.lexicographicallyPrecedes(right.profile.institutionID.utf8)
        }
    }

    /// Π(1 − g) of an institution in each draw; false, with `clean` untouched, if it is 1 in all of them.
    private static func draw(_ place: RankedInstitution, into clean: inout [Double], parameters: RankingParameters) -> Bool {
        var isTouched = false
        for scored in place.figures {
            guard let comparison = scored.comparison, let least = leastEvents(scored.figure, comparison, parameters) else { continue }
            if !isTouched {
                isTouched = true
                for draw in clean.indices { clean[draw] = 1 }
            }
            let figure = scored.figure
            let root = comparison.overdispersion.squareRoot()
            let expected = Double(figure.exposure) * comparison.expectedRate
            let yuanPerEvent = Double(figure.amountCents) / 100 / Double(figure.events)
            var draws = BinomialDraws(
                trials: figure.exposure, share: figure.rate,
                seed: SplitMix64.seed(parameters.intervalSeed, scored.indicatorID, figure.institutionID))
            for draw in clean.indices {
                let events = draws.next()
                if events < least { continue }
                let distance = FunnelComparison.distance(
                    events: events, exposure: figure.exposure, expectedRate: comparison.expectedRate)
                let finding = IndicatorScoring.finding(
                    adjustedDistance: distance / root, excessYuan: yuanPerEvent * (Double(events) - expected), parameters: parameters)
                clean[draw] *= 1 - finding
            }
        }
        return isTouched
    }

    /// The fewest events with which the figure would stand out; nil if it never gets there, or without money.
    private static func leastEvents(
        _ figure: IndicatorFigure, _ comparison: PeerComparison, _ parameters: RankingParameters
    ) -> Int64? {
        if figure.events == 0 || figure.amountCents <= 0 { return nil }
        let limit = parameters.standoutZ * comparison.overdispersion.squareRoot()
        func standsOut(_ events: Int64) -> Bool {
            FunnelComparison.distance(events: events, exposure: figure.exposure, expectedRate: comparison.expectedRate) > limit
        }
        guard standsOut(figure.exposure) else { return nil }
        // z grows with the events from the expected ones on, and is not above 0 below them.
        var low: Int64 = 0
        var high = figure.exposure
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if standsOut(middle) { high = middle } else { low = middle }
        }
        if high <= figure.events { return high }
        // At a rate of 1 every draw has the events there are.
        if figure.events == figure.exposure { return nil }
        // P(E ≥ k) ≤ exp(−deviance/2) for k above the mean. Source: Chernoff's bound of the binomial tail.
        let away = FunnelComparison.distance(events: high, exposure: figure.exposure, expectedRate: figure.rate)
        return away * away / 2 > unreachableHalfDeviance ? nil : high
    }

    /// The rank of each institution in each draw: those with a higher score first, equal scores in the order of the slots.
    private static func ranks(_ tenths: [UInt16], count: Int, drawCount: Int) -> [UInt32] {
        var ranks = [UInt32](repeating: 0, count: drawCount * count)
        var next = [UInt32](repeating: 0, count: 1001)
        for draw in 0..<drawCount {
            for score in next.indices { next[score] = 0 }
            for slot in 0..<count { next[Int(tenths[draw * count + slot])] += 1 }
            var before: UInt32 = 0
            for score in next.indices.reversed() {
                let here = next[score]
                next[score] = before
                before += here
            }
            for slot in 0..<count {
                let score = Int(tenths[draw * count + slot])
                next[score] += 1
                ranks[slot * drawCount + draw] = next[score]
            }
        }
        return ranks
    }
}
