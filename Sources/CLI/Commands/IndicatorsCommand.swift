import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators

struct IndicatorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "indicators",
        abstract: "The library of anomaly indicators and their figures for each institution.",
        discussion: """
            Examples:
              fundwatch indicators list
              fundwatch indicators show prescription_size
              fundwatch indicators run visit_frequency --from 2025-01-01 --to 2025-07-01 --format csv
              fundwatch indicators tune visit_frequency --values 6,8,10,12,15
            """,
        subcommands: [
            IndicatorsListCommand.self, IndicatorsShowCommand.self, IndicatorsRunCommand.self, IndicatorsTuneCommand.self,
            IndicatorsTestCommand.self,
        ],
        defaultSubcommand: IndicatorsListCommand.self)
}

/// Which indicators, with which parameters, over which period.
struct IndicatorOptions: ParsableArguments {
    @OptionGroup var libraryOptions: LibraryOptions

    @Option(name: .long, help: ArgumentHelp("First day of settlement that counts.", valueName: "date"))
    var from: String?

    @Option(name: .long, help: ArgumentHelp("First day of settlement that counts no more.", valueName: "date"))
    var to: String?

    func catalog() throws -> IndicatorCatalog { try libraryOptions.catalog() }

    /// What a report asks of the store, with its parameters set.
    func reported(in database: Database) throws -> [BoundIndicator] {
        try libraryOptions.reported(in: database, period: try period())
    }

    func period() throws -> ReportingPeriod { try ReportingPeriod(from: from, to: to) }

    /// The indicator with its parameters set.
    func bind(_ indicator: Indicator) throws -> BoundIndicator {
        try libraryOptions.bind(indicator, period: try period())
    }

    /// The indicator with one more parameter set.
    func bind(_ indicator: Indicator, setting name: String, to value: String) throws -> BoundIndicator {
        try libraryOptions.bind(indicator, period: try period(), more: [name: value])
    }

    func bindAll(_ indicators: [Indicator]) throws -> [BoundIndicator] {
        try libraryOptions.bindAll(indicators, period: try period())
    }
}

struct IndicatorsListCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "All indicators, a line each; or the 88 rules of the national library with what covers them.",
        discussion: """
            Examples:
              fundwatch indicators list
              fundwatch indicators list --national --lang zh -o rules.xlsx
            """)

    static let ignoredOptions: Set<CommonOption> = [.timing]

    @OptionGroup var common: CommonOptions<IndicatorsListCommand>
    @OptionGroup var folder: LibraryFolder

    @Flag(help: "The 88 rules of the national library: the indicators that cover each, or the input that is missing.")
    var national = false

    func run() throws {
        let language = common.lang
        if national {
            let writer = try common.writer()
            try writer.write(try NationalRuleRows.result(language))
            try writer.sink.finish()
            return
        }
        var rows = ResultRows(fields: ["id", "title", "theme", "kind", "result", "version"].map { Field(name: $0, type: .text) })
        for indicator in try folder.catalog().indicators {
            rows.append([
                .text(indicator.id), .text(indicator.title[language]), .text(indicator.theme[language]),
                .text(indicator.kind.rawValue), .text(indicator.result.rawValue), .text(String(indicator.version)),
            ])
        }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
    }
}

