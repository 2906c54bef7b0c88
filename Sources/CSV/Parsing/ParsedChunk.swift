import Columns

/// The typed columns of one chunk, with the rows that could not be read.
package struct ParsedChunk: Sendable {
    /// Number of the chunk in the file, from 0.
    package let index: Int
    /// Rows in every column.
    package private(set) var rowCount: Int
    /// In the order of the plan's requests.
    package private(set) var columns: [ParsedColumn]
    /// In file order.
    package let rejects: [RejectedRow]
    private let chunk: RawChunk
    /// Offset of each row's record in the chunk.
    private var rowOffsets: [UInt32]
    /// Rows of the chunk as first read, where some were removed; nil: all.
    private var originalRows: [UInt32]?
    private let lines: LineMap

    init(chunk: RawChunk, columns: [ParsedColumn], rowOffsets: [UInt32], rejects: [RejectedRow], lines: LineMap) {
        index = chunk.index
        self.chunk = chunk
        self.columns = columns
        self.rowOffsets = rowOffsets
        self.rejects = rejects
        self.lines = lines
        rowCount = rowOffsets.count
    }

    /// Lines read as records: kept rows and rejects; blank lines are not among them.
    package var recordCount: Int { rowCount + rejects.count }

    /// 1-based physical line of the file at which a row starts.
    package func line(row: Int) -> Int {
        lines.line(row: originalRows.map { Int($0[row]) } ?? row)
    }

    /// The record of a row as read, without its line end; cut and marked beyond `RejectedRow.rawLimit` bytes.
    package func rawText(row: Int) -> [UInt8] {
        let start = Int(rowOffsets[row])
        let end = RecordEnd.find(in: chunk.bytes, from: start, dialect: chunk.dialect)
        return RejectedRow.raw(start..<end, in: chunk.bytes, dialect: chunk.dialect)
    }

    /// A reject for a kept row found unfit later, such as a duplicate; the row itself stays until it is removed.
    package func reject(
        row: Int, column: String? = nil, fileColumn: Int? = nil, reason: RejectReason, message: String
    ) -> RejectedRow {
        RejectedRow(
            line: line(row: row), column: column, fileColumn: fileColumn, reason: reason, message: message,
            raw: rawText(row: row))
    }

    /// The chunk without some rows; text entries stay, also those that no row uses any more.
    ///
    /// - Parameter rows: Ascending row numbers without repeats.
    package func removing(rows: [Int]) -> ParsedChunk {
        guard !rows.isEmpty else { return self }
        let kept = ParsedChunk.complement(of: rows, rowCount: rowCount)
        var result = self
        result.rowCount = kept.count
        result.columns = columns.selecting(kept)
        result.rowOffsets = gather(rowOffsets, kept)
        result.originalRows = originalRows.map { gather($0, kept) } ?? kept.map { UInt32($0) }
        return result
    }

    private static func complement(of rows: [Int], rowCount: Int) -> [Int32] {
        var kept: [Int32] = []
        kept.reserveCapacity(rowCount - rows.count)
        var next = 0
        for row in 0..<rowCount {
            if next < rows.count, rows[next] == row { next += 1 } else { kept.append(Int32(row)) }
        }
        precondition(next == rows.count, "rows must ascend and lie in the chunk")
        return kept
    }
}

/// Line numbers of a chunk's rows: stretches of rows that each take one line.
struct LineMap: Sendable {
    private let firstLine: Int
    private let rows: [Int]
    private let lineOffsets: [Int]

    init(firstLine: Int, marks: [(row: Int, lineOffset: Int)]) {
        self.firstLine = firstLine
        rows = marks.map(\.row)
        lineOffsets = marks.map(\.lineOffset)
    }

    /// O(log stretches).
    func line(row: Int) -> Int {
        var low = 0
        var high = rows.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if rows[middle] <= row { low = middle } else { high = middle - 1 }
        }
        return firstLine + lineOffsets[low] + row - rows[low]
    }
}
