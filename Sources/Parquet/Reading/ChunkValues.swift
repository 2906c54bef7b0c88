import Columns

/// The pages of one column chunk on their way to a vector.
struct ChunkValues {
    let column: ParquetColumn
    let rowCount: Int
    let chunk: [UInt8]
    let pages: [DataPage]
    let dictionary: DataPage?
    let packing: PagePacking

    /// - Parameter page: Says which data page is in hand; nil for the dictionary.
    func vector(_ page: inout Int?) throws(Damage) -> Vector {
        switch column.conversion {
        case .text, .uuid: return try textVector(&page)
        case .boolean:
            let (rows, validity) = try fixed(&page, zero: UInt8(0), readBooleans)
            return Vector(type: .boolean, count: rowCount, values: .boolean(rows), validity: validity)
        case .double:
            let (rows, validity) = try fixed(&page, zero: 0.0, readDoubles)
            return Vector(type: .double, count: rowCount, values: .double(rows), validity: validity)
        case .decimal where !isNarrow:
            let (rows, validity) = try fixed(&page, zero: Int128(0), readWide)
            return try Vector(
                type: column.type, count: rowCount, values: column.type.isWide ? .int128(rows) : .int64(narrowed(rows)),
                validity: validity)
        default:
            let (rows, validity) = try fixed(&page, zero: Int64(0), readIntegers)
            return Vector(type: column.type, count: rowCount, values: try values(rows), validity: validity)
        }
    }

    /// Whether the values fit 64 bits as they lie in the file.
    private var isNarrow: Bool {
        switch column.physicalType {
        case .int32, .int64: true
        case .fixedByteArray: column.typeLength <= 8
        default: false
        }
    }

    private func narrowed(_ rows: [Int128]) throws(Damage) -> [Int64] {
        var result = [Int64](repeating: 0, count: rows.count)
        for row in 0..<rows.count {
            guard let value = Int64(exactly: rows[row]) else { throw Damage("a decimal of more digits than its type has") }
            result[row] = value
        }
        return result
    }

    /// Numbers of 64 bits as what the column's type holds.
    private func values(_ rows: [Int64]) throws(Damage) -> VectorValues {
        switch column.conversion {
        case .date: return .int32(rows.map { Int32(truncatingIfNeeded: $0) })
        case .integer(isUnsigned32: true): return .int64(rows.map { $0 & 0xFFFF_FFFF })
        case .unsigned64: return .int128(rows.map { Int128(UInt64(bitPattern: $0)) })
        case .timestamp(let unit) where unit != .microseconds:
            var result = rows
            for row in 0..<rows.count { result[row] = try TimeUnits.microseconds(rows[row], unit) }
            return .int64(result)
        default: return column.type.isWide ? .int128(rows.map { Int128($0) }) : .int64(rows)
        }
    }

    private typealias PlainReader<Value> = (
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [Value], _ rows: Range<Int>
    ) throws(Damage) -> Void

    /// A value for each row, 0 for NULL.
    private func fixed<Value: BitwiseCopyable & Sendable>(
        _ current: inout Int?, zero: Value, _ read: PlainReader<Value>
    ) throws(Damage) -> ([Value], Validity) {
        var entries: [Value] = []
        if let dictionary {
            let bytes = try dictionaryBytes(dictionary)
            try checkEntryCount(dictionary)
            entries = [Value](repeating: zero, count: dictionary.header.valueCount)
            try read(bytes, 0..<dictionary.header.unpackedSize, .plain, &entries, 0..<entries.count)
        }
        var values = [Value](repeating: zero, count: rowCount)
        var presence = PresenceRows()
        var first = 0
        for page in pages {
            current = page.number
            let open = try OpenPage(page, chunk, packing, isOptional: column.isOptional)
            let rows = first..<first + open.presentCount
            if open.encoding == .rleDictionary || open.encoding == .plainDictionary {
                let codes = try open.codes(below: entries.count)
                ChunkValues.gather(codes, entries, into: &values, first)
            } else {
                try read(open.bytes, open.values, open.encoding, &values, rows)
            }
            if let mask = open.mask {
                Presence.spread(&values, first: first, mask: mask, presentCount: open.presentCount)
            }
            presence.append(open.mask, count: page.header.valueCount)
            first += page.header.valueCount
        }
        return (values, presence.validity)
    }

    private static func gather<Value: BitwiseCopyable & Sendable>(
        _ codes: [UInt32], _ entries: [Value], into values: inout [Value], _ first: Int
    ) {
        let source = entries.span
        let index = codes.span
        var target = values.mutableSpan
        for row in 0..<index.count { target[first &+ row] = source[Int(index[row])] }
    }

