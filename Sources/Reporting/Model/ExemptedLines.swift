package import Indicators

/// What an exemption has taken out of a report.
package struct ExemptedLines: Hashable, Sendable {
    package var exemption: Exemption
    /// Lines of the period that count and meet it.
    package var lineCount: Int64
    /// Their Fund.
    package var fundCents: Int128

    package init(exemption: Exemption, lineCount: Int64, fundCents: Int128) {
        self.exemption = exemption
        self.lineCount = lineCount
        self.fundCents = fundCents
    }

    /// Measures every exemption of the indicators, each once.
    package static func measure(
        _ indicators: [BoundIndicator], period: ReportingPeriod, runner: any QueryRunner
    ) throws -> [ExemptedLines] {
        var exemptions: [Exemption] = []
        for exemption in indicators.flatMap(\.exemptions) where !exemptions.contains(exemption) { exemptions.append(exemption) }
        return try exemptions.map { exemption in
            let reader = try AnswerReader(
                try runner.run(
                    sql: """
                        with lines as (\(period.linesQuery) and \(exemption.condition))
                        select count(*) as lines, coalesce(sum(fund_amount), 0) as fund from lines
                        """), columns: ["lines", "fund"], of: "exemptions")
            return ExemptedLines(
                exemption: exemption, lineCount: try reader.count(0, 0), fundCents: try reader.cents(0, 1))
        }
    }

    /// What is exempt, in words: `institution H33010000012, from 2025-01-01`.
    package func words(revealsPatients: Bool) -> BilingualText {
        let patients = exemption.patientIDs.map { revealsPatients ? $0 : PatientMask.masked($0) }
        var english: [String] = []
        var chinese: [String] = []
        for (name, title, values) in [
            ("institution", "机构", exemption.institutionIDs), ("patient", "患者", patients), ("item", "项目", exemption.itemCodes),
        ] where !values.isEmpty {
            let shown = values.prefix(20).joined(separator: ", ") + (values.count > 20 ? ", … (\(values.count))" : "")
            english.append("\(name) \(shown)")
            chinese.append("\(title) \(shown)")
        }
        if let from = exemption.period.from.map(ReportingPeriod.text) {
            english.append("from \(from)")
            chinese.append("\(from) 起")
        }
        if let to = exemption.period.to.map(ReportingPeriod.text) {
            english.append("before \(to)")
            chinese.append("\(to) 之前")
        }
        return BilingualText(english.joined(separator: ", "), chinese.joined(separator: ", "))
    }
}
