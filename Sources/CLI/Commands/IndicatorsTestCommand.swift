import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators

struct IndicatorsTestCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the small cases at the end of each indicator's file: rows, and the figures they must give.",
        discussion: """
            Examples:
              fundwatch indicators test
              fundwatch indicators test my_indicator --library indicators/

            Needs no store. Exit code 1 if one differs.
            """)

    @OptionGroup var common: CommonOptions<IndicatorsTestCommand>
    @OptionGroup var folder: LibraryFolder
    @Argument(help: "Ids of indicators (default: all).", completion: WordCompletion.indicators) var ids: [String] = []

    func run() throws {
        let catalog = try folder.catalog()
        // Templates stand or fall with the knowledge of a store; the tests of the program judge them.
        let indicators = ids.isEmpty ? try folder.adding(to: .builtIn()).indicators : try ids.map { try catalog.indicator($0) }
        let engine = try common.engineOptions()
        var rows = ResultRows(fields: ["indicator", "case", "result", "difference"].map { Field(name: $0, type: .text) })
        var failedCount = 0
        for indicator in indicators {
            for outcome in try CaseRun.run(indicator, engine: engine) {
                if outcome.difference != nil { failedCount += 1 }
                rows.append([
                    .text(outcome.indicatorID), .text(outcome.name), .text(outcome.difference == nil ? "ok" : "differs"),
                    outcome.difference.map { .text($0) } ?? .null,
                ])
            }
        }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
        let bare = indicators.filter(\.cases.isEmpty).map(\.id)
        if !bare.isEmpty { common.note("without a case: " + bare.joined(separator: ", ")) }
        if failedCount > 0 { throw Diagnostic(.query, failedCount == 1 ? "a case differs" : "\(failedCount) cases differ") }
    }
}
