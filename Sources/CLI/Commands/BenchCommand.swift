import ArgumentParser
import Columns
import Diagnostics
import Engine

struct BenchCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure this machine: load claims, time queries and all indicators.",
        discussion: """
            Examples:
              fundwatch bench
              fundwatch bench --lines 10000000 --runs 5 --threads 8
              fundwatch bench --format csv -o bench.csv

            Measure this machine: generate claims into a temporary folder, load them, and time queries and all
            indicators, warm, the median of the runs.

            The folder is removed at the end. To compare with other engines there is `make bench` in the source tree.
            """)

    static let ignoredOptions: Set<CommonOption> = [.store, .timing]

    @Option(help: ArgumentHelp("Billed lines to make.", valueName: "n"))
    var lines = 1_000_000

    @Option(help: ArgumentHelp("Seed of the random numbers.", valueName: "seed"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Runs of each measure; the median is shown.", valueName: "n"))
    var runs = 3

    @OptionGroup var common: CommonOptions<BenchCommand>

    func run() throws {
        guard (1...1000).contains(runs) else {
            throw Diagnostic(.usage, "--runs \(runs) is not between 1 and 1000")
        }
        let folder = try TemporaryFolder(prefix: "fundwatch-bench-")
        var run = BenchRun(lines: lines, seed: seed, runs: runs, folder: folder, options: try common.engineOptions())
        if !common.quiet, StandardError.isTerminal {
            run.progress = { StandardError.write("\r\u{1B}[K\($0)") }
        }
        let report = try run.measure()
        run.progress?("")
        let writer = try common.writer()
        try writer.write(report.result())
        try writer.sink.finish()
    }
}
