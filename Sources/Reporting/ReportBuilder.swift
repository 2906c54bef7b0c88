package import Indicators
package import Ranking

/// Runs the indicators, ranks, and writes the files of a report.
package enum ReportBuilder {
    /// Asks the engine for everything a report shows.
    ///
    /// - Parameter notes: What the caller knows of the data's quality, rejected rows for instance.
    /// - Throws: The runner's errors, or `IndicatorError`.
    package static func build(
        indicators: [BoundIndicator], period: ReportingPeriod, provenance: ReportProvenance,
        notes: [BilingualText] = [], options: ReportOptions = ReportOptions(),
        parameters: RankingParameters = RankingParameters(), runner: any QueryRunner
    ) throws -> Report {
        let (ranking, money) = try RankingRun.rankWithMoney(indicators, period: period, runner: runner, parameters: parameters)
        var report = Report(
            indicators: indicators, ranking: ranking, period: period, provenance: provenance,
            dataQuality: DataQuality(lineCount: 0, notes: notes), options: options)
        for part in try runner.answers(to: parts(of: report, money: money)) { part(&report) }
        return report
    }

    /// Puts into a report what one question brought.
    private typealias Part = @Sendable (inout Report) -> Void

    /// What is asked once the ranking stands, the longest questions first; the order is that in which the parts are put in.
    private static func parts(of report: Report, money: [String: MoneyAtIssue]) -> [@Sendable (any QueryRunner) throws -> Part] {
        let (indicators, period, options) = (report.indicators, report.period, report.options)
        let shown = report.ranking.institutions.prefix(options.detailCount).map(\.profile.institutionID)
        var questions: [@Sendable (any QueryRunner) throws -> Part] = [
            {
                let sections = try GrainSections.measure(
                    money, ranking: report.ranking, indicators: indicators, period: period, personCount: options.insuredPersonCount, runner: $0)
                return { $0.grains = sections }
            },
            {
                let new = try newInstitutions(of: report, runner: $0)
                return { $0.newInstitutions = new }
            },
        ]
        questions += excerpts(of: report)
        questions += [
            {
                let breakdowns = try InstitutionBreakdown.measure(shown, partCount: options.partCount, period: period, runner: $0)
                return { $0.breakdowns = breakdowns }
            },
            {
                let quality = try DataQuality.measure(period: period, notes: report.dataQuality.notes, runner: $0)
                return { $0.dataQuality = quality }
            },
            {
                let exemptions = try ExemptedLines.measure(indicators, period: period, runner: $0)
                return { $0.exemptions = exemptions }
            },
            { _ in
                var measured = report
                measured.measureRanking()
                let (smallExtremes, rankIntervals) = (measured.smallExtremes, measured.rankIntervals)
                return {
                    $0.smallExtremes = smallExtremes
                    $0.rankIntervals = rankIntervals
                }
            },
        ]
        if options.hasFeedback {
            questions.append {
                let feedback = try IndicatorFeedback.read($0)
                return { $0.feedback = feedback }
            }
        }
        return questions
    }

    /// The institutions in their first contract months among all in theirs; none where no contract is that young.
    private static func newInstitutions(of report: Report, runner: any QueryRunner) throws -> [NewInstitution] {
        let members = try NewInstitutions.members(period: report.period, runner: runner)
        if members.isEmpty { return [] }
        let ranking = try NewInstitutions.ranking(
            report.indicators, period: report.period, runner: runner, parameters: report.ranking.parameters)
        return ranking.institutions.compactMap { place in
            members.first { $0.institutionID == place.profile.institutionID }.map {
                NewInstitution(member: $0, place: place, comparedCount: ranking.institutions.count)
            }
        }
    }

    /// The rows behind the first reasons of the worst institutions: a question for each indicator among these reasons.
    private static func excerpts(of report: Report) -> [@Sendable (any QueryRunner) throws -> Part] {
        let options = report.options
        var reasons: [(indicator: BoundIndicator, institutionIDs: [String])] = []
        for place in report.ranking.institutions.prefix(options.excerptCount) {
            guard let first = place.reasons.first,
                let indicator = report.indicators.first(where: { $0.indicator.id == first.indicatorID })
            else { continue }
            if let known = reasons.firstIndex(where: { $0.indicator.indicator.id == first.indicatorID }) {
                reasons[known].institutionIDs.append(place.profile.institutionID)
            } else {
                reasons.append((indicator, [place.profile.institutionID]))
            }
        }
        return reasons.map { indicator, institutionIDs in
            { runner in
                let evidence = try IndicatorRun.evidence(of: indicator, institutionIDs: institutionIDs, runner: runner)
                let excerpts = try zip(institutionIDs, evidence).map { institutionID, rows in
                    try EvidenceExcerpt(
                        institutionID: institutionID, indicatorID: indicator.indicator.id, evidence: rows,
                        rowCount: options.excerptRowCount)
                }
                return { report in
                    let places = report.ranking.institutions
                    let rank = { (excerpt: EvidenceExcerpt) in
                        places.firstIndex { $0.profile.institutionID == excerpt.institutionID } ?? places.count
                    }
                    report.excerpts = (report.excerpts + excerpts).sorted { rank($0) < rank($1) }
                }
            }
        }
    }

    /// The report's files, name and content; `run.json` comes last.
    package static func files(_ report: Report) -> [(name: String, bytes: [UInt8])] { makers(report).map { ($0.name, $0.make()) } }

    /// Writes the files into a folder, each atomically.
    ///
    /// - Parameter runner: Makes several of them at a time where it can; nil makes one after the other.
    /// - Throws: `ReportError`, or the runner's errors.
    package static func write(_ report: Report, to folder: String, runner: (any QueryRunner)? = nil) throws {
        let makers = makers(report)
        guard let runner else { return try AtomicFiles.write(files(report), to: folder) }
        // The longest first, so that no thread is left alone with it at the end.
        let order = makers.indices.sorted { (longest.contains(makers[$0].name) ? 0 : 1, $0) < (longest.contains(makers[$1].name) ? 0 : 1, $1) }
        let made = try runner.answers(to: order.map { index in { _ in (index, makers[index].make()) } })
        try AtomicFiles.write(made.sorted { $0.0 < $1.0 }.map { (makers[$0.0].name, $0.1) }, to: folder)
    }

    private static let longest: Set<String> = ["report.xlsx", "report.html"]

    /// How each file is made, in the order of the files; `run.json` comes last.
    private static func makers(_ report: Report) -> [(name: String, make: @Sendable () -> [UInt8])] {
        func text(_ make: @escaping @Sendable () -> String) -> @Sendable () -> [UInt8] { { Array(make().utf8) } }
        var makers: [(name: String, make: @Sendable () -> [UInt8])] = [
            ("ranking.csv", text { TableFiles.rankingCSV(report) }),
            ("ranking.json", text { TableFiles.rankingJSON(report) }),
            ("indicators.csv", text { TableFiles.indicatorsCSV(report) }),
            ("small_extremes.csv", text { SmallExtremeFile.csv(report) }),
            ("themes.csv", text { GrainFiles.themes(report) }),
            ("regions.csv", text { GrainFiles.regions(report) }),
            ("departments.csv", text { GrainFiles.departments(report) }),
            ("practitioners.csv", text { GrainFiles.practitioners(report) }),
            ("insured_persons.csv", text { GrainFiles.insuredPersons(report) }),
            ("new_institutions.csv", text { GrainFiles.newInstitutions(report) }),
            ("report.html", text { HTMLReport.page(report) }),
            ("report.xlsx", { ReportWorkbook.bytes(report) }),
        ]
        if let comparison = report.comparison {
            let notice = Wording.notice[report.options.language]
            makers.append(("changes.csv", text { ChangeFiles.csv(comparison) }))
            makers.append(("changes.json", text { ChangeFiles.json(comparison, notice: notice) }))
        }
        if !report.feedback.isEmpty { makers.append(("feedback.csv", text { FeedbackFile.csv(report) })) }
        makers.append(("run.json", text { RunFile.text(report) }))
        return makers
    }
}
