package import Columns
import Ranking

/// One row of the ranking as `ranking.csv` and the terminal show it.
package struct RankingRow: Hashable, Sendable {
    package var rank: Int
    package var institutionID: String
    package var name: String?
    package var region: String?
    package var level: String
    package var kind: String
    package var claimCount: Int64
    package var fundCents: Int128
    package var scoreTenths: Int
    package var grade: String
    package var amountAtIssueCents: Int128
    /// At most three, the largest share first.
    package var reasons: [String]

    /// Names of the columns of `ranking.csv`.
    package static let columns = [
        "rank", "institution_id", "name", "region", "level", "kind", "claims", "fund_amount", "score", "grade",
        "amount_at_issue", "reason_1", "reason_2", "reason_3",
    ]

    /// All rows of a report, worst first.
    package static func rows(of report: Report) -> [RankingRow] {
        report.ranking.institutions.map { place in
            RankingRow(
                rank: place.rank, institutionID: place.profile.institutionID, name: place.profile.name,
                region: place.profile.region, level: place.profile.level, kind: place.profile.kind,
                claimCount: place.profile.claimCount, fundCents: place.profile.fundCents,
                scoreTenths: place.scoreTenths, grade: place.grade.rawValue,
                amountAtIssueCents: place.amountAtIssueCents,
                reasons: place.reasons.prefix(3).map { ReasonText.line($0, in: report) })
        }
    }

    /// The row's values in the order of `columns`.
    package var values: [ScalarValue] {
        var values: [ScalarValue] = [
            .integer(Int64(rank)), .text(institutionID), name.map { .text($0) } ?? .null,
            region.map { .text($0) } ?? .null, .text(level), .text(kind), .integer(claimCount),
            .numeric(unscaled: fundCents, scale: 2), .numeric(unscaled: Int128(scoreTenths), scale: 1), .text(grade),
            .numeric(unscaled: amountAtIssueCents, scale: 2),
        ]
        for index in 0..<3 { values.append(index < reasons.count ? .text(reasons[index]) : .null) }
        return values
    }
}
