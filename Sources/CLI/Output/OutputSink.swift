import Diagnostics
import Engine
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

    /// How the bytes of a file are packed; nil for as they are.
    private let packing: FilePacking?
    private var hasPacked = false

    /// - Parameters:
    ///   - path: A file to write, nil for standard output.
    ///   - packing: How the whole file is packed.
    init(path: String?, packing: FilePacking? = nil) throws {
        consume = nil
        self.packing = packing
        guard let path else {
            descriptor = 1
            finalPath = nil
            temporaryPath = nil
            return
        }
        if let own = OutputPlace.descriptor(path) {
            guard fcntl(own, F_GETFL) >= 0 else { throw OutputSink.failure("cannot open", path: path, code: errno) }
            descriptor = own
            finalPath = nil
            temporaryPath = nil
            return
        }
        if OutputPlace.isSpecial(path) {
            // A device or a pipe is written to; to put a file in its place would take it from everybody.
            descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw OutputSink.failure("cannot open", path: path, code: errno) }
            finalPath = nil
            temporaryPath = nil
            isOwned = true
            return
        }
        if OutputPlace.isFolder(path) { throw OutputSink.failure("cannot write", path: path, code: EISDIR) }
        let target = OutputPlace.resolved(path)
        let temporary = target + ".partial-\(getpid())-\(OutputSink.openedCount.wrappingAdd(1, ordering: .relaxed).newValue)"
        let opened = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw OutputSink.failure("cannot create", path: path, code: errno) }
        OutputPlace.takeOver(target, opened)
        descriptor = opened
        finalPath = target
        temporaryPath = temporary
    }

    /// Hands all bytes on.
    init(_ consume: @escaping ([UInt8]) throws -> Void) {
        descriptor = -1
        finalPath = nil
        temporaryPath = nil
        packing = nil
        self.consume = consume
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
        // Packed in pieces, of which each begins anew: large ones pack better.
        if buffer.count >= (packing == nil ? 1 << 18 : 1 << 22) { try flush() }
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// Whether it writes a file, so that a terminal is free for other words meanwhile.
    var isFile: Bool { finalPath != nil }

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
        if let packing, !buffer.isEmpty {
            buffer = packing.pack(buffer)
            hasPacked = true
        }
        // Taken out and put back empty, so that its memory serves again.
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        try send(bytes)
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &buffer)
    }

    private func send(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress! + start, bytes.count - start)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw OutputSink.failure("cannot write", path: finalPath ?? "standard output", code: errno)
            }
            start += written
        }
    }

    /// Writes what is left and, for a file, puts it in place.
    func finish() throws {
        try workbook?.finish()
        workbook = nil
        try flush()
        if let packing, !hasPacked {
            // Nothing at all is a packed nothing: an empty file is no gzip.
            hasPacked = true
            try send(packing.pack([]))
        }
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
