/// What one statement gave.
package struct StatementOutcome: Sendable {
    package enum Content: Sendable {
        case rows(QueryResult)
        /// Nothing to show but a sentence.
        case done(String)
        /// Rows for a file: `copy … to`.
        case file(CopyTarget, QueryResult)
    }
    package var content: Content
    /// Wall time of the statement, parsing excluded.
    package var nanoseconds: Int64
    /// Bytes of stored blocks that were read, and of the files that were loaded to be read as tables; 0 unless `EngineOptions.countsBytesRead`.
    package var bytesRead = 0
}
