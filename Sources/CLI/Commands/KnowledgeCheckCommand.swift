import ArgumentParser
import Diagnostics
import Engine
import Knowledge

struct KnowledgeCheckCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare the points with the claims: how many of their codes are billed at all, on how many lines, for how much.",
        discussion: """
            Examples:
              fundwatch knowledge check
              fundwatch knowledge check --unknown -o unknown-codes.xlsx
              fundwatch knowledge check --overlaps

            The counts of codes that occur nowhere and of points that overlap go to standard error.
            """)

    @OptionGroup var common: CommonOptions<KnowledgeCheckCommand>

    @Flag(help: "Show the codes that no live claim has.")
    var unknown = false

    @Flag(help: "Show the points of one item and attribute that apply on the same day.")
    var overlaps = false

    func run() throws {
        if unknown, overlaps { throw Diagnostic(.usage, "--unknown and --overlaps were both given", mend: "leave one of them out") }
        let database = try common.soundDatabase()
        let unknownCodes = try database.query(KnowledgeQueries.unknownCodes)
        let overlapping = try database.query(KnowledgeQueries.overlaps)
        common.note(
            "\(CountText.text(unknownCodes.rowCount)) codes occur in no live claim (--unknown), "
                + "\(CountText.text(overlapping.rowCount)) pairs of points overlap (--overlaps)")
        let writer = try common.writer()
        try writer.write(unknown ? unknownCodes : overlaps ? overlapping : try database.query(KnowledgeQueries.hitRates))
        try writer.sink.finish()
    }
}
