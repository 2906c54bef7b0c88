import Indicators
import Ranking

extension HTMLReport {
    /// One card for each indicator: what it asks, the funnel, who stands out.
    static func indicatorSections(_ report: Report) -> String {
        var names: [String: String] = [:]
        for place in report.ranking.institutions {
            if let name = place.profile.name, !name.isEmpty { names[place.profile.institutionID] = name }
        }
        var sections = "<h2 id=\"indicators\">\(HTMLText.both("Indicators", "指标"))</h2>\n"
        sections += "<p class=\"soft small\">\(HTMLText.both("Dots: institutions. Red: z ≥ 3.09, orange: z > 2 against their own peer group. Lines: rate of all institutions with its 95 % and 99.8 % control limits, widened by the overdispersion of all.", "每点为一家机构; 红色: 相对同类机构 z ≥ 3.09, 橙色: z > 2。线: 全部机构的总体率及其 95 % 与 99.8 % 控制限 (已按总体过度离散放宽)。"))</p>\n"
        for (bound, scores) in zip(report.indicators, report.ranking.indicators) {
            sections += card(bound, scores, names: names, report: report)
        }
        return sections
    }

    private static func card(
        _ bound: BoundIndicator, _ scores: IndicatorScores, names: [String: String], report: Report
    ) -> String {
        let indicator = bound.indicator
        let events = scores.figures.reduce(Int64(0)) { $0 &+ $1.figure.events }
        let exposure = scores.figures.reduce(Int64(0)) { $0 &+ $1.figure.exposure }
        let amount = scores.figures.reduce(Int128(0)) { $0 + $1.figure.amountCents }
        let marked = scores.figures.count { $0.comparison?.isSignificant ?? false }
        let rate = exposure > 0 ? ValueText.percent(Double(events) / Double(exposure)) : "–"
        let plot =
            FunnelPlot(scores, names: names, parameters: report.ranking.parameters)?
            .svg(exposureLabel: indicator.exposure, rateLabel: BilingualText("rate of events", "事件率"))
            ?? "<p class=\"soft\">\(HTMLText.both("Fewer than two institutions have such units.", "不足两家机构有此类单位, 不作比较。"))</p>"
        let settings = bound.settings.map { setting in
            let text = indicator.parameters.first { $0.name == setting.name }?.description ?? BilingualText("", "")
            return "<code>\(HTMLText.escaped(setting.name)) = \(HTMLText.escaped(setting.value.text))</code> \(HTMLText.both(text))"
        }.joined(separator: "<br>")
        return """
            <section class="card"><h3>\(HTMLText.both(indicator.title)) <code>\(HTMLText.escaped(indicator.id))</code></h3>
            <p>\(HTMLText.sentence("\(ValueText.groupedCount(events)) of \(ValueText.groupedCount(exposure)) \(indicator.subject.english) (\(rate)) at \(scores.figures.count) institutions; ¥ \(ValueText.groupedMoney(amount)) at issue; institutions marked significant: \(marked) (false discovery rate \(ValueText.percent(report.ranking.parameters.falseDiscoveryRate)))", "\(scores.figures.count) 家机构的 \(ValueText.groupedCount(exposure)) 个\(indicator.subject.chinese)中有 \(ValueText.groupedCount(events)) 个异常 (\(rate)); 涉及金额 ¥ \(ValueText.groupedMoney(amount)); \(marked) 家显著 (错误发现率 \(ValueText.percent(report.ranking.parameters.falseDiscoveryRate)))"))</p>
            \(plot)
            <dl><dt>\(HTMLText.both("Counted", "统计对象"))</dt><dd>\(HTMLText.both(indicator.exposure))</dd>
            <dt>\(HTMLText.both("Event", "异常"))</dt><dd>\(HTMLText.both(bound.event))</dd>
            <dt>\(HTMLText.both("Nature", "性质"))</dt><dd>\(HTMLText.both(natureText(indicator)))</dd>
            <dt>\(HTMLText.both("Basis", "依据"))</dt><dd>\(HTMLText.both(indicator.basis))</dd>
            <dt>\(HTMLText.both("Guard against", "可能误报"))</dt><dd>\(HTMLText.both(indicator.falseAlarms))</dd>
            \(settings.isEmpty ? "" : "<dt>\(HTMLText.both("Parameters", "参数"))</dt><dd>\(settings)</dd>")</dl></section>

            """
    }

    private static func natureText(_ indicator: Indicator) -> BilingualText {
        let kind =
            indicator.kind == .rule
            ? BilingualText("rule", "规则") : BilingualText("statistical signal", "统计信号")
        let result =
            indicator.result == .violation
            ? BilingualText("a clear violation if confirmed", "核实后属违规")
            : BilingualText("suspicious, needs a hearing", "可疑, 需申诉核实")
        return BilingualText(
            "\(kind.english), version \(indicator.version); \(result.english)",
            "\(kind.chinese), 版本 \(indicator.version); \(result.chinese)")
    }
}
