import Indicators

extension HTMLReport {
    /// Where the institution's fund went: a line over the months, its largest items and doctors; empty where nothing was measured.
    static func breakdown(of institutionID: String, report: Report) -> String {
        guard let breakdown = report.breakdowns.first(where: { $0.institutionID == institutionID }) else { return "" }
        return """
            <div class="parts">\(months(breakdown.months))
            \(table(breakdown.items, BilingualText("Largest items", "费用最高的项目")) { HTMLText.cell($0.name ?? $0.key) + code($0.name == nil ? "" : $0.key) })
            \(table(breakdown.doctors, BilingualText("Largest doctors", "费用最高的医生")) { HTMLText.cell($0.key) + code($0.name ?? "") })</div>
            """
    }

    private static func code(_ text: String) -> String {
        text.isEmpty ? "" : "<br><span class=\"soft small\">\(HTMLText.cell(text))</span>"
    }

    private static func table(
        _ parts: [InstitutionBreakdown.Part], _ title: BilingualText, _ cell: (InstitutionBreakdown.Part) -> String
    ) -> String {
        if parts.isEmpty { return "" }
        let rows = parts.map { part in
            "<tr><td>\(cell(part))</td><td class=\"n\">\(ValueText.groupedCount(part.lineCount))</td><td class=\"n\">\(ValueText.groupedMoney(part.fundCents))</td></tr>"
        }.joined(separator: "\n")
        return """
            <div class="scroll"><table class="small"><thead><tr><th>\(HTMLText.both(title))</th><th class="n">\(HTMLText.both("Lines", "行数"))</th><th class="n">\(HTMLText.both("Fund, ¥", "基金 (元)"))</th></tr></thead><tbody>
            \(rows)</tbody></table></div>
            """
    }

    /// Fund by month as a line from zero up; the months' names below the first and the last.
    private static func months(_ months: [InstitutionBreakdown.Part]) -> String {
        guard months.count > 1, let first = months.first, let last = months.last,
            let largest = months.max(by: { $0.fundCents < $1.fundCents }), largest.fundCents > 0
        else { return "" }
        let (left, right, top, bottom) = (10.0, 350.0, 26.0, 130.0)
        // A month without lines has its place on the line of time, and no fund.
        let start = number(of: first.key)
        let span = max(1, number(of: last.key) - start)
        var fundOf: [Int: Int128] = [:]
        for month in months { fundOf[number(of: month.key) - start] = month.fundCents }
        func across(_ place: Int) -> String { ValueText.fixed(left + Double(place) / Double(span) * (right - left), 1) }
        func up(_ fund: Int128) -> String { ValueText.fixed(bottom - max(0, Double(fund) / Double(largest.fundCents)) * (bottom - top), 1) }
        let line = (0...span).map { "\(across($0)) \(up(fundOf[$0] ?? 0))" }.joined(separator: "L")
        let peak = number(of: largest.key) - start
        let anchor = peak * 3 < span ? "start" : peak * 3 > span * 2 ? "end" : "middle"
        return """
            <div><p class="soft small">\(HTMLText.both("Fund by month", "各月基金支付"))</p>
            <svg viewBox="0 0 360 152" width="360" role="img" font-size="12" fill="#1c2430"><path d="M\(Int(left)) \(Int(bottom))H\(Int(right))" stroke="#dfe4ea"/>\
            <path d="M\(line)" fill="none" stroke="#1f5fa8" stroke-width="2" stroke-linejoin="round"/>\
            <text x="\(across(peak))" y="\(Int(top) - 8)" text-anchor="\(anchor)">\(HTMLText.escaped(largest.key)): ¥ \(ValueText.groupedMoney(largest.fundCents))</text>\
            <text x="\(Int(left))" y="\(Int(bottom) + 17)">\(HTMLText.escaped(first.key))</text><text x="\(Int(right))" y="\(Int(bottom) + 17)" text-anchor="end">\(HTMLText.escaped(last.key))</text></svg></div>
            """
    }

    /// Months since year 0 of `2025-03`.
    private static func number(of month: String) -> Int {
        let parts = month.split(separator: "-").compactMap { Int($0) }
        return parts.count == 2 ? parts[0] * 12 + parts[1] : 0
    }
}
