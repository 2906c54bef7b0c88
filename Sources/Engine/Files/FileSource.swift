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

    /// Bytes of the file or of what came through a pipe.
    var size: Int { version?.size ?? SourceDigest.sizeOfFile(input.path) ?? 0 }

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
            try FileSources.refuseAddress(pattern)
            let names = FilePattern.files(pattern)
            if names.isEmpty {
                throw Diagnostic(
                    .noInput, "no file matches \"\(pattern)\"", mend: "check the path; it begins at the folder you are in")
            }
            for name in names { sources.append(FileSource(name: name, input: try input(name, engine))) }
        }
        return sources
    }

    /// - Throws: for an address on a network, of which no file is fetched.
    static func refuseAddress(_ name: String) throws(Diagnostic) {
        guard let end = name.firstRange(of: "://")?.lowerBound, end > name.startIndex, name[..<end].allSatisfy({ $0.isASCII && $0.isLetter || $0.isNumber }),
            name[..<end].lowercased() != "file", FileVersion(path: name) == nil
        else { return }
        throw Diagnostic(
            .noInput, "nothing is read over the network", at: SourceLocation(file: name), mend: "fetch the file first, and name it where it then lies")
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
