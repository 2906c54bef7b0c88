import Columns

/// How a piece of rows lies in a spill file: a head of 24 bytes (rows, columns, size and hash of what follows), then each
/// column: its shape, its type, its NULLs, its values. Integers take no more bytes than their range in the piece needs.
///
/// The bytes are read by the process that wrote them and by no other: the order of bytes is the machine's own.
struct SpillEncoding: Sendable {
    let domains: SpillDomains

    static let headSize = 24

    enum Shape: UInt8 {
        case boolean, int32, int64, narrowWide, wide, double, interval, dictionary, identifier, string
    }

    /// Appends some rows of flat columns.
    func append(_ columns: [Vector], rows: Range<Int>, to bytes: inout [UInt8]) {
        let head = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: SpillEncoding.headSize))
        for column in columns { append(column, rows, to: &bytes) }
        let size = bytes.count - head - SpillEncoding.headSize
        let hash = SpillEncoding.hash(bytes, from: head + SpillEncoding.headSize)
        let words = [UInt64(rows.count) | UInt64(columns.count) << 40, UInt64(size), hash]
        for (index, word) in words.enumerated() {
            for byte in 0..<8 { bytes[head + index * 8 + byte] = UInt8(truncatingIfNeeded: word &>> UInt64(byte * 8)) }
        }
    }

    static func hash(_ bytes: [UInt8], from start: Int) -> UInt64 {
        // The buffer outlives the loop; loads stay below its count.
        unsafe bytes.withUnsafeBytes { buffer in
            var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
            var position = start
            while position &+ 8 <= bytes.count {
                let word = unsafe buffer.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                hash = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
                hash ^= hash &>> 29
                position &+= 8
            }
            while position < bytes.count {
                hash = (hash ^ UInt64(unsafe buffer[position])) &* 0xD6E8_FEB8_6659_FD93
                position &+= 1
            }
            return hash ^ (hash &>> 32)
        }
    }

    private func append(_ column: Vector, _ rows: Range<Int>, to bytes: inout [UInt8]) {
        switch column.values {
        case .boolean(let values):
            begin(.boolean, column, rows, &bytes)
            bytes.append(contentsOf: values[rows])
        case .int32(let values):
            begin(.int32, column, rows, &bytes)
            SpillBytes.put(integers: values, rows, &bytes)
        case .int64(let values):
            begin(.int64, column, rows, &bytes)
            SpillBytes.put(integers: values, rows, &bytes)
        case .int128(let values):
            if let narrow = WideArithmetic.narrowed(values[rows]) {
                begin(.narrowWide, column, rows, &bytes)
                SpillBytes.put(integers: narrow, 0..<narrow.count, &bytes)
            } else {
                begin(.wide, column, rows, &bytes)
                SpillBytes.put(Array(values[rows]), &bytes)
            }
        case .double(let values):
            begin(.double, column, rows, &bytes)
            SpillBytes.put(Array(values[rows]), &bytes)
        case .interval(let values):
            begin(.interval, column, rows, &bytes)
            SpillBytes.put(integers: rows.map { values[$0].months }, 0..<rows.count, &bytes)
            SpillBytes.put(integers: rows.map { values[$0].days }, 0..<rows.count, &bytes)
            SpillBytes.put(integers: rows.map { values[$0].microseconds }, 0..<rows.count, &bytes)
        case .dictionary(let codes, let dictionary):
            if let number = domains.number(of: dictionary) {
                begin(.dictionary, column, rows, &bytes)
                SpillBytes.put([UInt32(number)], &bytes)
                SpillBytes.put(integers: codes, rows, &bytes)
            } else {
                begin(.string, column, rows, &bytes)
                SpillBytes.put(strings: rows.map { dictionary.entries[bytesAt: Int(codes[$0])] }, &bytes)
            }
        case .identifier(let codes, let domain):
            begin(.identifier, column, rows, &bytes)
            SpillBytes.put([UInt32(domains.number(of: domain))], &bytes)
            SpillBytes.put(integers: codes, rows, &bytes)
        case .string(let strings):
            begin(.string, column, rows, &bytes)
            SpillBytes.put(strings: rows.map { strings[bytesAt: $0] }, &bytes)
        case .constant, .runs: preconditionFailure("spilled columns are flat")
        }
    }

    private func begin(_ shape: Shape, _ column: Vector, _ rows: Range<Int>, _ bytes: inout [UInt8]) {
        bytes.append(shape.rawValue)
        SpillBytes.put([UInt16(domains.number(of: column.type))], &bytes)
        switch column.validity {
        case .allPresent: bytes.append(0)
        case .mask(let mask):
            bytes.append(1)
            bytes.append(contentsOf: mask[rows])
        }
    }
}
