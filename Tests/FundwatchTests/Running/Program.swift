import Foundation

/// An executable built beside the tests.
enum Program {
    struct Failure: Error {
        let name: String
        let status: Int32
        let errors: String
    }

    /// Runs it and returns what it wrote on standard output.
    static func run(_ name: String, _ arguments: [String]) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name)
        process.arguments = arguments
        let folder = try TemporaryFolder()
        // Files, so that no pipe can fill up while nobody reads.
        for part in ["output", "errors"] { try folder.write(part, "") }
        process.standardOutput = try FileHandle(forWritingTo: folder.url.appendingPathComponent("output"))
        process.standardError = try FileHandle(forWritingTo: folder.url.appendingPathComponent("errors"))
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("FUNDWATCH_") }
            .merging(["XDG_CONFIG_HOME": "/nonexistent"]) { $1 }
        try process.run()
        process.waitUntilExit()
        func text(_ part: String) throws -> String { try String(contentsOfFile: folder.path(part), encoding: .utf8) }
        guard process.terminationStatus == 0 else {
            throw Failure(name: name, status: process.terminationStatus, errors: try text("errors"))
        }
        return try text("output")
    }

    /// Runs the command line over a store, and returns the lines of its CSV without the header.
    static func rows(_ store: FundStorePath, _ arguments: [String]) throws -> [String] {
        let output = try run("fundwatch", arguments + ["--store", store.path, "--format", "csv", "--quiet"])
        return output.split(separator: "\n").dropFirst().map { String($0.hasSuffix("\r") ? $0.dropLast() : $0) }
    }
}

/// A store that a test and the program share.
struct FundStorePath {
    let path: String
}
