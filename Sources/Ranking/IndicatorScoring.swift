import Glibc
package import Indicators

/// Steps 1 to 7 for one indicator.
package enum IndicatorScoring {
    /// Scores the figures of one indicator; the answer has their order.
    ///
    /// - Parameter profiles: The institution of each figure.
    /// - Precondition: `figures.count == profiles.count`.
    package static func score(
        _ figures: [IndicatorFigure], profiles: [InstitutionProfile], indicatorID: String, parameters: RankingParameters
    ) -> [ScoredFigure] {
        precondition(figures.count == profiles.count)
        var scored = figures.map { ScoredFigure(indicatorID: indicatorID, figure: $0) }
        for group in PeerGrouping.groups(of: profiles, minimumPeers: parameters.minimumPeers)
        where group.members.count > 1 {
            let events = group.members.map { figures[$0].events }
            let exposures = group.members.map { figures[$0].exposure }
            let funnel = FunnelComparison.compare(events: events, exposures: exposures, parameters: parameters)
            let shrunken = ShrunkenRates.rates(events: events, exposures: exposures)
            var evaluated = group.evaluated[...]
            for (member, position) in group.members.enumerated() where evaluated.first == position {
                evaluated.removeFirst()
                let excess = excessYuan(figures[position], expectedRate: funnel.expectedRates[member])
                let adjusted = funnel.adjustedDistance(member)
                scored[position].comparison = PeerComparison(
                    basis: group.basis, peerCount: group.members.count - 1, expectedRate: funnel.expectedRates[member],
                    distance: funnel.distances[member], overdispersion: funnel.overdispersion,
                    adjustedDistance: adjusted, excessYuan: excess, shrunkenRate: shrunken[member], isSignificant: false)
                scored[position].finding = finding(adjustedDistance: adjusted, excessYuan: excess, parameters: parameters)
            }
        }
        mark(&scored, parameters: parameters)
        return scored
    }

    /// max(0, a) · max(0, 1 − np/e), 0 without events.
    package static func excessYuan(_ figure: IndicatorFigure, expectedRate: Double) -> Double {
        if figure.events == 0 || figure.amountCents <= 0 { return 0 }
        let amountYuan = Double(figure.amountCents) / 100
        return amountYuan * max(0, 1 - Double(figure.exposure) * expectedRate / Double(figure.events))
    }

    /// min(limit, weight · strength · materiality).
    package static func finding(
        adjustedDistance: Double, excessYuan: Double, parameters: RankingParameters
    ) -> Double {
        if adjustedDistance <= parameters.standoutZ { return 0 }
        let strength = 1 - parameters.standoutZ / adjustedDistance
        let materiality = min(1, log10(1 + excessYuan / parameters.materialityUnitYuan) / parameters.materialityDecades)
        return min(parameters.findingLimit, parameters.weight * strength * materiality)
    }

    private static func mark(_ scored: inout [ScoredFigure], parameters: RankingParameters) {
        let positions = scored.indices.filter { scored[$0].comparison != nil }
        let values = positions.map { scored[$0].comparison?.adjustedDistance ?? 0 }
        let marks = SignificanceMarks.marks(values, falseDiscoveryRate: parameters.falseDiscoveryRate)
        for (position, isSignificant) in zip(positions, marks) {
            scored[position].comparison?.isSignificant = isSignificant
        }
    }
}
