import Indicators
import Ranking

extension HTMLReport {
    /// What the list holds and how it was found.
    static func smallExtremeText(_ parameters: RankingParameters) -> BilingualText {
        let limit = ValueText.groupedCount(Int64(parameters.smallAmountLimitYuan.rounded()))
        let share = ValueText.percent(parameters.smallFalseDiscoveryRate)
        return BilingualText(
            "Institutions that the ranking grades A or B because little money is in it: exposure within the smaller half of the peers, at most ¥ \(limit) at issue, at least \(parameters.smallMinimumEvents) events. Chance is that of so many events or more at an institution like its peers (Beta-binomial tail); about \(share) of the list may be chance finds.",
            "因金额小而仅列为 A 或 B 级的机构: 总数不超过同类机构的中位数, 涉及金额不超过 ¥ \(limit), 异常数不少于 \(parameters.smallMinimumEvents)。“机率”指与同类机构无异时出现这么多或更多异常的概率 (贝塔二项尾概率); 名单中约 \(share) 可能出于偶然。")
    }

    static let noSmallExtremeText = BilingualText(
        "No small institution is further from its peers than chance explains.", "没有小机构偏离同类机构超出偶然范围。")

    /// The list of small-but-extreme institutions.
    static func smallExtremes(_ report: Report) -> String {
        let title = "<h2 id=\"small\">\(HTMLText.both("Small but extreme", "小而极端的机构"))</h2>\n<p class=\"soft\">\(HTMLText.sentence(smallExtremeText(report.ranking.parameters)))</p>\n"
        if report.smallExtremes.isEmpty { return title + "<p>\(HTMLText.both(noSmallExtremeText))</p>" }
        let shown = report.smallExtremes.prefix(report.options.smallExtremeCount)
        let count = report.smallExtremes.count
        let note =
            shown.count < count
            ? "<p class=\"soft\">\(HTMLText.both("Shown \(shown.count) of \(count); small_extremes.csv holds them all.", "共 \(count) 条, 此处显示前 \(shown.count) 条; 全部见 small_extremes.csv。"))</p>\n"
            : ""
        let rows = shown.map { found in
            """
            <tr><td>\(nameCell(found.place, report: report))</td><td class="small">\(groupText(found.place.profile))</td>\
            <td class="n">\(found.place.rank)</td><td>\(gradeBadge(found.place.grade))</td>\
            <td class="small">\(reasonText(found.scored, report: report))</td><td class="n">\(HTMLText.both(chanceText(found.chance)))</td></tr>
            """
        }.joined(separator: "\n")
        return title + note + """
            <div class="scroll"><table><thead><tr><th>\(HTMLText.both("Institution", "机构"))</th><th>\(HTMLText.both("Level · kind · region", "级别 · 类型 · 区划"))</th>
            <th class="n">#</th><th>\(HTMLText.both("Grade", "等级"))</th><th>\(HTMLText.both("What is extreme", "极端之处"))</th><th class="n">\(HTMLText.both("Chance", "机率"))</th></tr></thead>
            <tbody>
            \(rows)
            </tbody></table></div>
            """
    }

    /// A chance as one in so many, to two digits: `1 in 4,200`.
    static func chanceText(_ chance: Double) -> BilingualText {
        guard chance >= 1e-9 else { return BilingualText("below 1 in a billion", "不到十亿分之一") }
        var many = (1 / chance).rounded()
        var power = 1.0
        while many / power >= 100 { power *= 10 }
        many = (many / power).rounded() * power
        let text = ValueText.groupedCount(Int64(many))
        return BilingualText("1 in \(text)", "1 / \(text)")
    }
}
