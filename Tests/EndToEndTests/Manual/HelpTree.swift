import Foundation

/// The commands of the program with their options as they are declared: what `--experimental-dump-help` prints.
struct HelpTree: Decodable {
    struct Name: Decodable {
        var kind: String
        var name: String

        /// `-o` or `--output`.
        var spelled: String { (kind == "long" ? "--" : "-") + name }
    }

    struct Argument: Decodable {
        var kind: String
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var defaultValue: String?
        var allValues: [String]?
        var isOptional: Bool
        var isRepeating: Bool
        var shouldDisplay: Bool

        var spellings: [String] { (names ?? []).map(\.spelled) }
    }

    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Command]?

        /// The arguments a user is shown, those for help and version left out.
        var shown: [Argument] {
            (arguments ?? []).filter { $0.shouldDisplay && !$0.spellings.contains("--help") && !$0.spellings.contains("--version") }
        }

        /// The verbs of the program, or the parts of a verb.
        var verbs: [Command] { (subcommands ?? []).filter { $0.commandName != "help" } }
    }

    var command: Command

    static func ofProgram() throws -> Command {
        let dump = try ToolUnderTest.run(["--experimental-dump-help"])
        return try JSONDecoder().decode(HelpTree.self, from: Data(dump.outputBytes)).command
    }
}
