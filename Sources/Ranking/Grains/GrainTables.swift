import Columns
package import Engine
package import Indicators

/// Figures of indicators by grain as one table, for whoever asks for them by themselves.
package enum GrainTables {
    /// - Returns: One row for each member of the grain, of each indicator in turn where there are several: the members with a claim at issue.
    /// - Throws: The runner's errors.
    package static func result(
        _ grain: Grain, _ indicators: [BoundIndicator], period: ReportingPeriod, language: DisplayLanguage, runner: any QueryRunner
    ) throws -> QueryResult {
        let (ranking, money) = try RankingRun.rankWithMoney(indicators, period: period, runner: runner)
        switch grain {
        case .region(let digits): return regions(GrainRollups.regions(ranking, digits: digits), indicators)
        case .theme:
            let lines = try IssueLines.measure(money, of: indicators, period: period, runner: runner)
            return themes(ranking, lines, try lines.amountsByTheme(runner: runner), indicators, language)
        case .department, .doctor, .patient:
            let lines = try IssueLines.measure(money, of: indicators, period: period, runner: runner)
            return try below(grain, lines, indicators, period, runner)
        }
    }

    private static let amount = Field(name: "amount", type: .numeric(precision: 38, scale: 2))

    private static func money(_ cents: Int128) -> ScalarValue { .numeric(unscaled: cents, scale: 2) }

    private static func regions(_ figures: [RegionFigure], _ indicators: [BoundIndicator]) -> QueryResult {
        var fields = [
            Field(name: "region", type: .text), Field(name: "institutions", type: .bigint), Field(name: "events", type: .bigint),
            Field(name: "exposure", type: .bigint), Field(name: "rate", type: .double), amount,
        ]
        if indicators.count > 1 { fields.insert(Field(name: "indicator", type: .text), at: 0) }
        var rows = ResultRows(fields: fields)
        for figure in figures {
            guard let id = figure.indicatorID else { continue }
            let row: [ScalarValue] = [
                figure.region.map { .text($0) } ?? .null, .integer(figure.institutionCount), .integer(figure.events), .integer(figure.exposure),
                .double(Double(figure.events) / Double(figure.exposure)), money(figure.amountCents),
            ]
            rows.append(indicators.count > 1 ? [.text(id)] + row : row)
        }
        return rows.result()
    }

    private static func themes(
        _ ranking: InstitutionRanking, _ lines: IssueLines, _ amounts: [[String]: Int128], _ indicators: [BoundIndicator], _ language: DisplayLanguage
    ) -> QueryResult {
        var themeOf: [String: Int] = [:]
        for bound in indicators { themeOf[bound.indicator.id] = lines.themes.firstIndex(of: bound.indicator.theme) }
        var rows = ResultRows(fields: [
            Field(name: "theme", type: .text), Field(name: "institution_id", type: .text), Field(name: "indicators", type: .bigint),
            Field(name: "events", type: .bigint), amount,
        ])
        for figure in GrainRollups.themes(ranking, themeOf: themeOf, amounts: amounts) {
            rows.append([
                .text(lines.themes[figure.theme][language]), .text(figure.institutionID), .integer(figure.indicatorCount), .integer(figure.events),
                money(figure.amountCents),
            ])
        }
        return rows.result()
    }

    private static func below(
        _ grain: Grain, _ lines: IssueLines, _ indicators: [BoundIndicator], _ period: ReportingPeriod, _ runner: any QueryRunner
    ) throws -> QueryResult {
        let keys = grain.keyColumns
        var fields = keys.map { Field(name: $0, type: .text) }
        if grain == .doctor { fields += [Field(name: "department", type: .text), Field(name: "institutions", type: .bigint)] }
        if grain == .patient { fields.append(Field(name: "institutions", type: .bigint)) }
        fields += [
            Field(name: "events", type: .bigint), Field(name: "exposure", type: .bigint), Field(name: "rate", type: .double),
            Field(name: "lines", type: .bigint),
        ]
        if grain != .patient { fields.append(Field(name: "patients", type: .bigint)) }
        fields.append(amount)
        if indicators.count > 1 { fields.insert(Field(name: "indicator", type: .text), at: 0) }
        let figures = try lines.figures(by: grain, runner: runner)
        let wanted = Set(figures.values.joined().map(\.key))
        var members: [[String]: GrainMember] = [:]
        for member in try GrainMembers.measure(
            grain, among: grain == .patient ? Array(wanted) : nil, period: period, runner: runner) where wanted.contains(member.key) {
            members[member.key] = member
        }
        var rows = ResultRows(fields: fields)
        for bound in indicators {
            let id = bound.indicator.id
            for figure in (figures[id] ?? []).sorted(by: { GrainMembers.precedes($0.key, $1.key) }) {
                let member = members[figure.key]
                let claims = member?.claimCount ?? 0
                var row: [ScalarValue] = indicators.count > 1 ? [.text(id)] : []
                row += figure.key.map { .text($0) }
                if grain == .doctor { row.append(member?.department.map { .text($0) } ?? .null) }
                if grain != .department { row.append(.integer(member?.institutionCount ?? 0)) }
                row += [
                    .integer(figure.claimCount), .integer(claims), claims > 0 ? .double(Double(figure.claimCount) / Double(claims)) : .null,
                    .integer(figure.lineCount),
                ]
                if grain != .patient { row.append(.integer(figure.patientCount)) }
                rows.append(row + [money(figure.amountCents)])
            }
        }
        return rows.result()
    }
}
