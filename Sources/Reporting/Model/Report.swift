package import Indicators
package import Ranking

/// All a report shows; every format is a pure function of it, so the same report gives the same bytes.
package struct Report: Sendable {
    package var indicators: [BoundIndicator]
    package var ranking: InstitutionRanking
    package var period: ReportingPeriod
    package var provenance: ReportProvenance
    package var dataQuality: DataQuality
    /// Rows behind the first reasons of the worst institutions.
    package var excerpts: [EvidenceExcerpt]
    /// Where the fund of the institutions went that have a section of their own.
    package var breakdowns: [InstitutionBreakdown] = []
    package var options: ReportOptions
    /// Set beside an earlier report; nil without one.
    package var comparison: RankingComparison?
    package var exemptions: [ExemptedLines] = []
    /// What reviews of earlier leads found.
    package var feedback: [IndicatorFeedback] = []
    /// What is extreme where the ranking finds too little money to carry it.
    package var smallExtremes: [SmallExtreme] = []
    /// How far chance alone moves the rank of each institution id; empty where it was not measured.
    package var rankIntervals: [String: ClosedRange<Int>] = [:]
    /// The figures above and below institutions.
    package var grains = GrainSections()
    /// Those in their first contract months, by their rank among all in theirs.
    package var newInstitutions: [NewInstitution] = []

    package init(
        indicators: [BoundIndicator], ranking: InstitutionRanking, period: ReportingPeriod,
        provenance: ReportProvenance, dataQuality: DataQuality, excerpts: [EvidenceExcerpt] = [],
        options: ReportOptions = ReportOptions()
    ) {
        self.indicators = indicators
        self.ranking = ranking
        self.period = period
        self.provenance = provenance
        self.dataQuality = dataQuality
        self.excerpts = excerpts
        self.options = options
    }

    /// Fills in what the ranking alone tells: the small-but-extreme institutions and the intervals of the ranks.
    package mutating func measureRanking() {
        smallExtremes = SmallExtremes.find(in: ranking)
        rankIntervals = [:]
        for (place, interval) in zip(ranking.institutions, RankIntervals.measure(ranking)) {
            rankIntervals[place.profile.institutionID] = interval
        }
    }

    /// The indicator of an id that occurs in the ranking.
    package func indicator(_ id: String) -> Indicator? { indicators.first { $0.indicator.id == id }?.indicator }

    /// What an indicator is called; its id if the report does not have it, as one of an earlier report or of a review may be.
    package func title(ofIndicator id: String) -> BilingualText { indicator(id)?.title ?? BilingualText(id, id) }
}

/// How a report is written.
package struct ReportOptions: Hashable, Sendable {
    /// Language of the CSV reasons and the one the page opens in; the page holds both.
    package var language: DisplayLanguage = .english
    /// Whether patient ids are shown whole.
    package var revealsPatients = false
    /// Institutions in the page's table; the rest is in `ranking.csv`.
    package var tableRowCount = 500
    /// Small-but-extreme figures in the page's table; the rest is in `small_extremes.csv`.
    package var smallExtremeCount = 100
    /// Departments, doctors, insured persons and institutions of a theme in the page's tables; the rest is in their files.
    package var grainRowCount = 30
    /// Insured persons in `insured_persons.csv`.
    package var insuredPersonCount = 1000
    /// Institutions with a section of their own.
    package var detailCount = 50
    /// Worst institutions with an excerpt of evidence rows.
    package var excerptCount = 5
    /// Rows of an excerpt.
    package var excerptRowCount = 8
    /// Items and doctors in an institution's section.
    package var partCount = 5
    /// Whether the store has the table `feedback`.
    package var hasFeedback = false

    package init() {}
}
