import Indicators

extension HTMLReport {
    /// How far the order holds, in sentences.
    static func stabilityTexts(_ stability: RankingStability) -> [BilingualText] {
        var texts = [
            BilingualText(
                "\(stability.sharedLeadCount) of the \(stability.leadCount) leads were leads before (then \(stability.leadCountBefore)); \(stability.sharedCount) institutions are in both reports, \(stability.arrivedCount) in this one alone, \(stability.goneCount) in the one before alone.",
                "现有 \(stability.leadCount) 条线索中有 \(stability.sharedLeadCount) 条上次已在列 (上次共 \(stability.leadCountBefore) 条); 两次报告均有的机构 \(stability.sharedCount) 家, 仅本次有 \(stability.arrivedCount) 家, 仅上次有 \(stability.goneCount) 家。")
        ]
        guard let tau = stability.tau else { return texts }
        let (share, value) = (ValueText.percent(RankingStability.sameOrderShare(tau)), ValueText.fixed(tau, 3))
        var english = "Of all pairs of institutions in both reports \(share) stand in the same order as before (Kendall's τ = \(value))"
        var chinese = "两次报告均有的机构两两相比, \(share) 先后次序不变 (Kendall τ = \(value))"
        if let tau = stability.leadTau {
            let (share, value) = (ValueText.percent(RankingStability.sameOrderShare(tau)), ValueText.fixed(tau, 3))
            english += "; of pairs of leads \(share) (τ = \(value))"
            chinese += "; 线索机构之间为 \(share) (τ = \(value))"
        }
        texts.append(BilingualText(english + ".", chinese + "。"))
        return texts
    }

    /// The grade changes that occur: `Grades: E → E 3, D → E 1`.
    static func gradeChangeText(_ stability: RankingStability) -> BilingualText {
        var parts: [String] = []
        for (before, row) in zip(RankingStability.grades, stability.gradeCounts) {
            for (now, count) in zip(RankingStability.grades, row) where count > 0 { parts.append("\(before) → \(now) \(count)") }
        }
        let list = parts.isEmpty ? "–" : parts.joined(separator: ", ")
        return BilingualText("Grades, before → now: \(list)", "等级, 上次 → 本次: \(list)")
    }

    /// The sentences, and the grades before against those now.
    static func stability(_ stability: RankingStability) -> String {
        let sentences = stabilityTexts(stability).map { "<p>\(HTMLText.sentence($0))</p>" }.joined(separator: "\n") + "\n"
        if stability.sharedCount == 0 { return sentences }
        let head = RankingStability.grades.map { "<th class=\"n\">\($0)</th>" }.joined()
        let rows = zip(RankingStability.grades, stability.gradeCounts).enumerated().map { row, entry in
            let cells = entry.1.enumerated().map { column, count in
                let text = count == 0 ? "<span class=soft>·</span>" : row == column ? String(count) : "<b>\(count)</b>"
                return "<td class=\"n\(row == column ? " same" : "")\">\(text)</td>"
            }.joined()
            return "<tr><th>\(entry.0)</th>\(cells)</tr>"
        }.joined(separator: "\n")
        return sentences + """
            <div class="scroll narrow"><table class="matrix"><thead><tr><th>\(HTMLText.both("Grade before ↓ now →", "等级: 上次 ↓ 本次 →"))</th>\(head)</tr></thead><tbody>
            \(rows)
            </tbody></table></div>

            """
    }
}
