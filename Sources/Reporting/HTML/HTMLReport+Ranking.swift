import Indicators
import Ranking

extension HTMLReport {
    /// Figures of the whole and the share of each grade.
    static func summary(_ report: Report) -> String {
        let places = report.ranking.institutions
        let claims = places.reduce(Int64(0)) { $0 &+ $1.profile.claimCount }
        let fund = places.reduce(Int128(0)) { $0 + $1.profile.fundCents }
        let atIssue = places.reduce(Int128(0)) { $0 + $1.amountAtIssueCents }
        func tile(_ value: String, _ english: String, _ chinese: String) -> String {
            "<div class=\"tile\"><b>\(value)</b><span class=\"soft\">\(HTMLText.sentence(english, chinese))</span></div>"
        }
        let share = fund > 0 ? " (\(ValueText.percent(Double(atIssue) / Double(fund))))" : ""
        var parts = ""
        for grade in Grade.allCases {
            let count = places.count { $0.grade == grade }
            if count == 0 { continue }
            parts += "<span class=\"part \(grade.rawValue)\" style=\"flex:\(count) 0 34px\">\(grade.rawValue) \(count)</span>"
        }
        return """
            <div class="tiles">
            \(tile(ValueText.groupedCount(Int64(places.count)), "institutions ranked", "家机构参与排序"))
            \(tile(ValueText.groupedCount(claims), "live claims", "笔有效结算"))
            \(tile("¥ " + ValueText.groupedMoney(fund), "fund paid", "基金支付"))
            \(tile("¥ " + ValueText.groupedMoney(atIssue), "at issue\(share), each line once", "涉及金额\(share), 每行费用只计一次"))
            </div>
            <div class="grades">\(parts)</div>
            """
    }

    static func topTen(_ report: Report) -> String {
        let places = report.ranking.institutions.prefix(10).filter { $0.scoreTenths > 0 }
        if places.isEmpty {
            return "<p>\(HTMLText.both("No institution stands out from its peers.", "没有机构明显偏离同类机构。"))</p>"
        }
        var rows = ""
        for place in places {
            let reasons = place.reasons.prefix(2).map { reasonText($0, report: report) }.joined()
            rows += """
                <tr><td class="rank">\(place.rank)\(interval(place, report: report, before: "<br>"))</td>
                <td class="who">\(nameCell(place, report: report))<br><span class="soft small">\(groupText(place.profile))</span></td>
                <td>\(scoreBar(place))</td><td>\(gradeBadge(place.grade))</td>
                <td class="n">¥ \(ValueText.groupedMoney(place.amountAtIssueCents))<span class="tag soft small"> \(HTMLText.both("at issue", "涉及金额"))</span></td><td class="why">\(reasons.isEmpty ? "–" : reasons)</td></tr>

                """
        }
        return """
            <h2 id="first">\(HTMLText.both(places.count == 1 ? "The one to look at first" : "The \(places.count) to look at first", "最应优先核查的 \(places.count) 家机构"))</h2>
            \(report.rankIntervals.isEmpty ? "" : "<p class=\"soft\">\(HTMLText.sentence(intervalText(report)))</p>")
            <div class="scroll"><table class="top"><thead><tr><th class="n">#</th><th>\(HTMLText.both("Institution", "机构"))</th>
            <th>\(HTMLText.both("Score", "得分"))</th><th>\(HTMLText.both("Grade", "等级"))</th>
            <th class="n">\(HTMLText.both("At issue", "涉及金额"))</th><th>\(HTMLText.both("Why", "原因"))</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            """
    }

