import Columns

/// Where a piece of rows lies in a spill file, and its place among the pieces of its list.
struct SpillPiece: Sendable {
    var offset: Int
    var size: Int
    var rowCount: Int
    /// Morsel the rows come from.
    var morsel: Int
    /// Counts up with each piece of one writer.
    var sequence: Int
}

/// A spill file with the domains that the codes in it belong to.
struct SpillStore: Sendable {
    let file: SpillFile
    let encoding: SpillEncoding

    /// - Parameter earlier: Where the rows come from, if from a file.
    init(_ context: ExecutionContext, counters: OperatorCounters, after earlier: SpillStore? = nil) throws(ExecutionError) {
        ProcessMemory.returnLargeAllocationsOnce()
        file = try SpillFile(in: context.options.temporaryDirectories, counters: counters)
        encoding = SpillEncoding(domains: SpillDomains(after: earlier?.encoding.domains))
    }

    /// The columns of a piece.
    func columns(_ piece: SpillPiece, count: Int) throws(ExecutionError) -> [Vector] {
        let bytes = try file.read(at: piece.offset, size: piece.size)
        guard let columns = encoding.columns(bytes, columnCount: count, rowCount: piece.rowCount) else { throw file.damage() }
        return columns
    }
}

/// One worker's way to write rows to a spill file, as pieces of numbered lists; small pieces wait for each other in a buffer
/// a list.
///
/// Unchecked because each writer belongs to one worker until all workers are done.
final class SpillWriter: @unchecked Sendable {
    private let store: SpillStore
    private let bufferSize: Int
    private var buffers: [[UInt8]]
    /// Pieces in the file, then `waiting` ones whose offset counts from the start of the buffer.
    private(set) var pieces: [[SpillPiece]]
    private var waitingCounts: [Int]
    private var sequence = 0

    init(_ store: SpillStore, listCount: Int, bufferSize: Int) {
        self.store = store
        self.bufferSize = bufferSize
        buffers = [[UInt8]](repeating: [], count: listCount)
        pieces = [[SpillPiece]](repeating: [], count: listCount)
        waitingCounts = [Int](repeating: 0, count: listCount)
    }

    /// Writes some rows of flat columns.
    func append(_ columns: [Vector], rows: Range<Int>, morsel: Int, to list: Int) throws(ExecutionError) {
        if rows.isEmpty { return }
        var buffer: [UInt8] = []
        swap(&buffer, &buffers[list])
        let start = buffer.count
        store.encoding.append(columns, rows: rows, to: &buffer)
        sequence += 1
        pieces[list].append(
            SpillPiece(offset: start, size: buffer.count - start, rowCount: rows.count, morsel: morsel, sequence: sequence))
        waitingCounts[list] += 1
        if buffer.count >= bufferSize {
            try write(buffer, of: list)
            buffer.removeAll(keepingCapacity: buffer.capacity <= 2 * bufferSize)
        }
        swap(&buffer, &buffers[list])
    }

    /// Writes what waits in buffers.
    func finish() throws(ExecutionError) {
        for list in buffers.indices where waitingCounts[list] > 0 {
            try write(buffers[list], of: list)
            buffers[list] = []
        }
    }

    private func write(_ buffer: [UInt8], of list: Int) throws(ExecutionError) {
        let offset = try store.file.append(buffer)
        let count = pieces[list].count
        for index in (count - waitingCounts[list])..<count { pieces[list][index].offset += offset }
        waitingCounts[list] = 0
    }
}
