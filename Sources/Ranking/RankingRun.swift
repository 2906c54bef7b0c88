import Engine
package import Indicators

/// Runs all indicators and ranks the institutions.
package enum RankingRun {
    /// - Throws: The runner's errors, or `IndicatorError.badAnswer`.
    package static func rank(
        _ indicators: [BoundIndicator], period: ReportingPeriod, runner: any QueryRunner,
        parameters: RankingParameters = RankingParameters()
    ) throws -> InstitutionRanking {
        let profiles = try self.profiles(period: period, runner: runner)
        var figures: [(indicatorID: String, figures: [IndicatorFigure])] = []
        var lines: [(name: String, rows: QueryResult)] = []
        for indicator in indicators {
            let answer = try IndicatorRun.figuresAndLines(of: indicator, runner: runner)
            figures.append((indicator.indicator.id, answer.figures))
            if let rows = answer.lines { lines.append(("lines(\(indicator.indicator.id))", rows)) }
        }
        return InstitutionRanking(
            profiles: profiles, figures: figures,
            amountsAtIssueCents: try amountsAtIssue(lines, runner: runner), parameters: parameters)
    }

    /// Every institution with lines that count.
    package static func profiles(period: ReportingPeriod, runner: any QueryRunner) throws -> [InstitutionProfile] {
        let answer = try runner.run(sql: RankingQueries.profiles(period: period))
        let reader = try AnswerReader(
            answer, columns: ["institution_id", "name", "region", "level", "kind", "is_listed", "claims", "fund"],
            of: "institutions")
        var profiles: [InstitutionProfile] = []
        for row in 0..<reader.rows.count {
            guard let institutionID = try reader.text(row, 0) else { continue }
            profiles.append(
                InstitutionProfile(
                    institutionID: institutionID, name: try reader.text(row, 1), region: try reader.text(row, 2),
                    level: try reader.text(row, 3), kind: try reader.text(row, 4),
                    isListed: try reader.count(row, 5) == 1, claimCount: try reader.count(row, 6),
                    fundCents: try reader.cents(row, 7)))
        }
        return profiles.sorted { $0.institutionID.utf8.lexicographicallyPrecedes($1.institutionID.utf8) }
    }

    /// Cents at issue of each institution, each line counted once.
    private static func amountsAtIssue(
        _ lines: [(name: String, rows: QueryResult)], runner: any QueryRunner
    ) throws -> [String: Int128] {
        if lines.isEmpty { return [:] }
        let reader = try AnswerReader(
            try runner.run(sql: RankingQueries.amountsAtIssue(lines.map(\.name)), reading: lines),
            columns: ["institution_id", "amount"], of: "amount at issue")
        var amounts: [String: Int128] = [:]
        for row in 0..<reader.rows.count {
            guard let institutionID = try reader.text(row, 0) else { continue }
            amounts[institutionID] = try reader.cents(row, 1)
        }
        return amounts
    }
}
