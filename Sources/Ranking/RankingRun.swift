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
        for indicator in indicators {
            figures.append((indicator.indicator.id, try IndicatorRun.figures(of: indicator, runner: runner)))
        }
        return InstitutionRanking(
            profiles: profiles, figures: figures,
            amountsAtIssueCents: try amountsAtIssue(indicators, runner: runner), parameters: parameters)
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
    package static func amountsAtIssue(
        _ indicators: [BoundIndicator], runner: any QueryRunner
    ) throws -> [String: Int128] {
        guard let query = RankingQueries.amountsAtIssue(indicators) else { return [:] }
        let reader = try AnswerReader(
            try runner.run(sql: query), columns: ["institution_id", "amount"], of: "amount at issue")
        var amounts: [String: Int128] = [:]
        for row in 0..<reader.rows.count {
            guard let institutionID = try reader.text(row, 0) else { continue }
            amounts[institutionID] = try reader.cents(row, 1)
        }
        return amounts
    }
}
