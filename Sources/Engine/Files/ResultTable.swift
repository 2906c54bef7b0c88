import Columns
import Execution

/// The rows a statement gave, as a table for another one.
final class ResultTable: ScannableTable {
    let schema: Schema
    let rowCount: Int
    private let segments: Segments

    private enum Segments {
        case inMemory([Batch])
        /// One a piece of the file.
        case inFile(KeptRows)
    }

    /// - Precondition: the result is in memory, or an answer of `Database.keep`.
    init(_ result: QueryResult) {
        schema = result.schema
        rowCount = result.rowCount
        if let kept = result.kept {
            segments = .inFile(kept)
            return
        }
        let batches = result.batches
        let columns = schema.fields.indices.map { index in
            Vector.concatenated(batches.map { $0.columns[index] }, type: result.schema.fields[index].type)
        }
        // One domain for a column of all segments: they are cut from one vector.
        segments = .inMemory(
            stride(from: 0, to: rowCount, by: ResultTable.segmentRowCount).map { first in
                let rows = (first..<min(result.rowCount, first + ResultTable.segmentRowCount)).map { Int32(truncatingIfNeeded: $0) }
                return Batch(columns: columns.map { $0.gathered(rows) }, rowCount: rows.count)
            })
    }

    private static let segmentRowCount = 65_536

    var segmentCount: Int {
        switch segments {
        case .inMemory(let batches): batches.count
        case .inFile(let rows): rows.pieceCount
        }
    }

    func rowCount(segment: Int) -> Int {
        switch segments {
        case .inMemory(let batches): batches[segment].rowCount
        case .inFile(let rows): rows.rowCount(piece: segment)
        }
    }

    func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool { true }

    func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector] {
        let batch =
            switch segments {
            case .inMemory(let batches): batches[segment]
            case .inFile(let rows): try rows.piece(segment)
            }
        return fields.map { batch.columns[$0] }
    }

    /// Reads a piece of the file once for all columns that are asked of it.
    func reader(segment: Int) throws(ExecutionError) -> any SegmentReader {
        switch segments {
        case .inMemory(let batches): PieceReader(batches[segment])
        case .inFile(let rows): PieceReader(try rows.piece(segment))
        }
    }

    private final class PieceReader: SegmentReader {
        private let batch: Batch

        init(_ batch: Batch) { self.batch = batch }

        func columns(_ fields: [Int]) throws(ExecutionError) -> [Vector] { fields.map { batch.columns[$0] } }

        func columns(_ fields: [Int], at rows: [Int32]) throws(ExecutionError) -> [Vector] {
            fields.map { batch.columns[$0].gathered(rows) }
        }
    }
}
