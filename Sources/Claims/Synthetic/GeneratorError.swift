package import Diagnostics
import Glibc

/// Why sample data could not be generated.
package enum GeneratorError: DiagnosableError, Hashable {
    case lineCount(Int)
    case linesPerFile(Int)
    /// Claim files of an earlier run that would be taken for part of this one.
    case olderFile(path: String)
    case cannotCreate(path: String, errorNumber: Int32)
    case cannotWrite(path: String, errorNumber: Int32)

    package var diagnostic: Diagnostic {
        switch self {
        case .lineCount(let lines):
            Diagnostic(
                .usage, "cannot generate \(lines) lines: expected 1 to \(ClaimGenerator.maximumLines)",
                mend: "pass another number to --lines")
        case .linesPerFile(let lines):
            Diagnostic(.usage, "a file cannot hold \(lines) lines: expected at least 1", mend: "pass a larger number")
        case .olderFile(let path):
            Diagnostic(
                .cannotCreate, "a claims file of another run is in the way", at: SourceLocation(file: path),
                mend: "remove it, or generate into an empty folder")
        case .cannotCreate(let path, let number):
            Diagnostic(
                number == EACCES || number == EPERM ? .permission : .cannotCreate,
                "cannot create: \(Self.text(number))", at: SourceLocation(file: path),
                mend: "choose another folder with --out")
        case .cannotWrite(let path, let number):
            Diagnostic(
                number == ENOSPC || number == EDQUOT ? .cannotCreate : .inputOutput,
                "cannot write: \(Self.text(number))",
                at: SourceLocation(file: path), mend: "make room on the disk or generate fewer lines")
        }
    }

    private static func text(_ number: Int32) -> String {
        // strerror returns a C string that lives until this thread's next call.
        guard let message = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: message)
    }
}
