package import Indicators

/// What the ranking asks the engine beside the indicators' own figures.
package enum RankingQueries {
    /// Gives institution_id, name, region, level, kind, is_listed, claims, fund of every institution with lines.
    package static func profiles(period: ReportingPeriod) -> String {
        """
        with lines as (\(period.linesQuery)),
        present as (
            select institution_id from lines where institution_id <> '' group by institution_id
        ),
        settled as (
            select claim_id,
                   min(nullif(institution_id, '')) as institution_id,
                   coalesce(sum(fund_amount), 0) as fund
            from lines
            where claim_id <> ''
            group by claim_id
        ),
        totals as (
            select institution_id, count(*) as claims, sum(fund) as fund from settled group by institution_id
        )
        select p.institution_id,
               i.name,
               i.region,
               i.level,
               i.kind,
               case when i.institution_id is not null then 1 else 0 end as is_listed,
               coalesce(t.claims, 0) as claims,
               coalesce(t.fund, 0) as fund
        from present as p
        left join totals as t on t.institution_id = p.institution_id
        left join institutions as i on i.institution_id = p.institution_id
        """
    }

    /// Gives institution_id, amount: each line counts the largest of its amounts, once.
    ///
    /// - Parameters:
    ///   - lineTables: Names of the answers with the lines of each indicator that tells lines.
    ///   - claimTables: Names of the answers with the claims of each indicator that tells claims, and the query of the lines that count
    ///     of these claims. At least one table in all.
    package static func amountsAtIssue(
        lineTables: [String], claimTables: [(countedLines: String, tables: [String])]
    ) -> String {
        var parts = lineTables.map { "select institution_id, claim_id, line_id, amount from \"\($0)\"" }
        parts += claimTables.map { countedLines, tables in
            let claims = tables.map { "select institution_id, claim_id from \"\($0)\"" }
            return """
                select c.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0) as amount
                from (
                \(claims.joined(separator: "\nunion\n"))
                ) as c
                join (\(countedLines)) as l on l.claim_id = c.claim_id
                """
        }
        return """
            select institution_id, round(sum(amount), 10) as amount
            from (
                select institution_id, claim_id, line_id, max(amount) as amount
                from (
            \(parts.joined(separator: "\nunion all\n"))
                ) as flagged
                group by institution_id, claim_id, line_id
            ) as counted
            group by institution_id
            """
    }
}
