import Engine
package import Indicators

/// Runs all indicators and ranks the institutions.
package enum RankingRun {
    /// - Throws: The runner's errors, or `IndicatorError.badAnswer`.
    package static func rank(
        _ indicators: [BoundIndicator], period: ReportingPeriod, runner: any QueryRunner,
        parameters: RankingParameters = RankingParameters()
    ) throws -> InstitutionRanking {
        try rankWithMoney(indicators, period: period, runner: runner, parameters: parameters).ranking
    }

    /// The ranking, and what each indicator says is at issue.
    ///
    /// - Throws: As `rank`.
    package static func rankWithMoney(
        _ indicators: [BoundIndicator], period: ReportingPeriod, runner: any QueryRunner,
        parameters: RankingParameters = RankingParameters()
    ) throws -> (ranking: InstitutionRanking, money: [String: MoneyAtIssue]) {
        var found: [String: (figures: [IndicatorFigure], money: MoneyAtIssue?)] = [:]
        // One after the other, each with all threads: two beside each other touch twice the memory, which costs more than the steps
        // that one thread takes alone.
        for group in groups(of: indicators) {
            let answers = group.count == 1
                ? [try IndicatorRun.figuresAndMoney(of: group[0], runner: runner)]
                : try IndicatorRun.figuresAndMoney(ofEach: group, runner: runner)
            for (indicator, answer) in zip(group, answers) { found[indicator.indicator.id] = answer }
        }
        let profiles = try self.profiles(period: period, runner: runner)
        let ids = indicators.map(\.indicator.id)
        let figures = ids.map { (indicatorID: $0, figures: found[$0]?.figures ?? []) }
        let money = ids.compactMap { id in found[id]?.money.map { (indicatorID: id, money: $0) } }
        let ranking = InstitutionRanking(
            profiles: profiles, figures: figures,
            amountsAtIssueCents: try amountsAtIssue(money, runner: runner), parameters: parameters)
        return (ranking, found.compactMapValues(\.money))
    }

    /// The indicators, those together that have steps in common and count the same lines; in the order of the first of each group.
    private static func groups(of indicators: [BoundIndicator]) -> [[BoundIndicator]] {
        var groups: [[BoundIndicator]] = []
        func isAlike(_ left: BoundIndicator, _ right: BoundIndicator) -> Bool {
            left.indicator.shares == right.indicator.shares && right.indicator.queries.claims != nil
                && left.countedLinesQuery == right.countedLinesQuery
        }
        for indicator in indicators {
            let place = indicator.indicator.shares == nil || indicator.indicator.queries.claims == nil
                ? nil : groups.firstIndex { isAlike(indicator, $0[0]) }
            if let place { groups[place].append(indicator) } else { groups.append([indicator]) }
        }
        return groups
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
