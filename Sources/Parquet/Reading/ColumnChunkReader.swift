import Columns
import Diagnostics

/// Reads one column of one row group.
struct ColumnChunkReader {
    let file: FileBytes
    let column: ParquetColumn
    let chunk: ColumnChunkMetadata
    let rowCount: Int
    let rowGroup: Int

    func read() throws(ParquetError) -> Vector {
        do throws(Damage) {
            try checkChunk()
        } catch {
            throw failure(error, page: nil)
        }
        let range = chunkRange
        let bytes = try file.read(range)
        var page: Int?
        do throws(Damage) {
            let pages = try pages(of: bytes, count: range.count, &page)
            page = nil
            let packing = try PagePacking(codec: chunk.codec)
            let values = ChunkValues(
                column: column, rowCount: rowCount, chunk: bytes, pages: pages.data, dictionary: pages.dictionary,
                packing: packing)
            return try values.vector(&page)
        } catch {
            throw failure(error, page: page)
        }
    }

    private func failure(_ damage: Damage, page: Int?) -> ParquetError {
        ParquetError(
            .badData, damage.what, path: file.path, column: column.name, rowGroup: rowGroup, page: page,
            mend: damage.isUnsupported ? "write the file in another way, or leave the column out" : ParquetError.damageMend)
    }

    private var chunkRange: Range<Int> {
        // Some writers put 0 where there is no dictionary.
        var start = chunk.dataPageOffset
        if let dictionary = chunk.dictionaryPageOffset, dictionary > 0 { start = min(start, dictionary) }
        return start..<start + chunk.packedSize
    }

    private func checkChunk() throws(Damage) {
        guard !chunk.isEncrypted else { throw .unsupported("the column is encrypted") }
        guard !chunk.isElsewhere else { throw .unsupported("the column lies in another file") }
        guard chunk.type == column.physicalType else { throw Damage("its values are not of the type the schema says") }
        guard chunk.valueCount == rowCount else { throw Damage("\(chunk.valueCount) values for \(rowCount) rows") }
        guard chunk.packedSize <= file.size, chunk.dataPageOffset <= file.size,
            chunkRange.lowerBound >= 4, chunkRange.upperBound <= file.size
        else { throw Damage("its bytes lie beyond the file's end") }
    }

    /// The heads of all pages, whose rows add up.
    private func pages(
        of bytes: [UInt8], count: Int, _ number: inout Int?
    ) throws(Damage) -> (dictionary: DataPage?, data: [DataPage]) {
        var dictionary: DataPage?
        var data: [DataPage] = []
        var position = 0
        var rows = 0
        while rows < rowCount {
            number = data.count
            guard position < count else { throw Damage("the pages end after \(rows) of \(rowCount) rows") }
            var reader = ThriftReader(bytes, position..<count)
            let header = try PageHeader(&reader)
            position = reader.position
            guard header.packedSize <= count - position else { throw Damage("a page beyond the column's end") }
            let page = DataPage(header: header, range: position..<position + header.packedSize, number: data.count)
            position += header.packedSize
            switch header.type {
            case .dictionary:
                guard dictionary == nil, data.isEmpty else { throw Damage("a dictionary behind the first page") }
                try check(page, bytes)
                dictionary = page
            case .data, .dataV2:
                guard header.valueCount <= rowCount - rows else { throw Damage("more rows than the row group has") }
                rows += header.valueCount
                try check(page, bytes)
                data.append(page)
            case .index, nil: continue
            }
        }
        return (dictionary, data)
    }

    private func check(_ page: DataPage, _ bytes: [UInt8]) throws(Damage) {
        guard let stored = page.header.checksum else { return }
        let found = ZlibPages.checksum(bytes, page.range)
        guard found == stored else {
            throw Damage("checksum 0x\(String(found, radix: 16)), stored 0x\(String(stored, radix: 16))")
        }
    }
}
