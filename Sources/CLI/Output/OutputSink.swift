import Diagnostics
import Glibc
import Spreadsheet
import Synchronization

/// Where results go: standard output, or a file that appears whole or not at all.
final class OutputSink {
    private let descriptor: Int32
    private let finalPath: String?
    private let temporaryPath: String?
    private var isOwned = false
    /// Files this process began to write: each has a temporary name of its own, also where one replaces another.
    private static let openedCount = Atomic<Int>(0)
    private var buffer: [UInt8] = []
    private var workbook: WorkbookWriter?
    /// Whether nothing has been written yet.
    private(set) var isEmpty = true
    /// Whether control characters are made visible, for a terminal; line breaks and tabs stay.
    var showsControls = false
    /// Takes the bytes instead of a descriptor.
    private let consume: (([UInt8]) throws -> Void)?

    /// - Parameter path: A file to write, nil for standard output.
    init(path: String?) throws {
        guard let path else {
            descriptor = 1
            finalPath = nil
            temporaryPath = nil
            consume = nil
            return
        }
        if OutputSink.isSpecial(path) {
            // A device or a pipe is written to; to put a file in its place would take it from everybody.
            descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw OutputSink.failure("cannot open", path: path, code: errno) }
            finalPath = nil
            temporaryPath = nil
            consume = nil
            isOwned = true
            return
        }
        if OutputSink.isFolder(path) { throw OutputSink.failure("cannot write", path: path, code: EISDIR) }
        // What a link points to is replaced, not the link.
        let target = OutputSink.resolved(path)
        let temporary = target + ".partial-\(getpid())-\(OutputSink.openedCount.wrappingAdd(1, ordering: .relaxed).newValue)"
        let opened = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw OutputSink.failure("cannot create", path: path, code: errno) }
        descriptor = opened
        finalPath = target
        temporaryPath = temporary
        consume = nil
    }

    /// Hands all bytes on.
    init(_ consume: @escaping ([UInt8]) throws -> Void) {
        descriptor = -1
        finalPath = nil
        temporaryPath = nil
        self.consume = consume
    }

    private static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// To find that out when the rows are there already would lose them.
    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func resolved(_ path: String) -> String {
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    deinit {
        if isOwned { close(descriptor) }
        if let temporaryPath {
            close(descriptor)
            unsafe unlink(temporaryPath)
        }
    }

    func write(_ bytes: [UInt8]) throws {
        if !bytes.isEmpty { isEmpty = false }
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 18 { try flush() }
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// The workbook that this output is; each result becomes a sheet of it.
    func openedWorkbook() -> WorkbookWriter {
        if let workbook { return workbook }
        // The workbook is kept by this object and asked for nothing after it.
        let opened = WorkbookWriter { [unowned self] bytes in try self.write(bytes) }
        workbook = opened
        return opened
    }

    func flush() throws {
        if showsControls { buffer = ScreenText.visible(buffer) }
        if let consume {
            let bytes = buffer
            buffer.removeAll(keepingCapacity: true)
            if !bytes.isEmpty { try consume(bytes) }
            return
        }
        var start = 0
        while start < buffer.count {
            let written = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress! + start, bytes.count - start)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw OutputSink.failure("cannot write", path: finalPath ?? "standard output", code: errno)
            }
            start += written
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes what is left and, for a file, puts it in place.
    func finish() throws {
        try workbook?.finish()
        workbook = nil
        try flush()
        guard let finalPath, let temporaryPath else { return }
        guard fsync(descriptor) == 0, unsafe rename(temporaryPath, finalPath) == 0 else {
            throw OutputSink.failure("cannot write", path: finalPath, code: errno)
        }
    }

    private static func failure(_ what: String, path: String, code: Int32) -> Diagnostic {
        let kind: FailureKind =
            switch code {
            case ENOSPC, EDQUOT, ENOENT, EISDIR, ENOTDIR: .cannotCreate
            case EACCES, EPERM, EROFS: .permission
            default: .inputOutput
            }
        let reason = unsafe String(cString: strerror(code))
        return Diagnostic(kind, "\(what): \(reason)", at: SourceLocation(file: path), mend: "choose another place")
    }
}
