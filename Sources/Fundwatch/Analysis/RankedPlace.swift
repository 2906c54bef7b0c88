import Indicators
import Ranking

/// How badly an institution stands out, E the worst.
public enum PlaceGrade: String, Hashable, Sendable, CaseIterable {
    /// Nothing stands out.
    case a = "A"
    /// A little does.
    case b = "B"
    /// Something does.
    case c = "C"
    /// Much does.
    case d = "D"
    /// The worst.
    case e = "E"
}

/// One institution's place in a ranking, with its reasons. Findings are leads for review, not verdicts.
public struct RankedPlace: Hashable, Sendable {
    /// A figure that stands out against the institution's peers.
    public struct Reason: Hashable, Sendable {
        /// The indicator.
        public let indicatorID: String
        /// The institution's figure.
        public let figure: InstitutionFigure
        /// The rate of its peers.
        public let expectedRate: Double
        /// Other institutions of its peer group.
        public let peerCount: Int
        /// How far the rate lies above the peers', in standard deviations (z′ of docs/ranking.md).
        public let distance: Double
        /// Money beyond what the peers' rate would give, in yuan; an estimate.
        public let excess: Double
        /// Its share of the score, 0 to 1.
        public let share: Double
        /// Whether it holds among all comparisons of the indicator (Benjamini–Hochberg).
        public let isSignificant: Bool
    }

    /// From 1, the worst first.
    public let rank: Int
    /// From 1, by the money at issue.
    public let amountRank: Int
    /// The institution.
    public let institutionID: String
    /// Nil if `institutions` does not list it.
    public let name: String?, region: String?
    /// `none` if not known.
    public let level: String, kind: String
    /// Claims that counted.
    public let claimCount: Int64
    /// What the fund paid for them, in yuan, with two digits after the point.
    public let fund: ExactDecimal
    /// 0 to 100, with one digit after the point.
    public let score: ExactDecimal
    /// Of the score.
    public let grade: PlaceGrade
    /// Money at issue over all indicators, each line counted once, in yuan, with two digits after the point.
    public let amountAtIssue: ExactDecimal
    /// Why, by their share of the score.
    public let reasons: [Reason]

    init(_ place: RankedInstitution) {
        rank = place.rank
        amountRank = place.amountRank
        institutionID = place.profile.institutionID
        name = place.profile.name
        region = place.profile.region
        level = place.profile.level
        kind = place.profile.kind
        claimCount = place.profile.claimCount
        fund = ExactDecimal(unscaled: place.profile.fundCents, scale: 2)
        score = ExactDecimal(unscaled: Int128(place.scoreTenths), scale: 1)
        grade = PlaceGrade(place.grade)
        amountAtIssue = ExactDecimal(unscaled: place.amountAtIssueCents, scale: 2)
        reasons = place.reasons.compactMap { scored in
            guard let comparison = scored.comparison else { return nil }
            return Reason(
                indicatorID: scored.indicatorID, figure: InstitutionFigure(scored.figure), expectedRate: comparison.expectedRate,
                peerCount: comparison.peerCount, distance: comparison.adjustedDistance, excess: comparison.excessYuan,
                share: scored.share, isSignificant: comparison.isSignificant)
        }
    }
}

extension PlaceGrade {
    init(_ grade: Grade) {
        switch grade {
        case .a: self = .a
        case .b: self = .b
        case .c: self = .c
        case .d: self = .d
        case .e: self = .e
        }
    }
}
