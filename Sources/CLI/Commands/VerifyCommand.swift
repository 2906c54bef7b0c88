import ArgumentParser
import Diagnostics
import Engine
import Storage

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: """
            Examples:
              fundwatch verify
              fundwatch verify --expect-head 3f9a…

            Check every checksum, decode every block, and follow the chain of commits to its start.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("Fail unless the newest commit has this hash, as a report printed it.", valueName: "hash"))
    var expectHead: String?

    func run() throws {
        Interruption.endAtOnce()
        let store = try Store.open(common.path)
        let report = try store.verify(deep: true)
        for problem in report.problems {
            StandardError.write(DiagnosticRenderer.oneLine(problem.diagnostic) + "\n")
        }
        guard report.isSound else {
            throw Diagnostic(
                .badData, "\(report.problems.count) problem(s) found", at: SourceLocation(file: common.path),
                mend: "restore the named files from a copy, or load the data into a new store")
        }
        let snapshot = try store.snapshot()
        if let expectHead, expectHead.lowercased() != snapshot.headHash {
            throw Diagnostic(
                .query, "the newest commit is \(snapshot.headHash), expected \(expectHead)",
                at: SourceLocation(file: common.path), mend: "find out who changed the store since that report")
        }
        let sink = try OutputSink(path: nil)
        try sink.write(
            """
            sound: \(report.manifestCount) commits, \(report.segmentCount) segments, \(report.dictionaryCount) dictionaries, \
            \(report.blockCount) blocks, \(ByteSize.text(report.checkedSize)) checked
            head: \(snapshot.headHash) (commit \(snapshot.commitNumber))

            """)
        try sink.finish()
    }
}
