import Indicators
import Ranking

extension HTMLReport {
    /// Institutions of each theme that are shown.
    private static let themeRowCount = 10

    static func grainLinks(_ report: Report) -> [(String, BilingualText)] {
        var links: [(String, BilingualText)] = []
        if !report.grains.themeFigures.isEmpty { links.append(("themes", BilingualText("Themes", "主题"))) }
        if !report.grains.regions.isEmpty { links.append(("regions", BilingualText("Regions", "区划"))) }
        if !report.newInstitutions.isEmpty { links.append(("new", BilingualText("New institutions", "新签协议机构"))) }
        if !report.grains.departments.isEmpty { links.append(("departments", BilingualText("Departments", "科室"))) }
        if !report.grains.practitioners.isEmpty { links.append(("practitioners", BilingualText("Practitioners", "相关责任人员"))) }
        if !report.grains.insuredPersons.isEmpty { links.append(("insured", BilingualText("Insured persons", "参保人"))) }
        return links
    }

    /// Themes, regions, new institutions, departments, practitioners and insured persons.
    static func grainSections(_ report: Report) -> String {
        [themes(report), regions(report), newInstitutions(report), departments(report), practitioners(report), insuredPersons(report)]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func money(_ cents: Int128) -> String { "¥ " + ValueText.groupedMoney(cents) }
    private static func cell(_ text: String) -> String { "<td>\(text)</td>" }
    private static func small(_ text: String) -> String { "<td class=\"small\">\(text)</td>" }
    private static func number(_ text: String) -> String { "<td class=\"n\">\(text)</td>" }
    private static func count(_ value: Int64) -> String { number(ValueText.groupedCount(value)) }

    private static func head(_ id: String, _ title: BilingualText, _ text: BilingualText) -> String {
        "<h2 id=\"\(id)\">\(HTMLText.both(title))</h2>\n<p class=\"soft\">\(HTMLText.sentence(text))</p>\n"
    }

    /// Headings with whether they stand over numbers.
    private static func table(_ headings: [(BilingualText, isNumber: Bool)], _ rows: [String]) -> String {
        let cells = headings.map { "<th\($0.isNumber ? " class=\"n\"" : "")>\(HTMLText.both($0.0))</th>" }.joined()
        let body = rows.map { "<tr>\($0)</tr>" }.joined(separator: "\n")
        return "<div class=\"scroll\"><table><thead><tr>\(cells)</tr></thead>\n<tbody>\n\(body)\n</tbody></table></div>\n"
    }

    private static func shownNote(_ shown: Int, _ count: Int, _ file: String) -> String {
        if shown >= count { return "" }
        return "<p class=\"soft\">\(HTMLText.both("Shown \(shown) of \(ValueText.groupedCount(Int64(count))); \(file) holds more.", "共 \(ValueText.groupedCount(Int64(count))) 条, 此处显示前 \(shown) 条; 更多见 \(file)。"))</p>\n"
    }

    /// A section of the first rows of a list, none without rows.
    ///
    /// - Parameter total: Rows there are in all, where the list itself is a part.
    private static func list<Row>(
        _ all: [Row], of total: Int? = nil, in report: Report, _ id: String, _ title: BilingualText, _ text: BilingualText, file: String,
        _ headings: [(BilingualText, isNumber: Bool)], row: (Int, Row) -> String
    ) -> String {
        if all.isEmpty { return "" }
        let shown = all.prefix(report.options.grainRowCount)
        return head(id, title, text) + table(headings, shown.enumerated().map { row($0, $1) }) + shownNote(shown.count, total ?? all.count, file)
    }

    private static let institutionHeading = (BilingualText("Institution", "机构"), isNumber: false)
    private static let amountHeading = (BilingualText("At issue", "涉及金额"), isNumber: true)
    private static let claimsHeading = (BilingualText("Claims", "结算笔数"), isNumber: true)

    private static func institutionCell(_ id: String, _ places: [String: RankedInstitution], _ report: Report) -> String {
        places[id].map { nameCell($0, report: report) } ?? HTMLText.cell(id)
    }

    private static func placesByID(_ report: Report) -> [String: RankedInstitution] {
        Dictionary(report.ranking.institutions.map { ($0.profile.institutionID, $0) }) { first, _ in first }
    }

    private static func themes(_ report: Report) -> String {
        if report.grains.themeFigures.isEmpty { return "" }
        let places = placesByID(report)
        var text = head(
            "themes", BilingualText("Themes", "主题"),
            BilingualText(
                "Each theme's indicators taken together: the score is made as an institution's, of this theme alone; the money counts each line once.",
                "按主题汇总各指标: 得分算法同机构得分, 仅计本主题; 金额中每条明细只计一次。"))
        for (place, theme) in report.grains.themes.enumerated() {
            let own = report.grains.themeFigures.filter { $0.theme == place }
            if own.isEmpty { continue }
            let worst = own.prefix(themeRowCount)
            text += "<h3>\(HTMLText.both(theme))</h3>\n"
            let (events, cents) = (own.reduce(0) { $0 + $1.events }, own.reduce(Int128(0)) { $0 + $1.amountCents })
            text += "<p class=\"soft\">\(HTMLText.sentence("\(ValueText.groupedCount(Int64(own.count))) institutions, \(ValueText.groupedCount(events)) events, ¥ \(ValueText.groupedMoney(cents)) at issue", "\(ValueText.groupedCount(Int64(own.count))) 家机构, 异常 \(ValueText.groupedCount(events)) 个, 涉及金额 ¥ \(ValueText.groupedMoney(cents))"))</p>\n"
            text += table(
                [
                    institutionHeading, (BilingualText("Score", "得分"), true), (BilingualText("Indicators", "指标数"), true),
                    (BilingualText("Events", "异常数"), true), amountHeading,
                ],
                worst.map {
                    cell(institutionCell($0.institutionID, places, report)) + number(scoreText($0.scoreTenths)) + count($0.indicatorCount)
                        + count($0.events) + number(money($0.amountCents))
                })
            text += shownNote(worst.count, own.count, "themes.csv")
        }
        return text
    }

    private static func regions(_ report: Report) -> String {
        // Cities, unless all institutions are of one.
        let byDigits = report.grains.regions.map { (digits: $0.digits, rows: $0.figures.filter { $0.indicatorID == nil }) }
        guard let chosen = byDigits.first(where: { $0.digits == 4 && $0.rows.count > 1 }) ?? byDigits.first, !chosen.rows.isEmpty else { return "" }
        var standing: [String?: Int64] = [:]
        for place in report.ranking.institutions where [.d, .e].contains(place.grade) {
            standing[place.profile.region.flatMap { $0.isEmpty ? nil : String($0.prefix(chosen.digits)) }, default: 0] += 1
        }
        let rows = chosen.rows.sorted { $0.amountCents > $1.amountCents }
        return head(
            "regions", BilingualText("Regions", "区划"),
            BilingualText(
                "By the first \(chosen.digits) digits of the institutions' region; regions.csv has each indicator for six, four and two digits.",
                "按机构所属区划代码前 \(chosen.digits) 位汇总; 各指标按六位、四位、两位的汇总见 regions.csv。"))
            + table(
                [
                    (BilingualText("Region", "区划"), false), (BilingualText("Institutions", "机构数"), true), claimsHeading,
                    (BilingualText("Graded D or E", "D、E 级"), true), amountHeading,
                ],
                rows.map {
                    cell($0.region.map(HTMLText.cell) ?? HTMLText.both("not in the register", "名录中无区划")) + count($0.institutionCount)
                        + count($0.exposure) + count(standing[$0.region] ?? 0) + number(money($0.amountCents))
                })
    }

    private static func newInstitutions(_ report: Report) -> String {
        let places = placesByID(report)
        return list(
            report.newInstitutions, in: report, "new", BilingualText("New institutions", "新签协议机构"),
            BilingualText(
                "Institutions in their first \(NewInstitutions.months) contract months, against all institutions in the same months of their own contracts.",
                "签约未满 \(NewInstitutions.months) 个月的机构, 与其他机构各自签约后同期的数据相比。"),
            file: "new_institutions.csv",
            [
                institutionHeading, (BilingualText("Contract since", "协议起始"), false), (BilingualText("Rank", "名次"), true),
                (BilingualText("Score", "得分"), false), amountHeading, (BilingualText("First reason", "首要原因"), false),
            ]
        ) { _, new in
            cell(institutionCell(new.place.profile.institutionID, places, report)) + small(HTMLText.cell(new.member.contractStart))
                + number("\(new.place.rank) / \(new.comparedCount)") + cell("\(gradeBadge(new.place.grade)) \(scoreText(new.place.scoreTenths))")
                + number(money(new.place.amountAtIssueCents)) + small(new.place.reasons.first.map { reasonText($0, report: report) } ?? "")
        }
    }

    private static func departments(_ report: Report) -> String {
        let places = placesByID(report)
        return list(
            report.grains.departments, in: report, "departments", BilingualText("Departments", "科室"),
            BilingualText("Departments with most money at issue, each line once.", "涉及金额最大的科室, 每条明细只计一次。"), file: "departments.csv",
            [
                institutionHeading, (BilingualText("Department", "科室"), false), claimsHeading, (BilingualText("Indicators", "指标数"), true),
                amountHeading, (BilingualText("Most of it", "主要指标"), false),
            ]
        ) { _, department in
            cell(institutionCell(department.institutionID, places, report)) + small(HTMLText.cell(department.department)) + count(department.claimCount)
                + count(department.indicatorCount) + number(money(department.amountCents))
                + small(title(ofIndicator: department.leadingIndicatorID, report: report))
        }
    }

    private static func practitioners(_ report: Report) -> String {
        let places = placesByID(report)
        return list(
            report.grains.practitioners, in: report, "practitioners", BilingualText("Practitioners", "相关责任人员"),
            BilingualText(
                "Doctors ranked as institutions are: an event is a claim with a line of theirs at issue, peers are the doctors of the same department at institutions of the same level. “fundwatch evidence INDICATOR --doctor ID” gives the rows; what they are worth in penalty points is for the review to say.",
                "医师按机构排序的同一方法排序: 异常为其名下有涉及明细的结算, 同类为同级别机构同科室的医师。逐条证据用 fundwatch evidence 指标 --doctor 医师编码 查看; 是否记分由核查认定。"),
            file: "practitioners.csv",
            [
                (BilingualText("Rank", "名次"), true), (BilingualText("Doctor", "医师"), false), (BilingualText("Department", "科室"), false),
                institutionHeading, (BilingualText("Score", "得分"), false), (BilingualText("Claims at issue", "涉及结算"), false), amountHeading,
            ]
        ) { _, place in
            let member = report.grains.doctors[place.profile.institutionID]
            let words = place.reasons.prefix(3).map { scored in
                "\(title(ofIndicator: scored.indicatorID, report: report)) \(ValueText.groupedCount(scored.figure.events)) / \(ValueText.groupedCount(scored.figure.exposure))"
            }.joined(separator: "<br>")
            return number(String(place.rank)) + cell(HTMLText.cell(place.profile.institutionID)) + small(HTMLText.cell(member?.department ?? ""))
                + cell(member.map { institutionCell($0.institutionID, places, report) } ?? "")
                + cell("\(gradeBadge(place.grade)) \(scoreText(place.scoreTenths))") + small(words) + number(money(place.amountAtIssueCents))
        }
    }

    private static func insuredPersons(_ report: Report) -> String {
        list(
            report.grains.insuredPersons, of: report.grains.insuredPersonCount, in: report, "insured", BilingualText("Insured persons", "参保人"),
            BilingualText(
                "Persons with most money at issue on their lines, each line once. What an institution did is not what its patient did: hoarded supply, visits and traces ask the person first.",
                "名下明细涉及金额最大的参保人, 每条明细只计一次。机构的行为不等于参保人的行为: 囤药、频次与追溯码宜先问参保人。"),
            file: "insured_persons.csv",
            [
                (BilingualText("Place", "序号"), true), (BilingualText("Patient", "患者"), false), (BilingualText("Institutions", "机构数"), true),
                claimsHeading, (BilingualText("Indicators", "指标数"), true), amountHeading, (BilingualText("Most of it", "主要指标"), false),
            ]
        ) { place, person in
            number(String(place + 1)) + cell(HTMLText.cell(GrainFiles.shown(person.patientID, report))) + count(person.institutionCount)
                + count(person.claimCount) + count(person.indicatorCount) + number(money(person.amountCents))
                + small("\(title(ofIndicator: person.leadingIndicatorID, report: report)) (\(ValueText.groupedCount(person.leadingClaimCount)))")
        }
    }
}
