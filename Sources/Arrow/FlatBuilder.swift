/// Builds one FlatBuffers message, from its end to its beginning.
///
/// Source: flatbuffers.dev, "Internals". Offsets are counted from the end of the buffer, as everything before is still to come.
struct FlatBuilder {
    /// The last byte first.
    private var reversed: [UInt8] = []
    private var largestAlignment = 4
    private var fields: [(slot: Int, place: Int)] = []
    private var tableStart = 0

    private var size: Int { reversed.count }

    /// The finished message, its beginning aligned as its largest part.
    mutating func finish(root: Int) -> [UInt8] {
        prepare(alignment: largestAlignment, size: 4)
        append(UInt32(size + 4 - root))
        return reversed.reversed()
    }

    mutating func string(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        prepare(alignment: 4, size: bytes.count + 1)
        reversed.append(0)
        reversed.append(contentsOf: bytes.reversed())
        append(UInt32(bytes.count))
        return size
    }

    /// A vector of tables.
    mutating func vector(_ tables: [Int]) -> Int {
        prepare(alignment: 4, size: tables.count * 4)
        for table in tables.reversed() { append(UInt32(size + 4 - table)) }
        append(UInt32(tables.count))
        return size
    }

    /// A vector of structures of two 64-bit numbers.
    mutating func vector(_ pairs: [(Int64, Int64)]) -> Int {
        structures(pairs.map { [$0.0, $0.1] })
    }

    /// A vector of structures of 64-bit numbers.
    mutating func structures(_ rows: [[Int64]]) -> Int {
        let width = rows.first?.count ?? 0
        prepare(alignment: 4, size: rows.count * width * 8)
        prepare(alignment: 8, size: rows.count * width * 8)
        for row in rows.reversed() { for value in row.reversed() { append(UInt64(bitPattern: value)) } }
        append(UInt32(rows.count))
        return size
    }

    /// A table whose fields `body` adds; strings, vectors and tables within it are made before.
    mutating func table(_ body: (inout FlatBuilder) -> Void) -> Int {
        fields = []
        tableStart = size
        body(&self)
        let own = fields
        prepare(alignment: 4, size: 4)
        let table = size + 4
        let slotCount = (own.map(\.slot).max() ?? -1) + 1
        let tableSize = table - tableStart
        // The table begins with its distance to the list of slots, which lies right before it.
        append(UInt32(slotCount * 2 + 4))
        for slot in (0..<slotCount).reversed() {
            let place = own.first { $0.slot == slot }?.place
            append(UInt16(place.map { table - $0 } ?? 0))
        }
        append(UInt16(tableSize))
        append(UInt16(slotCount * 2 + 4))
        return table
    }

    mutating func add<Number: FixedWidthInteger>(_ slot: Int, _ value: Number) {
        prepare(alignment: Number.bitWidth / 8, size: Number.bitWidth / 8)
        append(value)
        fields.append((slot, size))
    }

    mutating func add(_ slot: Int, offset: Int) {
        prepare(alignment: 4, size: 4)
        append(UInt32(size + 4 - offset))
        fields.append((slot, size))
    }

    /// Fills up, so that what is appended next and is `size` bytes long begins aligned.
    private mutating func prepare(alignment: Int, size added: Int) {
        largestAlignment = max(largestAlignment, alignment)
        while (size + added) % alignment != 0 { reversed.append(0) }
    }

    private mutating func append<Number: FixedWidthInteger>(_ value: Number) {
        for place in (0..<Number.bitWidth / 8).reversed() { reversed.append(UInt8(truncatingIfNeeded: value >> Number(place * 8))) }
    }
}