    func dictionaryBytes(_ page: DataPage) throws(Damage) -> [UInt8] {
        guard page.header.encoding == .plain || page.header.encoding == .plainDictionary else {
            throw .unsupported("a dictionary in encoding \(page.header.encoding?.name ?? "\(page.header.encodingNumber)")")
        }
        return try packing.unpack(chunk, page.range, size: page.header.unpackedSize)
    }

    private func checkEntryCount(_ page: DataPage) throws(Damage) {
        let width =
            switch column.physicalType {
            case .boolean: 1
            case .int32, .float: 4
            case .int64, .double: 8
            case .int96: 12
            case .byteArray: 4
            case .fixedByteArray: column.typeLength
            }
        guard page.header.valueCount * width <= page.header.unpackedSize else {
            throw Damage("a dictionary of \(page.header.valueCount) entries in \(page.header.unpackedSize) bytes")
        }
    }

    private func readBooleans(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [UInt8], _ rows: Range<Int>
    ) throws(Damage) {
        switch encoding {
        case .plain: try FixedValues.readBits(bytes, range, into: &values, rows)
        case .rle:
            guard range.count >= 4 || rows.isEmpty else { throw Damage("a page without values") }
            if rows.isEmpty { return }
            let size = Int(LittleEndian.uint32(bytes, range.lowerBound))
            guard size <= range.count - 4 else { throw Damage("booleans beyond the page's end") }
            let start = range.lowerBound + 4
            let bits = try HybridValues.readBits(bytes, start..<start + size, count: rows.count).mask
            for row in 0..<rows.count { values[rows.lowerBound + row] = bits[row] }
        default: throw ChunkValues.unsupported(encoding)
        }
    }

    private func readDoubles(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [Double], _ rows: Range<Int>
    ) throws(Damage) {
        let width = column.physicalType == .double ? 8 : column.physicalType == .float ? 4 : 2
        let (bytes, range) = try joined(bytes, range, encoding, width: width, count: rows.count)
        try FixedValues.readDoubles(bytes, range, width: width, into: &values, rows)
    }

    private func readIntegers(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [Int64], _ rows: Range<Int>
    ) throws(Damage) {
        switch column.physicalType {
        case .int96:
            guard encoding == .plain else { throw ChunkValues.unsupported(encoding) }
            try FixedValues.readLegacyTimes(bytes, range, into: &values, rows)
        case .fixedByteArray:
            let width = column.typeLength
            let (bytes, range) = try joined(bytes, range, encoding, width: width, count: rows.count)
            try FixedValues.readBigEndian(bytes, range, width: width, into: &values, rows)
        default:
            let width = column.physicalType == .int32 ? 4 : 8
            if encoding == .deltaBinaryPacked {
                _ = try DeltaNumbers.read(bytes, range, into: &values, rows)
                if width == 4 {
                    var target = values.mutableSpan
                    for row in rows { target[row] = Int64(Int32(truncatingIfNeeded: target[row])) }
                }
                return
            }
            let (bytes, range) = try joined(bytes, range, encoding, width: width, count: rows.count)
            try FixedValues.readIntegers(bytes, range, width: width, into: &values, rows)
        }
    }

    private func readWide(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [Int128], _ rows: Range<Int>
    ) throws(Damage) {
        guard column.physicalType == .byteArray else {
            let width = column.typeLength
            let (bytes, range) = try joined(bytes, range, encoding, width: width, count: rows.count)
            return try FixedValues.readWide(bytes, range, width: width, into: &values, rows)
        }
        var strings = StringRows(isText: false)
        try strings.append(bytes, range, encoding, count: rows.count)
        for row in 0..<rows.count {
            let (start, end) = (Int(strings.offsets[row]), Int(strings.offsets[row + 1]))
            guard end - start <= 16 else { throw Damage("a decimal of \(end - start) bytes") }
            values[rows.lowerBound + row] = end == start ? 0 : FixedValues.bigEndian(strings.bytes, start, end - start)
        }
    }

    /// Values of a fixed width one after the other, whatever their encoding.
    private func joined(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, width: Int, count: Int
    ) throws(Damage) -> ([UInt8], Range<Int>) {
        switch encoding {
        case .plain: return (bytes, range)
        case .byteStreamSplit:
            return (try FixedValues.joinedStreams(bytes, range, width: width, count: count), 0..<count * width)
        case .deltaByteArray where column.physicalType == .fixedByteArray:
            var strings = StringRows(isText: false)
            try strings.append(bytes, range, encoding, count: count)
            for row in 0..<count where Int(strings.offsets[row + 1] - strings.offsets[row]) != width {
                throw Damage("a value that is not \(width) bytes long")
            }
            return (strings.bytes + [UInt8](repeating: 0, count: PagePacking.padding), 0..<count * width)
        default: throw ChunkValues.unsupported(encoding)
        }
    }

    static func unsupported(_ encoding: PageEncoding) -> Damage {
        .unsupported("values in encoding \(encoding.name), which this type does not have")
    }
}
