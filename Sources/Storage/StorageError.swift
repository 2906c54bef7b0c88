package import Diagnostics

/// A failure of the store: which file, which block, which column, what was found and what mends it.
package struct StorageError: DiagnosableError, Hashable, Sendable {
    package var kind: FailureKind
    /// Path of the file inside the store, such as `segments/00000042-0001.seg`, or of the store itself.
    package var file: String?
    /// Number of the block in its segment's directory.
    package var block: Int?
    package var column: String?
    /// What was found and what was expected.
    package var message: String
    package var mend: String?

    package init(
        _ kind: FailureKind, _ message: String, file: String? = nil, block: Int? = nil, column: String? = nil,
        mend: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.file = file
        self.block = block
        self.column = column
        self.mend = mend
    }

    /// A damaged file: the only mends are a copy or loading the data again.
    package static func damaged(_ message: String, file: String, block: Int? = nil, column: String? = nil)
        -> StorageError
    {
        StorageError(
            .badData, message, file: file, block: block, column: column,
            mend: "restore the file from a copy, or load the data into a new store")
    }

    /// A file of a commit that is not there: `gc` took it away if the newest commit does not need it; else it is lost.
    static func missing(_ file: String, in folder: StoreFolder) -> StorageError {
        let head = try? ManifestLog(folder: folder).head()
        if let head, head.damage.isEmpty, head.manifest.commitNumber > 0, !head.manifest.filePaths.contains(file) {
            return StorageError(
                .busy, "the file is gone: commit \(head.manifest.commitNumber) does not need it any more, and gc has removed it", file: file,
                mend: "run the command again; it then reads that commit")
        }
        return StorageError(.badData, "the file is missing", file: file, mend: "restore it from a copy")
    }

    package var diagnostic: Diagnostic {
        var text = ""
        if let block { text += "block \(block)" }
        if let column { text += (text.isEmpty ? "" : " of ") + "column \"\(column)\"" }
        if !text.isEmpty { text += ": " }
        return Diagnostic(kind, text + message, at: SourceLocation(file: file), mend: mend)
    }
}
