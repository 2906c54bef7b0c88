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
        let groups = PeerGrouping.groups(of: profiles, minimumPeers: parameters.minimumPeers)
        let compared = comparisons(
            Array(figures.enumerated()), events: figures.map(\.events), exposures: figures.map(\.exposure), groups: groups, parameters: parameters)
        return zip(figures, compared).map { scored($0, $1, indicatorID: indicatorID, parameters: parameters) }
    }

    /// A figure with what its peers make of it.
    static func scored(
        _ figure: IndicatorFigure, _ comparison: PeerComparison?, indicatorID: String, parameters: RankingParameters
    ) -> ScoredFigure {
        var scored = ScoredFigure(indicatorID: indicatorID, figure: figure, comparison: comparison)
        if let comparison {
            scored.finding = finding(
                adjustedDistance: comparison.adjustedDistance, excessYuan: comparison.excessYuan, parameters: parameters)
        }
        return scored
    }

    /// What peers make of some figures of one indicator; nil without peers.
    ///
    /// - Parameters:
    ///   - figures: Each with its place in `events` and `exposures`, ascending.
    ///   - events: Of all members, those without a figure of their own too: they are among the peers.
    static func comparisons(
        _ figures: [(offset: Int, element: IndicatorFigure)], events: [Int64], exposures: [Int64], groups: [PeerGroup], parameters: RankingParameters
    ) -> [PeerComparison?] {
        var figureAt = [Int](repeating: -1, count: events.count)
        for (number, figure) in figures.enumerated() { figureAt[figure.offset] = number }
        var result = [PeerComparison?](repeating: nil, count: figures.count)
        // z′ of all that have peers, by position: the mark is among all of them.
        var distances = [Double?](repeating: nil, count: events.count)
        for group in groups where group.members.count > 1 {
            let (groupEvents, groupExposures) = (group.members.map { events[$0] }, group.members.map { exposures[$0] })
            let funnel = FunnelComparison.compare(events: groupEvents, exposures: groupExposures, parameters: parameters)
            let shrunken = ShrunkenRates.rates(events: groupEvents, exposures: groupExposures)
            var evaluated = group.evaluated[...]
            for (member, position) in group.members.enumerated() where evaluated.first == position {
                evaluated.removeFirst()
                let adjusted = funnel.adjustedDistance(member)
                distances[position] = adjusted
                if figureAt[position] < 0 { continue }
                result[figureAt[position]] = PeerComparison(
                    basis: group.basis, peerCount: group.members.count - 1, expectedRate: funnel.expectedRates[member],
                    distance: funnel.distances[member], overdispersion: funnel.overdispersion, adjustedDistance: adjusted,
                    excessYuan: excessYuan(figures[figureAt[position]].element, expectedRate: funnel.expectedRates[member]),
                    shrunkenRate: shrunken[member], isSignificant: false)
            }
        }
        let positions = distances.indices.filter { distances[$0] != nil }
        let marks = SignificanceMarks.marks(distances.compactMap { $0 }, falseDiscoveryRate: parameters.falseDiscoveryRate)
        for (position, isSignificant) in zip(positions, marks) where figureAt[position] >= 0 { result[figureAt[position]]?.isSignificant = isSignificant }
        return result
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
}
