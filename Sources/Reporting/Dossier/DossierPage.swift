import Columns
import Indicators
import Ranking

/// The dossier as one page to print: no scripts, no references to other files, in one language.
package enum DossierPage {
    /// Rows of evidence of one finding on the page; the workbook holds more.
    private static let shownRowCount = 60

    package static func page(_ dossier: Dossier) -> String {
        let language = dossier.language
        func say(_ english: String, _ chinese: String) -> String { HTMLText.escaped(BilingualText(english, chinese)[language]) }
        let profile = dossier.place.profile
        let name = profile.name.flatMap { $0.isEmpty ? nil : $0 } ?? profile.institutionID
        var parts = [
            """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(say("Dossier for a hearing", "听证卷宗")): \(HTMLText.escaped(name))</title>
            <style>
            \(HTMLStyle.sheet)
            \(HTMLStyle.foot(Dossier.confidential[language]))
            .box{border:1px solid #8a94a2;min-height:110px;break-inside:avoid;margin:6px 0;padding:6px 10px}.evidence td,.evidence th{font-size:11px;padding:3px 5px}
            section{break-before:page}
            </style>
            </head>
            <body>
            <header>
            <h1>\(say("Dossier for a hearing", "听证卷宗")): \(HTMLText.escaped(name))</h1>
            <p class="soft">\(HTMLText.escaped(profile.institutionID)) · \(HTMLText.escaped(CodeName.level(profile.level)[language])) · \(HTMLText.escaped(CodeName.kind(profile.kind)[language]))\(profile.region.map { " · " + HTMLText.escaped($0) } ?? "") · \(HTMLText.escaped(HTMLReport.periodText(dossier.report.period)[language]))</p>
            <p class="notice"><b>\(HTMLText.escaped(Wording.notice[language]))</b></p>
            <p class="notice">\(HTMLText.escaped(Dossier.confidential[language]))</p>
            </header>
            <main>
            """,
            summary(dossier, say), figures(dossier, say),
        ]
        for (number, finding) in dossier.findings.enumerated() { parts.append(section(number + 1, finding, dossier, say)) }
        parts.append(provenance(dossier, say))
        parts.append("</main>\n<div class=\"running\">\(HTMLText.escaped(Dossier.confidential[language]))</div>\n</body>\n</html>\n")
        return parts.joined(separator: "\n")
    }

    private static func summary(_ dossier: Dossier, _ say: (String, String) -> String) -> String {
        let place = dossier.place
        let profile = place.profile
        let total = dossier.report.ranking.institutions.count
        return """
            <dl>
            <dt>\(say("Rank by score", "得分名次"))</dt><dd>\(place.rank) / \(total) · \(HTMLReport.gradeBadge(place.grade)) · \(HTMLReport.scoreText(place.scoreTenths))</dd>
            <dt>\(say("Claims, fund", "结算, 基金支付"))</dt><dd>\(ValueText.groupedCount(profile.claimCount)), ¥ \(ValueText.groupedMoney(profile.fundCents))</dd>
            <dt>\(say("At issue, each line once", "涉及金额, 每行费用只计一次"))</dt><dd>¥ \(ValueText.groupedMoney(place.amountAtIssueCents))</dd>
            </dl>
            """
    }

    private static func figures(_ dossier: Dossier, _ say: (String, String) -> String) -> String {
        let language = dossier.language
        var rows = ""
        for (number, finding) in dossier.findings.enumerated() {
            let figure = finding.scored.figure
            let comparison = finding.scored.comparison
            rows += """
                <tr><td class="n">\(number + 1)</td><td>\(HTMLText.escaped(finding.indicator.indicator.title[language]))</td>\
                <td class="n">\(ValueText.groupedCount(figure.events)) / \(ValueText.groupedCount(figure.exposure))</td><td class="n">\(ValueText.percent(figure.rate))</td>\
                <td class="n">\(comparison.map { ValueText.percent($0.expectedRate) } ?? "–")</td><td class="n">\(comparison.map { ValueText.fixed($0.adjustedDistance, 2) } ?? "–")</td>\
                <td class="n">\(ValueText.groupedMoney(figure.amountCents))</td><td class="n">\(finding.scored.share > 0 ? ValueText.percent(finding.scored.share) : "–")</td></tr>

                """
        }
        if rows.isEmpty { return "<p>\(say("No indicator has an event at this institution.", "该机构没有异常事件。"))</p>" }
        return """
            <h2>\(say("Figures against peers", "与同类机构比较"))</h2>
            <div class="scroll"><table><thead><tr><th class="n">#</th><th>\(say("Indicator", "指标"))</th><th class="n">\(say("Events / exposure", "异常 / 总数"))</th><th class="n">\(say("Rate", "率"))</th>
            <th class="n">\(say("Peers", "同类机构"))</th><th class="n">z′</th><th class="n">\(say("At issue, ¥", "涉及金额 (元)"))</th><th class="n">\(say("Share of the score", "得分贡献"))</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            """
    }

    private static func section(_ number: Int, _ finding: Dossier.Finding, _ dossier: Dossier, _ say: (String, String) -> String) -> String {
        let language = dossier.language
        let indicator = finding.indicator.indicator
        let settings = finding.indicator.settings.map { "\($0.name) = \($0.value.text)" }.joined(separator: ", ")
        return """
            <section><h2>\(number). \(HTMLText.escaped(indicator.title[language]))</h2>
            <p>\(HTMLText.escaped(HTMLText.glued(ReasonText.words(finding.scored, subject: indicator.subject, isCounted: indicator.isCountedAtIssue)[language])))</p>
            \(strip(finding, say))
            <dl><dt>\(say("Events", "异常"))</dt><dd>\(HTMLText.escaped(finding.indicator.event[language]))</dd><dt>\(say("Exposure", "总数"))</dt><dd>\(HTMLText.escaped(indicator.exposure[language]))</dd>
            <dt>\(say("Basis", "依据"))</dt><dd>\(HTMLText.escaped(indicator.basis[language]))</dd>\(settings.isEmpty ? "" : "<dt>\(say("Parameters", "参数"))</dt><dd>\(HTMLText.escaped(settings))</dd>")
            <dt>\(say("What may explain it", "可能的合理解释"))</dt><dd>\(HTMLText.escaped(indicator.falseAlarms[language]))</dd></dl>
            \(evidence(finding, say))
            <div class="box"><b>\(say("Statement of the institution", "机构说明"))</b></div>
            </section>
            """
    }

    /// Rates of the peers as ticks on a line, the institution's own as a dot.
    private static func strip(_ finding: Dossier.Finding, _ say: (String, String) -> String) -> String {
        guard finding.peerRates.count > 1 else { return "" }
        let own = finding.scored.figure.rate
        let largest = max(own, finding.peerRates[finding.peerRates.count - 1], 1e-9)
        func x(_ rate: Double) -> String { ValueText.fixed(20 + rate / largest * 700, 1) }
        let ticks = Set(RateStrips.thinned(finding.peerRates, limit: 200).map(x)).sorted { (Double($0) ?? 0) < (Double($1) ?? 0) }.map { "M\($0) 14V34" }.joined()
        let middle = RateStrips.median(finding.peerRates)
        let words = RateStrips.words(own: own, peers: finding.peerRates)
        return """
            <svg viewBox="0 0 740 60" width="740" role="img" font-size="11" fill="#1c2430"><title>\(say("Rate against the peers", "与同类机构的率比较"))</title><desc>\(say(words.english, words.chinese))</desc>\
            <path d="M20 24H720" stroke="#b9c2cd"/><path d="\(ticks)" stroke="#7f8b99"/>\
            <path d="M\(x(middle)) 8V40" stroke="#1f5fa8" stroke-width="2"/><circle cx="\(x(own))" cy="24" r="6" fill="#a8201a"/>\
            <text x="20" y="54">0 %</text><text x="720" y="54" text-anchor="end">\(ValueText.percent(largest))</text>\
            <text x="370" y="54" text-anchor="middle">\(say("grey: peers, blue: their median, red: this institution", "灰: 同类机构, 蓝: 其中位数, 红: 本机构"))</text></svg>
            """
    }

    private static func evidence(_ finding: Dossier.Finding, _ say: (String, String) -> String) -> String {
        let shown = finding.evidence.prefix(shownRowCount)
        if shown.isEmpty { return "" }
        let head = finding.evidenceColumns.map { "<th>\(HTMLText.escaped($0))</th>" }.joined()
        var rows = ""
        for row in shown {
            let cells = row.map { value -> String in
                if case .text(let text) = value { return "<td>\(HTMLText.cell(text))</td>" }
                if case .double(let number) = value { return "<td class=\"n\">\(ValueText.fixed(number, 2))</td>" }
                return "<td class=\"whole\">\(HTMLText.escaped(ValueText.nonNull(value) ?? ""))</td>"
            }
            rows += "<tr>" + cells.joined() + "</tr>\n"
        }
        let total = finding.evidenceRowCount
        return """
            <p class="small soft">\(say("Evidence: \(shown.count) of \(total) rows; the workbook holds \(finding.evidence.count).", "证据明细: 共 \(total) 行, 此处 \(shown.count) 行; 工作簿含 \(finding.evidence.count) 行。"))</p>
            <div class="scroll evidence"><table><thead><tr>\(head)</tr></thead><tbody>
            \(rows)</tbody></table></div>
            """
    }

    private static func provenance(_ dossier: Dossier, _ say: (String, String) -> String) -> String {
        let provenance = dossier.report.provenance
        return """
            <h2>\(say("Provenance", "来源"))</h2>
            <dl><dt>\(say("Store head", "数据快照"))</dt><dd><code>\(HTMLText.escaped(provenance.storeHead ?? "–"))</code></dd>
            <dt>\(say("Version", "版本"))</dt><dd>fundwatch \(HTMLText.escaped(provenance.toolVersion))</dd>
            <dt>\(say("As of", "截至"))</dt><dd>\(HTMLText.escaped(provenance.asOf ?? "–"))</dd></dl>
            <p>\(say("Heard on", "听证日期")): ____________ &nbsp; \(say("For the institution", "机构代表")): ____________ &nbsp; \(say("For the fund", "经办机构")): ____________</p>
            """
    }
}
