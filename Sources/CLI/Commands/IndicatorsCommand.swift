import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators
import Ranking

struct IndicatorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "indicators",
        abstract: "The library of anomaly indicators and their figures for each institution.",
        discussion: """
            Examples:
              fundwatch indicators list
              fundwatch indicators show prescription_size
              fundwatch indicators run visit_frequency --from 2025-01-01 --to 2025-07-01 --format csv
              fundwatch indicators run duplicate_billing male_gynecology --by doctor
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
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One indicator: what it asks, its parameters, its SQL.",
        discussion: """
            Examples:
              fundwatch indicators show visit_frequency
              fundwatch indicators show my_indicator --library indicators/ -o my_indicator.md

            In Markdown (--format markdown, or a file that ends in .md) it is a page to hand on: the formula, its source, and the
            first case of the indicator's own file, with what is found in it. Needs no store.
            """)

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
        } else if isPage {
            let page = try IndicatorPage(bound, language: language, engine: try common.engineOptions())
            try sink.write(page.markdown())
            if !bound.indicator.cases.isEmpty { try sink.write("\n" + IndicatorPage.noteOnRows(language)) }
        } else {
            try sink.write(describe(bound, language))
        }
        try sink.finish()
    }

    private var isPage: Bool {
        (common.format ?? common.output.flatMap { OutputFormat(fileName: $0) }) == .markdown
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
        commandName: "run", abstract: "Events, exposure, rate and money at issue of each institution, or of what --by names.",
        discussion: """
            Examples:
              fundwatch indicators run visit_frequency
              fundwatch indicators run visit_frequency trace_code_reuse --by region:4
              fundwatch indicators run item_over_quantity --by doctor -o doctors.csv
              fundwatch indicators run supply_days --first-months 6

            Regions add up their institutions, themes those of their indicators. Of a department, doctor or patient an
            event is a claim with a line of theirs at issue, and exposure is all of their claims.
            """)

    static let ignoredOptions: Set<CommonOption> = []

    @OptionGroup var common: CommonOptions<IndicatorsRunCommand>
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "Ids of indicators; several give a table with a column for the id.", completion: WordCompletion.indicators)
    var ids: [String]

    private static let institution = "institution"

    @Option(
        help: ArgumentHelp(
            "What figures are brought together by: institution (default), theme, region (or its first digits: region:4), department, doctor or patient.",
            valueName: "grain"),
        completion: .list([IndicatorsRunCommand.institution] + Grain.names))
    var by = IndicatorsRunCommand.institution

    @Option(
        help: ArgumentHelp(
            "Only lines settled in so many first months of an institution's contract, by the register of institutions.", valueName: "n"))
    var firstMonths: Int?

    func run() throws {
        let grain = Grain(by)
        guard grain != nil || by == IndicatorsRunCommand.institution else {
            throw Diagnostic(
                .usage, "--by \(TerminalText.sanitized(by)): no such grain",
                mend: "one of institution, theme, region, region:1 to region:6, department, doctor, patient")
        }
        if let firstMonths, !(1...1200).contains(firstMonths) {
            throw Diagnostic(.usage, "--first-months \(firstMonths): not a number of months", mend: "a whole number from 1 to 1200")
        }
        let catalog = try indicatorOptions.catalog()
        // Of an institution each naming is answered, as a measurement wants it; sums over indicators take each once.
        var seen: Set<String> = []
        let wanted = grain == nil ? ids : ids.filter { seen.insert($0).inserted }
        let indicators = try wanted.map { try catalog.indicator($0) }
        let asked = indicators.count == 1 ? [try indicatorOptions.bind(indicators[0])] : try indicatorOptions.bindAll(indicators)
        let database = try common.soundDatabase()
        let bound = try asked.map { asked in
            let fitted = try asked.fitted(to: database)
            return firstMonths.map { fitted.withinFirstContractMonths($0) } ?? fitted
        }
        if let grain {
            var period = try indicatorOptions.period()
            period.firstContractMonths = firstMonths
            let start = ContinuousClock.now
            let rows = try GrainTables.result(grain, bound, period: period, language: common.lang, runner: database)
            if common.timing { writeTime(since: start) }
            let writer = try common.writer()
            try writer.write(rows)
            try writer.sink.finish()
            for indicator in bound where !indicator.indicator.queries.tellsLines && !grain.isAboveInstitutions {
                common.note(
                    "\(indicator.indicator.id) does not tell lines: it has no figures below institutions",
                    "\(indicator.indicator.id) 不指明明细: 没有机构以下的数值")
            }
            return
        }
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
            if common.timing { writeTime(since: start) }
        }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
    }

    private func writeTime(since start: ContinuousClock.Instant) {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        StandardError.write(TimingText.line(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000, language: common.lang))
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
              fundwatch evidence item_over_quantity --doctor D330100001234

            Patient ids are shown in full: handle the output accordingly.
            """)

    @OptionGroup var common: CommonOptions<EvidenceCommand>
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "The indicator's id.", completion: WordCompletion.indicators) var id: String
    @Argument(help: "The institution's id; may be left out with --doctor or --patient.", completion: WordCompletion.institutions)
    var institution: String?

    @Option(help: ArgumentHelp("Only rows of this doctor, at all institutions unless one is named.", valueName: "id"))
    var doctor: String?

    @Option(help: ArgumentHelp("Only rows of this patient, at all institutions unless one is named.", valueName: "id"))
    var patient: String?

    func run() throws {
        let names = [("doctor_id", doctor), ("patient_id", patient)].compactMap { column, id in id.map { (column, $0) } }
        guard institution != nil || !names.isEmpty else {
            throw Diagnostic(.usage, "evidence needs an institution, --doctor or --patient", mend: "fundwatch evidence \(id) H33010000012")
        }
        let asked = try indicatorOptions.bind(try indicatorOptions.catalog().indicator(id))
        let database = try common.soundDatabase()
        let bound = try asked.fitted(to: database)
        let rows: QueryResult
        if let institution, names.isEmpty {
            rows = try IndicatorRun.evidence(of: bound, institutionID: institution, runner: database)
        } else {
            rows = try GrainEvidence.rows(
                of: bound, institutionID: institution, columns: names, period: try indicatorOptions.period(), runner: database)
        }
        let writer = try common.writer()
        try writer.write(rows)
        try writer.sink.finish()
        if rows.rowCount > 0 { return }
        guard names.isEmpty, let institution else {
            return common.note("no event of \(id) has a line of that in the period", "期间内 \(id) 的事件没有其明细")
        }
        let name = TerminalText.sanitized(institution)
        common.note("institution \(name) has no event of \(id) in the period", "机构 \(name) 在期间内没有 \(id) 的事件")
        try common.noteIfUnknown(institution, in: database)
    }
}
