import Arrow
import Columns
import Engine

/// A result as a stream of Arrow's record batches, or as a file of them (Feather, version 2).
enum ResultArrow {
    static func write(_ result: QueryResult, asFile: Bool, to sink: OutputSink) throws {
        let names = ColumnNames.unique(result.schema.fields.map(\.name))
        let fields = zip(names, result.schema.fields).map { Field(name: $0, type: $1.type) }
        let writer = ArrowStreamWriter(fields: fields)
        var blocks: [ArrowBlock] = []
        var offset = 0
        func write(_ bytes: [UInt8]) throws {
            offset += bytes.count
            try sink.write(bytes)
        }
        if asFile { try write(ArrowStreamWriter.fileStart) }
        try write(writer.schema())
        try result.forEachBatch { batch in
            if batch.rowCount == 0 { return }
            let bytes = try writer.batch(batch.columns, rowCount: batch.rowCount)
            if asFile { blocks.append(ArrowBlock(offset: offset, message: bytes)) }
            try write(bytes)
        }
        try write(writer.end())
        if asFile { try write(writer.fileEnd(batches: blocks)) }
    }
}
