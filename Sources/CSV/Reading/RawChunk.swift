/// A piece of a file, cut at record ends: complete records as UTF-8 bytes, not split into fields yet.
///
/// Immutable; its memory goes back to the reader when the last reference goes.
package final class RawChunk: Sendable {
    /// Number of the chunk in the file, from 0.
    package let index: Int
    /// 1-based physical line on which it starts.
    package let firstLine: Int
    /// Physical lines in it: no fewer than its records.
    package let lineCount: Int
    package let byteCount: Int
    package let dialect: CSVDialect
    /// Fields every record of the file must have.
    package let columnCount: Int
    package let dateForms: DateForms
    /// Besides the empty field, as the reader's options say.
    package let nullTokens: [String]
    private let memory: ChunkMemory
    private let pool: ChunkMemoryPool
    private let usualCapacity: Int

    init(
        index: Int, firstLine: Int, lineCount: Int, memory: ChunkMemory, byteCount: Int,
        file: FileShape, pool: ChunkMemoryPool, usualCapacity: Int
    ) {
        self.index = index
        self.firstLine = firstLine
        self.lineCount = lineCount
        self.byteCount = byteCount
        self.memory = memory
        self.pool = pool
        self.usualCapacity = usualCapacity
        dialect = file.dialect
        columnCount = file.columnCount
        dateForms = file.dateForms
        nullTokens = file.nullTokens
    }

    deinit {
        dateForms.finish(chunk: index)
        pool.giveBack(memory, usualCapacity: usualCapacity)
    }

    /// The bytes; valid while the chunk lives.
    var bytes: ChunkBytes { unsafe ChunkBytes(base: UnsafePointer(memory.start), count: byteCount) }
}

/// What all chunks of a file share.
struct FileShape: Sendable {
    var dialect: CSVDialect
    var columnCount: Int
    var dateForms: DateForms
    var nullTokens: [String]
}
