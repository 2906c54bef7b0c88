package import Columns

/// What changed since the earlier report, as CSV and JSON.
package enum ChangeFiles {
    package static let columns = [
        "status", "institution_id", "name", "rank", "rank_before", "score", "score_before", "grade", "grade_before",
        "amount_at_issue", "amount_at_issue_before", "reason", "reason_before",
    ]

    package static func csv(_ comparison: RankingComparison) -> String {
        CSVText.text(columns: columns, rows: comparison.changes.map(values))
    }

    /// The values of a row in the order of `columns`.
    package static func values(_ change: RankingComparison.Change) -> [ScalarValue] {
        let (now, before) = (change.now, change.before)
        func text(_ value: String?) -> ScalarValue { value.map { .text($0) } ?? .null }
        func rank(_ place: PreviousRanking.Place?) -> ScalarValue { place.map { .integer(Int64($0.rank)) } ?? .null }
        func score(_ place: PreviousRanking.Place?) -> ScalarValue {
            place.map { .numeric(unscaled: Int128($0.scoreTenths), scale: 1) } ?? .null
        }
        func money(_ place: PreviousRanking.Place?) -> ScalarValue {
            place.map { .numeric(unscaled: $0.amountAtIssueCents, scale: 2) } ?? .null
        }
        return [
            .text(change.status.rawValue), .text(change.institutionID), text(change.name), rank(now), rank(before),
            score(now), score(before), text(now?.grade), text(before?.grade), money(now), money(before),
            text(now?.reasonIDs.first), text(before?.reasonIDs.first),
        ]
    }

    package static func json(_ comparison: RankingComparison, notice: String) -> String {
        let counts = RankingComparison.Status.allCases.map {
            ($0.rawValue, JSONValue.integer(Int64(comparison.count(of: $0))))
        }
        let rows = comparison.changes.map { change -> JSONValue in
            .object(zip(columns, values(change)).map { ($0, member($1)) })
        }
        return JSONValue.object([
            ("notice", .string(notice)), ("compared_with", .string(comparison.previousName)),
            ("top", .integer(Int64(comparison.topCount))), ("counts", .object(counts)),
            ("stability", stability(comparison.stability)), ("changes", .array(rows)),
        ]).text
    }

    /// How far the order holds, as `changes.json` and the log of nightly runs have it.
    package static func stability(_ stability: RankingStability) -> JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
        let grades = RankingStability.grades.enumerated().map { row, before -> (String, JSONValue) in
            let counts = zip(RankingStability.grades, stability.gradeCounts[row]).map { ($0, JSONValue.integer(Int64($1))) }
            return (before, .object(counts))
        }
        return .object([
            ("leads", .integer(Int64(stability.leadCount))), ("leads_before", .integer(Int64(stability.leadCountBefore))),
            ("leads_shared", .integer(Int64(stability.sharedLeadCount))),
            ("institutions_shared", .integer(Int64(stability.sharedCount))), ("arrived", .integer(Int64(stability.arrivedCount))),
            ("gone", .integer(Int64(stability.goneCount))), ("kendall_tau", number(stability.tau)),
            ("kendall_tau_leads", number(stability.leadTau)), ("grade_before_to_now", .object(grades)),
        ])
    }

    private static func member(_ value: ScalarValue) -> JSONValue {
        switch value {
        case .integer(let number): .integer(number)
        case .numeric: .decimal(ValueText.nonNull(value) ?? "null")
        default: .optional(ValueText.nonNull(value))
        }
    }
}
