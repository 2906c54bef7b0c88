import Foundation
import Testing

/// What `make install` puts beside the program.
@Suite("Installation")
struct InstallationTests {
    /// The verbs that `--help` lists.
    private static func verbs() throws -> [String] {
        let help = try ToolUnderTest.run(["--help"]).output
        let list = try #require(help.range(of: "SUBCOMMANDS:"))
        let verbs = help[list.upperBound...].split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("  "), line.dropFirst(2).first?.isLowercase ?? false else { return nil }
            return String(line.dropFirst(2).prefix { $0 != " " })
        }
        #expect(verbs.count > 12)
        return verbs
    }

    @Test("completion scripts name every verb, and bash accepts its own", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        let script = try ToolUnderTest.run(["--generate-completion-script", shell])
        #expect(script.ending == .exited(code: 0))
        for verb in try Self.verbs() { #expect(script.output.contains(verb), "\(verb)") }
        guard shell == "bash" else { return }
        let folder = try TemporaryFolder()
        let file = try folder.write("completion", script.outputBytes)
        #expect(try RunningProcess("/bin/bash", ["-n", file]).wait().ending == .exited(code: 0))
    }
}
