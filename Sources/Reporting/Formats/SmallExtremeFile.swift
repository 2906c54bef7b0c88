package import Columns
import Indicators
package import Ranking

/// The list of small-but-extreme institutions as a table, least chance first.
package enum SmallExtremeFile {
    package static let columns = [
        "institution_id", "name", "region", "level", "kind", "claims", "fund_amount", "rank", "grade", "indicator", "events",
        "exposure", "rate", "expected_rate", "correlation", "chance", "amount",
    ]

    package static func csv(_ report: Report) -> String {
        CSVText.text(columns: columns, rows: report.smallExtremes.map(values))
    }

    /// The values of a row in the order of `columns`.
    package static func values(_ found: SmallExtreme) -> [ScalarValue] {
        let (profile, figure) = (found.place.profile, found.scored.figure)
        func text(_ value: String?) -> ScalarValue { value.map { .text($0) } ?? .null }
        return [
            .text(profile.institutionID), text(profile.name), text(profile.region), .text(profile.level), .text(profile.kind),
            .integer(profile.claimCount), .numeric(unscaled: profile.fundCents, scale: 2), .integer(Int64(found.place.rank)),
            .text(found.place.grade.rawValue), .text(found.scored.indicatorID), .integer(figure.events), .integer(figure.exposure),
            .double(figure.rate), found.scored.comparison.map { .double($0.expectedRate) } ?? .null, .double(found.correlation),
            .double(found.chance), .numeric(unscaled: figure.amountCents, scale: 2),
        ]
    }
}
