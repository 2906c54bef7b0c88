package import Indicators
package import Ranking

/// A finding in words: the institution's figure against its peers.
package enum ReasonText {
    /// “42 of 310 prescriptions (13.5 %) stand out; 1.1 % among 37 peers; z = 9.3; ¥ 12,345.67 at issue”.
    ///
    /// - Parameter isCounted: Whether its money is part of the institution's amount at issue.
    package static func words(_ scored: ScoredFigure, subject: BilingualText, isCounted: Bool = true) -> BilingualText {
        let figure = scored.figure
        let events = ValueText.groupedCount(figure.events)
        let exposure = ValueText.groupedCount(figure.exposure)
        let rate = ValueText.percent(figure.rate)
        let money = ValueText.groupedMoney(figure.amountCents)
        let atIssue =
            isCounted
            ? BilingualText("¥ \(money) at issue", "涉及金额 ¥ \(money)")
            : BilingualText("¥ \(money), not counted in the amount at issue", "金额 ¥ \(money) (不计入涉及金额)")
        guard let comparison = scored.comparison else {
            return BilingualText(
                "\(events) of \(exposure) \(subject.english) (\(rate)) stand out; no peers to compare with; \(atIssue.english)",
                "\(exposure) 个\(subject.chinese)中有 \(events) 个异常 (\(rate)); 无可比机构; \(atIssue.chinese)")
        }
        let expected = ValueText.percent(comparison.expectedRate)
        let z = ValueText.fixed(comparison.adjustedDistance, 1)
        let peers = comparison.peerCount
        return BilingualText(
            "\(events) of \(exposure) \(subject.english) (\(rate)) stand out; \(expected) among \(peers) \(peers == 1 ? "peer" : "peers"); z = \(z); \(atIssue.english)",
            "\(exposure) 个\(subject.chinese)中有 \(events) 个异常 (\(rate)); \(peers) 家同类机构为 \(expected); z = \(z); \(atIssue.chinese)")
    }

    /// The reason of a table or CSV: the indicator's id first.
    package static func line(_ scored: ScoredFigure, in report: Report) -> String {
        scored.indicatorID + ": " + words(scored, in: report)[report.options.language]
    }

    /// The finding in words, with what the report knows of the indicator.
    package static func words(_ scored: ScoredFigure, in report: Report) -> BilingualText {
        let indicator = report.indicator(scored.indicatorID)
        return words(
            scored, subject: indicator?.subject ?? BilingualText("units", "单位"), isCounted: indicator?.isCountedAtIssue ?? true)
    }
}

extension Indicator {
    /// Whether its money falls on lines, and so is part of the amount at issue.
    var isCountedAtIssue: Bool { queries.tellsLines }
}

/// Names of codes for reading.
package enum CodeName {
    package static func level(_ code: String) -> BilingualText {
        switch code {
        case "tertiary": BilingualText("tertiary", "三级")
        case "secondary": BilingualText("secondary", "二级")
        case "primary": BilingualText("primary", "一级")
        case "pharmacy": BilingualText("pharmacy", "药店")
        case "none": BilingualText("no level", "未定级")
        default: BilingualText(code, code)
        }
    }

    package static func kind(_ code: String) -> BilingualText {
        switch code {
        case "hospital": BilingualText("hospital", "医院")
        case "pharmacy": BilingualText("pharmacy", "药店")
        case "clinic": BilingualText("clinic", "诊所")
        case "none": BilingualText("no kind", "类型不详")
        default: BilingualText(code, code)
        }
    }

    /// The peer group in words.
    package static func peers(_ basis: PeerGroup.Basis) -> BilingualText {
        switch basis {
        case .levelAndKind(let level, let kind):
            let (levelName, kindName) = (CodeName.level(level), CodeName.kind(kind))
            return BilingualText(
                "same level and kind (\(levelName.english), \(kindName.english))",
                "同级别同类型 (\(levelName.chinese), \(kindName.chinese))")
        case .kind(let kind):
            let name = CodeName.kind(kind)
            return BilingualText("same kind (\(name.english))", "同类型 (\(name.chinese))")
        case .everyone: return BilingualText("all institutions", "全部机构")
        }
    }
}
