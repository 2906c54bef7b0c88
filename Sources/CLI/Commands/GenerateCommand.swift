import ArgumentParser
import Claims
import Diagnostics
import Glibc

struct GenerateCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make synthetic claims with planted anomalies: claims, institutions, knowledge, deaths and the truth.",
        discussion: """
            Examples:
              fundwatch generate --lines 1000000 --seed 1 --out data/

            The same seed gives the same bytes. No real persons.
            """)

    static let ignoredOptions: Set<CommonOption> = Set(CommonOption.allCases).subtracting([.quiet, .lang])

    @Option(help: ArgumentHelp("Billed lines to make.", valueName: "n"))
    var lines: Int

    @Option(help: ArgumentHelp("Seed of the random numbers.", valueName: "seed"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Folder to write into; it is made if there is none.", valueName: "dir"))
    var out: String

    @OptionGroup var common: CommonOptions<GenerateCommand>

    func run() throws {
        let generator = try ClaimGenerator(GeneratorOptions(lines: lines, seed: seed, directory: out))
        let showsProgress = !common.quiet && StandardError.isTerminal
        let summary = try generator.run { count in
            if let number = Interruption.signalNumber {
                StandardError.write("fundwatch: interrupted; the files in \(out) are incomplete, remove them\n")
                Glibc.exit(128 + number)
            }
            if showsProgress { StandardError.write("\r\(CountText.text(count)) lines") }
        }
        if showsProgress { StandardError.write("\r") }
        if !common.quiet { StandardError.write("\(summary)\n") }
    }
}
