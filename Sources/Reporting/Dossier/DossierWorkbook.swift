import Columns
import Indicators
import Ranking
import Spreadsheet

/// The dossier as a workbook: a sheet of figures, then the evidence of each finding.
package enum DossierWorkbook {
    package static func bytes(_ dossier: Dossier) -> [UInt8] {
        var bytes: [UInt8] = []
        let workbook = WorkbookWriter { bytes += $0 }
        do {
            try writeFigures(dossier, to: workbook)
            for (number, finding) in dossier.findings.enumerated() where !finding.evidence.isEmpty {
                try writeEvidence(number + 1, finding, dossier, to: workbook)
            }
            try workbook.finish()
        } catch {
            // The sink takes everything, and texts are cut before.
            preconditionFailure("dossier: \(error)")
        }
        return bytes
    }

    private static func lines(_ title: String, _ dossier: Dossier, further: [String] = []) -> [[StyledCell]] {
        ReportWorkbook.lines(title, dossier.report) + [[StyledCell(Dossier.confidential[dossier.language], .notice)]]
            + further.map { [StyledCell($0, .soft)] }
    }

    private static func writeFigures(_ dossier: Dossier, to workbook: WorkbookWriter) throws {
        let language = dossier.language
        func title(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }
        let profile = dossier.place.profile
        let name = SheetText.value(profile.name.flatMap { $0.isEmpty ? nil : $0 } ?? profile.institutionID)
        var shownName = profile.institutionID
        if case .text(let text) = name { shownName = text }
        let columns = [
            SheetColumn("#", .count, width: 5), SheetColumn(title("Indicator", "指标"), .text, width: 30),
            SheetColumn(title("Theme", "主题"), .text, width: 18), SheetColumn(title("Share of the score", "得分贡献"), .percent(decimals: 1), width: 11),
        ] + ReportWorkbook.figureColumns(language) + [
            SheetColumn(title("Events are", "异常"), .text, width: 44, wrapped: true), SheetColumn(title("Basis", "依据"), .text, width: 50, wrapped: true),
            SheetColumn(title("What may explain it", "可能的合理解释"), .text, width: 50, wrapped: true),
            SheetColumn(title("Statement of the institution", "机构说明"), .text, width: 50, wrapped: true),
        ]
        let facts = [
            profile.institutionID + " · " + HTMLReport.periodText(dossier.report.period)[language],
            title(
                "Rank \(dossier.place.rank) of \(dossier.report.ranking.institutions.count), grade \(dossier.place.grade.rawValue), score \(HTMLReport.scoreText(dossier.place.scoreTenths)); at issue ¥ \(ValueText.groupedMoney(dossier.place.amountAtIssueCents))",
                "第 \(dossier.place.rank) 名 (共 \(dossier.report.ranking.institutions.count) 家), 等级 \(dossier.place.grade.rawValue), 得分 \(HTMLReport.scoreText(dossier.place.scoreTenths)); 涉及金额 ¥ \(ValueText.groupedMoney(dossier.place.amountAtIssueCents))"),
        ]
        try workbook.beginSheet(
            SheetPlan(
                name: title("Figures", "指标"), columns: columns,
                lines: lines(title("Dossier for a hearing", "听证卷宗") + ": " + shownName, dossier, further: facts)))
        for (number, finding) in dossier.findings.enumerated() {
            let indicator = finding.indicator.indicator
            try workbook.append(
                [
                    SheetText.count(number + 1), SheetText.value(indicator.title[language]), SheetText.value(indicator.theme[language]),
                    .double(finding.scored.share),
                ] + ReportWorkbook.figureValues(finding.scored, language: language) + [
                    SheetText.value(finding.indicator.event[language]), SheetText.value(indicator.basis[language]),
                    SheetText.value(indicator.falseAlarms[language]), .null,
                ])
        }
    }

    private static func writeEvidence(
        _ number: Int, _ finding: Dossier.Finding, _ dossier: Dossier, to workbook: WorkbookWriter
    ) throws {
        let language = dossier.language
        let title = finding.indicator.indicator.title[language]
        let columns = finding.evidenceColumns.enumerated().map { place, name in
            SheetColumn(name, format(finding.evidence.lazy.map { $0[place] }.first { !$0.isNull } ?? .null), width: 18)
        }
        let count = BilingualText(
            "\(finding.evidence.count) of \(finding.evidenceRowCount) rows", "共 \(finding.evidenceRowCount) 行, 列出 \(finding.evidence.count) 行")
        try workbook.beginSheet(
            SheetPlan(name: "\(number) \(title)", columns: columns, lines: lines("\(number). \(title)", dossier, further: [count[language]])))
        for row in finding.evidence {
            try workbook.append(row.map { value in
                if case .text(let text) = value { return SheetText.value(text) }
                return value
            })
        }
    }

    private static func format(_ value: ScalarValue) -> CellFormat {
        switch value {
        case .integer: .count
        case .numeric(_, let scale): .decimal(scale: scale)
        case .date: .date
        case .timestamp: .timestamp
        case .double: .decimal(scale: 4)
        case .null, .text, .boolean, .interval: .text
        }
    }
}
