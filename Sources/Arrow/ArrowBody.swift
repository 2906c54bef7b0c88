import Columns

/// The buffers of one record batch, each beginning at a multiple of 64 bytes.
struct ArrowBody {
    private(set) var bytes: [UInt8] = []
    /// Rows and NULLs of each column.
    private(set) var nodes: [(Int64, Int64)] = []
    /// Offset and size of each buffer.
    private(set) var buffers: [(Int64, Int64)] = []

    private static let alignment = 64

    mutating func append(_ column: Vector, _ field: Field) throws(ArrowError) {
        let nullCount = column.validity.nullCount(rowCount: column.count)
        nodes.append((Int64(column.count), Int64(nullCount)))
        if case .mask(let mask) = column.validity, nullCount > 0 {
            append(ArrowBody.bits(mask))
        } else {
            append([])
        }
        switch column.values {
        case .boolean(let rows): append(ArrowBody.bits(rows))
        case .int32(let rows): append(ArrowBody.packed(rows))
        case .double(let rows): append(ArrowBody.packed(rows))
        case .interval(let rows):
            var packed: [UInt8] = []
            packed.reserveCapacity(rows.count * 16)
            for row in rows {
                let (nanoseconds, isFar) = row.microseconds.multipliedReportingOverflow(by: 1000)
                if isFar { throw ArrowError(column: field.name, what: "an interval beyond what nanoseconds reach", mend: "cast it to text") }
                packed += ArrowBody.packed([row.months, row.days]) + ArrowBody.packed([nanoseconds])
            }
            append(packed)
        case .int64(let rows): try appendNumbers(rows, field, column.validity)
        case .int128(let rows): append(ArrowBody.packed(rows))
        case .dictionary, .identifier, .string: try appendTexts(column, field)
        case .constant, .runs: preconditionFailure("a column of a batch is flat")
        }
    }

    private mutating func appendNumbers(_ rows: [Int64], _ field: Field, _ validity: Validity) throws(ArrowError) {
        switch field.type {
        case .integer:
            for row in 0..<rows.count where Int32(exactly: rows[row]) == nil && validity.isPresent(row) {
                throw ArrowError(column: field.name, what: "\(rows[row]) does not fit integer", mend: "cast the column to bigint")
            }
            append(ArrowBody.packed(rows.map { Int32(truncatingIfNeeded: $0) }))
        case .numeric: append(ArrowBody.packed(rows.map { Int128($0) }))
        default: append(ArrowBody.packed(rows))
        }
    }

    private mutating func appendTexts(_ column: Vector, _ field: Field) throws(ArrowError) {
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(column.count + 1)
        var text: [UInt8] = []
        for row in 0..<column.count {
            if column.validity.isPresent(row) {
                switch column.values {
                case .dictionary(let codes, let dictionary): text.append(contentsOf: dictionary.entries[bytesAt: Int(codes[row])])
                case .identifier(let codes, let domain): domain.appendBytes(of: codes[row], to: &text)
                case .string(let strings): text.append(contentsOf: strings[bytesAt: row])
                default: break
                }
            }
            guard let end = Int32(exactly: text.count) else {
                throw ArrowError(column: field.name, what: "more than 2 GiB of text in \(column.count) rows", mend: "leave it out")
            }
            offsets.append(end)
        }
        append(ArrowBody.packed(offsets))
        append(text)
    }

    private mutating func append(_ buffer: [UInt8]) {
        buffers.append((Int64(bytes.count), Int64(buffer.count)))
        bytes.append(contentsOf: buffer)
        let rest = bytes.count % ArrowBody.alignment
        if rest > 0 { bytes.append(contentsOf: repeatElement(0, count: ArrowBody.alignment - rest)) }
    }

    /// Truth values as bits, the first row lowest.
    private static func bits(_ rows: [UInt8]) -> [UInt8] {
        var packed = [UInt8](repeating: 0, count: (rows.count + 7) / 8)
        for row in 0..<rows.count { packed[row >> 3] |= rows[row] << UInt8(row & 7) }
        return packed
    }

    /// Numbers as they lie in the memory of a little-endian processor.
    private static func packed<Number: BitwiseCopyable>(_ rows: [Number]) -> [UInt8] {
        // The bytes are copied within the closure.
        unsafe rows.withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
