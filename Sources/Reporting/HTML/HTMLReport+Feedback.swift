import Columns
import Indicators

extension HTMLReport {
    static let feedbackText = BilingualText(
        "Leads that were looked into, the last review of each. An indicator of which few leads are confirmed wants another threshold: see “indicators tune”.",
        "已核查线索, 每条以最后一次核查为准。确认率低的指标应调整阈值, 见 “indicators tune”。")

    /// What reviews made of earlier leads; empty without any.
    static func feedback(_ report: Report) -> String {
        if report.feedback.isEmpty { return "" }
        let rows = FeedbackFile.rows(report).map { values -> String in
            guard case .text(let id) = values[0] else { return "" }
            let title = title(ofIndicator: id, report: report)
            func count(_ place: Int) -> String {
                if case .integer(let value) = values[place] { ValueText.groupedCount(value) } else { "–" }
            }
            func money(_ place: Int) -> String {
                if case .numeric(let cents, _) = values[place] { ValueText.groupedMoney(cents) } else { "–" }
            }
            var precision = "–"
            if case .double(let share) = values[4] { precision = ValueText.percent(share) }
            return """
                <tr><td>\(title)</td><td class="n">\(count(1))</td><td class="n">\(count(2))</td><td class="n">\(count(3))</td><td class="n">\(precision)</td>\
                <td class="n">\(money(5))</td><td class="n">\(money(6))</td><td class="n">\(money(7))</td></tr>
                """
        }.joined(separator: "\n")
        return """
            <h2 id="feedback">\(HTMLText.both("What reviews found", "核查反馈"))</h2>
            <p class="soft">\(HTMLText.both(feedbackText))</p>
            <div class="scroll"><table><thead><tr><th>\(HTMLText.both("Indicator", "指标"))</th><th class="n">\(HTMLText.both("Reviewed", "已核查"))</th>
            <th class="n">\(HTMLText.both("Confirmed", "属实"))</th><th class="n">\(HTMLText.both("Rejected", "不属实"))</th><th class="n">\(HTMLText.both("Precision", "确认率"))</th>
            <th class="n">\(HTMLText.both("Confirmed, ¥", "核实金额 (元)"))</th><th class="n">\(HTMLText.both("At issue there, ¥", "相应机构涉及金额 (元)"))</th>
            <th class="n">\(HTMLText.both("At issue in all, ¥", "全部涉及金额 (元)"))</th></tr></thead>
            <tbody>
            \(rows)
            </tbody></table></div>
            """
    }
}
