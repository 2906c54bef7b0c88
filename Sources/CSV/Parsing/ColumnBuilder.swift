import Columns

/// Collects the values of one requested column over the blocks of a chunk: one for each row, or one for each run of rows
/// if the column belongs to a group that repeats.
class ColumnBuilder {
    let request: CSVColumnRequest
    let requestIndex: Int
    let nullTokens: [[UInt8]]
    /// Rows the chunk may have.
    private(set) var rowLimit = 0
    /// Values collected so far.
    private(set) var count = 0
    /// 0/1 for each value the chunk may have; empty as long as none was NULL.
    private var present: [UInt8] = []
    /// Failures of the block being read: place among the rows it is read at, and why.
    var failures: [(head: Int, failure: FieldFailure)] = []

    init(_ request: CSVColumnRequest, index: Int, nullTokens: [[UInt8]]) {
        self.request = request
        requestIndex = index
        self.nullTokens = nullTokens
    }

    /// Makes ready for a new chunk.
    func begin(rowLimit: Int) {
        self.rowLimit = rowLimit
        count = 0
        present = []
        failures.removeAll()
    }

    /// Reads the fields at these rows of a block.
    func append(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) { preconditionFailure("abstract") }

    /// The column after the chunk's last block.
    func finish() -> (values: ParsedValues, validity: Validity) { preconditionFailure("abstract") }

    /// Reads `heads`, first without a mask; from the first NULL of the chunk on with one.
    ///
    /// - Parameter read: Reads from a head on, into the mask if it is not empty, and says at which head it stopped: at a
    ///   NULL without a mask, else behind the last one.
    @inline(__always)
    final func readWithMask(
        _ headCount: Int, _ read: (_ head: Int, _ mask: inout MutableSpan<UInt8>) -> Int
    ) {
        var mask = present
        present = []
        var empty: [UInt8] = []
        var next = 0
        if mask.isEmpty {
            var none = empty.mutableSpan
            next = read(0, &none)
            if next < headCount { mask = [UInt8](repeating: 1, count: rowLimit) }
        }
        if next < headCount {
            var span = mask.mutableSpan
            next = read(next, &span)
        }
        precondition(next == headCount)
        present = mask
        count += headCount
    }

    final func validity() -> Validity {
        present.isEmpty ? .allPresent : Validity(compacting: Array(present[..<count]))
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
