import Columns
import Indicators
import Ranking
import Spreadsheet

extension ReportWorkbook {
    /// Rows of each of these sheets.
    private static let grainRowLimit = 5000

    /// Sheets of regions, new institutions, departments, practitioners and insured persons, those that have rows.
    static func writeGrains(_ report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        func name(_ indicatorID: String) -> ScalarValue { SheetText.value(report.title(ofIndicator: indicatorID)[language]) }
        func sheet(_ name: String, _ columns: [SheetColumn], further: [String] = [], _ rows: [[ScalarValue]]) throws {
            if rows.isEmpty { return }
            let shown = rows.prefix(grainRowLimit)
            let cut = shown.count < rows.count
                ? [title("Shown \(shown.count) of \(rows.count) rows; the CSV files hold them all.", "共 \(rows.count) 行, 此处为前 \(shown.count) 行; 全部见 CSV 文件。")] : []
            try workbook.beginSheet(SheetPlan(name: name, columns: columns, lines: lines(name, report, further: further + cut)))
            for row in shown { try workbook.append(row) }
        }
        let institution = SheetColumn(title("Institution id", "机构编码"), .text, width: 20)
        let claims = SheetColumn(title("Claims", "结算笔数"), .count, width: 12)
        let fund = SheetColumn(title("Fund, ¥", "基金支付 (元)"), .decimal(scale: 2), width: 17)
        let atIssue = SheetColumn(title("At issue, ¥", "涉及金额 (元)"), .decimal(scale: 2), width: 16)
        let leading = SheetColumn(title("Most of it", "主要指标"), .text, width: 30)
        let indicators = SheetColumn(title("Indicators", "指标数"), .count, width: 10)

        try sheet(
            title("Regions", "区划"),
            [
                SheetColumn(title("Digits", "位数"), .count, width: 7), SheetColumn(title("Region", "区划"), .text, width: 10),
                SheetColumn(title("Indicator", "指标"), .text, width: 30), SheetColumn(title("Institutions", "机构数"), .count, width: 11),
                SheetColumn(title("Events", "异常数"), .count, width: 12), SheetColumn(title("Exposure or claims", "总数或结算笔数"), .count, width: 16),
                atIssue,
            ],
            report.grains.regions.flatMap { digits, figures in
                figures.map { figure in
                    [
                        SheetText.count(digits), SheetText.value(figure.region),
                        figure.indicatorID.map(name) ?? SheetText.value(title("All, each line once", "全部, 每条明细计一次")),
                        SheetText.count(figure.institutionCount), figure.indicatorID == nil ? .null : SheetText.count(figure.events),
                        SheetText.count(figure.exposure), SheetText.money(figure.amountCents),
                    ]
                }
            })
        try sheet(
            title("New institutions", "新签协议机构"),
            [
                SheetColumn(title("Rank", "名次"), .count, width: 7), SheetColumn(title("Compared", "比较机构数"), .count, width: 10), institution,
                SheetColumn(title("Name", "机构名称"), .text, width: 32), SheetColumn(title("Contract since", "协议起始"), .text, width: 13), claims, fund,
                SheetColumn(title("Score", "得分"), .decimal(scale: 1), width: 8), SheetColumn(title("Grade", "等级"), .text, width: 8), atIssue,
                SheetColumn(title("First reason", "首要原因"), .text, width: 70),
            ],
            report.newInstitutions.map { new in
                let (place, profile) = (new.place, new.place.profile)
                return [
                    SheetText.count(place.rank), SheetText.count(new.comparedCount), SheetText.value(profile.institutionID), SheetText.value(profile.name),
                    SheetText.value(new.member.contractStart), SheetText.count(profile.claimCount), SheetText.money(profile.fundCents),
                    .numeric(unscaled: Int128(place.scoreTenths), scale: 1), .text(place.grade.rawValue), SheetText.money(place.amountAtIssueCents),
                    place.reasons.first.map { SheetText.value(reasonText($0, report: report)) } ?? .null,
                ]
            })
        try sheet(
            title("Departments", "科室"), [institution, SheetColumn(title("Department", "科室"), .text, width: 18), indicators, claims, fund, atIssue, leading],
            report.grains.departments.map { department in
                [
                    SheetText.value(department.institutionID), SheetText.value(department.department), SheetText.count(department.indicatorCount),
                    SheetText.count(department.claimCount), SheetText.money(department.fundCents), SheetText.money(department.amountCents),
                    name(department.leadingIndicatorID),
                ]
            })
        try sheet(
            title("Practitioners", "相关责任人员"),
            [
                SheetColumn(title("Rank", "名次"), .count, width: 7), SheetColumn(title("Doctor id", "医师编码"), .text, width: 20),
                SheetColumn(title("Department", "科室"), .text, width: 18), institution, claims,
                SheetColumn(title("Score", "得分"), .decimal(scale: 1), width: 8), SheetColumn(title("Grade", "等级"), .text, width: 8),
                SheetColumn(title("Indicator", "指标"), .text, width: 30), SheetColumn(title("Claims at issue", "涉及结算"), .count, width: 12),
                SheetColumn(title("Lines at issue", "涉及明细"), .count, width: 12), SheetColumn(title("Patients", "患者数"), .count, width: 10),
                SheetColumn(title("Expected", "同类比率"), .percent(decimals: 2), width: 10), SheetColumn("z", .general, width: 9), atIssue,
            ],
            report.grains.practitioners.flatMap { place in
                let id = place.profile.institutionID
                let member = report.grains.doctors[id]
                return (report.grains.doctorFigures[id] ?? []).map { indicatorID, figure in
                    let comparison = place.figures.first { $0.indicatorID == indicatorID }?.comparison
                    return [
                        SheetText.count(place.rank), SheetText.value(id), SheetText.value(member?.department), SheetText.value(member?.institutionID),
                        SheetText.count(place.profile.claimCount), .numeric(unscaled: Int128(place.scoreTenths), scale: 1), .text(place.grade.rawValue),
                        name(indicatorID), SheetText.count(figure.claimCount), SheetText.count(figure.lineCount), SheetText.count(figure.patientCount),
                        comparison.map { .double($0.expectedRate) } ?? .null, comparison.map { .double($0.adjustedDistance) } ?? .null,
                        SheetText.money(figure.amountCents),
                    ]
                }
            })
        try sheet(
            title("Insured persons", "参保人"),
            [
                SheetColumn(title("Place", "序号"), .count, width: 7), SheetColumn(title("Patient id", "患者编号"), .text, width: 26),
                SheetColumn(title("Institutions", "机构数"), .count, width: 11), indicators, claims, fund, atIssue, leading,
            ],
            report.grains.insuredPersons.enumerated().map { place, person in
                [
                    SheetText.count(place + 1), SheetText.value(GrainFiles.shown(person.patientID, report)), SheetText.count(person.institutionCount),
                    SheetText.count(person.indicatorCount), SheetText.count(person.claimCount), SheetText.money(person.fundCents),
                    SheetText.money(person.amountCents), name(person.leadingIndicatorID),
                ]
            })
    }
}
