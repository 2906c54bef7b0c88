import Ranking

/// How far the order of the institutions holds from one report to the next.
package struct RankingStability: Hashable, Sendable {
    /// Institutions among the first places with a score above 0.
    package var leadCount = 0
    package var leadCountBefore = 0
    /// Leads of both reports.
    package var sharedLeadCount = 0
    /// Institutions of both reports.
    package var sharedCount = 0
    /// Institutions of this report alone.
    package var arrivedCount = 0
    /// Institutions of the report before alone.
    package var goneCount = 0
    /// Kendall's τ of the institutions of both reports, −1 to 1; nil if they are fewer than two.
    package var tau: Double?
    /// The same of those that are a lead of either report.
    package var leadTau: Double?
    /// How many institutions of both reports had the grade of the row and have that of the column, in the order of `grades`.
    package var gradeCounts: [[Int]]

    /// From the worst to the best.
    package static let grades = Grade.allCases.map(\.rawValue)

    /// - Parameters:
    ///   - before, now: All places of the reports; no two of a report have the same rank.
    ///   - topCount: The first places.
    package init(before: [PreviousRanking.Place], now: [PreviousRanking.Place], topCount: Int) {
        func isLead(_ place: PreviousRanking.Place) -> Bool { place.rank <= topCount && place.scoreTenths > 0 }
        gradeCounts = [[Int]](repeating: [Int](repeating: 0, count: RankingStability.grades.count), count: RankingStability.grades.count)
        leadCount = now.count(where: isLead)
        leadCountBefore = before.count(where: isLead)
        var placeOf: [String: PreviousRanking.Place] = [:]
        for place in now { placeOf[place.institutionID] = place }
        let pairs = before.sorted { $0.rank < $1.rank }.compactMap { earlier in placeOf[earlier.institutionID].map { (earlier, $0) } }
        sharedCount = pairs.count
        arrivedCount = now.count - pairs.count
        goneCount = before.count - pairs.count
        sharedLeadCount = pairs.count { isLead($0) && isLead($1) }
        tau = RankingStability.tau(pairs.map(\.1.rank))
        leadTau = RankingStability.tau(pairs.filter { isLead($0) || isLead($1) }.map(\.1.rank))
        for (earlier, current) in pairs {
            guard let row = RankingStability.grades.firstIndex(of: earlier.grade),
                let column = RankingStability.grades.firstIndex(of: current.grade)
            else { continue }
            gradeCounts[row][column] += 1
        }
    }

    /// The share of pairs in the same order: (1 + τ) / 2.
    package static func sameOrderShare(_ tau: Double) -> Double { (1 + tau) / 2 }

    /// 1 − 4 · (pairs in the opposite order) / (m(m − 1)) of ranks listed in their earlier order, without ties.
    ///
    /// - Complexity: O(m log m). Source: Kendall, "A new measure of rank correlation", Biometrika 30 (1938); the pairs are counted
    ///   while the ranks are merged.
    package static func tau(_ ranks: [Int]) -> Double? {
        if ranks.count < 2 { return nil }
        var sorted = ranks
        var merged = ranks
        var opposite = 0
        var width = 1
        while width < sorted.count {
            var start = 0
            while start < sorted.count {
                let middle = min(start + width, sorted.count)
                let end = min(middle + width, sorted.count)
                var (left, right) = (start, middle)
                for place in start..<end {
                    if left < middle, right == end || sorted[left] <= sorted[right] {
                        merged[place] = sorted[left]
                        left += 1
                    } else {
                        merged[place] = sorted[right]
                        right += 1
                        opposite += middle - left
                    }
                }
                start = end
            }
            swap(&sorted, &merged)
            width *= 2
        }
        return 1 - 4 * Double(opposite) / (Double(ranks.count) * Double(ranks.count - 1))
    }
}
