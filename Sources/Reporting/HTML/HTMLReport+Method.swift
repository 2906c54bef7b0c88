import Indicators
import Ranking

extension HTMLReport {
    /// What is done to the figures, in steps.
    static func methodSteps(_ parameters: RankingParameters) -> [BilingualText] {
        [
            BilingualText(
                "Every indicator counts events out of exposure at each institution. An institution is compared with those of its level and kind if at least \(parameters.minimumPeers) of them are evaluated, else with its kind, else with all.",
                "每项指标统计各机构的异常数与总数。同级别同类型机构不少于 \(parameters.minimumPeers) 家时与其比较, 否则与同类型, 再否则与全部机构比较。"),
            BilingualText(
                "z is the signed root of the binomial deviance from the rate of the other peers, divided by √φ, the overdispersion of the group; institutions that stand out are left out of the rate in a second pass.",
                "z 为相对其他同类机构总率的二项偏差带符号平方根, 再除以组内过度离散 √φ; 第二轮计算时, 突出机构不计入总率。"),
            BilingualText(
                "A finding is worth its strength (1 − 2/z′) times its materiality (the excess money, logarithmic). The score is 100 · (1 − Π(1 − finding)): clean indicators do not dilute an egregious one.",
                "每项发现的分值 = 强度 (1 − 2/z′) × 重要性 (超额金额的对数)。得分 = 100 · (1 − Π(1 − 发现)): 其他指标正常不会稀释严重问题。"),
            BilingualText(
                "Grades: E from 40, D from 20, C from 10, B from 3, else A. The amount at issue counts each billed line once. Shrunken rates and significance marks (●) are shown, not scored.",
                "等级: 40 分起为 E, 20 分起为 D, 10 分起为 C, 3 分起为 B, 其余为 A。涉及金额每行费用只计一次。收缩率与显著性标记 (●) 仅供参考, 不计分。"),
        ]
    }

    static func method(_ report: Report) -> String {
        let items = methodSteps(report.ranking.parameters).map { "<li>\(HTMLText.both($0))</li>" }.joined(separator: "\n")
        return "<h2 id=\"method\">\(HTMLText.both("Method", "方法"))</h2>\n<div class=\"card\"><ol>\n\(items)\n</ol></div>"
    }

    static func quality(_ report: Report) -> String {
        let quality = report.dataQuality
        var rows = ""
        for gap in quality.missing {
            let share = quality.lineCount > 0 ? ValueText.percent(Double(gap.lineCount) / Double(quality.lineCount)) : "–"
            rows += "<tr><td><code>\(HTMLText.escaped(gap.column))</code></td><td class=\"n\">\(ValueText.groupedCount(gap.lineCount))</td><td class=\"n\">\(share)</td></tr>\n"
        }
        let unlisted = report.ranking.institutions.count { !$0.profile.isListed }
        var span = ""
        if let first = quality.firstSettledAt, let last = quality.lastSettledAt {
            span = "<p>\(HTMLText.both("First and last settlement: \(first), \(last).", "最早与最晚结算: \(first), \(last)。"))</p>"
        }
        let notes = quality.notes.map { "<p>\(HTMLText.both($0))</p>" }.joined(separator: "\n")
        return """
            <h2 id="quality">\(HTMLText.both("Data quality", "数据质量"))</h2>
            <div class="card"><p>\(HTMLText.both("\(ValueText.groupedCount(quality.lineCount)) lines count: live, of the period, of positive quantity. \(unlisted) of \(report.ranking.institutions.count) institutions are missing in the register and are compared as “no level, no kind”.", "计入 \(ValueText.groupedCount(quality.lineCount)) 行: 有效、在期间内、数量为正。\(report.ranking.institutions.count) 家机构中有 \(unlisted) 家不在名录中, 按“未定级、类型不详”比较。"))</p>
            \(span)
            \(notes)
            \(rows.isEmpty ? "" : "<table><thead><tr><th>\(HTMLText.both("Lines without", "缺少的列"))</th><th class=\"n\">\(HTMLText.both("Lines", "行数"))</th><th class=\"n\">\(HTMLText.both("Share", "占比"))</th></tr></thead><tbody>\n\(rows)</tbody></table>")
            <p class="soft small">\(HTMLText.both("Missing uploads and wrong sex, age or dates make false alarms: look at the evidence before acting.", "漏传数据以及性别、年龄、日期错误都会造成误报: 采取措施前请先核对证据明细。"))</p></div>
            """
    }

    static func provenance(_ report: Report) -> String {
        let provenance = report.provenance
        func row(_ english: String, _ chinese: String, _ value: String) -> String {
            "<dt>\(HTMLText.both(english, chinese))</dt><dd>\(value)</dd>\n"
        }
        let versions = report.indicators.map { "\($0.indicator.id) \($0.indicator.version)" }.joined(separator: ", ")
        return """
            <h2 id="provenance">\(HTMLText.both("Provenance", "来源"))</h2>
            <div class="card"><dl>
            \(row("Store head", "数据快照", "<code>\(HTMLText.escaped(provenance.storeHead ?? "–"))</code>"))\
            \(row("Commit", "提交号", provenance.commit.map { String($0) } ?? "–"))\
            \(row("Period", "期间", HTMLText.both(periodText(report.period))))\
            \(row("As of", "截至", HTMLText.escaped(provenance.asOf ?? "–")))\
            \(row("Version", "版本", "fundwatch \(HTMLText.escaped(provenance.toolVersion))"))\
            \(row("Indicators", "指标版本", HTMLText.escaped(versions)))\
            \(row("Patient ids", "患者编号", report.options.revealsPatients ? HTMLText.both("shown", "已显示") : HTMLText.both("masked", "已脱敏")))</dl>
            <p class="soft small">\(HTMLText.both("run.json holds all parameters; ranking.csv, ranking.json and indicators.csv hold all rows.", "全部参数见 run.json; 全部数据见 ranking.csv、ranking.json 与 indicators.csv。"))</p></div>
            """
    }
}
