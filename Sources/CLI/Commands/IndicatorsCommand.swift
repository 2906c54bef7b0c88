import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators

struct IndicatorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "indicators",
        abstract: """
            Examples:
              fundwatch indicators list
              fundwatch indicators show prescription_size
              fundwatch indicators run visit_frequency --from 2025-01-01 --to 2025-07-01 --format csv

            The library of anomaly indicators and their figures for each institution.
            """,
        subcommands: [IndicatorsListCommand.self, IndicatorsShowCommand.self, IndicatorsRunCommand.self],
        defaultSubcommand: IndicatorsListCommand.self)
}

/// Which indicators, with which parameters, over which period.
struct IndicatorOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A folder of your own indicators (.sql), besides the built-in ones.", valueName: "dir"))
    var library: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("A parameter's value; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(name: .long, help: ArgumentHelp("First day of settlement that counts.", valueName: "date"))
    var from: String?

    @Option(name: .long, help: ArgumentHelp("First day of settlement that counts no more.", valueName: "date"))
    var to: String?

    /// Everything that can be asked for by its id: the built-in library, the templates over knowledge points, the user's own.
    func catalog() throws -> IndicatorCatalog {
        var catalog = try IndicatorCatalog.builtIn()
        for template in try IndicatorCatalog.templates() { catalog.add(template) }
        if let library { try catalog.add(libraryAt: library) }
        return catalog
    }

    /// What a report asks: the built-in library, the templates for which the store has knowledge points, the user's own.
    func reportedIndicators(in database: Database) throws -> [Indicator] {
        var catalog = try IndicatorCatalog.builtIn()
        let attributes = try database.query("select distinct attribute from knowledge").rows()
        for template in try IndicatorCatalog.templates()
        where template.needs.contains(where: { attributes.contains([.text($0)]) }) { catalog.add(template) }
        if let library { try catalog.add(libraryAt: library) }
        return catalog.indicators
    }

    func period() throws -> ReportingPeriod { try ReportingPeriod(from: from, to: to) }

    /// The indicator with its parameters set.
    func bind(_ indicator: Indicator) throws -> BoundIndicator {
        try BoundIndicator(indicator, overrides: try BoundIndicator.overrides(settings), period: try period())
    }

    /// Several indicators: each takes the settings that name a parameter of its own; a setting nobody takes is an error.
    func bindAll(_ indicators: [Indicator]) throws -> [BoundIndicator] {
        let overrides = try BoundIndicator.overrides(settings)
        let period = try period()
        let known = Set(indicators.flatMap { $0.parameters.map(\.name) })
        if let stray = overrides.keys.sorted().first(where: { !known.contains($0) }) {
            let near = EditDistance.nearest(to: stray, among: known.sorted()).map { "did you mean \"\($0)\"?" }
            throw Diagnostic(.usage, "no indicator has a parameter \"\(stray)\"", mend: near)
        }
        return try indicators.map { indicator in
            let names = Set(indicator.parameters.map(\.name))
            return try BoundIndicator(indicator, overrides: overrides.filter { names.contains($0.key) }, period: period)
        }
    }
}

struct IndicatorsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: """
            Examples:
              fundwatch indicators list
              fundwatch indicators list --national --lang zh -o rules.xlsx

            All indicators, a line each; or the 88 rules of the national library with what covers them.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var indicatorOptions: IndicatorOptions

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
        for indicator in try indicatorOptions.catalog().indicators {
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

struct IndicatorsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "One indicator: what it asks, its parameters, its SQL.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "The indicator's id.") var id: String
    @Flag(help: "Only the SQL of the figures, parameters filled in.") var sql = false

    func run() throws {
        let language = common.lang
        let bound = try indicatorOptions.bind(try indicatorOptions.catalog().indicator(id))
        let sink = try OutputSink(path: nil)
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
            "event:         \(indicator.event[language])", "basis:         \(indicator.basis[language])",
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

struct IndicatorsRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Events, exposure, rate and money at issue of each institution.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "Ids of indicators; several give a table with a column for the id.") var ids: [String]

    func run() throws {
        let catalog = try indicatorOptions.catalog()
        let indicators = try ids.map { try catalog.indicator($0) }
        let bound = indicators.count == 1 ? [try indicatorOptions.bind(indicators[0])] : try indicatorOptions.bindAll(indicators)
        let database = try common.soundDatabase()
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
                StandardError.write(TimingText.line(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
            }
        }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
    }
}

struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: """
            Examples:
              fundwatch evidence visit_frequency H33010000012
              fundwatch evidence male_gynecology H33010000012 -o evidence.csv

            The rows behind one institution's figure. Patient ids are shown in full: handle the output accordingly.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "The indicator's id.") var id: String
    @Argument(help: "The institution's id.") var institution: String

    func run() throws {
        let bound = try indicatorOptions.bind(try indicatorOptions.catalog().indicator(id))
        let database = try common.soundDatabase()
        let writer = try common.writer()
        try writer.write(try IndicatorRun.evidence(of: bound, institutionID: institution, runner: database))
        try writer.sink.finish()
    }
}
