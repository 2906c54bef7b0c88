package import Columns
import Diagnostics

/// Writes a Parquet file: row groups are encoded anywhere, in any order, and put together one after the other.
package struct ParquetWriter {
    private let forms: [LeafForm]
    private let options: ParquetWriteOptions
    private var metadata = FileMetadata()
    /// Bytes handed out so far.
    private var offset = 0

    private static let magic = Array("PAR1".utf8)

    /// - Throws: for a type that has no place in a file.
    package init(fields: [Field], options: ParquetWriteOptions) throws(ParquetError) {
        guard !fields.isEmpty else {
            throw ParquetError(.query, "a Parquet file has at least one column", mend: "select a column")
        }
        var forms: [LeafForm] = []
        for field in fields { forms.append(try LeafForm(field)) }
        self.forms = forms
        self.options = options
        var root = SchemaElement()
        root.name = "schema"
        root.childCount = forms.count
        metadata.schema = [root] + forms.map(\.schemaElement)
        metadata.hasTypeOrder = forms.map { _ in true }
        metadata.createdBy = options.createdBy
    }

    /// Encodes rows, without changing the writer: for any thread.
    ///
    /// - Parameter columns: One vector for each field, all of `rowCount` rows.
    package func encode(_ columns: [Vector], rowCount: Int) throws(ParquetError) -> EncodedRowGroup {
        precondition(columns.count == forms.count)
        var chunks: [EncodedChunk] = []
        for (form, column) in zip(forms, columns) {
            precondition(column.count == rowCount)
            chunks.append(try ColumnChunkEncoder(form: form, options: options).encode(column.flattened()))
        }
        return EncodedRowGroup(chunks: chunks, rowCount: rowCount)
    }

    /// The bytes of the next row group, to be written behind all before.
    package mutating func append(_ group: EncodedRowGroup) -> [UInt8] {
        var bytes = begun()
        var row = RowGroupMetadata()
        row.rowCount = group.rowCount
        for chunk in group.chunks {
            var own = chunk.metadata
            let start = offset + bytes.count
            own.dataPageOffset += start
            own.dictionaryPageOffset = own.dictionaryPageOffset.map { $0 + start }
            row.columns.append(own)
            row.byteCount += own.unpackedSize
            bytes.append(contentsOf: chunk.bytes)
        }
        metadata.rowGroups.append(row)
        metadata.rowCount += group.rowCount
        offset += bytes.count
        return bytes
    }

    /// The last bytes of the file.
    package mutating func finish() -> [UInt8] {
        var bytes = begun()
        let footer = metadata.encoded()
        bytes += footer + LittleEndian.bytes(UInt32(footer.count)) + ParquetWriter.magic
        offset += bytes.count
        return bytes
    }

    private func begun() -> [UInt8] { offset == 0 ? ParquetWriter.magic : [] }
}
