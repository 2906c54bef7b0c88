import ArgumentParser
import Diagnostics
import Engine
import Glibc

/// The command line of Fundwatch.
@main
struct Fundwatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fundwatch",
        abstract: """
            Examples:
              fundwatch ingest institutions.csv --table institutions
              fundwatch ingest claims-2025-*.csv.gz
              fundwatch sql "select visit_type, count(*), sum(fund_amount) from claims group by 1 order by 3 desc"
              fundwatch indicators run visit_frequency --set minimum_claims=12
              fundwatch evidence male_gynecology H33010000012
              fundwatch report --out report/

            Fundwatch loads medical-insurance claims into a compressed columnar store, computes anomaly indicators over
            every line, and ranks institutions with reasons.
            """,
        discussion: """
            The store is the folder --store names, else $FUNDWATCH_STORE, else ./fundwatch-store. Results go to standard
            output, progress and summaries to standard error.
            """,
        version: toolVersion,
        subcommands: [
            IngestCommand.self, SniffCommand.self, SQLCommand.self, IndicatorsCommand.self, EvidenceCommand.self,
            ReportCommand.self, NightlyCommand.self, CheckCommand.self, SampleCommand.self, FeedbackCommand.self,
            StatsCommand.self, BatchesCommand.self, DropBatchCommand.self, CompactCommand.self, VerifyCommand.self,
            GarbageCommand.self, GenerateCommand.self, BenchCommand.self,
        ])

    static let toolVersion = "0.1.0"

    static func main() {
        EngineProcess.tune()
        Interruption.install()
        do {
            // Called by its bare name on a terminal it is the shell.
            let isBare = CommandLine.argc == 1 && isatty(0) == 1 && (isatty(1) == 1 || isatty(2) == 1)
            var command = try parseAsRoot(isBare ? ["sql"] : nil)
            try command.run()
        } catch let error as any DiagnosableError {
            FailureReport.exit(with: error.diagnostic)
        } catch {
            exit(withError: error)
        }
    }
}
