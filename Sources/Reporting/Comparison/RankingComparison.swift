package import Indicators
package import Ranking

/// What became of the leading institutions since an earlier report.
///
/// A *lead* is an institution among the first `topCount` with a score above 0. Everything that is or was a lead has one row.
package struct RankingComparison: Hashable, Sendable {
    package enum Status: String, Sendable, CaseIterable {
        /// A lead now and not before.
        case new
        /// A lead in both, of a better place in the list: there is more to look at.
        case risen
        /// A lead before and of a later place now, among the leads or not.
        case fallen
        /// A lead before; now without lines, without a finding, or graded A after a worse grade.
        case resolved
        case unchanged

        package var title: BilingualText {
            switch self {
            case .new: BilingualText("new", "新进")
            case .risen: BilingualText("risen", "上升")
            case .fallen: BilingualText("fallen", "下降")
            case .resolved: BilingualText("resolved", "已消除")
            case .unchanged: BilingualText("unchanged", "不变")
            }
        }
    }

    package struct Change: Hashable, Sendable {
        package var status: Status
        package var institutionID: String
        package var name: String?
        /// Nil where the institution had no lines.
        package var now: PreviousRanking.Place?
        package var before: PreviousRanking.Place?
    }

    package var previousName: String
    package var topCount: Int
    /// In the order of the statuses, then of the places now, then of those before.
    package var changes: [Change]
    /// How far the order of all institutions holds.
    package var stability: RankingStability

    package init(previous: PreviousRanking, ranking: InstitutionRanking, topCount: Int) {
        previousName = previous.reportName
        self.topCount = topCount
        var before: [String: PreviousRanking.Place] = [:]
        for place in previous.places { before[place.institutionID] = place }
        var now: [String: PreviousRanking.Place] = [:]
        for place in ranking.institutions { now[place.profile.institutionID] = PreviousRanking.Place(place) }
        func isLead(_ place: PreviousRanking.Place?) -> Bool { place.map { $0.rank <= topCount && $0.scoreTenths > 0 } ?? false }
        stability = RankingStability(
            before: previous.places, now: ranking.institutions.map { PreviousRanking.Place($0) }, topCount: topCount)
        let ids = Set(now.values.filter(isLead).map(\.institutionID)).union(before.values.filter(isLead).map(\.institutionID))
        changes = ids.map { id in
            let (current, earlier) = (now[id], before[id])
            return Change(
                status: RankingComparison.status(now: current, before: isLead(earlier) ? earlier : nil), institutionID: id,
                name: current?.name ?? earlier?.name, now: current, before: earlier)
        }
        changes.sort { RankingComparison.key($0) < RankingComparison.key($1) }
    }

    package func count(of status: Status) -> Int { changes.count { $0.status == status } }

    /// - Parameter before: Nil if it was no lead.
    private static func status(now: PreviousRanking.Place?, before: PreviousRanking.Place?) -> Status {
        guard let before else { return .new }
        guard let now, now.scoreTenths > 0 else { return .resolved }
        if now.grade == Grade.a.rawValue, before.grade != Grade.a.rawValue { return .resolved }
        return now.rank < before.rank ? .risen : now.rank > before.rank ? .fallen : .unchanged
    }

    private static func key(_ change: Change) -> (Int, Int, Int, String) {
        let order = Status.allCases.firstIndex(of: change.status) ?? 0
        return (order, change.now?.rank ?? Int.max, change.before?.rank ?? Int.max, change.institutionID)
    }
}

extension PreviousRanking.Place {
    fileprivate init(_ place: RankedInstitution) {
        self.init(
            rank: place.rank, institutionID: place.profile.institutionID, name: place.profile.name,
            scoreTenths: place.scoreTenths, grade: place.grade.rawValue, amountAtIssueCents: place.amountAtIssueCents,
            reasonIDs: place.reasons.map(\.indicatorID))
    }
}
