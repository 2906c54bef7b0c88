import Columns

/// Bytewise order among the strings of one column.
enum TextOrder {
    /// The place of each string: `ranks[i] < ranks[j]` exactly if string `i` sorts before string `j`. The strings must
    /// be distinct. O(n log n), comparing 8 leading bytes first.
    static func ranks(of strings: StringColumn) -> [UInt32] {
        let count = strings.count
        let heads = (0..<count).map { head(strings, $0) }
        var order = (0..<count).map { UInt32($0) }
        let bytes = strings.bytes
        order.sort { first, second in
            let a = heads[Int(first)]
            let b = heads[Int(second)]
            if a != b { return a < b }
            let span = bytes.span
            return ByteOrder.compare(
                span.extracting(strings.range(Int(first))), span.extracting(strings.range(Int(second)))) < 0
        }
        var ranks = [UInt32](repeating: 0, count: count)
        for (place, entry) in order.enumerated() { ranks[Int(entry)] = UInt32(place) }
        return ranks
    }

    /// The first 8 bytes, big-endian, padded with zeros.
    private static func head(_ strings: StringColumn, _ index: Int) -> UInt64 {
        let range = strings.range(index)
        var head: UInt64 = 0
        for position in 0..<8 {
            let byte = position < range.count ? strings.bytes[range.lowerBound + position] : 0
            head = (head << 8) | UInt64(byte)
        }
        return head
    }
}
