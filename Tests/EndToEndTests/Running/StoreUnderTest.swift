import Foundation
import Testing

/// A store, and the tool to work on it as a user does.
struct StoreUnderTest {
    let path: String
    /// Options added to every command.
    var options: [String]
    /// The folder the store lies in, kept as long as the store is used.
    private let folder: TemporaryFolder?

    init(_ path: String, options: [String] = [], holding folder: TemporaryFolder? = nil) {
        self.path = path
        self.options = options
        self.folder = folder
    }

    /// Runs a verb with `--store`; how it ends is the caller's business.
    func run(
        _ arguments: [String], environment: [String: String] = [:], input: ProcessInput = .nothing,
        output: String? = nil
    ) throws -> ProcessOutcome {
        try start(arguments, environment: environment, input: input, output: output).wait()
    }

    func start(
        _ arguments: [String], environment: [String: String] = [:], input: ProcessInput = .nothing,
        output: String? = nil
    ) throws -> RunningProcess {
        try RunningProcess(
            ProductBinary.path(), arguments + ["--store", path] + options, environment: environment, input: input,
            output: output)
    }

    /// Runs a verb that must end with a code, 0 unless another is given.
    @discardableResult
    func run(
        _ arguments: String..., expecting code: Int32 = 0, input: ProcessInput = .nothing,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> ProcessOutcome {
        let outcome = try run(arguments, input: input)
        try require(outcome, endsWith: code, arguments, sourceLocation)
        return outcome
    }

    /// The answer of a query: rows of values, nil for NULL.
    func rows(_ query: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [[String?]] {
        let arguments = ["sql", query, "--format", "csv"]
        let outcome = try run(arguments)
        try require(outcome, endsWith: 0, arguments, sourceLocation)
        return try CSVSheet(outcome.outputBytes).rows
    }

    /// The answer of a query for one whole number.
    func count(_ query: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Int {
        let answer = try rows(query, sourceLocation: sourceLocation)
        return try #require(
            answer.first?.first.flatMap { $0 }.flatMap { Int($0) }, "\(query) gave \(answer)",
            sourceLocation: sourceLocation)
    }

    private func require(
        _ outcome: ProcessOutcome, endsWith code: Int32, _ arguments: [String], _ sourceLocation: SourceLocation
    ) throws {
        try #require(
            outcome.ending == .exited(code: code),
            """
            fundwatch \(arguments.joined(separator: " ")): expected exit code \(code), got \(outcome.ending)
            \(outcome.output.prefix(2000))\(outcome.errors.prefix(4000))
            """, sourceLocation: sourceLocation)
    }
}

/// The tool without a store.
enum ToolUnderTest {
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: ProcessInput = .nothing,
        workingFolder: String? = nil
    ) throws -> ProcessOutcome {
        try RunningProcess(
            ProductBinary.path(), arguments, environment: environment, input: input, workingFolder: workingFolder
        ).wait()
    }
}
