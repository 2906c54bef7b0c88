import Indicators

/// What follows from the figures of institutions alone.
package enum GrainRollups {
    /// Figures by region: of each indicator in turn, then of all together; regions in the order of their digits, none last.
    ///
    /// - Parameter digits: First digits of the regions that are told apart.
    package static func regions(_ ranking: InstitutionRanking, digits: Int) -> [RegionFigure] {
        func region(_ profile: InstitutionProfile) -> String? {
            profile.region.flatMap { $0.isEmpty ? nil : String($0.prefix(digits)) }
        }
        var regionOf: [String: String?] = [:]
        for place in ranking.institutions { regionOf[place.profile.institutionID] = region(place.profile) }
        var result: [RegionFigure] = []
        for indicator in ranking.indicators {
            var sums: [String?: RegionFigure] = [:]
            for figure in indicator.figures.map(\.figure) {
                let region = regionOf[figure.institutionID] ?? nil
                var sum = sums[region] ?? RegionFigure(
                    region: region, indicatorID: indicator.indicatorID, institutionCount: 0, events: 0, exposure: 0, amountCents: 0)
                sum.institutionCount += 1
                sum.events += figure.events
                sum.exposure += figure.exposure
                sum.amountCents += figure.amountCents
                sums[region] = sum
            }
            result += ordered(sums)
        }
        var all: [String?: RegionFigure] = [:]
        for place in ranking.institutions {
            let region = region(place.profile)
            var sum = all[region] ?? RegionFigure(region: region, indicatorID: nil, institutionCount: 0, events: 0, exposure: 0, amountCents: 0)
            sum.exposure += place.profile.claimCount
            sum.institutionCount += 1
            sum.amountCents += place.amountAtIssueCents
            all[region] = sum
        }
        return result + ordered(all)
    }

    private static func ordered(_ sums: [String?: RegionFigure]) -> [RegionFigure] {
        sums.values.sorted { left, right in
            guard let a = left.region else { return false }
            guard let b = right.region else { return true }
            return a.utf8.lexicographicallyPrecedes(b.utf8)
        }
    }

    /// Figures by theme and institution, for institutions with events of the theme: themes in their order, then by score, money and id.
    ///
    /// - Parameters:
    ///   - themeOf: The place of each indicator's theme.
    ///   - amounts: As `IssueLines.amountsByTheme` gives them.
    package static func themes(
        _ ranking: InstitutionRanking, themeOf: [String: Int], amounts: [[String]: Int128]
    ) -> [ThemeFigure] {
        var result: [ThemeFigure] = []
        for place in ranking.institutions {
            var own: [Int: (count: Int64, events: Int64, clean: Double)] = [:]
            for scored in place.figures where scored.figure.events > 0 {
                guard let theme = themeOf[scored.indicatorID] else { continue }
                var sum = own[theme] ?? (0, 0, 1)
                sum.count += 1
                sum.events += scored.figure.events
                sum.clean *= 1 - scored.finding
                own[theme] = sum
            }
            for (theme, sum) in own {
                result.append(
                    ThemeFigure(
                        theme: theme, institutionID: place.profile.institutionID, indicatorCount: sum.count, events: sum.events,
                        scoreTenths: InstitutionRanking.scoreTenths(clean: sum.clean),
                        amountCents: amounts[[String(theme), place.profile.institutionID]] ?? 0))
            }
        }
        return result.sorted { left, right in
            if left.theme != right.theme { return left.theme < right.theme }
            if left.scoreTenths != right.scoreTenths { return left.scoreTenths > right.scoreTenths }
            if left.amountCents != right.amountCents { return left.amountCents > right.amountCents }
            return left.institutionID.utf8.lexicographicallyPrecedes(right.institutionID.utf8)
        }
    }

    /// Doctors against each other as institutions are: peers are the doctors of the same department at institutions of the same level, or of
    /// the department, or all. An event is a claim with a line at issue, exposure all claims of the doctor.
    ///
    /// - Parameters:
    ///   - levels: The level of each institution.
    ///   - figures: By indicator.
    ///   - amounts: As `IssueLines.amounts` gives them.
    /// - Returns: All doctors, worst first, each with its figures of indicators that have events.
    package static func practitioners(
        _ members: [GrainMember], levels: [String: String], indicatorIDs: [String], figures: [String: [GrainFigure]],
        amounts: [[String]: Int128], parameters: RankingParameters
    ) -> [RankedInstitution] {
        let profiles = members.map { member in
            InstitutionProfile(
                institutionID: member.key[0], level: levels[member.institutionID], kind: member.department, claimCount: member.claimCount,
                fundCents: member.fundCents)
        }
        var positions: [String: Int] = [:]
        positions.reserveCapacity(members.count)
        for (position, member) in members.enumerated() { positions[member.key[0]] = position }
        let exposures = members.map(\.claimCount)
        let groups = PeerGrouping.groups(of: profiles, minimumPeers: parameters.minimumPeers)
        var scored = [[ScoredFigure]](repeating: [], count: members.count)
        for id in indicatorIDs {
            var events = [Int64](repeating: 0, count: members.count)
            var own: [(offset: Int, element: IndicatorFigure)] = []
            for figure in figures[id] ?? [] {
                guard let position = positions[figure.key[0]] else { continue }
                events[position] = min(figure.claimCount, exposures[position])
                let counted = IndicatorFigure(
                    institutionID: figure.key[0], events: events[position], exposure: exposures[position], amountCents: figure.amountCents)
                own.append((position, counted))
            }
            if own.isEmpty { continue }
            let compared = IndicatorScoring.comparisons(own, events: events, exposures: exposures, groups: groups, parameters: parameters)
            for (figure, comparison) in zip(own, compared) {
                scored[figure.offset].append(IndicatorScoring.scored(figure.element, comparison, indicatorID: id, parameters: parameters))
            }
        }
        var ranked = profiles.indices.map { position in
            InstitutionRanking.ranked(
                profiles[position], figures: scored[position], amountAtIssueCents: amounts[members[position].key] ?? 0, parameters: parameters)
        }
        InstitutionRanking.order(&ranked)
        return ranked
    }
}
