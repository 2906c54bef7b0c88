import Columns
import Indicators
import Ranking

/// The tables of a report as CSV and JSON.
package enum TableFiles {
    package static func rankingCSV(_ report: Report) -> String {
        CSVText.text(columns: RankingRow.columns, rows: RankingRow.rows(of: report).map(\.values))
    }

    /// One row for each figure, in the order of the indicators, then of institution ids. `z` is z′, `contribution` the
    /// finding's share of the institution's score.
    package static func indicatorsCSV(_ report: Report) -> String {
        var rows: [[ScalarValue]] = []
        for indicator in report.ranking.indicators {
            for scored in indicator.figures {
                let figure = scored.figure
                rows.append([
                    .text(scored.indicatorID), .text(figure.institutionID), .integer(figure.events),
                    .integer(figure.exposure), .double(figure.rate),
                    scored.comparison.map { .double($0.expectedRate) } ?? .null,
                    scored.comparison.map { .double($0.adjustedDistance) } ?? .null, .double(scored.share),
                    .numeric(unscaled: figure.amountCents, scale: 2),
                    .boolean(scored.comparison?.isSignificant ?? false),
                ])
            }
        }
        return CSVText.text(
            columns: [
                "indicator", "institution_id", "events", "exposure", "rate", "expected_rate", "z", "contribution", "amount",
                "significant",
            ], rows: rows)
    }

    package static func rankingJSON(_ report: Report) -> String {
        let institutions = report.ranking.institutions.map { place -> JSONValue in
            let profile = place.profile
            return .object([
                ("rank", .integer(Int64(place.rank))),
                ("institution_id", .string(profile.institutionID)),
                ("name", .optional(profile.name)),
                ("region", .optional(profile.region)),
                ("level", .string(profile.level)),
                ("kind", .string(profile.kind)),
                ("claims", .integer(profile.claimCount)),
                ("fund_amount", .decimal(ValueText.money(profile.fundCents))),
                ("score", .decimal(DecimalText.string(unscaled: Int128(place.scoreTenths), scale: 1))),
                ("grade", .string(place.grade.rawValue)),
                ("amount_at_issue", .decimal(ValueText.money(place.amountAtIssueCents))),
                ("rank_by_amount", .integer(Int64(place.amountRank))),
                ("reasons", .array(place.reasons.map { reason($0, in: report) })),
            ])
        }
        return JSONValue.object([
            ("notice", .string(Wording.notice[report.options.language])), ("institutions", .array(institutions)),
        ]).text
    }

    private static func reason(_ scored: ScoredFigure, in report: Report) -> JSONValue {
        let comparison = scored.comparison
        return .object([
            ("indicator", .string(scored.indicatorID)),
            ("text", .string(ReasonText.line(scored, in: report))),
            ("events", .integer(scored.figure.events)),
            ("exposure", .integer(scored.figure.exposure)),
            ("rate", .double(scored.figure.rate)),
            ("expected_rate", comparison.map { .double($0.expectedRate) } ?? .null),
            ("shrunken_rate", comparison.map { .double($0.shrunkenRate) } ?? .null),
            ("peers", comparison.map { .integer(Int64($0.peerCount)) } ?? .null),
            ("peer_group", comparison.map { .string(CodeName.peers($0.basis)[report.options.language]) } ?? .null),
            ("overdispersion", comparison.map { .double($0.overdispersion) } ?? .null),
            ("z", comparison.map { .double($0.adjustedDistance) } ?? .null),
            ("amount", .decimal(ValueText.money(scored.figure.amountCents))),
            ("excess", comparison.map { .double($0.excessYuan) } ?? .null),
            ("finding", .double(scored.finding)),
            ("contribution", .double(scored.share)),
            ("significant", .boolean(comparison?.isSignificant ?? false)),
        ])
    }
}
