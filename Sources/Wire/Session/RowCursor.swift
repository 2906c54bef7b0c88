import Columns
import NIOCore

/// Goes through the rows of a result once, a few at a time, as fast as the client takes them.
struct RowCursor {
    let source: RowSource
    private(set) var sentCount = 0
    private var batchIndex = 0
    private var rowIndex = 0
    /// The batch in hand, flat.
    private var columns: [Vector] = []
    private var scratch: [UInt8] = []

    init(_ source: RowSource) {
        self.source = source
        guard case .engine(let batches) = source.rows else { return }
        rowIndex = source.skippedCount
        while batchIndex < batches.count, rowIndex >= batches[batchIndex].rowCount {
            rowIndex -= batches[batchIndex].rowCount
            batchIndex += 1
        }
    }

    var isFinished: Bool { sentCount >= source.rowCount }

    /// Hands `body` the next row's place: the columns of its batch and the row in it, or the values of a catalog's row.
    private mutating func advance(_ vectors: ([Vector], Int) -> Void, _ values: ([CatalogValue]) -> Void) {
        switch source.rows {
        case .catalog(let rows): values(rows[source.skippedCount + sentCount])
        case .engine(let batches):
            while columns.isEmpty && !source.columns.isEmpty || rowIndex >= batches[batchIndex].rowCount {
                if rowIndex >= batches[batchIndex].rowCount {
                    (batchIndex, rowIndex) = (batchIndex + 1, 0)
                    columns = []
                    continue
                }
                columns = batches[batchIndex].columns.map { $0.flattened() }
            }
            vectors(columns, rowIndex)
            rowIndex += 1
        }
        sentCount += 1
    }

    /// Writes the next row as `DataRow`.
    ///
    /// - Precondition: not finished; a format for each column.
    mutating func writeRow(_ formats: [ValueFormat], to writer: inout BackendWriter) {
        let types = source.columns
        var scratch = scratch
        self.scratch = []
        advance { columns, row in
            writer.row({ RowCursor.isText(types[$0].type, formats[$0]) }) { buffer in
                buffer.writeInteger(UInt16(truncatingIfNeeded: columns.count))
                for (index, column) in columns.enumerated() {
                    ValueEncoder.write(column, row: row, format: formats[index], scratch: &scratch, to: &buffer)
                }
            }
        } _: { values in
            writer.row({ RowCursor.isText(types[$0].type, formats[$0]) }) { buffer in
                buffer.writeInteger(UInt16(truncatingIfNeeded: values.count))
                for (index, value) in values.enumerated() {
                    CatalogValueEncoder.write(value, as: types[index].type, format: formats[index], to: &buffer)
                }
            }
        }
        self.scratch = scratch
    }

    /// Whether a value travels as a text, which is in the client's encoding.
    private static func isText(_ type: WireType, _ format: ValueFormat) -> Bool {
        format == .text || type.oid == WireType.text.oid || type.oid == WireType.name.oid
    }

    /// Writes the next row as a line of COPY.
    mutating func writeLine(_ style: CopyLineStyle, to writer: inout BackendWriter) {
        advance { columns, row in
            var line: [UInt8] = []
            style.append(columns, row: row, to: &line)
            writer.copyData(line[...])
        } _: { _ in }
    }
}
