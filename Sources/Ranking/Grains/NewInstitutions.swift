import Columns
package import Indicators

/// Institutions in the first months of their contracts, against all institutions in the same months of theirs: what one had not been at
/// long enough to show is not held against those that have.
package enum NewInstitutions {
    /// Months of a contract that are looked at.
    package static let months = 6

    /// An institution in its first months, and when they began.
    package struct Member: Hashable, Sendable {
        package var institutionID: String
        /// `2025-03-01`.
        package var contractStart: String
    }

    /// The institutions whose contract began within so many months before the end of the period, or before the last settlement there is.
    ///
    /// - Throws: The runner's errors.
    package static func members(period: ReportingPeriod, runner: any QueryRunner) throws -> [Member] {
        let end = period.to.map { "date '\(ReportingPeriod.text($0))'" } ?? "(select cast(max(settled_at) as date) + 1 from claims)"
        let answer = try runner.run(
            sql: """
                select institution_id, cast(contract_start as text) as contract_start
                from institutions
                where contract_start < \(end) and contract_start > \(end) - interval '\(months) months'
                order by institution_id
                """)
        let reader = try AnswerReader(answer, columns: ["institution_id", "contract_start"], of: "new institutions")
        var members: [Member] = []
        for row in reader.rows.indices {
            guard let id = try reader.text(row, 0), let start = try reader.text(row, 1) else { continue }
            members.append(Member(institutionID: id, contractStart: start))
        }
        return members
    }

    /// All institutions by the first months of their contracts that lie in the period.
    ///
    /// - Throws: As `RankingRun.rank`.
    package static func ranking(
        _ indicators: [BoundIndicator], period: ReportingPeriod, runner: any QueryRunner, parameters: RankingParameters
    ) throws -> InstitutionRanking {
        var own = period
        own.firstContractMonths = months
        return try RankingRun.rank(
            indicators.map { $0.withinFirstContractMonths(months) }, period: own, runner: runner, parameters: parameters)
    }
}
