package import Indicators
package import Ranking

/// The figures of a report above and below institutions.
package struct GrainSections: Sendable {
    /// Themes in the order of the indicators.
    package var themes: [BilingualText] = []
    package var themeFigures: [ThemeFigure] = []
    /// By the whole region, then by its first four and its first two digits.
    package var regions: [(digits: Int, figures: [RegionFigure])] = []
    package var departments: [Department] = []
    /// The doctors with a finding, ranked as institutions are; `institutionID` is the doctor's.
    package var practitioners: [RankedInstitution] = []
    /// The doctors of `practitioners` by id.
    package var doctors: [String: GrainMember] = [:]
    /// What indicators say of each doctor by id, largest money first.
    package var doctorFigures: [String: [(indicatorID: String, figure: GrainFigure)]] = [:]
    /// The insured persons with most money at issue, first.
    package var insuredPersons: [InsuredPerson] = []
    /// Insured persons with a line at issue.
    package var insuredPersonCount = 0

    package init() {}

    /// A department with lines at issue.
    package struct Department: Hashable, Sendable {
        package var institutionID: String
        package var department: String
        /// Indicators that tell lines of it.
        package var indicatorCount: Int64
        /// Claims it settled.
        package var claimCount: Int64
        package var fundCents: Int128
        package var amountCents: Int128
        package var leadingIndicatorID: String
    }

    package struct InsuredPerson: Hashable, Sendable {
        package var patientID: String
        package var institutionCount: Int64
        package var indicatorCount: Int64
        package var claimCount: Int64
        package var fundCents: Int128
        package var amountCents: Int128
        /// The indicator with most of the money.
        package var leadingIndicatorID: String
        /// Claims with a line at issue by it.
        package var leadingClaimCount: Int64
    }

    /// Measures what needs no more questions of the store.
    mutating func measureRollups(_ ranking: InstitutionRanking, _ lines: IssueLines, _ amountsByTheme: [[String]: Int128], indicators: [BoundIndicator]) {
        themes = lines.themes
        var themeOf: [String: Int] = [:]
        for bound in indicators { themeOf[bound.indicator.id] = lines.themes.firstIndex(of: bound.indicator.theme) }
        themeFigures = GrainRollups.themes(ranking, themeOf: themeOf, amounts: amountsByTheme)
        regions = [6, 4, 2].map { ($0, GrainRollups.regions(ranking, digits: $0)) }
    }

    /// - Parameter personCount: Insured persons that are listed.
    /// - Throws: The runner's errors.
    static func measure(
        _ money: [String: MoneyAtIssue], ranking: InstitutionRanking, indicators: [BoundIndicator], period: ReportingPeriod, personCount: Int,
        runner: any QueryRunner
    ) throws -> GrainSections {
        let lines = try IssueLines.measure(money, of: indicators, period: period, runner: runner)
        var sections = GrainSections()
        sections.measureRollups(ranking, lines, try lines.amountsByTheme(runner: runner), indicators: indicators)
        try sections.measureDepartments(lines, period, runner)
        try sections.measurePractitioners(lines, ranking, period, runner)
        try sections.measureInsuredPersons(lines, period, personCount, runner)
        return sections
    }

    private mutating func measureDepartments(_ lines: IssueLines, _ period: ReportingPeriod, _ runner: any QueryRunner) throws {
        let leading = GrainSections.leading(try lines.figures(by: .department, runner: runner), order: lines.indicatorIDs)
        let amounts = try lines.amounts(by: .department, runner: runner)
        var members: [[String]: GrainMember] = [:]
        for member in try GrainMembers.measure(.department, period: period, runner: runner) { members[member.key] = member }
        // Of a claim whose lines name several institutions a department may have lines at issue and none of its own.
        departments = leading.compactMap { key, own in
            guard let first = own.first else { return nil }
            return Department(
                institutionID: key[0], department: key[1], indicatorCount: Int64(own.count), claimCount: members[key]?.claimCount ?? 0,
                fundCents: members[key]?.fundCents ?? 0, amountCents: amounts[key] ?? 0, leadingIndicatorID: first.indicatorID)
        }
        departments.sort {
            $0.amountCents != $1.amountCents
                ? $0.amountCents > $1.amountCents : GrainMembers.precedes([$0.institutionID, $0.department], [$1.institutionID, $1.department])
        }
    }

    private mutating func measurePractitioners(
        _ lines: IssueLines, _ ranking: InstitutionRanking, _ period: ReportingPeriod, _ runner: any QueryRunner
    ) throws {
        let figures = try lines.figures(by: .doctor, runner: runner)
        let members = try GrainMembers.measure(.doctor, period: period, runner: runner)
        var levels: [String: String] = [:]
        for place in ranking.institutions { levels[place.profile.institutionID] = place.profile.level }
        let ranked = GrainRollups.practitioners(
            members, levels: levels, indicatorIDs: lines.indicatorIDs, figures: figures, amounts: try lines.amounts(by: .doctor, runner: runner),
            parameters: ranking.parameters)
        practitioners = ranked.filter { place in place.figures.contains { $0.finding > 0 } }
        let shown = Set(practitioners.map(\.profile.institutionID))
        let own = figures.mapValues { $0.filter { shown.contains($0.key[0]) } }
        for (key, own) in GrainSections.leading(own, order: lines.indicatorIDs) { doctorFigures[key[0]] = own }
        for member in members where shown.contains(member.key[0]) { doctors[member.key[0]] = member }
    }

    private mutating func measureInsuredPersons(
        _ lines: IssueLines, _ period: ReportingPeriod, _ personCount: Int, _ runner: any QueryRunner
    ) throws {
        let (first, patientCount) = try lines.mostAtIssue(personCount, runner: runner)
        insuredPersonCount = patientCount
        let keys = first.map { [$0.id] }
        let leading = GrainSections.leading(
            try lines.figures(by: .patient, among: keys, runner: runner), order: lines.indicatorIDs)
        var members: [[String]: GrainMember] = [:]
        for member in try GrainMembers.measure(.patient, among: keys, period: period, runner: runner) { members[member.key] = member }
        insuredPersons = first.compactMap { id, amount in
            guard let member = members[[id]], let own = leading[[id]], let most = own.first else { return nil }
            return InsuredPerson(
                patientID: id, institutionCount: member.institutionCount, indicatorCount: Int64(own.count), claimCount: member.claimCount,
                fundCents: member.fundCents, amountCents: amount, leadingIndicatorID: most.indicatorID, leadingClaimCount: most.figure.claimCount)
        }
    }

    /// By key, the figures of all indicators: the largest money first, else in the order of the indicators.
    private static func leading(
        _ figures: [String: [GrainFigure]], order: [String]
    ) -> [[String]: [(indicatorID: String, figure: GrainFigure)]] {
        var result: [[String]: [(indicatorID: String, figure: GrainFigure)]] = [:]
        for id in order {
            for figure in figures[id] ?? [] { result[figure.key, default: []].append((id, figure)) }
        }
        // Sorting is stable: equal money leaves the order of the indicators.
        return result.mapValues { $0.sorted { $0.figure.amountCents > $1.figure.amountCents } }
    }
}
