import ArgumentParser
import Diagnostics
import Engine
import Glibc

/// The command line of Fundwatch.
@main
struct Fundwatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fundwatch",
        abstract: "Anomaly indicators over medical-insurance claims, and institutions ranked by them.",
        discussion: """
            Examples:
              fundwatch ingest institutions.csv --table institutions
              fundwatch ingest claims-2025-*.csv.gz
              fundwatch sql "select visit_type, count(*), sum(fund_amount) from claims group by 1 order by 3 desc"
              fundwatch indicators run visit_frequency --set minimum_claims=12
              fundwatch evidence male_gynecology H33010000012
              fundwatch report --out report/

            Fundwatch loads claims into a compressed columnar store, computes anomaly indicators over every line, and ranks
            institutions with reasons.

            The store is the folder --store names, else $FUNDWATCH_STORE, else ./fundwatch-store. Results go to standard
            output, progress and summaries to standard error. Without a verb it is `sql`: on a terminal an interactive
            shell, else the statements that come in.
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

    /// The words with a verb in front: options may stand before it, and `sql` is meant where there is none.
    ///
    /// - Returns: nil for words that are no business of a verb: `--help`, or nothing at all where nobody types and nothing comes in.
    private static func withVerb(_ words: [String]) -> [String]? {
        guard let first = words.first else { return isatty(0) == 1 || hasPipedInput ? ["sql"] : nil }
        guard first.hasPrefix("-"), first != "-", first != "--" else { return nil }
        let verbs = configuration.subcommands.compactMap { $0.configuration.commandName }
        var place = 0
        while place < words.count {
            let word = words[place]
            if ["-h", "--help", "--help-hidden", "--version", "--experimental-dump-help"].contains(word) || word.hasPrefix("---")
                || word.hasPrefix("--generate-completion-script")
            {
                return nil
            }
            guard word.hasPrefix("-") else { break }
            place += isFlag(word) ? 1 : 2
        }
        guard place < words.count, verbs.contains(words[place]) else { return ["sql"] + words }
        return [words[place]] + words[..<place] + words[(place + 1)...]
    }

    /// The words with the part of a verb, such as `list` of `indicators`, behind the verb: options may stand between them.
    private static func withPart(_ words: [String]) -> [String] {
        let command = configuration.subcommands.first { $0.configuration.commandName == words.first }
        let parts = command?.configuration.subcommands.compactMap { $0.configuration.commandName } ?? []
        var place = 1
        while place < words.count, words[place].hasPrefix("-") { place += isFlag(words[place]) ? 1 : 2 }
        guard place > 1, place < words.count, parts.contains(words[place]) else { return words }
        return [words[0], words[place]] + words[1..<place] + words[(place + 1)...]
    }

    /// Whether no value stands behind an option that every verb has, or that of `sql` which may stand before it.
    private static func isFlag(_ word: String) -> Bool { word.contains("=") || ["--quiet", "--excel", "--timing", "--no-pager"].contains(word) }

    /// Whether statements come from a pipe or a file, rather than nothing from a device.
    private static var hasPipedInput: Bool {
        var status = stat()
        return unsafe fstat(0, &status) == 0 && [S_IFIFO, S_IFREG, S_IFSOCK].contains(status.st_mode & S_IFMT)
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
            let words = arguments()
            if let script = CompletionScript.asked(by: words) {
                print(script)
                return
            }
            let completed = withVerb(words)
            if completed == nil { try refuseUnknownVerb() }
            let command = try parseAsRoot(withPart(completed ?? words))
            try Configuration.load()
            try run(command)
        } catch let error as any DiagnosableError {
            FailureReport.exit(with: error.diagnostic)
        } catch {
            MessageLanguage.exit(with: error)
        }
    }
}
