import Columns
import Indicators
import Spreadsheet

extension ReportWorkbook {
    /// What reviews made of earlier leads, by indicator; no sheet without any.
    static func writeFeedback(_ report: Report, to workbook: WorkbookWriter) throws {
        if report.feedback.isEmpty { return }
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let columns = [
            SheetColumn(title("Indicator", "指标"), .text, width: 32), SheetColumn(title("Id", "编号"), .text, width: 24),
            SheetColumn(title("Reviewed", "已核查"), .count, width: 11), SheetColumn(title("Confirmed", "属实"), .count, width: 11),
            SheetColumn(title("Rejected", "不属实"), .count, width: 11),
            SheetColumn(title("Precision", "确认率"), .percent(decimals: 1), width: 11),
            SheetColumn(title("Confirmed, ¥", "核实金额 (元)"), .decimal(scale: 2), width: 17),
            SheetColumn(title("At issue there, ¥", "相应机构涉及金额 (元)"), .decimal(scale: 2), width: 20),
            SheetColumn(title("At issue in all, ¥", "全部涉及金额 (元)"), .decimal(scale: 2), width: 18),
        ]
        try workbook.beginSheet(
            SheetPlan(
                name: title("Feedback", "核查反馈"), columns: columns,
                lines: lines(title("What reviews found", "核查反馈"), report, further: [HTMLReport.feedbackText[language]])))
        for (feedback, values) in zip(report.feedback, FeedbackFile.rows(report)) {
            let id = feedback.indicatorID
            try workbook.append([SheetText.value(report.title(ofIndicator: id)[language]), SheetText.value(id)] + values.dropFirst())
        }
    }

    /// What was exempted and why; no sheet without a profile that exempts.
    static func writeExemptions(_ report: Report, to workbook: WorkbookWriter) throws {
        if report.exemptions.isEmpty { return }
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let columns = [
            SheetColumn(title("Reason", "理由"), .text, width: 50, wrapped: true),
            SheetColumn(title("Institution ids", "机构编码"), .text, width: 24, wrapped: true),
            SheetColumn(title("Patient ids", "患者编号"), .text, width: 24, wrapped: true),
            SheetColumn(title("Item codes", "项目编码"), .text, width: 24, wrapped: true),
            SheetColumn(title("Settled from", "结算起"), .date, width: 12), SheetColumn(title("Settled before", "结算止 (不含)"), .date, width: 14),
            SheetColumn(title("Indicators", "指标"), .text, width: 40, wrapped: true),
            SheetColumn(title("Lines", "行数"), .count, width: 12), SheetColumn(title("Fund, ¥", "基金 (元)"), .decimal(scale: 2), width: 17),
        ]
        try workbook.beginSheet(
            SheetPlan(
                name: title("Exemptions", "豁免"), columns: columns,
                lines: lines(title("Exempted", "豁免"), report, further: [HTMLReport.exemptionText[language]])))
        for exempted in report.exemptions {
            let exemption = exempted.exemption
            let patients = exemption.patientIDs.map { report.options.revealsPatients ? $0 : PatientMask.masked($0) }
            let indicators = exemption.indicatorIDs.map { report.title(ofIndicator: $0)[language] }
            try workbook.append([
                SheetText.value(exemption.reason), listed(exemption.institutionIDs), listed(patients), listed(exemption.itemCodes),
                day(exemption.period.from), day(exemption.period.to),
                indicators.isEmpty ? .text(title("all", "全部")) : listed(indicators),
                SheetText.count(exempted.lineCount), SheetText.money(exempted.fundCents),
            ])
        }
    }

    /// Several values in one cell.
    private static func listed(_ values: [String]) -> ScalarValue { SheetText.value(values.joined(separator: ", ")) }

    private static func day(_ date: CivilDate?) -> ScalarValue { date.map { .date(Int32($0.daysSinceEpoch)) } ?? .null }
}
