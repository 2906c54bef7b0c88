import Columns
import Diagnostics
package import Engine
package import Indicators

/// The rows behind an indicator's events that concern a doctor or a patient.
package enum GrainEvidence {
    /// - Parameters:
    ///   - institutionID: Only at this institution; nil: at every institution of a claim with a line that meets the conditions.
    ///   - columns: Columns of the lines and the value each must have.
    /// - Returns: The evidence of each institution in the order of their ids, with `institution_id` before it.
    /// - Throws: The runner's errors; `usage` where the indicator's evidence does not name its lines.
    package static func rows(
        of indicator: BoundIndicator, institutionID: String?, columns: [(name: String, value: String)], period: ReportingPeriod,
        runner: any QueryRunner
    ) throws -> QueryResult {
        let condition = columns.map { "\($0.name) = \(ParameterValue.quoted($0.value))" }.joined(separator: " and ")
        var ids = institutionID.map { [$0] } ?? []
        if institutionID == nil {
            let answer = try runner.run(
                sql: """
                    with lines as (\(period.linesQuery))
                    select institution_id from lines
                    where claim_id in (select claim_id from lines where \(condition)) and institution_id <> ''
                    group by institution_id order by institution_id
                    """)
            let reader = try AnswerReader(answer, columns: ["institution_id"], of: "institutions of a doctor")
            for row in reader.rows.indices { if let id = try reader.text(row, 0) { ids.append(id) } }
        }
        // An id that nothing has gives the columns without rows.
        if ids.isEmpty { ids = [""] }
        let columnsOfEvidence = try runner.run(sql: "select * from (\n\(indicator.evidenceQuery(institutionID: ""))\n) as own limit 0").schema.fields.map(\.name)
        guard columnsOfEvidence.contains("claim_id"), columnsOfEvidence.contains("line_id") else {
            throw Diagnostic(
                .usage, "the evidence of \(indicator.indicator.id) names no lines: it cannot be narrowed to a doctor or a patient",
                mend: "ask for an institution's evidence, or give the indicator's evidence the columns claim_id and line_id")
        }
        let parts = ids.map { id in
            let own = columnsOfEvidence.contains("institution_id") ? "own.*" : "cast(\(ParameterValue.quoted(id)) as text) as institution_id, own.*"
            return "select \(own) from (\n\(indicator.evidenceQuery(institutionID: id))\n) as own where exists (select 1 from named as n where n.claim_id = own.claim_id and n.line_id = own.line_id)"
        }
        // Evidence need not have the columns themselves, but it names its lines.
        let named = "with named as (select claim_id, line_id from (\(period.linesQuery)) as lines where \(condition) group by claim_id, line_id)\n"
        return try runner.keep(sql: named + parts.joined(separator: "\nunion all\n"))
    }
}
