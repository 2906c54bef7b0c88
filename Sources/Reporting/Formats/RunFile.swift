import Indicators
import Ranking

/// `run.json`: all that is needed to make the same report again.
package enum RunFile {
    package static func text(_ report: Report) -> String {
        let provenance = report.provenance
        let indicators = report.indicators.map { bound -> JSONValue in
            .object([
                ("id", .string(bound.indicator.id)),
                ("version", .integer(Int64(bound.indicator.version))),
                ("parameters", .object(bound.settings.map { ($0.name, .string($0.value.text)) })),
            ])
        }
        return JSONValue.object([
            ("tool", .string("fundwatch")),
            ("tool_version", .string(provenance.toolVersion)),
            ("store_head", .optional(provenance.storeHead)),
            ("commit", provenance.commit.map { .integer($0) } ?? .null),
            ("as_of", .optional(provenance.asOf)),
            (
                "period",
                .object([
                    ("from", .optional(report.period.from.map(ReportingPeriod.text))),
                    ("to", .optional(report.period.to.map(ReportingPeriod.text))),
                ])
            ),
            ("language", .string(report.options.language.rawValue)),
            ("patients_revealed", .boolean(report.options.revealsPatients)),
            ("lines", .integer(report.dataQuality.lineCount)),
            ("institutions", .integer(Int64(report.ranking.institutions.count))),
            ("indicators", .array(indicators)),
            ("exemptions", .array(report.exemptions.map { exemption($0, in: report) })),
            ("ranking_parameters", .object(report.ranking.parameters.listed.map { ($0.name, .double($0.value)) })),
            ("notice", .string(Wording.notice[report.options.language])),
        ]).text
    }

    private static func exemption(_ exempted: ExemptedLines, in report: Report) -> JSONValue {
        .object([
            ("reason", .string(exempted.exemption.reason)),
            ("what", .string(exempted.words(revealsPatients: report.options.revealsPatients).english)),
            ("indicators", .array(exempted.exemption.indicatorIDs.map { .string($0) })),
            ("lines", .integer(exempted.lineCount)),
            ("fund_amount", .decimal(ValueText.money(exempted.fundCents))),
        ])
    }
}
