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
        let ranking = try RankingRun.rank(indicators, period: period, runner: runner, parameters: parameters)
        let quality = try DataQuality.measure(period: period, notes: notes, runner: runner)
        var excerpts: [EvidenceExcerpt] = []
        for place in ranking.institutions.prefix(options.excerptCount) {
            guard let reason = place.reasons.first,
                let indicator = indicators.first(where: { $0.indicator.id == reason.indicatorID })
            else { continue }
            let evidence = try IndicatorRun.evidence(
                of: indicator, institutionID: place.profile.institutionID, runner: runner)
            excerpts.append(
                EvidenceExcerpt(
                    institutionID: place.profile.institutionID, indicatorID: reason.indicatorID, evidence: evidence,
                    rowCount: options.excerptRowCount))
        }
        var report = Report(
            indicators: indicators, ranking: ranking, period: period, provenance: provenance, dataQuality: quality,
            excerpts: excerpts, options: options)
        report.measureRanking()
        report.breakdowns = try InstitutionBreakdown.measure(
            ranking.institutions.prefix(options.detailCount).map(\.profile.institutionID), partCount: options.partCount, period: period,
            runner: runner)
        report.exemptions = try ExemptedLines.measure(indicators, period: period, runner: runner)
        if options.hasFeedback { report.feedback = try IndicatorFeedback.read(runner) }
        return report
    }

    /// The report's files, name and content; `run.json` comes last.
    package static func files(_ report: Report) -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = [
            ("ranking.csv", Array(TableFiles.rankingCSV(report).utf8)),
            ("ranking.json", Array(TableFiles.rankingJSON(report).utf8)),
            ("indicators.csv", Array(TableFiles.indicatorsCSV(report).utf8)),
            ("small_extremes.csv", Array(SmallExtremeFile.csv(report).utf8)),
            ("report.html", Array(HTMLReport.page(report).utf8)),
            ("report.xlsx", ReportWorkbook.bytes(report)),
        ]
        if let comparison = report.comparison {
            let notice = Wording.notice[report.options.language]
            files.append(("changes.csv", Array(ChangeFiles.csv(comparison).utf8)))
            files.append(("changes.json", Array(ChangeFiles.json(comparison, notice: notice).utf8)))
        }
        if !report.feedback.isEmpty { files.append(("feedback.csv", Array(FeedbackFile.csv(report).utf8))) }
        files.append(("run.json", Array(RunFile.text(report).utf8)))
        return files
    }

    /// Writes the files into a folder, each atomically.
    ///
    /// - Throws: `ReportError`.
    package static func write(_ report: Report, to folder: String) throws(ReportError) {
        try AtomicFiles.write(files(report), to: folder)
    }
}
