import Columns

/// Collects the values of one requested column over the blocks of a chunk.
class ColumnBuilder {
    let request: CSVColumnRequest
    let requestIndex: Int
    let nullTokens: [[UInt8]]
    let rowLimit: Int
    /// 0/1 for each row the chunk may have; empty as long as no row was NULL.
    private(set) var present: [UInt8] = []
    private(set) var rowCount = 0
    /// Failures of the block being read: head index and why.
    var failures: [(head: Int, failure: FieldFailure)] = []

    init(_ request: CSVColumnRequest, index: Int, nullTokens: [[UInt8]], rowLimit: Int) {
        self.request = request
        requestIndex = index
        self.nullTokens = nullTokens
        self.rowLimit = rowLimit
    }

    /// Reads the fields at the run heads and repeats them over the rows of their runs.
    func append(_ grid: FieldGrid, _ runs: RowRuns, _ context: ChunkContext) { preconditionFailure("abstract") }

    /// The column after the chunk's last block.
    func finish() -> ParsedColumn { preconditionFailure("abstract") }

    final func validity() -> Validity {
        present.isEmpty ? .allPresent : Validity(compacting: Array(present[..<rowCount]))
    }

    /// Stores which rows of a block are NULL: `headPresent[head]` is 0 where the head's field is.
    final func storePresence(_ headPresent: Span<UInt8>, nullCount: Int, rowCount count: Int, runs: RowRuns) {
        let before = rowCount
        rowCount += count
        if nullCount == 0 && present.isEmpty { return }
        if present.isEmpty { present = [UInt8](repeating: 1, count: rowLimit) }
        var mask = present
        present = []
        var target = mask.mutableSpan
        expand(headPresent, runs, count: count, into: &target, at: before)
        present = mask
    }

    final func fail(_ head: Int, _ reason: RejectReason, raw: Range<Int>, grid: FieldGrid, form: DateForm? = nil) {
        let isWritten =
            (reason == .notADate || reason == .notATimestamp)
            && DateParsing.moment(grid.bytes, start: raw.lowerBound, end: raw.upperBound) != nil
        let failure = FailureText.failure(
            reason, request: request, raw: reason == .missingValue ? [] : grid.bytes.copy(raw), form: form,
            isWritten: isWritten)
        failures.append((head, failure))
    }

    /// Whether an unquoted field is one of the tokens that mean NULL.
    final func isNullToken(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Bool {
        nullTokens.contains { token in
            token.count == end - start && token.indices.allSatisfy { bytes[start + $0] == token[$0] }
        }
    }
}

/// What the readers of fields need to know of the chunk.
struct ChunkContext {
    let chunkIndex: Int
    let dateForms: DateForms
}

/// `rows[row] = heads[headOfRow[row]]`, appended to a column.
@inline(__always)
func expand<T: BitwiseCopyable>(
    _ heads: Span<T>, _ runs: RowRuns, count: Int, into rows: inout MutableSpan<T>, at start: Int
) {
    precondition(start >= 0 && start + count <= rows.count)
    if runs.headOfRow.isEmpty {
        precondition(heads.count >= count)
        for row in 0..<count { rows[start &+ row] = heads[row] }
    } else {
        let headOfRow = runs.headOfRow.span
        precondition(headOfRow.count >= count)
        for row in 0..<count { rows[start &+ row] = heads[Int(headOfRow[row])] }
    }
}
