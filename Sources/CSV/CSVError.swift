package import Diagnostics

/// A file that cannot be read as CSV at all; a bad row is no error but a `RejectedRow`.
package enum CSVError: DiagnosableError, Hashable, Sendable {
    case noSuchFile(path: String)
    case permissionDenied(path: String)
    case isDirectory(path: String)
    case cannotRead(path: String, byteOffset: Int, systemMessage: String)
    /// Compressed data that cannot be unpacked; the offset counts bytes of the file on disk.
    case damagedCompression(path: String, format: String, byteOffset: Int, detail: String)
    /// A file of another kind, such as a workbook.
    case unsupportedFormat(path: String, format: String, mend: String)
    case empty(path: String)
    /// There are fewer lines in the front of the file than are to be left out.
    case tooFewLines(path: String, skipped: Int)
    /// Lines above the header are no part of the table.
    case titleRows(path: String, lineCount: Int, fieldCount: Int, usualFieldCount: Int)
    case nulBytesInHeader(path: String, wideText: WideText?)
    /// The first record cannot be split into names.
    case malformedHeader(path: String, detail: String)
    /// The first record does not end within the bytes that are searched for it.
    case headerTooLong(path: String, limitBytes: Int)
    /// No record ends within `limitBytes`.
    case recordTooLong(path: String, line: Int, limitBytes: Int)
    case unsupportedType(column: String, type: String)
    case invalidOption(name: String, value: String, mend: String)
    /// What the text is made from cannot be read.
    case source(Diagnostic)

    package var diagnostic: Diagnostic {
        switch self {
        case .source(let diagnostic): diagnostic
        case .noSuchFile(let path):
            Diagnostic(.noInput, "no such file", at: SourceLocation(file: path), mend: "check the path")
        case .permissionDenied(let path):
            Diagnostic(
                .permission, "the file may not be read", at: SourceLocation(file: path),
                mend: "grant this user read permission")
        case .isDirectory(let path):
            Diagnostic(
                .noInput, "this is a folder, expected a CSV file", at: SourceLocation(file: path),
                mend: "name the files in it")
        case .cannotRead(let path, let offset, let systemMessage):
            Diagnostic(
                .inputOutput, "cannot read at byte \(offset): \(systemMessage)",
                at: SourceLocation(file: path, byteOffset: offset))
        case .damagedCompression(let path, let format, let offset, let detail):
            Diagnostic(
                .badData, "damaged \(format) data at byte \(offset): \(detail)",
                at: SourceLocation(file: path, byteOffset: offset), mend: "copy the file again from its source")
        case .unsupportedFormat(let path, let format, let mend):
            Diagnostic(.badData, "this is \(format), expected CSV text", at: SourceLocation(file: path), mend: mend)
        case .empty(let path):
            Diagnostic(
                .badData, "the file is empty, expected a header line", at: SourceLocation(file: path),
                mend: "export it again")
        case .tooFewLines(let path, let skipped):
            Diagnostic(
                .usage, "there are no \(skipped) lines to skip before a header", at: SourceLocation(file: path),
                mend: "give --skip the number of lines above the header")
        case .titleRows(let path, let lineCount, let fieldCount, let usual):
            Diagnostic(
                .badData,
                "the first line has \(fieldCount == 1 ? "1 field" : "\(fieldCount) fields") and the rows have \(usual): line "
                    + "\(lineCount + 1) looks like the header, and what is above it like a title",
                at: SourceLocation(file: path, line: 1),
                mend: "pass --skip \(lineCount) to leave the title out, or --skip 0 if the first line is the header")
        case .nulBytesInHeader(let path, let wideText):
            Diagnostic(
                .badData, "the header line has NUL bytes, expected text", at: SourceLocation(file: path, line: 1),
                mend: wideText?.mend ?? "pass --encoding utf-16le or utf-16be if the file is UTF-16 without a byte order mark")
        case .malformedHeader(let path, let detail):
            Diagnostic(
                .badData, "the header line is malformed: \(detail)", at: SourceLocation(file: path, line: 1),
                mend: "close the quote, or choose another delimiter")
        case .headerTooLong(let path, let limit):
            Diagnostic(
                .badData, "the header line does not end within \(CSVError.sizeText(limit))",
                at: SourceLocation(file: path, line: 1),
                mend: "check that the file is CSV text with one record a line")
        case .recordTooLong(let path, let line, let limit):
            Diagnostic(
                .badData, "no record ends within \(limit) bytes", at: SourceLocation(file: path, line: line),
                mend: "check that the file is CSV with one record a line")
        case .unsupportedType(let column, let type):
            Diagnostic(
                .internalError, "column \"\(column)\" cannot be read from CSV as \(type)",
                mend: "read it as text and cast it")
        case .invalidOption(let name, let value, let mend):
            Diagnostic(.usage, "\(name) cannot be \"\(value)\"", mend: mend)
        }
    }

    private static func sizeText(_ byteCount: Int) -> String {
        byteCount % (1 << 20) == 0 ? "\(byteCount >> 20) MiB" : "\(byteCount) bytes"
    }
}
