/// One column of one row group, ready to be written: its pages, and what the footer says of them.
struct EncodedChunk: Sendable {
    var bytes: [UInt8] = []
    /// Offsets are from the chunk's start.
    var metadata = ColumnChunkMetadata()
}

/// The rows of one row group, ready to be written.
package struct EncodedRowGroup: Sendable {
    var chunks: [EncodedChunk]
    var rowCount: Int
}
