import Foundation
import Testing

/// Settings from flags, variables and the file, and what `doctor` says of them.
@Suite("Configuration")
struct ConfigurationTests {
    /// Name, value and origin of the settings, as `doctor` shows them.
    private static func settings(_ arguments: [String], _ environment: [String: String]) throws -> [String: (value: String, origin: String)] {
        let outcome = try ToolUnderTest.run(["doctor", "--format", "csv"] + arguments, environment: environment)
        try #require(outcome.ending == .exited(code: 0), "\(outcome.errors)")
        let rows = try CSVSheet(outcome.outputBytes).rows.filter { $0[0] == "setting" }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[1] ?? "", ($0[2] ?? "", $0[3] ?? "")) })
    }

    @Test("a flag stands before a variable, that before the file, that before the default") func order() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("fundwatch"), withIntermediateDirectories: true)
        let file = try folder.write("fundwatch/config.yaml", "# mine\nstore: '\(folder.path("a"))'\nthreads: 1 # one\nlang: zh\nmemory = 1G\n")
        let base = ["XDG_CONFIG_HOME": folder.url.path]
        let plain = try Self.settings([], base)
        #expect(plain["threads"]?.value == "1" && plain["threads"]?.origin == "\(file):3:1")
        #expect(plain["store"]?.value == folder.path("a") && plain["memory"]?.value == "1G" && plain["color"]?.origin == "default")
        #expect(plain["configuration file"]?.value == file)
        let variable = try Self.settings([], base.merging(["FUNDWATCH_THREADS": "2", "FUNDWATCH_STORE": folder.path("b")]) { $1 })
        #expect(variable["threads"]?.value == "2" && variable["threads"]?.origin == "$FUNDWATCH_THREADS")
        #expect(variable["store"]?.value == folder.path("b"))
        let flag = try Self.settings(["--threads", "3"], base.merging(["FUNDWATCH_THREADS": "2"]) { $1 })
        #expect(flag["threads"]?.value == "3" && flag["threads"]?.origin == "--threads")
        let none = try Self.settings([], ["XDG_CONFIG_HOME": folder.path("nowhere")])
        #expect(none["lang"]?.value == "en" && none["configuration file"]?.value == "none")
        let used = try ToolUnderTest.run(["sql", "show threads"], environment: base)
        #expect(used.output == "threads\n1\n")
    }

    @Test("a wrong file or variable is 78, with its line", arguments: [
        ("threads: many\n", ":1:1: threads \"many\""), ("lang: en\nthread: 2\n", ":2:1: there is no setting \"thread\"; did you mean \"threads\"?"),
        ("just words\n", ":1:1: \"just words\""), ("color: pink\n", "auto, always or never"), ("memory: lots\n", ":1:1: memory"),
    ])
    func faults(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("config", text)
        let outcome = try ToolUnderTest.run(["sql", "select 1"], environment: ["FUNDWATCH_CONFIG": file])
        #expect(outcome.ending == .exited(code: 78) && outcome.errors.contains(message), "\(outcome.errors)")
        let variable = try ToolUnderTest.run(["sql", "select 1"], environment: ["FUNDWATCH_LANG": "fr"])
        #expect(variable.ending == .exited(code: 78) && variable.errors.contains("$FUNDWATCH_LANG"), "\(variable.errors)")
        let missing = try ToolUnderTest.run(["sql", "select 1"], environment: ["FUNDWATCH_CONFIG": folder.path("nowhere")])
        #expect(missing.ending == .exited(code: 78))
    }

    @Test("doctor finds a store sound, and says so if it is not") func health() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let none = try store.run("doctor")
        #expect(none.output.contains("none yet"))
        try store.run("ingest", folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n"), "--table", "deaths")
        let sound = try store.run("doctor", "--format", "csv").output
        for line in ["store,health,sound", "store,table deaths,1 row", "limit,open files,", "disk,free at the store,", "processor,kernels,"] {
            #expect(sound.contains(line), "\(line) in\n\(sound)")
        }
        let commits = FileContent.names(in: folder.path("store/commits"))
        for name in commits {
            var bytes = try FileContent.bytes(folder.path("store/commits/\(name)"))
            bytes[bytes.count / 2] ^= 0x20
            try Data(bytes).write(to: URL(fileURLWithPath: folder.path("store/commits/\(name)")))
        }
        try store.run("doctor", expecting: 65)
    }
}
