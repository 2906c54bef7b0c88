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
                ArrayText.append(text, to: &bytes)
            }
            offsets.append(UInt32(bytes.count))
        }
        return Vector(
            type: .text, count: count, values: .string(StringColumn(offsets: offsets, bytes: bytes)))
    }
}
