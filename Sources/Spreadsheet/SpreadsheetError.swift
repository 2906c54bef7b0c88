package import Diagnostics

/// Why a workbook cannot be written or read: where, what was found, what was expected.
package enum SpreadsheetError: DiagnosableError, Hashable {
    /// A value that no workbook can hold.
    case cannotHold(sheet: String, row: Int, column: Int, what: String, mend: String)
    /// A part of the workbook would pass what a packed file can hold.
    case tooLarge(part: String)
    /// The file is not a workbook, or not one that is understood; `part` is a file within the package.
    case notUnderstood(path: String, part: String, found: String, expected: String)
    /// A cell that is not understood, by its sheet and reference such as `C7`.
    case badCell(path: String, sheet: String, reference: String, found: String, expected: String)
    /// The file asks for more than is read: a bomb, or simply too much.
    case beyondLimit(path: String, what: String, limit: String)
    case noSuchFile(path: String)
    case cannotRead(path: String, reason: String, isPermission: Bool)

    package var diagnostic: Diagnostic {
        switch self {
        case .cannotHold(let sheet, let row, let column, let what, let mend):
            Diagnostic(
                .badData, "sheet \"\(sheet)\", cell \(CellReference.text(row: row, column: column)): \(what)", mend: mend)
        case .tooLarge(let part):
            Diagnostic(
                .badData, "\(part) would be larger than 4 GiB, more than a workbook holds",
                mend: "write CSV instead, or fewer columns")
        case .notUnderstood(let path, let part, let found, let expected):
            Diagnostic(
                .badData, (part.isEmpty ? "" : "\(part): ") + "found \(found), expected \(expected)",
                at: SourceLocation(file: path), mend: "open it in a spreadsheet program and save it as .xlsx again")
        case .badCell(let path, let sheet, let reference, let found, let expected):
            Diagnostic(
                .badData, "sheet \"\(sheet)\", cell \(reference): found \(found), expected \(expected)",
                at: SourceLocation(file: path))
        case .beyondLimit(let path, let what, let limit):
            Diagnostic(
                .badData, "\(what); at most \(limit) is read", at: SourceLocation(file: path),
                mend: "save only the sheets that are needed, or as CSV")
        case .noSuchFile(let path):
            Diagnostic(.noInput, "there is no such file", at: SourceLocation(file: path))
        case .cannotRead(let path, let reason, let isPermission):
            Diagnostic(isPermission ? .permission : .inputOutput, "cannot read: \(reason)", at: SourceLocation(file: path))
        }
    }
}