    static func fullTable(_ report: Report) -> String {
        let places = report.ranking.institutions
        let shown = places.prefix(report.options.tableRowCount)
        var rows = ""
        for place in shown {
            let profile = place.profile
            let reasons = place.reasons
            let first = reasons.first.map { reasonText($0, report: report) } ?? "–"
            let more = reasons.count > 1 ? "<span class=\"soft small\">+ \(reasons.count - 1)</span>" : ""
            rows += """
                <tr data-g="\(place.grade.rawValue)"><td class="n" data-v="\(place.rank)">\(place.rank)\(interval(place, report: report, before: "<br>"))</td><td>\(nameCell(place, report: report))</td>\
                <td class="small">\(groupText(profile))</td><td class="n">\(ValueText.groupedCount(profile.claimCount))</td>\
                <td data-v="\(place.scoreTenths)">\(scoreBar(place))</td><td>\(gradeBadge(place.grade))</td>\
                <td class="n" data-v="\(ValueText.money(place.amountAtIssueCents))">\(ValueText.groupedMoney(place.amountAtIssueCents))</td>\
                <td class="small">\(first)\(more)</td></tr>

                """
        }
        let note =
            shown.count < places.count
            ? "<p class=\"soft\">\(HTMLText.both("Shown \(shown.count) of \(places.count); ranking.csv holds them all.", "共 \(places.count) 家, 此处显示前 \(shown.count) 家; 全部见 ranking.csv。"))</p>"
            : ""
        return """
            <h2 id="ranking">\(HTMLText.both("Ranking", "机构排序"))</h2>
            \(note)
            <div class="tools" id="tools" hidden><label>\(HTMLText.both("Find an institution", "查找机构")) <input id="find" type="search"></label>
            <label>\(HTMLText.both("Grade", "等级")) <select id="grade"><option value="">A – E</option><option>E</option><option>D</option><option>C</option><option>B</option><option>A</option></select></label><span id="count" class="soft"></span></div>
            <div class="scroll"><table id="all"><thead><tr><th class="n" data-k="n">#</th><th data-k="t">\(HTMLText.both("Institution", "机构"))</th>
            <th data-k="t">\(HTMLText.both("Level · kind · region", "级别 · 类型 · 区划"))</th><th class="n">\(HTMLText.both("Claims", "结算"))</th>
            <th data-k="n">\(HTMLText.both("Score", "得分"))</th><th data-k="t">\(HTMLText.both("Grade", "等级"))</th>
            <th class="n" data-k="n">\(HTMLText.both("At issue, ¥", "涉及金额 (元)"))</th><th>\(HTMLText.both("Main reason", "主要原因"))</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            """
    }

    /// The second order: by money alone, as horizontal bars.
    static func byAmount(_ report: Report) -> String {
        let places = report.ranking.institutions.filter { $0.amountAtIssueCents > 0 }
            .sorted { $0.amountRank < $1.amountRank }.prefix(10)
        guard let largest = places.first?.amountAtIssueCents else { return "" }
        var bars = ""
        for (row, place) in places.enumerated() {
            let name = place.profile.name.flatMap { $0.isEmpty ? nil : $0 } ?? place.profile.institutionID
            let top = row * 26
            let width = max(1, Int(Double(place.amountAtIssueCents) / Double(largest) * 520))
            bars += """
                <text x="292" y="\(top + 16)" text-anchor="end">\(HTMLText.escaped(SVGText.shortened(name, cells: 40)))</text>\
                <rect x="300" y="\(top + 4)" width="\(width)" height="16" rx="2" fill="\(SVGText.color(of: place.grade))"/>\
                <text x="\(306 + width)" y="\(top + 16)">¥ \(ValueText.groupedMoney(place.amountAtIssueCents)) · \(place.grade.rawValue) #\(place.rank)</text>

                """
        }
        return """
            <h2 id="amount">\(HTMLText.both("By amount at issue", "按涉及金额排序"))</h2>
            <p class="soft">\(HTMLText.both("A second order, by money alone; colour and number are the grade and rank of the score.", "仅按金额的第二种排序; 颜色与序号为按得分的等级与名次。"))</p>
            <div class="card"><svg viewBox="0 0 1060 \(places.count * 26 + 4)" width="1060" role="img" font-size="13" fill="#1c2430">
            \(bars)</svg></div>
            """
    }
}
