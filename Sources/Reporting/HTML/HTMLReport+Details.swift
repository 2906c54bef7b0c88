import Columns
import Indicators
import Ranking

extension HTMLReport {
    /// Reasons in words and as bars; the table below them holds every figure.
    private static let shownReasonCount = 8

    /// A section for each of the worst institutions.
    static func detailSections(_ report: Report) -> String {
        let places = report.ranking.institutions.prefix(report.options.detailCount)
        let total = report.ranking.institutions.count
        var sections = "<h2 id=\"details\">\(HTMLText.both("Institutions in detail", "机构详情"))</h2>\n"
        if places.count < total {
            sections += "<p class=\"soft\">\(HTMLText.both("The first \(places.count) of \(total); indicators.csv holds every figure.", "共 \(total) 家, 此处为前 \(places.count) 家; 全部数值见 indicators.csv。"))</p>\n"
        }
        if places.contains(where: \.reasons.isEmpty) {
            sections += "<p class=\"soft printed\">\(HTMLText.both("In print: those with a finding, and those that were open.", "打印时仅含有发现的机构及已展开的机构。"))</p>\n"
        }
        let strips = RateStrips(report.ranking, shownFor: places)
        sections += strips.definitions
        for place in places { sections += detail(place, strips: strips, report: report) }
        return sections
    }

    private static func detail(_ place: RankedInstitution, strips: RateStrips, report: Report) -> String {
        let profile = place.profile
        let name = profile.name.flatMap { $0.isEmpty ? nil : $0 } ?? profile.institutionID
        let reasons = place.reasons
        let words = reasons.prefix(shownReasonCount).map { reasonText($0, report: report) }.joined()
        let percent = report.ranking.parameters.intervalPercent
        let sure = report.rankIntervals[profile.institutionID].map { range in
            " · " + HTMLText.sentence("\(percent) % interval of the rank: \(rangeText(range))", "名次的 \(percent) % 区间: \(rangeText(range))")
        } ?? ""
        let unlisted =
            profile.isListed
            ? "" : "<p class=\"soft\">\(HTMLText.both("The register of institutions does not list it.", "机构名录中没有该机构。"))</p>"
        return """
            <details class="card\(reasons.isEmpty ? " quiet" : "")" id="at-\(place.rank)"\(place.rank <= 3 ? " open" : "")><summary>\(place.rank). \(HTMLText.cell(name)) \
            \(gradeBadge(place.grade)) \(scoreText(place.scoreTenths))</summary>
            <p class="soft small">\(HTMLText.cell(profile.institutionID)) · \(groupText(profile)) · \(HTMLText.sentence("\(ValueText.groupedCount(profile.claimCount)) claims, fund ¥ \(ValueText.groupedMoney(profile.fundCents)); at issue ¥ \(ValueText.groupedMoney(place.amountAtIssueCents)) (number \(place.amountRank) by amount)", "结算 \(ValueText.groupedCount(profile.claimCount)) 笔, 基金 ¥ \(ValueText.groupedMoney(profile.fundCents)); 涉及金额 ¥ \(ValueText.groupedMoney(place.amountAtIssueCents)) (按金额第 \(place.amountRank) 位)"))\(sure)</p>
            \(unlisted)\(words)
            \(shares(reasons.prefix(shownReasonCount), report: report))
            \(strips.html(of: place, report: report))
            \(breakdown(of: profile.institutionID, report: report))
            \(figureTable(place, report: report))
            \(excerpt(of: place, report: report))
            </details>

            """
    }

    /// Shares of the score as horizontal bars.
    private static func shares(_ reasons: ArraySlice<ScoredFigure>, report: Report) -> String {
        guard let largest = reasons.first?.share, largest > 0 else { return "" }
        var bars = ""
        for (row, reason) in reasons.enumerated() {
            let title = report.title(ofIndicator: reason.indicatorID)
            let top = row * 24
            let width = max(1, Int(reason.share / largest * 420))
            bars += """
                <text x="232" y="\(top + 15)" text-anchor="end" lang="en">\(HTMLText.escaped(SVGText.shortened(title.english, cells: 34)))</text>\
                <text x="232" y="\(top + 15)" text-anchor="end" lang="zh">\(HTMLText.escaped(title.chinese))</text>\
                <rect x="240" y="\(top + 3)" width="\(width)" height="15" rx="2" fill="#1f5fa8"/>\
                <text x="\(246 + width)" y="\(top + 15)">\(ValueText.percent(reason.share))</text>

                """
        }
        return """
            <p class="soft small">\(HTMLText.both("Share of the score", "对得分的贡献"))</p>
            <svg viewBox="0 0 760 \(reasons.count * 24 + 4)" width="760" role="img" font-size="12" fill="#1c2430">
            \(bars)</svg>
            """
    }

