/// The pages of one column chunk as they are made, one behind the other.
struct PageAssembly {
    private let form: LeafForm
    private let compression: PageCompression
    /// A 0/1 byte for each row; nil if all are present.
    private let mask: [UInt8]?
    private let rowCount: Int
    private let presentCount: Int
    private var chunk = EncodedChunk()

    init(form: LeafForm, compression: PageCompression, mask: [UInt8]?, rowCount: Int) {
        self.form = form
        self.compression = compression
        self.mask = mask
        self.rowCount = rowCount
        presentCount = mask.map { Presence.count($0) } ?? rowCount
        chunk.metadata.type = form.physicalType
        chunk.metadata.path = [form.name]
        chunk.metadata.codec = compression.codec
        chunk.metadata.valueCount = rowCount
        chunk.metadata.statistics.nullCount = rowCount - presentCount
    }

    mutating func setBounds(_ minimum: [UInt8]?, _ maximum: [UInt8]?, isMinimumCut: Bool = false) {
        chunk.metadata.statistics.isMinimumCut = isMinimumCut
        chunk.metadata.statistics.minimum = minimum
        chunk.metadata.statistics.maximum = maximum
    }

    /// - Parameter bytes: Entries in the PLAIN encoding.
    mutating func appendDictionary(_ bytes: [UInt8], count: Int) {
        precondition(chunk.bytes.isEmpty)
        chunk.metadata.dictionaryPageOffset = 0
        append(bytes, type: .dictionary, encoding: .plain, valueCount: count)
        chunk.metadata.dataPageOffset = chunk.bytes.count
    }

    /// - Parameter codes: One for each present row.
    mutating func appendCodes(_ codes: [UInt32], entryCount: Int) {
        let bitWidth = HybridValues.bitWidth(maximum: entryCount - 1)
        appendRows(encoding: .rleDictionary, averageSize: 4) { range in
            [UInt8(bitWidth)] + HybridValues.write(codes[range], bitWidth: bitWidth)
        }
    }

    /// All rows are NULL.
    mutating func appendNulls() { appendRows(encoding: .plain, averageSize: 1) { _ in [] } }

    /// Pages of values that are encoded already, if one page takes them all, else piece by piece.
    mutating func appendWhole(
        encoding: PageEncoding, _ bytes: [UInt8], averageSize: Int, _ encode: (Range<Int>) -> [UInt8]
    ) {
        if bytes.count <= ColumnChunkEncoder.pageSize {
            appendPage(bytes, encoding, rows: 0..<rowCount)
        } else {
            appendRows(encoding: encoding, averageSize: averageSize, encode)
        }
    }

    /// Pages of all rows; `encode` gives the bytes of a range of the present values.
    ///
    /// - Parameter averageSize: Bytes of a value, roughly.
    mutating func appendRows(encoding: PageEncoding, averageSize: Int, _ encode: (Range<Int>) -> [UInt8]) {
        let step = max(1, ColumnChunkEncoder.pageSize / max(1, averageSize))
        var row = 0
        var value = 0
        repeat {
            let end = min(rowCount, row + step)
            var valueEnd = value + end - row
            if let mask {
                valueEnd = value
                for place in row..<end { valueEnd += Int(mask[place]) }
            }
            appendPage(encode(value..<valueEnd), encoding, rows: row..<end)
            (row, value) = (end, valueEnd)
        } while row < rowCount
    }

    private mutating func appendPage(_ values: [UInt8], _ encoding: PageEncoding, rows: Range<Int>) {
        var bytes = Presence.write(mask?[rows], count: rows.count)
        bytes.append(contentsOf: values)
        append(bytes, type: .data, encoding: encoding, valueCount: rows.count)
    }

    private mutating func append(_ bytes: [UInt8], type: PageType, encoding: PageEncoding, valueCount: Int) {
        let packed = compression.pack(bytes)
        precondition(bytes.count <= Int(Int32.max) && packed.count <= Int(Int32.max), "a page holds less than 2 GiB")
        var header = PageHeader()
        header.type = type
        header.unpackedSize = bytes.count
        header.packedSize = packed.count
        header.checksum = ZlibPages.checksum(packed, 0..<packed.count)
        header.valueCount = valueCount
        header.encoding = encoding
        let head = header.encoded()
        chunk.bytes.append(contentsOf: head)
        chunk.bytes.append(contentsOf: packed)
        chunk.metadata.packedSize += head.count + packed.count
        chunk.metadata.unpackedSize += head.count + bytes.count
        count(type, encoding)
    }

    private mutating func count(_ type: PageType, _ encoding: PageEncoding) {
        if !chunk.metadata.encodings.contains(encoding) { chunk.metadata.encodings.append(encoding) }
        let place = chunk.metadata.pageCounts.firstIndex { $0.type == type && $0.encoding == encoding }
        if let place {
            chunk.metadata.pageCounts[place].count += 1
        } else {
            chunk.metadata.pageCounts.append(PageCount(type: type, encoding: encoding, count: 1))
        }
    }

    /// The finished chunk; levels are always RLE.
    func finish() -> EncodedChunk {
        var result = chunk
        if !result.metadata.encodings.contains(.rle) { result.metadata.encodings.append(.rle) }
        return result
    }
}
