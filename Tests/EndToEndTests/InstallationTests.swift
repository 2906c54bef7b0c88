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
        #expect(script.output.contains(shell == "zsh" ? "'*:subcommands:(ingest sniff" : shell == "bash" ? "compgen -W 'ingest sniff" : "-fa 'ingest sniff"), "help names verbs")
        guard shell == "bash" else { return }
        let folder = try TemporaryFolder()
        let file = try folder.write("completion", script.outputBytes)
        #expect(try RunningProcess("/bin/bash", ["-n", file]).wait().ending == .exited(code: 0))
    }

    /// What Bash offers for the last of the words, by the program's own script.
    private static func offers(_ words: String..., store: StoreUnderTest, script: String) throws -> [String] {
        let program = """
            source "$1"; shift
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
            _fundwatch "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let outcome = try RunningProcess(
            "/bin/bash", ["-c", program, "bash", script, ProductBinary.path()] + words, environment: ["FUNDWATCH_STORE": store.path]
        ).wait()
        #expect(outcome.errors.isEmpty, "\(words): \(outcome.errors)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    @Test("Tab completes the ids of indicators and of the store's institutions, registered or not") func ids() throws {
        let folder = try TemporaryFolder()
        let script = try folder.write("completion", ToolUnderTest.run(["--generate-completion-script", "bash"]).outputBytes)
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        #expect(try Self.offers("evidence", "visit_frequency", "", store: store, script: script) == [])
        let claims = SourceFolder.path("SampleData/claims.csv")
        try store.run("ingest", claims)
        let billed = Set(try CSVSheet(file: claims).records.compactMap { $0["institution_id"] })
        #expect(try Self.offers("evidence", "visit_frequency", "", store: store, script: script) == billed.sorted())
        let register = try folder.write("institutions.csv", "institution_id,name\nH1,one\nH20,two\nH21,三\n'x,odd\n")
        try store.run("ingest", register, "--table", "institutions")
        #expect(try Self.offers("evidence", "visit_freq", store: store, script: script) == ["visit_frequency"])
        #expect(try Self.offers("evidence", "visit_frequency", "H2", store: store, script: script) == ["H20", "H21"])
        #expect(try Self.offers("evidence", "visit_frequency", "H22", store: store, script: script) == [])
        #expect(try Self.offers("help", "ing", store: store, script: script) == ["ingest"])
        #expect(try Self.offers("ingest", "--table", "ins", store: store, script: script) == ["institutions"])
        #expect(try Self.offers("drop-batch", "", store: store, script: script) == ["1", "2"])
        try store.run("drop-batch", "1")
        #expect(try Self.offers("drop-batch", "", store: store, script: script) == ["2"])
        #expect(try Self.offers("report", "--dossier", "H1", store: store, script: script) == ["H1"])
        #expect(try Self.offers("indicators", "tune", "visit_frequency", "--institution", "H2", store: store, script: script) == ["H20", "H21"])
    }
}
