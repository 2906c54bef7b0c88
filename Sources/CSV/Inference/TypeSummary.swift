package import Columns

/// What the values of every column have in common; summaries of chunks merge in any order into that of the file.
package struct TypeSummary: Hashable, Sendable {
    package private(set) var columns: [ColumnTypeSummary]

    /// The summary of no rows.
    package init(columnCount: Int) {
        columns = [ColumnTypeSummary](repeating: ColumnTypeSummary(), count: columnCount)
    }

    /// - Precondition: both summaries have the same number of columns.
    package mutating func merge(_ other: TypeSummary) {
        precondition(columns.count == other.columns.count)
        for column in columns.indices { columns[column].merge(other.columns[column]) }
    }

    /// The type of each column: boolean, bigint, numeric, double, date, timestamp or text.
    package var types: [LogicalType] { columns.map(\.type) }

    /// The types of all columns of a file from all of its rows, read on the calling thread.
    ///
    /// Consumes the reader; open the file again to load it.
    package static func ofWholeFile(_ reader: CSVReader) throws(CSVError) -> TypeSummary {
        var summary = TypeSummary(columnCount: reader.columnCount)
        while let chunk = try reader.nextChunk() { summary.merge(chunk.summarizeTypes()) }
        return summary
    }

    /// - Parameter known: Columns that are text there are left out: nothing can change them.
    mutating func add(_ grid: FieldGrid, nullTokens: [[UInt8]], known: TypeSummary) {
        for column in columns.indices where !columns[column].isText && !known.columns[column].isText {
            var summary = columns[column]
            for row in 0..<grid.rowCount {
                var start = grid.start(row, column)
                var end = grid.end(row, column)
                if start == end { continue }
                if grid.mayHaveQuotes, grid.bytes[start] == grid.quote {
                    start += 1
                    end -= 1
                } else if isNullToken(grid.bytes, start, end, nullTokens) {
                    continue
                }
                summary.add(grid.bytes, start, end)
                if summary.isText { break }
            }
            columns[column] = summary
        }
    }

    private func isNullToken(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ tokens: [[UInt8]]) -> Bool {
        tokens.contains { token in
            token.count == end - start && token.indices.allSatisfy { bytes[start + $0] == token[$0] }
        }
    }
}

extension RawChunk {
    /// What the values of this chunk have in common. Records that would be rejects for their shape are left out.
    ///
    /// - Parameter known: What is known of other chunks already; it saves the work on columns that are text by it, so the
    ///   result must be merged with it.
    package func summarizeTypes(knowing known: TypeSummary? = nil) -> TypeSummary {
        let known = known ?? TypeSummary(columnCount: columnCount)
        let tokens = nullTokens.filter { !$0.isEmpty }.map { Array($0.utf8) }
        var summary = TypeSummary(columnCount: columnCount)
        var scanner = BlockScanner(bytes: bytes, dialect: dialect, columnCount: columnCount)
        while let grid = scanner.next() {
            summary.add(grid, nullTokens: tokens, known: known)
            _ = scanner.takeMalformed()
        }
        return summary
    }
}
