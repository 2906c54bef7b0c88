import Columns
import Indicators
import Ranking
import Spreadsheet

extension ReportWorkbook {
    /// The list of small-but-extreme institutions, in the order of `small_extremes.csv`.
    static func writeSmallExtremes(_ report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let columns = [
            SheetColumn(title("Institution id", "机构编码"), .text, width: 20), SheetColumn(title("Name", "机构名称"), .text, width: 32),
            SheetColumn(title("Region", "区划"), .text, width: 10), SheetColumn(title("Level", "级别"), .text, width: 11),
            SheetColumn(title("Kind", "类型"), .text, width: 11), SheetColumn(title("Claims", "结算笔数"), .count, width: 12),
            SheetColumn(title("Fund, ¥", "基金支付 (元)"), .decimal(scale: 2), width: 17),
            SheetColumn(title("Rank", "名次"), .count, width: 7), SheetColumn(title("Grade", "等级"), .text, width: 8),
            SheetColumn(title("Indicator", "指标"), .text, width: 30),
            SheetColumn(title("Chance", "机率"), .text, width: 22), SheetColumn(title("Chance as a number", "机率 (数值)"), .general, width: 14),
        ] + figureColumns(language)
        let facts = [HTMLReport.smallExtremeText(report.ranking.parameters)] + (report.smallExtremes.isEmpty ? [HTMLReport.noSmallExtremeText] : [])
        try workbook.beginSheet(
            SheetPlan(
                name: title("Small but extreme", "小而极端"), columns: columns,
                lines: lines(title("Small but extreme", "小而极端的机构"), report, further: facts.map { $0[language] })))
        for found in report.smallExtremes {
            let profile = found.place.profile
            try workbook.append(
                [
                    SheetText.value(profile.institutionID), SheetText.value(profile.name), SheetText.value(profile.region),
                    SheetText.value(CodeName.level(profile.level)[language]), SheetText.value(CodeName.kind(profile.kind)[language]),
                    SheetText.count(profile.claimCount), SheetText.money(profile.fundCents), SheetText.count(found.place.rank),
                    .text(found.place.grade.rawValue), SheetText.value(report.title(ofIndicator: found.scored.indicatorID)[language]),
                    .text(HTMLReport.chanceText(found.chance)[language]), .double(found.chance),
                ] + figureValues(found.scored, language: language))
        }
    }
}
