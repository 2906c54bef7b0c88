import Foundation
import Glibc
import Testing

/// A running `fundwatch serve`, and psql to talk to it.
struct ServerUnderTest {
    let process: RunningProcess
    let port: Int
    /// Kept, so that its folder stays as long as it is served.
    private let store: StoreUnderTest

    /// Where PostgreSQL's own client lies; nil if it is not installed.
    static let client: String? = ["/usr/bin/psql", "/usr/local/bin/psql"].first { (path: String) in
        unsafe access(path, X_OK) == 0
    }

    static let missingClient: Comment = "psql is not installed (Debian: postgresql-client)"

    init(_ store: StoreUnderTest, _ options: [String] = []) throws {
        self.store = store
        process = try store.start(["serve", "--pg", "127.0.0.1:0"] + options)
        let start = ContinuousClock.now
        var found: Int?
        while found == nil, process.isRunning, ContinuousClock.now - start < .seconds(60) {
            usleep(10_000)
            let lines = process.errorsSoFar.split(separator: "\n")
            found = lines.first { $0.contains("serving") }.flatMap { line in
                line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }
            }
        }
        port = try #require(found, "the server did not start: \(process.errorsSoFar)")
    }

    /// Runs psql without the user's settings.
    func psql(_ arguments: [String], environment: [String: String] = [:], input: ProcessInput = .nothing) throws -> ProcessOutcome {
        try start(arguments, environment: environment, input: input).wait()
    }

    func start(_ arguments: [String], environment: [String: String] = [:], input: ProcessInput = .nothing) throws -> RunningProcess {
        let settings = ["PGHOST": "127.0.0.1", "PGPORT": String(port), "PGUSER": "ada", "PGDATABASE": "fund", "PAGER": "", "PGCONNECT_TIMEOUT": "30"]
        return try RunningProcess(
            try #require(ServerUnderTest.client), ["-X"] + arguments,
            environment: settings.merging(environment) { $1 }, input: input)
    }

    /// The rows of statements, fields separated by `|`.
    func rows(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let outcome = try psql(["-Atq", "-v", "ON_ERROR_STOP=1", "-c", text])
        try #require(outcome.exitCode == 0, "\(text): \(outcome.errors)", sourceLocation: sourceLocation)
        return outcome.output
    }

    /// Asks it to end and waits for that.
    func stop() throws -> ProcessOutcome {
        process.send(signal: SIGTERM)
        return try process.wait()
    }
}
