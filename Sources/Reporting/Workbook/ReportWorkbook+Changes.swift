import Columns
import Indicators
import Ranking
import Spreadsheet

extension ReportWorkbook {
    /// What became of the leading institutions since the earlier report, in the order of `changes.csv`; no sheet without one.
    static func writeChanges(_ report: Report, to workbook: WorkbookWriter) throws {
        guard let comparison = report.comparison else { return }
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let counts = RankingComparison.Status.allCases.map { "\($0.title[language]) \(comparison.count(of: $0))" }
        let facts = [HTMLReport.comparedText(comparison)[language], counts.joined(separator: " · ")]
            + HTMLReport.stabilityTexts(comparison.stability).map { $0[language] }
            + [HTMLReport.gradeChangeText(comparison.stability)[language]]
        let columns = [
            SheetColumn(title("Change", "变化"), .text, width: 11), SheetColumn(title("Institution id", "机构编码"), .text, width: 20),
            SheetColumn(title("Name", "机构名称"), .text, width: 32),
            SheetColumn(title("Rank", "名次"), .count, width: 8), SheetColumn(title("Rank before", "上次名次"), .count, width: 10),
            SheetColumn(title("Score", "得分"), .decimal(scale: 1), width: 9),
            SheetColumn(title("Score before", "上次得分"), .decimal(scale: 1), width: 10),
            SheetColumn(title("Grade", "等级"), .text, width: 8), SheetColumn(title("Grade before", "上次等级"), .text, width: 10),
            SheetColumn(title("At issue, ¥", "涉及金额 (元)"), .decimal(scale: 2), width: 16),
            SheetColumn(title("At issue before, ¥", "上次涉及金额 (元)"), .decimal(scale: 2), width: 18),
            SheetColumn(title("Main reason", "主要原因"), .text, width: 34), SheetColumn(title("Main reason before", "上次主要原因"), .text, width: 34),
        ]
        try workbook.beginSheet(
            SheetPlan(
                name: title("Changes", "变化"), columns: columns,
                lines: lines(title("Since the report before", "与上次报告相比"), report, further: facts)))
        for change in comparison.changes {
            let (now, before) = (change.now, change.before)
            try workbook.append([
                .text(change.status.title[language]), SheetText.value(change.institutionID), SheetText.value(change.name),
                optional(now) { SheetText.count($0.rank) }, optional(before) { SheetText.count($0.rank) },
                optional(now) { score($0) }, optional(before) { score($0) }, SheetText.value(now?.grade), SheetText.value(before?.grade),
                optional(now) { SheetText.money($0.amountAtIssueCents) }, optional(before) { SheetText.money($0.amountAtIssueCents) },
                reason(now, report: report), reason(before, report: report),
            ])
        }
    }

    private static func optional(_ place: PreviousRanking.Place?, _ value: (PreviousRanking.Place) -> ScalarValue) -> ScalarValue {
        place.map(value) ?? .null
    }

    private static func score(_ place: PreviousRanking.Place) -> ScalarValue { .numeric(unscaled: Int128(place.scoreTenths), scale: 1) }

    private static func reason(_ place: PreviousRanking.Place?, report: Report) -> ScalarValue {
        guard let id = place?.reasonIDs.first else { return .null }
        return SheetText.value(report.title(ofIndicator: id)[report.options.language])
    }
}
