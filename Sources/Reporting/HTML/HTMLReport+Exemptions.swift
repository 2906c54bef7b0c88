import Indicators

extension HTMLReport {
    static let exemptionText = BilingualText(
        "Lines that the profile takes out of indicators. They are in the claims and the fund of the ranking, not in the figures.",
        "配置文件从指标中排除的明细。排序中的结算与基金仍包含它们, 指标数值不包含。")

    /// What was exempted and why; empty without a profile that exempts.
    static func exemptions(_ report: Report) -> String {
        if report.exemptions.isEmpty { return "" }
        let rows = report.exemptions.map { exempted in
            let indicators = exempted.exemption.indicatorIDs
            let scope =
                indicators.isEmpty
                ? HTMLText.both("all", "全部")
                : indicators.map { title(ofIndicator: $0, report: report) }.joined(separator: ", ")
            return """
                <tr><td>\(HTMLText.cell(exempted.exemption.reason))</td><td>\(HTMLText.both(exempted.words(revealsPatients: report.options.revealsPatients)))</td>\
                <td class="small">\(scope)</td><td class="n">\(ValueText.groupedCount(exempted.lineCount))</td>\
                <td class="n">\(ValueText.groupedMoney(exempted.fundCents))</td></tr>
                """
        }.joined(separator: "\n")
        return """
            <h2 id="exemptions">\(HTMLText.both("Exempted", "豁免"))</h2>
            <p class="soft">\(HTMLText.both(exemptionText))</p>
            <div class="scroll"><table><thead><tr><th>\(HTMLText.both("Reason", "理由"))</th><th>\(HTMLText.both("What", "范围"))</th>
            <th>\(HTMLText.both("Indicators", "指标"))</th><th class="n">\(HTMLText.both("Lines", "行数"))</th><th class="n">\(HTMLText.both("Fund, ¥", "基金 (元)"))</th></tr></thead>
            <tbody>
            \(rows)
            </tbody></table></div>
            """
    }
}
