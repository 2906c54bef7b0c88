import Diagnostics
import Glibc

/// An open file, or bytes in memory, that is read at places: every read is checked against the size.
///
/// `pread` and not a mapping: a file that is cut off while it is read gives an error, not a signal.
@safe
final class FileBytes: Sendable {
    let path: String
    let size: Int
    private let descriptor: Int32
    /// Instead of a file.
    private let memory: [UInt8]?

    /// - Parameter path: What messages call the bytes.
    init(_ bytes: [UInt8], path: String) {
        self.path = path
        size = bytes.count
        memory = bytes
        descriptor = -1
    }

    /// - Parameter name: What messages call the file.
    init(path file: String, name: String) throws(ParquetError) {
        path = name
        memory = nil
        var status = stat()
        guard unsafe stat(file, &status) == 0 else { throw FileBytes.cannotRead(path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
            throw ParquetError(
                .noInput, "this is a folder, expected a Parquet file", path: path, mend: "name the files in it: '\(folder)/**/*.parquet'")
        }
        // Asked before the file is opened: to open a pipe is to wait for its writer.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ParquetError(
                .noInput, "it is no regular file, and Parquet is read from its end", path: path, mend: "save it as a file first")
        }
        descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileBytes.cannotRead(path) }
        guard unsafe fstat(descriptor, &status) == 0 else {
            close(descriptor)
            throw FileBytes.cannotRead(path)
        }
        size = Int(status.st_size)
    }

    private static func cannotRead(_ path: String) -> ParquetError {
        let kind: FailureKind
        switch errno {
        case ENOENT, ENOTDIR: return ParquetError(.noInput, "no such file", path: path, mend: "check the path")
        case EACCES, EPERM: kind = .permission
        default: kind = .inputOutput
        }
        return ParquetError(kind, "cannot read the file: " + text(errno), path: path, mend: "check the path")
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The bytes of a range, with `PagePacking.padding` zeros behind them.
    func read(_ range: Range<Int>) throws(ParquetError) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= size)
        if let memory {
            return Array(memory[range]) + [UInt8](repeating: 0, count: PagePacking.padding)
        }
        var failure: Int32?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count + PagePacking.padding) { target, count in
            var filled = 0
            while filled < range.count {
                let got = unsafe pread(
                    descriptor, target.baseAddress! + filled, range.count - filled, off_t(range.lowerBound + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    failure = got == 0 ? 0 : errno
                    return
                }
                filled += got
            }
            unsafe (target.baseAddress! + filled).initialize(repeating: 0, count: PagePacking.padding)
            count = filled + PagePacking.padding
        }
        if let failure {
            throw failure == 0
                ? ParquetError(.badData, "the file became shorter while it was read", path: path, mend: "read it again")
                : ParquetError(.inputOutput, "cannot read the file: " + FileBytes.text(failure), path: path)
        }
        return bytes
    }

    private static func text(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
