import Columns
import Indicators
import Ranking
import Spreadsheet

extension ReportWorkbook {
    /// How complete the lines are that the figures rest on.
    static func writeQuality(_ report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let quality = report.dataQuality
        let unlisted = report.ranking.institutions.count { !$0.profile.isListed }
        var facts = [
            title("\(ValueText.groupedCount(quality.lineCount)) lines count: live, of the period, of positive quantity.", "计入 \(ValueText.groupedCount(quality.lineCount)) 行: 有效、在期间内、数量为正。"),
            title("\(unlisted) of \(report.ranking.institutions.count) institutions are missing in the register.", "\(report.ranking.institutions.count) 家机构中有 \(unlisted) 家不在名录中。"),
        ]
        if let first = quality.firstSettledAt, let last = quality.lastSettledAt {
            facts.append(title("First and last settlement: \(first), \(last).", "最早与最晚结算: \(first), \(last)。"))
        }
        facts += quality.notes.map { $0[language] }
        let columns = [
            SheetColumn(title("Lines without", "缺少的列"), .text, width: 28), SheetColumn(title("Lines", "行数"), .count, width: 16),
            SheetColumn(title("Share", "占比"), .percent(decimals: 2), width: 12),
        ]
        try workbook.beginSheet(
            SheetPlan(
                name: title("Data quality", "数据质量"), columns: columns,
                lines: lines(title("Data quality", "数据质量"), report, further: facts)))
        for gap in quality.missing {
            let share: ScalarValue = quality.lineCount > 0 ? .double(Double(gap.lineCount) / Double(quality.lineCount)) : .null
            try workbook.append([SheetText.value(gap.column), SheetText.count(gap.lineCount), share])
        }
    }

    /// What was done, with which indicators, and from what.
    static func writeMethod(_ report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let provenance = report.provenance
        var facts = HTMLReport.methodSteps(report.ranking.parameters).enumerated().map { "\($0.offset + 1). \($0.element[language])" }
        facts.append(title("Store head", "数据快照") + ": " + (provenance.storeHead ?? "–"))
        facts.append(title("Commit", "提交号") + ": " + (provenance.commit.map { String($0) } ?? "–"))
        facts.append(title("Version", "版本") + ": fundwatch \(provenance.toolVersion)")
        facts.append(
            title("Patient ids", "患者编号") + ": "
                + (report.options.revealsPatients ? title("shown", "已显示") : title("masked", "已脱敏")))
        let columns = [
            SheetColumn(title("Indicator", "指标"), .text, width: 30), SheetColumn(title("Id", "编号"), .text, width: 24),
            SheetColumn(title("Version", "版本"), .whole, width: 9), SheetColumn(title("Theme", "主题"), .text, width: 18),
            SheetColumn(title("Events", "异常"), .text, width: 48, wrapped: true), SheetColumn(title("Exposure", "总数"), .text, width: 40, wrapped: true),
            SheetColumn(title("Parameters", "参数"), .text, width: 36, wrapped: true), SheetColumn(title("Basis", "依据"), .text, width: 60, wrapped: true),
            SheetColumn(title("False alarms to guard against", "须排除的误报"), .text, width: 60, wrapped: true),
        ]
        try workbook.beginSheet(
            SheetPlan(
                name: title("Method", "方法与来源"), columns: columns,
                lines: lines(title("Method and provenance", "方法与来源"), report, further: facts)))
        for bound in report.indicators {
            let indicator = bound.indicator
            let settings = bound.settings.map { "\($0.name) = \($0.value.text)" }.joined(separator: "\n")
            try workbook.append([
                SheetText.value(indicator.title[language]), SheetText.value(indicator.id), SheetText.count(indicator.version),
                SheetText.value(indicator.theme[language]), SheetText.value(bound.event[language]),
                SheetText.value(indicator.exposure[language]), SheetText.value(settings), SheetText.value(indicator.basis[language]),
                SheetText.value(indicator.falseAlarms[language]),
            ])
        }
    }
}
