package import Diagnostics
import Dispatch
import Glibc

/// Claims from a file or from standard input, as JSON or CSV, handed out as soon as each is complete.
package struct IncomingStream {
    package enum Form: String, Sendable, CaseIterable {
        case json
        case csv
    }

    private let path: String
    private let name: String
    private let form: Form?

    /// - Parameters:
    ///   - path: A file, or `-` for standard input.
    ///   - form: Nil to find out: JSON begins with a brace or a bracket.
    package init(path: String, form: Form? = nil) {
        self.path = path
        self.name = path == "-" ? "standard input" : path
        self.form = form
    }

    /// Hands out each claim, and each line that could not be read.
    ///
    /// - Parameter pause: Called before more is read from what may let one wait, so that whoever gathers claims can answer those there
    ///   are. Files never let one wait.
    /// - Throws: What the calls throw, and what keeps the input from being read at all.
    package func read(
        atPause pause: () throws -> Void = {}, _ body: (Result<IncomingClaim, Diagnostic>) throws -> Void
    ) throws {
        let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        let mayWait = !IncomingStream.isFile(descriptor)
        let first = try block(of: descriptor)
        let isJSON = form.map { $0 == .json } ?? IncomingStream.looksLikeJSON(first)
        if isJSON {
            try readJSON(first, descriptor, atPause: { if mayWait { try pause() } }, body)
        } else if first.isEmpty {
            throw Diagnostic(.badData, "there are no claims in it", at: SourceLocation(file: name))
        } else if path == "-" {
            try readCSV(path: IncomingStream.pipe(first, then: descriptor), atPause: { if mayWait { try pause() } }, body)
        } else {
            try readCSV(path: path, atPause: { if mayWait { try pause() } }, body)
        }
    }

    private static func isFile(_ descriptor: Int32) -> Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
        let first = bytes.first { ![0x09, 0x0A, 0x0D, 0x20, 0xEF, 0xBB, 0xBF].contains($0) }
        return first == 0x7B || first == 0x5B
    }

    private func readCSV(
        path: String, atPause pause: () throws -> Void, _ body: (Result<IncomingClaim, Diagnostic>) throws -> Void
    ) throws {
        var assembler = ClaimAssembler()
        try CSVClaims(path: path, name: name).read(atPause: pause) { line in
            switch line {
            case .success(let line): if let claim = assembler.add(line) { try body(.success(claim)) }
            case .failure(let failure): try body(.failure(failure))
            }
        }
        if let claim = assembler.finish() { try body(.success(claim)) }
    }

    private func readJSON(
        _ first: [UInt8], _ descriptor: Int32, atPause pause: () throws -> Void,
        _ body: (Result<IncomingClaim, Diagnostic>) throws -> Void
    ) throws {
        let claims = JSONClaims()
        var values = JSONValues()
        var assembler = ClaimAssembler()
        var piece = first
        while !piece.isEmpty {
            try values.add(piece) { found in
                switch found {
                case .value(let value):
                    let place = SourceLocation(file: name, line: value.line)
                    let contents: [JSONClaims.Content]
                    do throws(Diagnostic) { contents = try claims.read(value.bytes, at: place) } catch {
                        return try body(.failure(error))
                    }
                    for content in contents {
                        if content.isWholeClaim {
                            if let open = assembler.finish() { try body(.success(open)) }
                            if !content.lines.isEmpty { try body(.success(IncomingClaim(id: content.lines[0].claimID, lines: content.lines))) }
                        } else {
                            for line in content.lines { if let claim = assembler.add(line) { try body(.success(claim)) } }
                        }
                    }
                case .stray(let line):
                    try body(
                        .failure(
                            Diagnostic(
                                .badData, "something that is no JSON object", at: SourceLocation(file: name, line: line),
                                mend: "write one object a line")))
                case .tooLong(let line):
                    throw Diagnostic(
                        .badData, "a claim of more than \(JSONValues.sizeLimit >> 20) MiB", at: SourceLocation(file: name, line: line))
                }
            }
            try pause()
            piece = try block(of: descriptor)
        }
        if let claim = assembler.finish() { try body(.success(claim)) }
        if let line = values.unfinishedLine {
            try body(
                .failure(
                    Diagnostic(
                        .badData, "the object that begins here has no end", at: SourceLocation(file: name, line: line))))
        }
    }

    /// What is there to read now, at most 64 KiB; empty at the end.
    private func block(of descriptor: Int32) throws(Diagnostic) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            return Array(bytes.prefix(count))
        }
    }

    private func failure(_ code: Int32) -> Diagnostic {
        let kind: FailureKind = code == ENOENT ? .noInput : code == EACCES ? .permission : .inputOutput
        // `strerror` gives a NUL-terminated text that stays valid for the copy made here.
        return Diagnostic(kind, "cannot read: \(unsafe String(cString: strerror(code)))", at: SourceLocation(file: name))
    }

    /// A path under which the bytes can be read from their beginning again: a pipe that a thread fills.
    private static func pipe(_ first: [UInt8], then descriptor: Int32) throws(Diagnostic) -> String {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw Diagnostic(.inputOutput, "cannot make a pipe") }
        let (readEnd, writeEnd) = (ends[0], ends[1])
        signal(SIGPIPE, SIG_IGN)
        DispatchQueue.global().async {
            var piece = first
            while !piece.isEmpty {
                var written = 0
                while written < piece.count {
                    // written < piece.count
                    let count = unsafe piece.withUnsafeBytes { unsafe write(writeEnd, $0.baseAddress! + written, piece.count - written) }
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { break }
                    written += count
                }
                if written < piece.count { break }
                piece = [UInt8](repeating: 0, count: 1 << 16)
                let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
                piece.removeLast(piece.count - max(0, count))
            }
            close(writeEnd)
        }
        return "/proc/self/fd/\(readEnd)"
    }
}
