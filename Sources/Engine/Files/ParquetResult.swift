import Columns
import Diagnostics
import Execution
package import Parquet

/// Writes a result as a Parquet file, row group after row group, encoded on all workers.
///
/// The same rows give the same bytes for any number of workers.
package struct ParquetResult: Sendable {
    package var packing = PageCompression.zstd
    /// Worker threads; nil for one a core.
    package var workerCount: Int?
    /// Named in the file.
    package var toolVersion = ""

    package init() {}

    /// - Parameter write: Takes the bytes of the file in order.
    package func write(_ result: QueryResult, to write: ([UInt8]) throws -> Void) throws {
        var options = ParquetWriteOptions()
        options.compression = packing
        options.createdBy = "fundwatch version \(toolVersion)"
        let fields = try ParquetResult.fields(of: result)
        var writer = try ParquetWriter(fields: fields, options: options)
        let workers = workerCount ?? EngineOptions.processorCount
        var waiting: [Batch] = []
        func flush() throws {
            try result.delivery?.checkRunning()
            let encoder = writer
            let pieces = waiting
            waiting = []
            let groups = try WorkerThreads.map(count: pieces.count, workerCount: workers) {
                (index) throws(ExecutionError) -> EncodedRowGroup in
                do throws(ParquetError) {
                    return try encoder.encode(pieces[index].columns, rowCount: pieces[index].rowCount)
                } catch {
                    throw ExecutionError(.diagnosed(error.diagnostic))
                }
            }
            for group in groups { try write(writer.append(group)) }
        }
        try result.forEachPiece(rowCount: options.rowGroupRowCount) { piece in
            waiting.append(piece)
            if waiting.count == workers * 2 { try flush() }
        }
        try flush()
        try write(writer.finish())
    }

    /// The columns under names that are all different; an integer that has outgrown 32 bits is a bigint.
    private static func fields(of result: QueryResult) throws -> [Field] {
        let names = ColumnNames.unique(result.schema.fields.map(\.name))
        let integers = result.schema.fields.indices.filter { result.schema.fields[$0].type == .integer }
        var wide: Set<Int> = []
        if !integers.isEmpty {
            try result.forEachBatch { batch in
                for index in integers where !fits32Bits(batch.columns[index]) { wide.insert(index) }
            }
        }
        return result.schema.fields.indices.map { index in
            let field = result.schema.fields[index]
            return Field(name: names[index], type: wide.contains(index) ? .bigint : field.type, isNullable: field.isNullable)
        }
    }

    private static func fits32Bits(_ column: Vector) -> Bool {
        switch column.values {
        case .runs(let child, _): return fits32Bits(child)
        case .constant(.integer(let value)): return Int32(exactly: value) != nil
        case .int64(let rows):
            var low: Int64 = 0
            var high: Int64 = 0
            for value in rows {
                low = min(low, value)
                high = max(high, value)
            }
            return low >= Int64(Int32.min) && high <= Int64(Int32.max)
        default: return true
        }
    }
}