struct IndicatorsShowCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "One indicator: what it asks, its parameters, its SQL.")

    static let ignoredOptions: Set<CommonOption> = [.timing]

    @OptionGroup var common: CommonOptions<IndicatorsShowCommand>
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "The indicator's id.", completion: WordCompletion.indicators) var id: String
    @Flag(help: "Only the SQL of the figures, parameters filled in.") var sql = false

    func run() throws {
        let language = common.lang
        let bound = try indicatorOptions.bind(try indicatorOptions.catalog().indicator(id))
        let sink = try common.sink()
        if sql {
            try sink.write(bound.figuresQuery + "\n")
        } else {
            try sink.write(describe(bound, language))
        }
        try sink.finish()
    }

    private func describe(_ bound: BoundIndicator, _ language: DisplayLanguage) -> String {
        let indicator = bound.indicator
        var lines = [
            "\(indicator.id)  \(indicator.title[language])  (version \(indicator.version), \(indicator.kind.rawValue), \(indicator.result.rawValue))",
            "theme:         \(indicator.theme[language])", "exposure:      \(indicator.exposure[language])",
            "event:         \(bound.event[language])", "basis:         \(indicator.basis[language])",
            "false alarms:  \(indicator.falseAlarms[language])",
        ]
        for parameter in indicator.parameters {
            let value = bound.settings.first { $0.name == parameter.name }?.value.text ?? parameter.defaultValue.text
            lines.append(
                "parameter:     \(parameter.name) = \(value) (default \(parameter.defaultValue.text); \(parameter.source)): \(parameter.description[language])")
        }
        return lines.joined(separator: "\n") + "\n\n" + bound.figuresQuery + "\n"
    }
}

struct IndicatorsRunCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Events, exposure, rate and money at issue of each institution.")

    static let ignoredOptions: Set<CommonOption> = []

    @OptionGroup var common: CommonOptions<IndicatorsRunCommand>
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "Ids of indicators; several give a table with a column for the id.", completion: WordCompletion.indicators)
    var ids: [String]

    func run() throws {
        let catalog = try indicatorOptions.catalog()
        let indicators = try ids.map { try catalog.indicator($0) }
        let asked = indicators.count == 1 ? [try indicatorOptions.bind(indicators[0])] : try indicatorOptions.bindAll(indicators)
        let database = try common.soundDatabase()
        let bound = try asked.map { try $0.fitted(to: database) }
        var fields = [
            Field(name: "institution_id", type: .text), Field(name: "events", type: .bigint),
            Field(name: "exposure", type: .bigint), Field(name: "rate", type: .double),
            Field(name: "amount", type: .numeric(precision: 38, scale: 2)),
        ]
        if bound.count > 1 { fields.insert(Field(name: "indicator", type: .text), at: 0) }
        var rows = ResultRows(fields: fields)
        for indicator in bound {
            let start = ContinuousClock.now
            for figure in try IndicatorRun.figures(of: indicator, runner: database) {
                let row: [ScalarValue] = [
                    .text(figure.institutionID), .integer(figure.events), .integer(figure.exposure), .double(figure.rate),
                    .numeric(unscaled: figure.amountCents, scale: 2),
                ]
                rows.append(bound.count > 1 ? [.text(indicator.indicator.id)] + row : row)
            }
            if common.timing {
                let (seconds, attoseconds) = (ContinuousClock.now - start).components
                StandardError.write(TimingText.line(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000, language: common.lang))
            }
        }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
    }
}

struct EvidenceCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "The rows behind one institution's figure.",
        discussion: """
            Examples:
              fundwatch evidence visit_frequency H33010000012
              fundwatch evidence male_gynecology H33010000012 -o evidence.csv

            Patient ids are shown in full: handle the output accordingly.
            """)

    static let ignoredOptions: Set<CommonOption> = [.timing]

    @OptionGroup var common: CommonOptions<EvidenceCommand>
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "The indicator's id.", completion: WordCompletion.indicators) var id: String
    @Argument(help: "The institution's id.") var institution: String

    func run() throws {
        let asked = try indicatorOptions.bind(try indicatorOptions.catalog().indicator(id))
        let database = try common.soundDatabase()
        let bound = try asked.fitted(to: database)
        let writer = try common.writer()
        let rows = try IndicatorRun.evidence(of: bound, institutionID: institution, runner: database)
        try writer.write(rows)
        try writer.sink.finish()
        if rows.rowCount == 0 {
            let name = TerminalText.sanitized(institution)
            common.note("institution \(name) has no event of \(id) in the period", "机构 \(name) 在期间内没有 \(id) 的事件")
            try common.noteIfUnknown(institution, in: database)
        }
    }
}
