package import Diagnostics

/// Why a header row does not fit a canonical table.
package enum HeaderMappingError: DiagnosableError, Hashable {
    package struct MissingColumn: Hashable, Sendable {
        package let name: String
        package let acceptedHeaders: [String]
        /// A header of the file that looks like a slip of this column's.
        package let suggestion: String?
    }

    case missingColumns(table: String, [MissingColumn])
    /// Columns are counted from 1.
    case repeatedHeader(String, firstColumn: Int, secondColumn: Int)

    /// The message without the file, which the caller adds.
    package var diagnostic: Diagnostic {
        switch self {
        case .missingColumns(let table, let columns):
            let list = columns.map { column in
                let accepted = column.acceptedHeaders.joined(separator: ", ")
                let hint = column.suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
                return accepted.isEmpty ? "\(column.name)\(hint)" : "\(column.name) (or \(accepted)\(hint))"
            }
            return Diagnostic(
                .badData, "no column for \(list.joined(separator: ", "))", at: SourceLocation(line: 1),
                mend: "name these columns in the header row, or load into another table than \"\(table)\" with --table")
        case .repeatedHeader(let header, let first, let second):
            return Diagnostic(
                .badData, "header \"\(header)\" stands in column \(first) and again in column \(second)",
                at: SourceLocation(line: 1), mend: "rename or remove one of the two columns")
        }
    }
}
