import Engine
package import Indicators

/// Runs all indicators and ranks the institutions.
package enum RankingRun {
    /// - Throws: The runner's errors, or `IndicatorError.badAnswer`.
    package static func rank(
        _ indicators: [BoundIndicator], period: ReportingPeriod, runner: any QueryRunner,
        parameters: RankingParameters = RankingParameters()
    ) throws -> InstitutionRanking {
        var questions = indicators.map { indicator -> @Sendable (any QueryRunner) throws -> Answer in
            {
                let answer = try IndicatorRun.figuresAndMoney(of: indicator, runner: $0)
                return .indicator(id: indicator.indicator.id, figures: answer.figures, money: answer.money)
            }
        }
        // A short question at the end fills the time in which another is still at work.
        questions.append { .profiles(try self.profiles(period: period, runner: $0)) }
        var profiles: [InstitutionProfile] = []
        var figures: [(indicatorID: String, figures: [IndicatorFigure])] = []
        var money: [(indicatorID: String, money: MoneyAtIssue)] = []
        for answer in try runner.answers(to: questions) {
            switch answer {
            case .profiles(let all): profiles = all
            case .indicator(let id, let own, let atIssue):
                figures.append((id, own))
                if let atIssue { money.append((id, atIssue)) }
            }
        }
        return InstitutionRanking(
            profiles: profiles, figures: figures,
            amountsAtIssueCents: try amountsAtIssue(money, runner: runner), parameters: parameters)
    }

    /// What one question of the ranking brings.
    private enum Answer: Sendable {
        case profiles([InstitutionProfile])
        case indicator(id: String, figures: [IndicatorFigure], money: MoneyAtIssue?)
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
        _ money: [(indicatorID: String, money: MoneyAtIssue)], runner: any QueryRunner
    ) throws -> [String: Int128] {
        if money.isEmpty { return [:] }
        var answers: [(name: String, rows: QueryResult)] = []
        var lineTables: [String] = []
        // Claims of indicators that count the same lines are looked up in them together.
        var claimTables: [(countedLines: String, tables: [String])] = []
        for (id, atIssue) in money {
            switch atIssue {
            case .lines(let rows):
                lineTables.append("lines(\(id))")
                answers.append(("lines(\(id))", rows))
            case .claims(let rows, let countedLines):
                answers.append(("claims(\(id))", rows))
                if let known = claimTables.firstIndex(where: { $0.countedLines == countedLines }) {
                    claimTables[known].tables.append("claims(\(id))")
                } else {
                    claimTables.append((countedLines, ["claims(\(id))"]))
                }
            }
        }
        let reader = try AnswerReader(
            try runner.run(sql: RankingQueries.amountsAtIssue(lineTables: lineTables, claimTables: claimTables), reading: answers),
            columns: ["institution_id", "amount"], of: "amount at issue")
        var amounts: [String: Int128] = [:]
        for row in 0..<reader.rows.count {
            guard let institutionID = try reader.text(row, 0) else { continue }
            amounts[institutionID] = try reader.cents(row, 1)
        }
        return amounts
    }
}
