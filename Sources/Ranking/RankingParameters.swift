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

    package init() {}

    /// Name and value of every constant, for `run.json`.
    package var listed: [(name: String, value: Double)] {
        [
            ("minimum_peers", Double(minimumPeers)), ("winsor_share", Double(winsorPercent) / 100),
            ("standout_z", standoutZ), ("materiality_unit_yuan", materialityUnitYuan),
            ("materiality_decades", materialityDecades), ("weight", weight), ("finding_limit", findingLimit),
            ("grade_e_from", Double(gradeLimitsTenths[0]) / 10), ("grade_d_from", Double(gradeLimitsTenths[1]) / 10),
            ("grade_c_from", Double(gradeLimitsTenths[2]) / 10), ("grade_b_from", Double(gradeLimitsTenths[3]) / 10),
            ("false_discovery_rate", falseDiscoveryRate),
        ]
    }
}
