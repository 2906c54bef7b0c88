import Foundation
import Glibc

/// How a process ended and what it wrote.
struct ProcessOutcome {
    enum Ending: Hashable {
        case exited(code: Int32)
        case killed(signal: Int32)
        /// It was still running at its time limit and was killed.
        case ranOutOfTime
    }

    var ending: Ending
    var outputBytes: [UInt8]
    var errorBytes: [UInt8]

    /// nil if the process did not exit by itself.
    var exitCode: Int32? { if case .exited(let code) = ending { code } else { nil } }
    var output: String { String(decoding: outputBytes, as: UTF8.self) }
    var errors: String { String(decoding: errorBytes, as: UTF8.self) }
}

/// What a process reads from its standard input.
enum ProcessInput {
    case nothing
    case bytes([UInt8])
    /// A pipe the test writes to, and closes when it likes.
    case pipe
}

/// A started process.
///
/// Its output goes to files, so that no pipe can fill up while nobody reads.
final class RunningProcess {
    private let process = Process()
    private let folder: TemporaryFolder
    private let pipe: Pipe?

    /// Starts an executable.
    ///
    /// `environment` is added to that of the tests, from which the tool's own variables are taken out; `output` is a file
    /// or device to write standard output to instead.
    init(
        _ executable: URL, _ arguments: [String], environment: [String: String] = [:], input: ProcessInput = .nothing,
        output: String? = nil, workingFolder: String? = nil
    ) throws {
        folder = try TemporaryFolder()
        process.executableURL = executable
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment
        for name in variables.keys where name.hasPrefix("FUNDWATCH_") || name == "NO_COLOR" { variables[name] = nil }
        process.environment = variables.merging(environment) { $1 }
        if let workingFolder { process.currentDirectoryURL = URL(fileURLWithPath: workingFolder, isDirectory: true) }
        process.standardOutput =
            try output.map { try RunningProcess.writer($0) }
            ?? RunningProcess.writer(folder.write("output", ""))
        process.standardError = try RunningProcess.writer(folder.write("errors", ""))
        switch input {
        case .nothing:
            pipe = nil
            process.standardInput = FileHandle.nullDevice
        case .bytes(let bytes):
            pipe = nil
            process.standardInput = FileHandle(forReadingAtPath: try folder.write("input", bytes))
        case .pipe:
            let made = Pipe()
            pipe = made
            process.standardInput = made
        }
        try process.run()
        // The child has its own copy of the end it reads.
        try pipe?.fileHandleForReading.close()
    }

    private static func writer(_ path: String) throws -> FileHandle {
        try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    var isRunning: Bool { process.isRunning }

    func send(signal number: Int32) { if process.isRunning { kill(process.processIdentifier, number) } }

    /// Writes to the pipe it reads from.
    func feed(_ bytes: [UInt8]) throws { try pipe?.fileHandleForWriting.write(contentsOf: Data(bytes)) }

    func closeInput() throws { try pipe?.fileHandleForWriting.close() }

    /// Waits for the end, for `limitSeconds` at most.
    func wait(limitSeconds: Double = 120) throws -> ProcessOutcome {
        let start = ContinuousClock.now
        var ranOutOfTime = false
        while process.isRunning {
            if ContinuousClock.now - start > .seconds(limitSeconds) {
                ranOutOfTime = true
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                break
            }
            usleep(2000)
        }
        let ending: ProcessOutcome.Ending =
            if ranOutOfTime {
                .ranOutOfTime
            } else if process.terminationReason == .uncaughtSignal {
                .killed(signal: process.terminationStatus)
            } else {
                .exited(code: process.terminationStatus)
            }
        return ProcessOutcome(
            ending: ending, outputBytes: try FileContent.bytes(folder.path("output")),
            errorBytes: try FileContent.bytes(folder.path("errors")))
    }
}
