import Columns

/// The pages of one column chunk on their way to a vector.
struct ChunkValues {
    let column: ParquetColumn
    let rowCount: Int
    let chunk: [UInt8]
    let pages: [DataPage]
    let dictionary: ChunkDictionary?
    let packing: PagePacking

    /// The shape that rows of a column have.
    private enum Form { case texts, flags, days, numbers, wide, doubles }

    private var form: Form {
        switch column.conversion {
        case .text, .uuid: .texts
        case .boolean: .flags
        case .double: .doubles
        case .date: .days
        default: column.type.isWide ? .wide : .numbers
        }
    }

    /// - Parameter page: Says which data page is in hand; nil for the dictionary.
    func vector(_ page: inout Int?) throws(Damage) -> Vector {
        func vector(_ values: VectorValues, _ validity: Validity) -> Vector {
            Vector(type: column.type, count: rowCount, values: values, validity: validity)
        }
        switch form {
        case .texts: return try textVector(&page)
        case .flags:
            let entries: [UInt8] = if case .flags(let known)? = dictionary { known } else { [] }
            let (rows, validity) = try fixed(&page, entries, zero: 0, readBooleans)
            return vector(.boolean(rows), validity)
        case .days:
            let entries: [Int32] = if case .days(let known)? = dictionary { known } else { [] }
            let (rows, validity) = try fixed(&page, entries, zero: 0, readDays)
            return vector(.int32(rows), validity)
        case .numbers:
            let entries: [Int64] = if case .numbers(let known)? = dictionary { known } else { [] }
            let (rows, validity) = try fixed(&page, entries, zero: 0, readNumbers)
            return vector(.int64(rows), validity)
        case .wide:
            let entries: [Int128] = if case .wide(let known)? = dictionary { known } else { [] }
            let (rows, validity) = try fixed(&page, entries, zero: 0, readWideNumbers)
            return vector(.int128(rows), validity)
        case .doubles:
            let entries: [Double] = if case .doubles(let known)? = dictionary { known } else { [] }
            let (rows, validity) = try fixed(&page, entries, zero: 0, readDoubles)
            return vector(.double(rows), validity)
        }
    }

    /// The values that the chunk's codes stand for.
    func dictionary(of page: DataPage) throws(Damage) -> ChunkDictionary {
        switch form {
        case .texts: try texts(of: page)
        case .flags: .flags(try entries(of: page, zero: 0, readBooleans))
        case .days: .days(try entries(of: page, zero: 0, readDays))
        case .numbers: .numbers(try entries(of: page, zero: 0, readNumbers))
        case .wide: .wide(try entries(of: page, zero: 0, readWideNumbers))
        case .doubles: .doubles(try entries(of: page, zero: 0, readDoubles))
        }
    }

    private typealias PlainReader<Value> = (
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [Value], _ rows: Range<Int>
    ) throws(Damage) -> Void

    private func entries<Value: BitwiseCopyable & Sendable>(
        of page: DataPage, zero: Value, _ read: PlainReader<Value>
    ) throws(Damage) -> [Value] {
        let bytes = try dictionaryBytes(page)
        try checkEntryCount(page)
        var entries = [Value](repeating: zero, count: page.header.valueCount)
        if entries.isEmpty { return entries }
        try read(bytes, 0..<page.header.unpackedSize, .plain, &entries, 0..<entries.count)
        return entries
    }

    /// A value for each row, 0 for NULL.
    private func fixed<Value: BitwiseCopyable & Sendable>(
        _ current: inout Int?, _ entries: [Value], zero: Value, _ read: PlainReader<Value>
    ) throws(Damage) -> ([Value], Validity) {
        var values = [Value](repeating: zero, count: rowCount)
        var codes: [UInt32] = []
        var presence = PresenceRows()
        var first = 0
        for page in pages {
            current = page.number
            let open = try OpenPage(page, chunk, packing, isOptional: column.isOptional)
            let rows = first..<first + open.presentCount
            if open.encoding.isOfDictionary {
                if codes.count < rows.count { codes = [UInt32](repeating: 0, count: rows.count) }
                try open.readCodes(below: entries.count, into: &codes, 0)
                ChunkValues.gather(codes, entries, into: &values, rows)
            } else if !rows.isEmpty {
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

    /// Puts entries into `values[rows]`; the codes are all those of entries.
    private static func gather<Value: BitwiseCopyable & Sendable>(
        _ codes: [UInt32], _ entries: [Value], into values: inout [Value], _ rows: Range<Int>
    ) {
        precondition(rows.count <= codes.count && rows.upperBound <= values.count)
        // The largest code was compared with the number of entries.
        unsafe entries.withUnsafeBufferPointer { entries in
            unsafe codes.withUnsafeBufferPointer { codes in
                unsafe values.withUnsafeMutableBufferPointer { values in
                    for row in 0..<rows.count { unsafe values[rows.lowerBound &+ row] = entries[Int(codes[row])] }
                }
            }
        }
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

    private func readDays(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [Int32], _ rows: Range<Int>
    ) throws(Damage) {
        if encoding == .plain { return try FixedValues.readHalves(bytes, range, into: &values, rows) }
        var numbers = [Int64](repeating: 0, count: rows.count)
        try readIntegers(bytes, range, encoding, &numbers, 0..<rows.count)
        for row in 0..<rows.count { values[rows.lowerBound + row] = Int32(truncatingIfNeeded: numbers[row]) }
    }

    /// Numbers of 64 bits as the column's type has them.
    private func readNumbers(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [Int64], _ rows: Range<Int>
    ) throws(Damage) {
        guard isNarrow else {
            var wide = [Int128](repeating: 0, count: rows.count)
            try readWide(bytes, range, encoding, &wide, 0..<rows.count)
            for row in 0..<rows.count {
                guard let value = Int64(exactly: wide[row]) else { throw Damage("a decimal of more digits than its type has") }
                values[rows.lowerBound + row] = value
            }
            return
        }
        try readIntegers(bytes, range, encoding, &values, rows)
        switch column.conversion {
        case .integer(isUnsigned32: true): for row in rows { values[row] &= 0xFFFF_FFFF }
        case .timestamp(let unit) where unit != .microseconds:
            for row in rows { values[row] = try TimeUnits.microseconds(values[row], unit) }
        default: break
        }
    }

    /// Whether the values fit 64 bits as they lie in the file.
    private var isNarrow: Bool {
        switch column.physicalType {
        case .int32, .int64, .int96: true
        case .fixedByteArray: column.typeLength <= 8
        default: false
        }
    }

    private func readWideNumbers(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, _ values: inout [Int128], _ rows: Range<Int>
    ) throws(Damage) {
        guard isNarrow else { return try readWide(bytes, range, encoding, &values, rows) }
        var numbers = [Int64](repeating: 0, count: rows.count)
        try readIntegers(bytes, range, encoding, &numbers, 0..<rows.count)
        let isUnsigned = column.conversion == .unsigned64
        for row in 0..<rows.count {
            values[rows.lowerBound + row] = isUnsigned ? Int128(UInt64(bitPattern: numbers[row])) : Int128(numbers[row])
        }
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
