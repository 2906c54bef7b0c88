import Diagnostics
import Synchronization

/// One file of a table, that can be read as often as it takes.
struct FileSource: Sendable {
    /// As the statement calls it.
    let name: String
    private let input: IngestInput
    /// What tells that it has changed; nil for what was copied.
    let version: FileVersion?

    init(name: String, input: IngestInput) {
        self.name = name
        self.input = input
        version = FileVersion(path: input.path)
    }

    /// What is opened.
    var path: String { input.path }

    /// What messages call it.
    var said: String { name == "-" ? "standard input" : name }
}

/// The files that statements have named, and copies of those that can be read only once: standard input and pipes.
final class FileSources: Sendable {
    private let copies = Mutex<[String: IngestInput]>([:])

    private static let standardInput: Set<String> = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]

    /// - Parameter paths: Paths and patterns.
    /// - Throws: `noInput` if there is nothing for one of them.
    func sources(_ paths: [String], _ engine: EngineOptions) throws -> [FileSource] {
        var sources: [FileSource] = []
        for pattern in paths {
            let names = FilePattern.files(pattern)
            if names.isEmpty {
                throw Diagnostic(
                    .noInput, "no file matches \"\(pattern)\"", mend: "check the path; it begins at the folder you are in")
            }
            for name in names { sources.append(FileSource(name: name, input: try input(name, engine))) }
        }
        return sources
    }

    private func input(_ name: String, _ engine: EngineOptions) throws -> IngestInput {
        let isStandardInput = FileSources.standardInput.contains(name)
        if isStandardInput, engine.standardInputIsTaken {
            throw Diagnostic(
                .usage, "standard input has the statements, so that no rows can come from it",
                mend: "give the statement as an argument or with -f")
        }
        let path = isStandardInput ? "-" : name
        return try copies.withLock { copies in
            if let known = copies[path] { return known }
            let input = try IngestInput(path, isReadTwice: true, folder: nil, isCancelled: engine.isCancelled)
            if input.isCopy { copies[path] = input }
            return input
        }
    }
}
