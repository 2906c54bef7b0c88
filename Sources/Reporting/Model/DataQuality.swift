package import Indicators

/// How complete the lines are that the figures rest on.
package struct DataQuality: Sendable {
    /// Lines that count: live, of the period, of positive quantity.
    package var lineCount: Int64
    /// Lines without a value, for each column an indicator may read.
    package var missing: [(column: String, lineCount: Int64)]
    package var firstSettledAt: String?
    package var lastSettledAt: String?
    /// What the caller knows beside: rejected rows, for instance.
    package var notes: [BilingualText]

    package init(
        lineCount: Int64, missing: [(column: String, lineCount: Int64)] = [], firstSettledAt: String? = nil,
        lastSettledAt: String? = nil, notes: [BilingualText] = []
    ) {
        self.lineCount = lineCount
        self.missing = missing
        self.firstSettledAt = firstSettledAt
        self.lastSettledAt = lastSettledAt
        self.notes = notes
    }

    private static let columns = [
        "department", "doctor_id", "sex", "birth_date", "diagnosis_code", "prescription_id", "fund_amount",
    ]

    /// Counts the lines and their gaps in one pass.
    package static func measure(
        period: ReportingPeriod, notes: [BilingualText] = [], runner: any QueryRunner
    ) throws -> DataQuality {
        let counts = columns.map { "count(\($0)) as \($0)" }.joined(separator: ", ")
        let answer = try runner.run(
            sql: """
                with lines as (\(period.linesQuery))
                select count(*) as lines, \(counts), min(settled_at) as first_settled, max(settled_at) as last_settled
                from lines
                """)
        let reader = try AnswerReader(
            answer, columns: ["lines"] + columns + ["first_settled", "last_settled"], of: "data quality")
        guard reader.rows.count == 1 else { throw reader.failure("\(reader.rows.count) rows instead of one") }
        let lineCount = try reader.count(0, 0)
        var missing: [(column: String, lineCount: Int64)] = []
        for (index, column) in columns.enumerated() {
            missing.append((column, lineCount - (try reader.count(0, index + 1))))
        }
        return DataQuality(
            lineCount: lineCount, missing: missing,
            firstSettledAt: ValueText.nonNull(reader.value(0, columns.count + 1)),
            lastSettledAt: ValueText.nonNull(reader.value(0, columns.count + 2)), notes: notes)
    }


}
