import Columns
import Diagnostics
import Engine
import Indicators
import Ranking
import Reporting
import Storage

/// What the report that is due is made from.
struct DueReport {
    var request: ReportRequest
    var snapshot: StoreSnapshot
    var lastDay: CivilDate?
    var period: ReportingPeriod
    var indicators: [BoundIndicator]
}

extension StoreWorld {
    /// Looks into the store: which report the newest commit asks for.
    ///
    /// - Throws: `noInput` without a store, `badData` for a damaged one.
    func due() throws -> DueReport {
        let snapshot = try database.requiredSnapshot()
        if let damage = snapshot.damage.first { throw damage }
        let lastDay = try lastDay()
        let period = settings.window.period(lastDay: lastDay)
        let indicators = try settings.indicators(period, database)
        let label = (lastDay.map(ReportingPeriod.text) ?? "no-lines") + "-c" + StoreWorld.padded(snapshot.commitNumber, 6)
        return DueReport(
            request: ReportRequest(identity: identity(snapshot, period, indicators), label: label), snapshot: snapshot,
            lastDay: lastDay, period: period, indicators: indicators)
    }

    /// Runs everything, and sets the result beside the earlier report.
    ///
    /// - Returns: The report, and the text of its `nightly.json`.
    func build(_ due: DueReport, comparedWith earlier: ArchivedReport?) throws -> (report: Report, facts: String) {
        let previous = earlier.flatMap { earlier in
            archive.content("ranking.json", of: earlier.name).flatMap {
                PreviousRanking(reportName: earlier.name, rankingJSON: $0)
            }
        }
        let added = due.snapshot.batches.filter { $0.id > earlier?.lastBatch ?? 0 && !$0.isDropped }
        var options = settings.report
        options.hasFeedback = due.snapshot.table(IndicatorFeedback.table) != nil
        var report = try ReportBuilder.build(
            indicators: due.indicators, period: due.period,
            provenance: ReportProvenance(
                storeHead: due.snapshot.headHash, commit: Int64(due.snapshot.commitNumber),
                toolVersion: settings.toolVersion, asOf: settings.asOf),
            notes: settings.notes(due.snapshot) + StoreWorld.note(of: added, since: earlier), options: options,
            parameters: settings.ranking, runner: database)
        report.comparison = previous.map {
            RankingComparison(previous: $0, ranking: report.ranking, topCount: settings.topCount)
        }
        let facts = JSONValue.object([
            ("identity", .string(due.request.identity)), ("compared_with", .optional(earlier?.name)),
            ("window", .string(settings.window.text)), ("last_day", .optional(due.lastDay.map(ReportingPeriod.text))),
            ("commit", .integer(Int64(due.snapshot.commitNumber))),
            ("last_batch", .integer(Int64(due.snapshot.batches.last?.id ?? 0))),
            ("new_batches", .array(added.map(StoreWorld.fact))),
        ]).text
        return (report, facts)
    }

    /// The day of the last settlement that counts, no later than the day the report is as of: one wrong date in the future
    /// would else empty the window.
    private func lastDay() throws -> CivilDate? {
        let limit = settings.asOfDay.map { CivilDate(daysSinceEpoch: $0.daysSinceEpoch + 1) }
        let lines = ReportingPeriod(from: nil as CivilDate?, to: limit).linesQuery
        let answer = try database.query("with lines as (\(lines)) select max(settled_at) as last_settled from lines")
        guard case .timestamp(let microseconds)? = answer.rows().first?.first else { return nil }
        return CivilDate(daysSinceEpoch: Int(CivilTime.day(ofMicroseconds: microseconds)))
    }

    /// Everything a report depends on, as one hash.
    private func identity(_ snapshot: StoreSnapshot, _ period: ReportingPeriod, _ indicators: [BoundIndicator]) -> String {
        let bound = indicators.map { bound -> JSONValue in
            .array(
                [.string(bound.indicator.source)] + bound.settings.map { .string($0.name + "=" + $0.value.text) }
                    + bound.exemptions.map { .string($0.condition + " " + $0.reason) })
        }
        let all = JSONValue.array([
            .string(settings.toolVersion), .string(snapshot.headHash), .optional(period.from.map(ReportingPeriod.text)),
            .optional(period.to.map(ReportingPeriod.text)), .optional(settings.asOf),
            .string(settings.report.language.rawValue), .boolean(settings.report.revealsPatients),
            .integer(Int64(settings.topCount)), .array(settings.ranking.listed.map { .double($0.value) }), .array(bound),
        ])
        return Checksum.sha256(Array(all.line.utf8))
    }

    private static func fact(_ batch: BatchSummary) -> JSONValue {
        .object([
            ("batch", .integer(Int64(batch.id))), ("table", .string(batch.table)), ("file", .string(batch.sourceName)),
            ("rows", .integer(Int64(batch.rowsLoaded))), ("rejected", .integer(Int64(batch.rowsRejected))),
        ])
    }

    private static func note(of batches: [BatchSummary], since earlier: ArchivedReport?) -> [BilingualText] {
        guard let earlier else { return [] }
        let rows = ValueText.groupedCount(Int64(batches.reduce(0) { $0 + $1.rowsLoaded }))
        let rejected = ValueText.groupedCount(Int64(batches.reduce(0) { $0 + $1.rowsRejected }))
        return [
            BilingualText(
                "New since report \(earlier.name): \(batches.count) files, \(rows) rows, \(rejected) rejected.",
                "自报告 \(earlier.name) 以来新增: \(batches.count) 个文件, \(rows) 行, 拒收 \(rejected) 行。")
        ]
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
