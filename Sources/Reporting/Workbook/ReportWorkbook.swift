import Columns
import Indicators
import Ranking
import Spreadsheet

/// `report.xlsx`: a summary, the changes, the ranking, the reasons, the small-but-extreme, a sheet for each theme, feedback, exemptions, data quality and
/// method, in the report's language.
package enum ReportWorkbook {
    package static func bytes(_ report: Report) -> [UInt8] {
        var bytes: [UInt8] = []
        let workbook = WorkbookWriter { bytes += $0 }
        do {
            try writeSummary(report, to: workbook)
            try writeChanges(report, to: workbook)
            try writeRanking(report, to: workbook)
            try writeReasons(report, to: workbook)
            try writeSmallExtremes(report, to: workbook)
            for theme in themes(report) { try writeTheme(theme, report: report, to: workbook) }
            try writeGrains(report, to: workbook)
            try writeFeedback(report, to: workbook)
            try writeExemptions(report, to: workbook)
            try writeQuality(report, to: workbook)
            try writeMethod(report, to: workbook)
            try workbook.finish()
        } catch {
            // The sink takes everything, and texts are cut before.
            preconditionFailure("report.xlsx: \(error)")
        }
        return bytes
    }

    /// Indicators of one theme with their figures, in the order of the library.
    struct Theme {
        var name: BilingualText
        var indicators: [(indicator: Indicator, scores: IndicatorScores)] = []
    }

    static func themes(_ report: Report) -> [Theme] {
        var themes: [Theme] = []
        for (bound, scores) in zip(report.indicators, report.ranking.indicators) {
            let name = bound.indicator.theme
            if let known = themes.firstIndex(where: { $0.name == name }) {
                themes[known].indicators.append((bound.indicator, scores))
            } else {
                themes.append(Theme(name: name, indicators: [(bound.indicator, scores)]))
            }
        }
        return themes
    }

    /// A title and the notice that stands on every sheet.
    static func lines(_ title: String, _ report: Report, further: [String] = []) -> [[StyledCell]] {
        [[StyledCell(title, .title)], [StyledCell(Wording.notice[report.options.language], .notice)]]
            + further.map { [StyledCell($0, .soft)] }
    }

    // MARK: - Ranking and reasons

    private static func writeRanking(_ report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let columns = [
            SheetColumn(title("Rank", "名次"), .count, width: 7), SheetColumn(title("Rank from", "名次自"), .count, width: 8),
            SheetColumn(title("Rank to", "名次至"), .count, width: 8), SheetColumn(title("Institution id", "机构编码"), .text, width: 20),
            SheetColumn(title("Name", "机构名称"), .text, width: 32), SheetColumn(title("Region", "区划"), .text, width: 10),
            SheetColumn(title("Level", "级别"), .text, width: 11), SheetColumn(title("Kind", "类型"), .text, width: 11),
            SheetColumn(title("Claims", "结算笔数"), .count, width: 12),
            SheetColumn(title("Fund, ¥", "基金支付 (元)"), .decimal(scale: 2), width: 17),
            SheetColumn(title("Score", "得分"), .decimal(scale: 1), width: 8), SheetColumn(title("Grade", "等级"), .text, width: 8),
            SheetColumn(title("At issue, ¥", "涉及金额 (元)"), .decimal(scale: 2), width: 16),
            SheetColumn(title("Rank by amount", "按金额名次"), .count, width: 10),
            SheetColumn(title("First reason", "首要原因"), .text, width: 70), SheetColumn(title("Second reason", "第二原因"), .text, width: 50),
            SheetColumn(title("Third reason", "第三原因"), .text, width: 50),
        ]
        try workbook.beginSheet(
            SheetPlan(
                name: title("Ranking", "机构排序"), columns: columns,
                lines: lines(
                    title("Ranking", "机构排序"), report, further: report.rankIntervals.isEmpty ? [] : [HTMLReport.intervalText(report)[language]])))
        for place in report.ranking.institutions {
            let profile = place.profile
            let reasons = place.reasons.prefix(3).map { reasonText($0, report: report) }
            let interval = report.rankIntervals[profile.institutionID]
            try workbook.append(
                [
                    SheetText.count(place.rank), interval.map { SheetText.count($0.lowerBound) } ?? .null,
                    interval.map { SheetText.count($0.upperBound) } ?? .null,
                    SheetText.value(profile.institutionID), SheetText.value(profile.name), SheetText.value(profile.region), SheetText.value(CodeName.level(profile.level)[language]),
                    SheetText.value(CodeName.kind(profile.kind)[language]), SheetText.count(profile.claimCount),
                    SheetText.money(profile.fundCents), .numeric(unscaled: Int128(place.scoreTenths), scale: 1),
                    .text(place.grade.rawValue), SheetText.money(place.amountAtIssueCents), SheetText.count(place.amountRank),
                ] + (0..<3).map { $0 < reasons.count ? SheetText.value(reasons[$0]) : .null })
        }
    }

    private static func writeReasons(_ report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let columns = [
            SheetColumn(title("Rank", "名次"), .count, width: 7), SheetColumn(title("Institution id", "机构编码"), .text, width: 20),
            SheetColumn(title("Name", "机构名称"), .text, width: 30), SheetColumn(title("Grade", "等级"), .text, width: 8),
            SheetColumn(title("Reason", "原因序号"), .count, width: 9), SheetColumn(title("Theme", "主题"), .text, width: 18),
            SheetColumn(title("Indicator", "指标"), .text, width: 30), SheetColumn(title("Share of the score", "得分贡献"), .percent(decimals: 1), width: 11),
        ] + figureColumns(language)
        try workbook.beginSheet(
            SheetPlan(
                name: title("Reasons", "原因"), columns: columns,
                lines: lines(
                    title("Reasons of every institution", "各机构的全部原因"), report)))
        for place in report.ranking.institutions {
            for (number, scored) in place.reasons.enumerated() {
                let indicator = report.indicator(scored.indicatorID)
                try workbook.append(
                    [
                        SheetText.count(place.rank), SheetText.value(place.profile.institutionID),
                        SheetText.value(place.profile.name), .text(place.grade.rawValue), SheetText.count(number + 1),
                        SheetText.value(indicator?.theme[language]), SheetText.value(report.title(ofIndicator: scored.indicatorID)[language]),
                        .double(scored.share),
                    ] + figureValues(scored, language: language))
            }
        }
    }

    /// The indicator's title and the finding in words.
    static func reasonText(_ scored: ScoredFigure, report: Report) -> String {
        let language = report.options.language
        return report.title(ofIndicator: scored.indicatorID)[language] + ": " + ReasonText.words(scored, in: report)[language]
    }

    // MARK: - One figure

    static func figureColumns(_ language: DisplayLanguage) -> [SheetColumn] {
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        return [
            SheetColumn(title("Events", "异常数"), .count, width: 10), SheetColumn(title("Exposure", "总数"), .count, width: 11),
            SheetColumn(title("Rate", "率"), .percent(decimals: 2), width: 10),
            SheetColumn(title("Rate of the peers", "同类机构率"), .percent(decimals: 2), width: 11),
            SheetColumn("z′", .decimal(scale: 2), width: 8),
            SheetColumn(title("At issue, ¥", "涉及金额 (元)"), .decimal(scale: 2), width: 16),
            SheetColumn(title("Excess, ¥", "超额 (元)"), .decimal(scale: 2), width: 16),
            SheetColumn(title("Significant", "显著"), .text, width: 11), SheetColumn(title("Peers", "可比机构数"), .count, width: 8),
            SheetColumn(title("Peer group", "可比组"), .text, width: 34),
        ]
    }

    static func figureValues(_ scored: ScoredFigure, language: DisplayLanguage) -> [ScalarValue] {
        let figure = scored.figure
        let comparison = scored.comparison
        let yes = BilingualText("yes", "是")[language]
        return [
            SheetText.count(figure.events), SheetText.count(figure.exposure), .double(figure.rate),
            comparison.map { .double($0.expectedRate) } ?? .null, comparison.map { .double($0.adjustedDistance) } ?? .null,
            SheetText.money(figure.amountCents), comparison.map { SheetText.money(yuan: $0.excessYuan) } ?? .null,
            comparison?.isSignificant == true ? .text(yes) : .null,
            comparison.map { SheetText.count($0.peerCount) } ?? .null,
            comparison.map { SheetText.value(CodeName.peers($0.basis)[language]) }
                ?? .text(BilingualText("no peers", "无可比机构")[language]),
        ]
    }
}
