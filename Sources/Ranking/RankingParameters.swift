/// The constants of the ranking; `docs/ranking.md` explains each.
package struct RankingParameters: Hashable, Sendable {
    /// Institutions a level × kind or kind group needs to be its members' peer group.
    package var minimumPeers = 10
    /// Percent of a group's z values pulled in at each end before the overdispersion is taken.
    package var winsorPercent = 10
    /// z′ above which an institution leaves the sums of the second pass, and above which a finding has strength.
    package var standoutZ = 2.0
    /// Excess money, in yuan, that starts to matter.
    package var materialityUnitYuan = 100.0
    /// Decades of excess money from the unit to full materiality.
    package var materialityDecades = 4.0
    /// Weight of a finding.
    package var weight = 1.0
    /// No finding is worth more than this.
    package var findingLimit = 0.999
    /// Lower limits of the grades E, D, C and B, in tenths of a point.
    package var gradeLimitsTenths = [400, 200, 100, 30]
    /// Expected share of false marks among the significant ones (Benjamini–Hochberg).
    package var falseDiscoveryRate = 0.05
    /// Events a figure needs to stand in the list of small-but-extreme institutions.
    package var smallMinimumEvents: Int64 = 3
    /// Percent of its peer group's exposures, from the smallest up, that a small figure lies within.
    package var smallExposurePercent = 50
    /// Money, in yuan, that neither a small figure nor its institution's amount at issue passes.
    package var smallAmountLimitYuan = 10_000.0
    /// Expected share of chance finds in that list (Benjamini–Hochberg).
    package var smallFalseDiscoveryRate = 0.05
    /// Drawings behind the interval of a rank; 0 measures none.
    package var intervalDrawCount = 200
    /// Percent of the drawings that the interval holds.
    package var intervalPercent = 90
    /// Seed of the drawings.
    package var intervalSeed: UInt64 = 1

    package init() {}

    /// Name and value of every constant, for `run.json`.
    package var listed: [(name: String, value: Double)] {
        [
            ("minimum_peers", Double(minimumPeers)), ("winsor_share", Double(winsorPercent) / 100),
            ("standout_z", standoutZ), ("materiality_unit_yuan", materialityUnitYuan),
            ("materiality_decades", materialityDecades), ("weight", weight), ("finding_limit", findingLimit),
            ("grade_e_from", Double(gradeLimitsTenths[0]) / 10), ("grade_d_from", Double(gradeLimitsTenths[1]) / 10),
            ("grade_c_from", Double(gradeLimitsTenths[2]) / 10), ("grade_b_from", Double(gradeLimitsTenths[3]) / 10),
            ("false_discovery_rate", falseDiscoveryRate), ("small_minimum_events", Double(smallMinimumEvents)),
            ("small_exposure_share", Double(smallExposurePercent) / 100),
            ("small_amount_limit_yuan", smallAmountLimitYuan), ("small_false_discovery_rate", smallFalseDiscoveryRate),
            ("rank_interval_draws", Double(intervalDrawCount)), ("rank_interval_share", Double(intervalPercent) / 100),
            ("rank_interval_seed", Double(intervalSeed)),
        ]
    }
}
