import Columns
import Indicators
import Ranking
import Spreadsheet

extension ReportWorkbook {
    /// The whole at a glance: figures, grades, and the ten to look at first.
    static func writeSummary(_ report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let places = report.ranking.institutions
        let widths = [8, 34, 22, 12, 9, 8, 18, 90]
        try workbook.beginSheet(
            SheetPlan(
                name: title("Summary", "概览"), columns: widths.map { SheetColumn("", .general, width: $0) },
                lines: lines(Wording.title[language], report), hasHeader: false))
        func line(_ name: String, _ value: ScalarValue, _ format: CellFormat) throws {
            try workbook.append([
                StyledCell(.null), StyledCell(name, .soft), StyledCell(value, CellStyle(format, .bold)),
            ])
        }
        try line(title("Period", "期间"), .text(HTMLReport.periodText(report.period)[language]), .text)
        if let asOf = report.provenance.asOf { try line(title("As of", "截至"), SheetText.value(asOf), .text) }
        try line(title("Institutions ranked", "参与排序机构 (家)"), SheetText.count(places.count), .count)
        try line(title("Live claims", "有效结算 (笔)"), SheetText.count(places.reduce(Int64(0)) { $0 &+ $1.profile.claimCount }), .count)
        try line(title("Fund paid, ¥", "基金支付 (元)"), SheetText.money(places.reduce(0) { $0 + $1.profile.fundCents }), .decimal(scale: 2))
        try line(
            title("At issue, each line once, ¥", "涉及金额, 每行费用只计一次 (元)"),
            SheetText.money(places.reduce(0) { $0 + $1.amountAtIssueCents }), .decimal(scale: 2))
        for grade in Grade.allCases {
            try line(title("Grade \(grade.rawValue)", "\(grade.rawValue) 级 (家)"), SheetText.count(places.count { $0.grade == grade }), .count)
        }
        try workbook.append([StyledCell]())
        try writeTopTen(report, to: workbook)
    }

    private static func writeTopTen(_ report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let top = report.ranking.institutions.prefix(10).filter { $0.scoreTenths > 0 }
        guard !top.isEmpty else {
            try workbook.append([StyledCell(title("No institution stands out from its peers.", "没有机构明显偏离同类机构。"), .bold)])
            return
        }
        try workbook.append([StyledCell(title("To look at first", "最应优先核查的机构"), .bold)])
        let names = [
            title("Rank", "名次"), title("Name", "机构名称"), title("Institution id", "机构编码"), title("Region", "区划"), title("Score", "得分"),
            title("Grade", "等级"), title("At issue, ¥", "涉及金额 (元)"), title("Why", "原因"),
        ]
        try workbook.append(names.map { StyledCell($0, .header) })
        for place in top {
            let reasons = place.reasons.prefix(2).map { reasonText($0, report: report) }.joined(separator: "\n")
            try workbook.append([
                StyledCell(SheetText.count(place.rank), CellStyle(.count, .bold)),
                StyledCell(SheetText.value(place.profile.name), CellStyle(.text, .bold, wrapped: true)),
                StyledCell(SheetText.value(place.profile.institutionID), CellStyle(.text)),
                StyledCell(SheetText.value(place.profile.region), CellStyle(.text)),
                StyledCell(.numeric(unscaled: Int128(place.scoreTenths), scale: 1), CellStyle(.decimal(scale: 1), .bold)),
                StyledCell(place.grade.rawValue, .bold),
                StyledCell(SheetText.money(place.amountAtIssueCents), CellStyle(.decimal(scale: 2))),
                StyledCell(SheetText.value(reasons), CellStyle(.text, .normal, wrapped: true)),
            ])
        }
    }
}
