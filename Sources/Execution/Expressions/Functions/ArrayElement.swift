import Columns

/// Values as they stand inside the text of an array. Source: PostgreSQL 15, "Array Input and Output Syntax".
enum ArrayElement {
    /// A text for each row, `NULL` for NULL; never NULL itself.
    static func texts(of vector: Vector, count: Int) -> Vector {
        let flat = vector.flattened()
        var bytes: [UInt8] = []
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(count + 1)
        var text: [UInt8] = []
        for row in 0..<count {
            if !flat.validity.isPresent(row) {
                bytes.append(contentsOf: "NULL".utf8)
            } else if case .boolean(let rows) = flat.values {
                bytes.append(rows[row] != 0 ? 0x74 : 0x66)
            } else {
                text.removeAll(keepingCapacity: true)
                ValueText.append(flat, row: row, to: &text)
                append(text, to: &bytes)
            }
            offsets.append(UInt32(bytes.count))
        }
        return Vector(
            type: .text, count: count, values: .string(StringColumn(offsets: offsets, bytes: bytes)))
    }

    private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        guard mustQuote(text) else {
            bytes.append(contentsOf: text)
            return
        }
        bytes.append(0x22)
        for byte in text {
            if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    /// Whether a text would read as something else: empty, `NULL`, or with a character that means something in an array.
    private static func mustQuote(_ text: [UInt8]) -> Bool {
        if text.isEmpty { return true }
        if text.count == 4, text.map({ $0 & 0xDF }) == [0x4E, 0x55, 0x4C, 0x4C] { return true }
        return text.contains { byte in
            switch byte {
            case 0x22, 0x5C, 0x7B, 0x7D, 0x2C, 0x20, 0x09...0x0D: true
            default: false
            }
        }
    }
}
