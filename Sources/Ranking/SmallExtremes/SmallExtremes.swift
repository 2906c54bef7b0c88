import Indicators

/// The separate list of small-but-extreme institutions.
///
/// A finding of the ranking needs money to weigh; what is striking at a village clinic never gets there. Here money counts for nothing:
/// the figures of small institutions are put to an exact test against their peers, and those that chance does not explain are listed.
/// Source: docs/ranking.md, "Small but extreme".
package enum SmallExtremes {
    /// The list, least chance first, then by institution id and the order of the indicators.
    ///
    /// A figure is put to the test if its exposure is within the smaller half of its peer group's, neither its money nor the amount at
    /// issue of its institution passes the limit, and its institution is graded A or B. Fewer events than the minimum, or no more than
    /// expected, count as a test that found nothing. The marks are Benjamini–Hochberg over all tests of all indicators.
    package static func find(in ranking: InstitutionRanking) -> [SmallExtreme] {
        let parameters = ranking.parameters
        var placeOf: [String: RankedInstitution] = [:]
        for place in ranking.institutions { placeOf[place.profile.institutionID] = place }
        var tested: [SmallExtreme] = []
        for indicator in ranking.indicators {
            let places = indicator.figures.compactMap { placeOf[$0.figure.institutionID] }
            precondition(places.count == indicator.figures.count, "every figure is ranked")
            for group in PeerGrouping.groups(of: places.map(\.profile), minimumPeers: parameters.minimumPeers)
            where group.members.count > 1 {
                tested += test(group, of: indicator.figures, places: places, parameters: parameters)
            }
        }
        let marks = SignificanceMarks.marks(tails: tested.map(\.chance), falseDiscoveryRate: parameters.smallFalseDiscoveryRate)
        // A test that found nothing has the chance 1, which no rate below 1 marks.
        let listed = zip(tested, marks).filter { $0.1 && $0.0.chance < 1 }.map(\.0)
        return listed.enumerated().sorted { left, right in
            if left.element.chance != right.element.chance { return left.element.chance < right.element.chance }
            let (first, second) = (left.element.place.profile.institutionID, right.element.place.profile.institutionID)
            return first != second ? first.utf8.lexicographicallyPrecedes(second.utf8) : left.offset < right.offset
        }.map(\.element)
    }

    /// The small figures of one group with their chances.
    private static func test(
        _ group: PeerGroup, of figures: [ScoredFigure], places: [RankedInstitution], parameters: RankingParameters
    ) -> [SmallExtreme] {
        let events = group.members.map { figures[$0].figure.events }
        let exposures = group.members.map { figures[$0].figure.exposure }
        let isKept = FunnelComparison.compare(events: events, exposures: exposures, parameters: parameters).isKept
        var kept = PeerSums()
        for member in events.indices where isKept[member] { kept.add(events: events[member], exposure: exposures[member]) }
        let limit = exposures.sorted()[(exposures.count - 1) * parameters.smallExposurePercent / 100]
        var tested: [SmallExtreme] = []
        var evaluated = group.evaluated[...]
        for (member, position) in group.members.enumerated() where evaluated.first == position {
            evaluated.removeFirst()
            let (scored, place) = (figures[position], places[position])
            guard let comparison = scored.comparison, exposures[member] <= limit, isSmall(scored, place, parameters) else { continue }
            var found = SmallExtreme(place: place, scored: scored, correlation: 0, chance: 1)
            let expected = Double(exposures[member]) * comparison.expectedRate
            if events[member] >= parameters.smallMinimumEvents, Double(events[member]) > expected {
                let peers = isKept[member] ? kept.without(events: events[member], exposure: exposures[member]) : kept
                found.correlation = peers.correlation
                found.chance = BetaBinomial.upperTail(
                    events: events[member], exposure: exposures[member], rate: comparison.expectedRate,
                    correlation: found.correlation)
            }
            tested.append(found)
        }
        return tested
    }

    /// Whether the ranking does not carry it and little money is in it.
    private static func isSmall(_ scored: ScoredFigure, _ place: RankedInstitution, _ parameters: RankingParameters) -> Bool {
        let limitCents = Int128((parameters.smallAmountLimitYuan * 100).rounded())
        return (place.grade == .a || place.grade == .b) && scored.figure.amountCents <= limitCents
            && place.amountAtIssueCents <= limitCents
    }
}
