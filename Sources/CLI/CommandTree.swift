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
            output, progress and summaries to standard error. On a terminal and without a verb it is an interactive shell.
            """,
        version: toolVersion,
        subcommands: [
            IngestCommand.self, SniffCommand.self, SQLCommand.self, IndicatorsCommand.self, EvidenceCommand.self,
            KnowledgeCommand.self, ServeCommand.self, ReportCommand.self, NightlyCommand.self, CheckCommand.self, SampleCommand.self,
            FeedbackCommand.self, StatsCommand.self, BatchesCommand.self, DropBatchCommand.self, CompactCommand.self,
            VerifyCommand.self, GarbageCommand.self, ExportCommand.self, GenerateCommand.self, BenchCommand.self,
            DoctorCommand.self,
        ])

    static let toolVersion = EngineOptions.version

    /// The words of the command line. A statement may begin with a comment, which looks like an option: a blank before it says
    /// that it is none. So does a number below zero, which is the value of the option before it.
    private static func arguments() -> [String] {
        var words: [String] = []
        for word in CommandLine.arguments.dropFirst() {
            if word.hasPrefix("-- ") || word.hasPrefix("--\n") {
                words.append(" " + word)
            } else if let option = words.last, isNegativeNumber(word), takesValue(option), !words.contains("--") {
                words[words.count - 1] = option + "=" + word
            } else {
                words.append(word)
            }
        }
        return words
    }

    private static func isNegativeNumber(_ word: String) -> Bool {
        word.hasPrefix("-") && word.dropFirst().first.map { $0.isASCII && $0.isNumber } == true
    }

    private static func takesValue(_ word: String) -> Bool { word.hasPrefix("--") && word.count > 2 && !word.contains("=") }

    private static func run(_ parsed: any ParsableCommand) throws {
        var command = parsed
        try command.run()
    }

    /// A first word that is no verb is said to be none, with the nearest one.
    private static func refuseUnknownVerb() throws {
        guard let verb = CommandLine.arguments.dropFirst().first, !verb.hasPrefix("-"), verb != "help" else { return }
        let verbs = configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !verbs.contains(verb) else { return try refuseUnknownPart(of: verb) }
        let near = EditDistance.nearest(to: verb, among: verbs).map { "did you mean \"\($0)\"?" }
        throw Diagnostic(
            .usage, "there is no verb \"\(verb)\"", mend: near ?? "the verbs are \(verbs.joined(separator: ", ")); --help explains them")
    }

    /// The same for verbs that have parts, such as `indicators list`.
    private static func refuseUnknownPart(of verb: String) throws {
        let command = configuration.subcommands.first { $0.configuration.commandName == verb }
        let parts = command?.configuration.subcommands.compactMap { $0.configuration.commandName } ?? []
        guard !parts.isEmpty, let part = CommandLine.arguments.dropFirst(2).first, !part.hasPrefix("-"), part != "help",
            !parts.contains(part)
        else { return }
        let near = EditDistance.nearest(to: part, among: parts).map { "did you mean \"\(verb) \($0)\"?" }
        let all = parts.map { "\(verb) \($0)" }.joined(separator: ", ")
        throw Diagnostic(
            .usage, "there is no verb \"\(verb) \(part)\"", mend: near ?? "the verbs are \(all); --help explains them")
    }

    /// Standard descriptors that are closed are opened on nothing: the next file would else take their place, and what is said
    /// there would be written into it.
    private static func keepStandardDescriptors() {
        for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)] as [(Int32, Int32)]
        where fcntl(descriptor, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", mode)
        }
    }

    static func main() {
        keepStandardDescriptors()
        EngineProcess.tune()
        Interruption.install()
        do {
            // Called by its bare name on a terminal it is the shell.
            let isBare = CommandLine.argc == 1 && isatty(0) == 1 && (isatty(1) == 1 || isatty(2) == 1)
            if !isBare { try refuseUnknownVerb() }
            let command = try parseAsRoot(isBare ? ["sql"] : arguments())
            try Configuration.load()
            try run(command)
        } catch let error as any DiagnosableError {
            FailureReport.exit(with: error.diagnostic)
        } catch {
            MessageLanguage.exit(with: error)
        }
    }
}
