package import Diagnostics

/// Why a Parquet file cannot be read or written: which file, which column, which page, what was found.
package struct ParquetError: DiagnosableError, Hashable {
    package var kind: FailureKind
    package var path: String?
    package var column: String?
    /// 0-based among the file's row groups.
    package var rowGroup: Int?
    /// 0-based among the data pages of the column chunk.
    package var page: Int?
    package var what: String
    package var mend: String?

    package init(
        _ kind: FailureKind = .badData, _ what: String, path: String? = nil, column: String? = nil, rowGroup: Int? = nil,
        page: Int? = nil, mend: String? = nil
    ) {
        self.kind = kind
        self.what = what
        self.path = path
        self.column = column
        self.rowGroup = rowGroup
        self.page = page
        self.mend = mend
    }

    package var diagnostic: Diagnostic {
        var place: [String] = []
        if let column { place.append("column \"\(column)\"") }
        if let rowGroup { place.append("row group \(rowGroup)") }
        if let page { place.append("page \(page)") }
        let prefix = place.isEmpty ? "" : place.joined(separator: ", ") + ": "
        return Diagnostic(kind, prefix + what, at: SourceLocation(file: path), mend: mend)
    }

    /// What is said of a file whose bytes contradict themselves.
    static let damageMend = "the file is damaged: write it again, or fetch it anew"
}
