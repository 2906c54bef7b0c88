import Glibc
package import Indicators

/// The grade of a score, E the worst.
package enum Grade: String, Sendable, CaseIterable {
    case e = "E"
    case d = "D"
    case c = "C"
    case b = "B"
    case a = "A"

    package init(scoreTenths: Int, limitsTenths: [Int]) {
        for (grade, limit) in zip(Grade.allCases, limitsTenths) where scoreTenths >= limit {
            self = grade
            return
        }
        self = .a
    }
}

/// One institution's place.
package struct RankedInstitution: Hashable, Sendable {
    /// From 1, by score, amount at issue and id.
    package var rank: Int
    /// From 1, by amount at issue, score and id.
    package var amountRank: Int
    package var profile: InstitutionProfile
    /// Score in tenths of a point, 0 to 1000.
    package var scoreTenths: Int
    package var grade: Grade
    package var amountAtIssueCents: Int128
    /// Its figures, in the order of the indicators.
    package var figures: [ScoredFigure]

    /// The figures with a finding, by share of the score, then id.
    package var reasons: [ScoredFigure] {
        figures.filter { $0.finding > 0 }.sorted {
            $0.share != $1.share
                ? $0.share > $1.share : $0.indicatorID.utf8.lexicographicallyPrecedes($1.indicatorID.utf8)
        }
    }
}

/// Steps 8 and 9 over all indicators.
package struct InstitutionRanking: Sendable {
    /// Worst first.
    package var institutions: [RankedInstitution]
    /// All figures of each indicator, ordered by institution id.
    package var indicators: [IndicatorScores]
    package var parameters: RankingParameters

    /// Ranks institutions.
    ///
    /// - Parameters:
    ///   - profiles: Every institution with lines, each once.
    ///   - figures: The figures of each indicator, in the order of the contract's table.
    ///   - amountsAtIssueCents: Money at issue of each institution, each line counted once; 0 where it is missing.
    package init(
        profiles: [InstitutionProfile], figures: [(indicatorID: String, figures: [IndicatorFigure])],
        amountsAtIssueCents: [String: Int128], parameters: RankingParameters = RankingParameters()
    ) {
        var positionOfID: [String: Int] = [:]
        var all = profiles
        for (position, profile) in all.enumerated() { positionOfID[profile.institutionID] = position }
        for figure in figures.flatMap(\.figures) where positionOfID[figure.institutionID] == nil {
            positionOfID[figure.institutionID] = all.count
            all.append(InstitutionProfile(institutionID: figure.institutionID, isListed: false))
        }
        var figuresOf = [[ScoredFigure]](repeating: [], count: all.count)
        for (indicatorID, indicatorFigures) in figures {
            let positions = indicatorFigures.map { positionOfID[$0.institutionID] ?? 0 }
            let scored = IndicatorScoring.score(
                indicatorFigures, profiles: positions.map { all[$0] }, indicatorID: indicatorID, parameters: parameters)
            for (position, figure) in zip(positions, scored) { figuresOf[position].append(figure) }
        }
        var ranked = all.indices.map { position in
            InstitutionRanking.ranked(
                all[position], figures: figuresOf[position],
                amountAtIssueCents: amountsAtIssueCents[all[position].institutionID] ?? 0, parameters: parameters)
        }
        InstitutionRanking.order(&ranked)
        self.institutions = ranked
        // In the order of the ids; each institution's figures are in that of the indicators.
        var byIndicator = figures.map { IndicatorScores(indicatorID: $0.indicatorID, figures: []) }
        let byID = ranked.sorted { $0.profile.institutionID.utf8.lexicographicallyPrecedes($1.profile.institutionID.utf8) }
        for place in byID {
            var next = 0
            for scored in place.figures {
                while byIndicator[next].indicatorID != scored.indicatorID { next += 1 }
                byIndicator[next].figures.append(scored)
            }
        }
        self.indicators = byIndicator
        self.parameters = parameters
    }

    /// The score of step 8 in tenths of a point.
    ///
    /// - Parameter clean: The product of what each finding leaves.
    static func scoreTenths(clean: Double) -> Int { Int((1000 * (1 - clean) + 0.5).rounded(.down)) }

    static func ranked(
        _ profile: InstitutionProfile, figures: [ScoredFigure], amountAtIssueCents: Int128, parameters: RankingParameters
    ) -> RankedInstitution {
        var clean = 1.0
        var logSum = 0.0
        for figure in figures {
            clean *= 1 - figure.finding
            logSum += log(1 - figure.finding)
        }
        let tenths = scoreTenths(clean: clean)
        var shared = figures
        for index in shared.indices where shared[index].finding > 0 {
            shared[index].share = log(1 - shared[index].finding) / logSum
        }
        return RankedInstitution(
            rank: 0, amountRank: 0, profile: profile, scoreTenths: tenths,
            grade: Grade(scoreTenths: tenths, limitsTenths: parameters.gradeLimitsTenths),
            amountAtIssueCents: amountAtIssueCents, figures: shared)
    }

    static func order(_ ranked: inout [RankedInstitution]) {
        func precedes(_ left: RankedInstitution, _ right: RankedInstitution) -> Bool {
            left.profile.institutionID.utf8.lexicographicallyPrecedes(right.profile.institutionID.utf8)
        }
        ranked.sort {
            if $0.amountAtIssueCents != $1.amountAtIssueCents { return $0.amountAtIssueCents > $1.amountAtIssueCents }
            return $0.scoreTenths != $1.scoreTenths ? $0.scoreTenths > $1.scoreTenths : precedes($0, $1)
        }
        for index in ranked.indices { ranked[index].amountRank = index + 1 }
        ranked.sort {
            if $0.scoreTenths != $1.scoreTenths { return $0.scoreTenths > $1.scoreTenths }
            return $0.amountAtIssueCents != $1.amountAtIssueCents
                ? $0.amountAtIssueCents > $1.amountAtIssueCents : precedes($0, $1)
        }
        for index in ranked.indices { ranked[index].rank = index + 1 }
    }
}

/// All figures of one indicator.
package struct IndicatorScores: Hashable, Sendable {
    package var indicatorID: String
    package var figures: [ScoredFigure]
}
