import Diagnostics
import Glibc
import Parquet

/// Where the bytes of one file come from, once or twice.
///
/// What cannot be read twice, such as standard input or a pipe, is copied to a private file first: in the store, so that
/// the rows of a fund are nowhere but there; among the temporary files where nothing is stored. That file has no name by the time it is filled: it goes away with the process,
/// however that ends.
@safe
final class IngestInput: Sendable {
    /// What the reader opens.
    let path: String
    /// What messages call it.
    let name: String
    /// Of a copy, else -1.
    private let descriptor: Int32
    /// What was read of standard input already, to see what comes: its reader begins with these bytes.
    let head: [UInt8]

    /// Whether the bytes were copied, so that they cannot be had again from where they came.
    var isCopy: Bool { descriptor >= 0 }

    /// - Parameters:
    ///   - isReadTwice: Whether `path` must give the same bytes again.
    ///   - folder: Where a copy goes; nil for the folder of temporary files.
    init(_ source: String, isReadTwice: Bool, folder: String?, isCancelled: () -> Bool) throws {
        name = source
        if source == "-", IngestInput.isReopenable(STDIN_FILENO) {
            path = "/proc/self/fd/\(STDIN_FILENO)"
            descriptor = -1
            head = []
            return
        }
        let first = source == "-" ? try IngestInput.firstBytes(of: STDIN_FILENO, source) : []
        // Parquet begins with its end.
        guard isReadTwice && !IngestInput.isRegularFile(source) || ParquetFile.begins(with: first) else {
            path = source
            descriptor = -1
            head = first
            return
        }
        head = []
        let folders = folder.map { [$0] } ?? IngestInput.temporaryFolders
        let copy = try IngestInput.privateFile(in: folders)
        descriptor = copy
        path = "/proc/self/fd/\(copy)"
        try IngestInput.write(first[...], to: copy, folder: folders[0])
        try IngestInput.fill(copy, from: source, folder: folders[0], isCancelled: isCancelled)
    }

    /// Bytes in a private file.
    ///
    /// - Parameter name: What messages call them.
    init(_ bytes: [UInt8], name: String) throws {
        self.name = name
        head = []
        let copy = try IngestInput.privateFile(in: IngestInput.temporaryFolders)
        descriptor = copy
        path = "/proc/self/fd/\(copy)"
        try IngestInput.write(bytes[...], to: copy, folder: IngestInput.temporaryFolders[0])
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    private static func isRegularFile(_ path: String) -> Bool {
        // A folder or a file that is not there is left to the reader, which says so.
        guard path != "-" else { return false }
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return true }
        return information.st_mode & S_IFMT == S_IFREG || information.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a descriptor is of a file, at its start, that may be opened once more.
    private static func isReopenable(_ descriptor: Int32) -> Bool {
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
            lseek(descriptor, 0, SEEK_CUR) == 0
        else { return false }
        return unsafe access("/proc/self/fd/\(descriptor)", R_OK) == 0
    }

    private static var temporaryFolders: [String] {
        let chosen = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) }
        return (chosen.map { $0.isEmpty ? [] : [$0] } ?? []) + ["/var/tmp", "/tmp"]
    }

    /// A new file that only this user may read, without a name.
    private static func privateFile(in folders: [String]) throws -> Int32 {
        var code: Int32 = 0
        for folder in folders {
            let nameless = unsafe open(folder, O_RDWR | O_CLOEXEC | temporaryFileFlag, 0o600)
            if nameless >= 0 { return nameless }
            // Not every file system can do that.
            var template = Array((folder + "/fundwatch-XXXXXX").utf8CString)
            let opened = unsafe mkstemp(&template)
            if opened >= 0 {
                _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
                unsafe _ = unlink(template)
                return opened
            }
            code = errno
        }
        throw failure("cannot make a private file for the input", folder: folders[0], code: code)
    }

    /// `O_TMPFILE` of open(2), which is no constant that Swift sees.
    private static let temporaryFileFlag: Int32 = 0o20000000 | O_DIRECTORY

    /// The first four bytes, fewer only where there are no more.
    private static func firstBytes(of descriptor: Int32, _ source: String) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4)
        var filled = 0
        while filled < bytes.count {
            // filled < bytes.count, so that there is a place to read into.
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress! + filled, $0.count - filled) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw readFailure(source, code: errno) }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    private static func fill(_ copy: Int32, from source: String, folder: String, isCancelled: () -> Bool) throws {
        let input = source == "-" ? STDIN_FILENO : unsafe open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw readFailure(source, code: errno) }
        defer { if input != STDIN_FILENO { close(input) } }
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            if isCancelled() { throw Diagnostic(.interrupted, "interrupted") }
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw readFailure(source, code: errno) }
            if count == 0 { return }
            try write(piece[..<count], to: copy, folder: folder)
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to copy: Int32, folder: String) throws {
        var written = 0
        while written < bytes.count {
            // written < bytes.count, so that there is a first byte.
            let done = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(copy, $0.baseAddress! + written, bytes.count - written) }
            if done < 0, errno == EINTR { continue }
            guard done > 0 else {
                throw failure("cannot keep a copy of the input, which must be read twice", folder: folder, code: errno)
            }
            written += done
        }
    }

    private static func readFailure(_ source: String, code: Int32) -> Diagnostic {
        let kind: FailureKind = code == EACCES || code == EPERM ? .permission : .inputOutput
        return Diagnostic(kind, "cannot read: " + text(code), at: SourceLocation(file: source))
    }

    private static func failure(_ what: String, folder: String, code: Int32) -> Diagnostic {
        let kind: FailureKind =
            switch code {
            case EACCES, EPERM, EROFS: .permission
            case ENOSPC, EDQUOT, ENOENT, EMFILE: .cannotCreate
            default: .inputOutput
            }
        return Diagnostic(
            kind, "\(what): \(text(code))", at: SourceLocation(file: folder),
            mend: "make room there, load from a file, or give the type of every column with --types '*:text'")
    }

    private static func text(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
