import Columns
import Storage

/// Where a load puts what it makes of a file: a store, or nowhere, to see what would happen.
protocol IngestTarget: Sendable {
    /// The text domain of a text column, the same object on every call.
    func textDomain(of column: Int, in table: String) throws(StorageError) -> TextDomainBuilder

    /// The formats by which the parser may turn strings of a text column into codes at once; empty for none.
    func identifierFormats(of column: Int, in table: String) throws(StorageError) -> [IdentifierDomain.Format]

    /// Adds to the rejects file.
    func appendRejects(_ bytes: [UInt8]) throws(StorageError)

    /// Takes the rows of one chunk as they are; false if they are to be encoded and added. Called from several threads, in
    /// any order.
    ///
    /// - Parameter strings: Of the worker that read the chunk.
    func takes(_ chunk: SequencedChunk, _ strings: [ColumnStrings], plan: IngestPlan) -> Bool

    /// Takes the rows of one chunk as a segment; `order` is its place in the batch.
    func add(_ segment: EncodedSegment, to table: String, order: Int) throws(StorageError)
}

extension StoreTransaction: IngestTarget {
    func identifierFormats(of column: Int, in table: String) throws(StorageError) -> [IdentifierDomain.Format] {
        try textDomain(of: column, in: table).identifierFormats
    }

    func takes(_ chunk: SequencedChunk, _ strings: [ColumnStrings], plan: IngestPlan) -> Bool { false }
}
