import Columns
import Indicators
import Ranking
import Spreadsheet

extension ReportWorkbook {
    /// The figures of a theme's indicators, what stands out most first.
    static func writeTheme(_ theme: Theme, report: Report, to workbook: WorkbookWriter) throws {
        let language = report.options.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        var placeOf: [String: RankedInstitution] = [:]
        for place in report.ranking.institutions { placeOf[place.profile.institutionID] = place }
        let columns = [
            SheetColumn(title("Indicator", "指标"), .text, width: 30), SheetColumn(title("Institution id", "机构编码"), .text, width: 20),
            SheetColumn(title("Name", "机构名称"), .text, width: 30), SheetColumn(title("Region", "区划"), .text, width: 10),
            SheetColumn(title("Level", "级别"), .text, width: 11), SheetColumn(title("Kind", "类型"), .text, width: 11),
        ] + figureColumns(language) + [
            SheetColumn(title("Share of the score", "得分贡献"), .percent(decimals: 1), width: 11),
            SheetColumn(title("Rank", "名次"), .count, width: 7), SheetColumn(title("Grade", "等级"), .text, width: 8),
        ]
        let explanations = theme.indicators.map { indicator, _ in
            let event = report.indicators.first { $0.indicator.id == indicator.id }?.event ?? indicator.event
            return "\(indicator.title[language]) (\(indicator.id)): "
                + title(
                    "events are \(event.english); exposure is \(indicator.exposure.english)",
                    "异常 = \(event.chinese); 总数 = \(indicator.exposure.chinese)")
        }
        let note = title(
            "Institutions with at least one event; indicators.csv holds every figure.", "仅列有异常的机构; 全部数值见 indicators.csv。")
        try workbook.beginSheet(
            SheetPlan(
                name: theme.name[language], columns: columns,
                lines: lines(theme.name[language], report, further: explanations + [note])))
        for (indicator, scores) in theme.indicators {
            for scored in sorted(scores.figures.filter { $0.figure.events > 0 }) {
                let place = placeOf[scored.figure.institutionID]
                let profile = place?.profile
                try workbook.append(
                    [
                        SheetText.value(indicator.title[language]), SheetText.value(scored.figure.institutionID),
                        SheetText.value(profile?.name), SheetText.value(profile?.region),
                        SheetText.value(profile.map { CodeName.level($0.level)[language] }),
                        SheetText.value(profile.map { CodeName.kind($0.kind)[language] }),
                    ] + figureValues(scored, language: language) + [
                        .double(scored.share), place.map { SheetText.count($0.rank) } ?? .null,
                        place.map { .text($0.grade.rawValue) } ?? .null,
                    ])
            }
        }
    }

    /// By z′, then id; those without peers last.
    private static func sorted(_ figures: [ScoredFigure]) -> [ScoredFigure] {
        figures.sorted {
            let left = $0.comparison?.adjustedDistance ?? -.infinity
            let right = $1.comparison?.adjustedDistance ?? -.infinity
            return left != right
                ? left > right : $0.figure.institutionID.utf8.lexicographicallyPrecedes($1.figure.institutionID.utf8)
        }
    }
}
