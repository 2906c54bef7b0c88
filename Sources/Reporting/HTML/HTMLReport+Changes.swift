import Indicators
import Ranking

extension HTMLReport {
    /// What became of the leading institutions since the earlier report; empty without one.
    static func changes(_ report: Report) -> String {
        guard let comparison = report.comparison else { return "" }
        let counts = RankingComparison.Status.allCases.map { status in
            "<span class=\"small\">\(HTMLText.both(status.title)) <b>\(comparison.count(of: status))</b></span>"
        }.joined(separator: " · ")
        let moved = comparison.changes.filter { $0.status != .unchanged }
        let title = HTMLText.both("Since the report before", "与上次报告相比")
        let first =
            "<h2 id=\"changes\">\(title)</h2>\n<p class=\"soft\">\(HTMLText.both(comparedText(comparison)))</p>\n<p>\(counts)</p>\n"
            + stability(comparison.stability)
        if moved.isEmpty { return first }
        let rows = moved.map { row($0, report: report) }.joined(separator: "\n")
        return first + """
            <div class="scroll"><table><thead><tr><th>\(HTMLText.both("Change", "变化"))</th><th>\(HTMLText.both("Institution", "机构"))</th>
            <th class="n">#</th><th class="n">\(HTMLText.both("# before", "上次 #"))</th><th class="n">\(HTMLText.both("Score", "得分"))</th>
            <th class="n">\(HTMLText.both("Before", "上次"))</th><th class="n">\(HTMLText.both("At issue, ¥", "涉及金额 (元)"))</th>
            <th>\(HTMLText.both("Main reason", "主要原因"))</th></tr></thead>
            <tbody>
            \(rows)
            </tbody></table></div>
            """
    }

    static func comparedText(_ comparison: RankingComparison) -> BilingualText {
        BilingualText(
            "The first \(comparison.topCount) places beside those of report \(comparison.previousName).",
            "前 \(comparison.topCount) 名与报告 \(comparison.previousName) 的对比。")
    }

    private static func row(_ change: RankingComparison.Change, report: Report) -> String {
        let name = change.name.flatMap { $0.isEmpty ? nil : $0 }
        let id = name == nil ? "" : "<br><span class=\"soft small\">\(HTMLText.cell(change.institutionID))</span>"
        func rank(_ place: PreviousRanking.Place?) -> String { place.map { String($0.rank) } ?? "–" }
        func score(_ place: PreviousRanking.Place?) -> String { place.map { scoreText($0.scoreTenths) } ?? "–" }
        let reason = (change.now?.reasonIDs.first ?? change.before?.reasonIDs.first).map { title(ofIndicator: $0, report: report) }
        return """
            <tr><td>\(HTMLText.both(change.status.title))</td><td>\(HTMLText.cell(name ?? change.institutionID))\(id)</td>\
            <td class="n">\(rank(change.now))</td><td class="n">\(rank(change.before))</td>\
            <td class="n">\(score(change.now))</td><td class="n">\(score(change.before))</td>\
            <td class="n">\(change.now.map { ValueText.groupedMoney($0.amountAtIssueCents) } ?? "–")</td><td class="small">\(reason ?? "–")</td></tr>
            """
    }
}
