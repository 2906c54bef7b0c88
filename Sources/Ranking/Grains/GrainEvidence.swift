package import Engine
package import Indicators

/// The rows behind an indicator's events that concern a doctor or a patient.
package enum GrainEvidence {
    /// - Parameters:
    ///   - institutionID: Only at this institution; nil: at every institution with lines that meet the conditions.
    ///   - columns: Columns of the evidence and the value each must have.
    /// - Returns: The evidence of each institution in the order of their ids, with `institution_id` before it.
    /// - Throws: The runner's errors; among them that the indicator's evidence has no such column.
    package static func rows(
        of indicator: BoundIndicator, institutionID: String?, columns: [(name: String, value: String)], period: ReportingPeriod,
        runner: any QueryRunner
    ) throws -> QueryResult {
        let condition = columns.map { "\($0.name) = \(ParameterValue.quoted($0.value))" }.joined(separator: " and ")
        var ids = institutionID.map { [$0] } ?? []
        if institutionID == nil {
            let answer = try runner.run(
                sql: """
                    select institution_id from (\(period.linesQuery)) as lines
                    where \(condition) and institution_id <> ''
                    group by institution_id order by institution_id
                    """)
            let reader = try AnswerReader(answer, columns: ["institution_id"], of: "institutions of a doctor")
            for row in reader.rows.indices { if let id = try reader.text(row, 0) { ids.append(id) } }
        }
        // An id that nothing has gives the columns without rows.
        if ids.isEmpty { ids = [""] }
        let parts = ids.map { id in
            "select cast(\(ParameterValue.quoted(id)) as text) as institution_id, own.* from (\n\(indicator.evidenceQuery(institutionID: id))\n) as own where \(condition)"
        }
        return try runner.run(sql: parts.joined(separator: "\nunion all\n"))
    }
}
