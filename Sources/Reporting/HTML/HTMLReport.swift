import Indicators
import Ranking

/// `report.html`: one file without references to others, which works without scripts and without a network.
package enum HTMLReport {
    /// A page is smaller than this, in bytes.
    package static let sizeLimit = 2_000_000

    /// The page; where it would pass the limit, fewer institutions are shown, which the page says.
    package static func page(_ report: Report) -> String {
        var fitted = report
        var text = render(fitted)
        while text.utf8.count >= sizeLimit, fitted.options.tableRowCount > 10 || fitted.options.detailCount > 10 {
            fitted.options.tableRowCount = max(10, fitted.options.tableRowCount * 3 / 4)
            fitted.options.detailCount = max(10, fitted.options.detailCount * 3 / 4)
            text = render(fitted)
        }
        return text
    }

    private static func render(_ report: Report) -> String {
        let language = report.options.language
        var parts: [String] = []
        parts.append(
            """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
            <title>\(HTMLText.escaped(Wording.title[language]))</title>
            <style>
            \(HTMLStyle.sheet)
            \(HTMLStyle.foot(Wording.notice.english + " " + Wording.notice.chinese))
            </style>
            </head>
            <body>
            <input class="switch" type="radio" name="language" id="show-en"\(language == .english ? " checked" : "")>
            <input class="switch" type="radio" name="language" id="show-zh"\(language == .chinese ? " checked" : "")>
            <div class="languages"><label for="show-en"><span lang=en>English</span></label><label for="show-zh"><span lang=zh>中文</span></label></div>
            """)
        parts.append(header(report))
        parts.append("<main>")
        parts.append(summary(report))
        parts.append(contents(report))
        parts.append(topTen(report))
        parts.append(changes(report))
        parts.append(fullTable(report))
        parts.append(smallExtremes(report))
        parts.append(byAmount(report))
        parts.append(indicatorSections(report))
        parts.append(grainSections(report))
        parts.append(detailSections(report))
        parts.append(method(report))
        parts.append(feedback(report))
        parts.append(exemptions(report))
        parts.append(quality(report))
        parts.append(provenance(report))
        parts.append("</main>")
        parts.append("<footer><p class=\"notice\">\(HTMLText.both(Wording.notice))</p></footer>")
        parts.append("<div class=\"running\">\(HTMLText.both(Wording.notice))</div>")
        parts.append("<script>\n\(HTMLStyle.script)\n</script>\n</body>\n</html>\n")
        return parts.joined(separator: "\n")
    }

    static func periodText(_ period: ReportingPeriod) -> BilingualText {
        switch (period.from.map(ReportingPeriod.text), period.to.map(ReportingPeriod.text)) {
        case (nil, nil): BilingualText("all settlements in the store", "库内全部结算")
        case (let from?, nil): BilingualText("settled from \(from)", "\(from) 起结算")
        case (nil, let to?): BilingualText("settled before \(to)", "\(to) 之前结算")
        case (let from?, let to?): BilingualText("settled from \(from) to before \(to)", "\(from) 至 \(to) (不含) 结算")
        }
    }

    private static func header(_ report: Report) -> String {
        var line = HTMLText.both(periodText(report.period))
        if let asOf = report.provenance.asOf {
            line += " · " + HTMLText.both("as of", "截至") + " " + HTMLText.escaped(asOf)
        }
        return """
            <header>
            <h1>\(HTMLText.both(Wording.title))</h1>
            <p class="soft">\(line)</p>
            <p class="notice"><b>\(HTMLText.both(Wording.notice))</b></p>
            </header>
            """
    }

    /// Links to the sections there are.
    private static func contents(_ report: Report) -> String {
        var links = [("ranking", BilingualText("Ranking", "机构排序"))]
        if report.comparison != nil { links.insert(("changes", BilingualText("Changes", "变化")), at: 0) }
        links += [
            ("small", BilingualText("Small but extreme", "小而极端")), ("amount", BilingualText("By amount", "按金额")), ("indicators", BilingualText("Indicators", "指标")),
        ]
        links += grainLinks(report)
        links += [
            ("details", BilingualText("Institutions", "机构详情")), ("method", BilingualText("Method", "方法")),
        ]
        if !report.feedback.isEmpty { links.append(("feedback", BilingualText("Feedback", "核查反馈"))) }
        if !report.exemptions.isEmpty { links.append(("exemptions", BilingualText("Exemptions", "豁免"))) }
        links += [("quality", BilingualText("Data quality", "数据质量")), ("provenance", BilingualText("Provenance", "来源"))]
        if !report.ranking.institutions.contains(where: { $0.amountAtIssueCents > 0 }) { links.removeAll { $0.0 == "amount" } }
        return "<nav>" + links.map { "<a href=\"#\($0.0)\">\(HTMLText.both($0.1))</a>" }.joined(separator: " · ") + "</nav>"
    }

    // MARK: - Pieces shared by the sections

    static func gradeBadge(_ grade: Grade) -> String { "<span class=\"grade \(grade.rawValue)\">\(grade.rawValue)</span>" }

    static func scoreText(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10)" }

    static func scoreBar(_ place: RankedInstitution) -> String {
        "<b>\(scoreText(place.scoreTenths))</b><span class=\"bar\"><i class=\"\(place.grade.rawValue)\" style=\"width:\(scoreText(place.scoreTenths))%\"></i></span>"
    }

    /// Name, or the id where there is no name, linked to the institution's section if it has one.
    static func nameCell(_ place: RankedInstitution, report: Report) -> String {
        let profile = place.profile
        let name = profile.name.flatMap { $0.isEmpty ? nil : $0 }
        let shown = HTMLText.cell(name ?? profile.institutionID)
        let linked = place.rank <= report.options.detailCount ? "<a href=\"#at-\(place.rank)\">\(shown)</a>" : shown
        let id = name == nil ? "" : "<br><span class=\"soft small\">\(HTMLText.cell(profile.institutionID))</span>"
        return "<span class=\"name\">\(linked)</span>\(id)"
    }

    static func groupText(_ profile: InstitutionProfile) -> String {
        var parts = [HTMLText.both(CodeName.level(profile.level))]
        if profile.kind != profile.level { parts.append(HTMLText.both(CodeName.kind(profile.kind))) }
        if let region = profile.region, !region.isEmpty { parts.append(HTMLText.cell(region)) }
        return parts.joined(separator: " · ")
    }

    /// What an indicator is called. The id that stands for one the report does not have comes from a file, as any data do.
    static func title(ofIndicator id: String, report: Report) -> String {
        report.indicator(id) == nil ? HTMLText.cell(id) : HTMLText.both(report.title(ofIndicator: id))
    }

    static func reasonText(_ scored: ScoredFigure, report: Report) -> String {
        let words = HTMLText.sentence(ReasonText.words(scored, in: report))
        return "<p class=\"reason\"><b>\(title(ofIndicator: scored.indicatorID, report: report))</b>: \(words)</p>"
    }
}
