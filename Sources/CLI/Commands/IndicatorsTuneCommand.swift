import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators

struct IndicatorsTuneCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Events and money of an indicator for several values of one parameter, on the data in the store.",
        discussion: """
            Examples:
              fundwatch indicators tune visit_frequency --parameter minimum_claims --values 6,8,10,12,15,20
              fundwatch indicators tune prescription_size --parameter z_limit --values 3,3.5,4,5 --institution H33010000012
            """)

    @OptionGroup var common: CommonOptions<IndicatorsTuneCommand>
    @OptionGroup var indicatorOptions: IndicatorOptions
    @Argument(help: "The indicator's id.", completion: WordCompletion.indicators) var id: String

    @Option(help: ArgumentHelp("The parameter that is tried; needless if there is only one.", valueName: "name"))
    var parameter: String?

    @Option(help: ArgumentHelp("Values to try; the one in force is always shown.", valueName: "a,b,c"))
    var values: String

    @Option(help: ArgumentHelp("Only this institution.", valueName: "id"), completion: WordCompletion.institutions)
    var institution: String?

    func run() throws {
        let indicator = try indicatorOptions.catalog().indicator(id)
        var inForce = try indicatorOptions.bind(indicator)
        let names = indicator.parameters.map(\.name)
        guard let name = parameter ?? (names.count == 1 ? names.first : nil) else {
            throw Diagnostic(
                .usage, "indicator \"\(id)\" has \(names.isEmpty ? "no parameter" : "several parameters")",
                mend: names.isEmpty ? "there is nothing to tune" : "name one with --parameter: \(names.joined(separator: ", "))")
        }
        let tried = values.split(separator: ",").map(String.init)
        if tried.isEmpty { throw Diagnostic(.usage, "--values holds no value", mend: "write them with commas, such as 6,8,10") }
        var trials: [BoundIndicator] = []
        for value in tried {
            trials.append(try indicatorOptions.bind(indicator, setting: name, to: value))
        }
        let database = try common.soundDatabase()
        // Before they are compared: the column in force has the name that the store's claims have for it.
        inForce = try inForce.fitted(to: database)
        trials = try trials.map { try $0.fitted(to: database) }
        func value(_ bound: BoundIndicator) -> ParameterValue? { bound.settings.first { $0.name == name }?.value }
        if !trials.contains(where: { value($0) == value(inForce) }) { trials.append(inForce) }
        var rows = ResultRows(fields: [
            Field(name: "value", type: .text), Field(name: "in_force", type: .boolean), Field(name: "institutions", type: .bigint),
            Field(name: "institutions_with_events", type: .bigint), Field(name: "events", type: .bigint),
            Field(name: "exposure", type: .bigint), Field(name: "rate", type: .double),
            Field(name: "amount", type: .numeric(precision: 38, scale: 2)),
        ])
        for trial in trials {
            let total = FigureTotal(
                try IndicatorRun.figures(of: trial, runner: database).filter { institution == nil || $0.institutionID == institution })
            rows.append([
                .text(value(trial)?.text ?? ""), .boolean(value(trial) == value(inForce)), .integer(Int64(total.institutionCount)),
                .integer(Int64(total.institutionsWithEvents)), .integer(total.events), .integer(total.exposure),
                total.exposure == 0 ? .null : .double(Double(total.events) / Double(total.exposure)),
                .numeric(unscaled: total.amountCents, scale: 2),
            ])
        }
        if let institution { try common.noteIfUnknown(institution, in: database) }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
    }
}
