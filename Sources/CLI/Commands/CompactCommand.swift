import ArgumentParser
import Diagnostics
import Engine
import Storage

struct CompactCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Merge the small segments that many small files left into full ones, laid out by time.",
        discussion: """
            Examples:
              fundwatch compact
              fundwatch compact claims

            Every answer stays the same.

            One commit, all or nothing; readers are not disturbed, and batches can still be dropped. The segments that went out of use
            stay until `fundwatch gc` removes them.
            """)

    static let ignoredOptions = Set<CommonOption>.ofSummaries

    @OptionGroup var common: CommonOptions<CompactCommand>

    @Argument(help: "A table; all if none is named.", completion: WordCompletion.tables)
    var table: String?

    func run() throws {
        let database = try common.database()
        let (reports, snapshot) = try database.compact(
            tables: table.map { [$0] }, layout: { TableLayout(canonical: $0) })
        let sink = try common.sink()
        for report in reports {
            let name = TerminalText.sanitized(report.table)
            guard report.hasChanged else {
                try sink.write("\(name): nothing to compact (\(CountText.text(report.segmentCountBefore)) segments)\n")
                continue
            }
            try sink.write(
                "\(name): \(CountText.text(report.segmentCountBefore)) segments into \(CountText.text(report.segmentCountAfter)), "
                    + "\(ByteSize.text(report.sizeBefore)) into \(ByteSize.text(report.sizeAfter))\n")
        }
        try sink.finish()
        if let snapshot { common.note("  head         \(snapshot.headHash) (commit \(snapshot.commitNumber))") }
    }
}