    private static func figureTable(_ place: RankedInstitution, report: Report) -> String {
        var rows = ""
        for scored in place.figures {
            let figure = scored.figure
            var cells = "<td>\(title(ofIndicator: scored.indicatorID, report: report))</td><td class=\"n\">\(ValueText.groupedCount(figure.events)) / \(ValueText.groupedCount(figure.exposure))</td><td class=\"n\">\(ValueText.percent(figure.rate))</td>"
            if let comparison = scored.comparison {
                cells += "<td class=\"n\">\(ValueText.percent(comparison.expectedRate))</td><td class=\"n\">\(ValueText.percent(comparison.shrunkenRate))</td><td class=\"n\">\(ValueText.fixed(comparison.adjustedDistance, 2))\(comparison.isSignificant ? " ●" : "")</td><td class=\"n\">\(ValueText.groupedMoney(figure.amountCents))</td><td class=\"n\">\(ValueText.groupedMoney(Int128((comparison.excessYuan * 100).rounded())))</td><td class=\"n\">\(ValueText.percent(scored.share))</td><td class=\"small\">\(comparison.peerCount): \(HTMLText.both(CodeName.peers(comparison.basis)))</td>"
            } else {
                cells += "<td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">\(ValueText.groupedMoney(figure.amountCents))</td><td class=\"n\">–</td><td class=\"n\">–</td><td>\(HTMLText.both("no peers", "无可比机构"))</td>"
            }
            rows += "<tr\(figure.events == 0 ? " class=zero" : "")>\(cells)</tr>\n"
        }
        return """
            <div class="scroll"><table><thead><tr><th>\(HTMLText.both("Indicator", "指标"))</th><th class="n">\(HTMLText.both("Events / exposure", "异常 / 总数"))</th>
            <th class="n">\(HTMLText.both("Rate", "率"))</th><th class="n">\(HTMLText.both("Peers", "同类"))</th><th class="n">\(HTMLText.both("Shrunken", "收缩率"))</th><th class="n">z</th>
            <th class="n">\(HTMLText.both("At issue, ¥", "涉及金额"))</th><th class="n">\(HTMLText.both("Excess, ¥", "超额"))</th><th class="n">\(HTMLText.both("Share", "贡献"))</th><th>\(HTMLText.both("Peer group", "可比组"))</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            \(place.figures.contains { $0.figure.events == 0 } ? "<p class=\"small soft printed\">\(HTMLText.both("Indicators without an event are left out in print.", "打印时略去无异常的指标。"))</p>" : "")
            """
    }

    /// The first evidence rows, patients masked unless they are to be revealed.
    private static func excerpt(of place: RankedInstitution, report: Report) -> String {
        let id = place.profile.institutionID
        let command = place.reasons.first.map { "fundwatch evidence \($0.indicatorID) \(id)" }
        guard let excerpt = report.excerpts.first(where: { $0.institutionID == id }) else {
            return command.map { "<p class=\"small soft\">\(HTMLText.both("Evidence rows:", "证据明细:")) <code>\(HTMLText.escaped($0))</code></p>" } ?? ""
        }
        let head = excerpt.columns.map { "<th>\(HTMLText.escaped($0))</th>" }.joined()
        var rows = ""
        for row in excerpt.rows {
            rows += "<tr>"
            for (column, value) in zip(excerpt.columns, row) {
                var text = ValueText.nonNull(value) ?? ""
                if case .double(let number) = value { text = ValueText.fixed(number, 2) }
                if PatientMask.isPatientColumn(column), !report.options.revealsPatients, !text.isEmpty {
                    text = PatientMask.masked(text)
                }
                rows += "<td class=\"small\(value.isText ? "" : " whole")\">\(value.isText ? HTMLText.cell(text) : HTMLText.escaped(text))</td>"
            }
            rows += "</tr>\n"
        }
        return """
            <p class="small soft">\(HTMLText.both("Evidence, \(excerpt.rows.count) of \(excerpt.totalRowCount) rows; all of them:", "证据明细, 共 \(excerpt.totalRowCount) 行中的 \(excerpt.rows.count) 行; 全部:")) <code>\(HTMLText.escaped(command ?? ""))</code></p>
            <div class="scroll"><table class="evidence"><thead><tr>\(head)</tr></thead><tbody>
            \(rows)</tbody></table></div>
            """
    }
}

extension ScalarValue {
    fileprivate var isText: Bool {
        if case .text = self { return true }
        return false
    }
}
