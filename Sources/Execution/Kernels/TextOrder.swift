import CKernels
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

    /// As above, of a dictionary's entries; it remembers them.
    static func ranks(of dictionary: TextDictionary) -> [UInt32] { dictionary.ranks { ranks(of: $0) } }

    /// The smallest or largest text of each group, bytewise.
    ///
    /// - Parameters:
    ///   - codes: The string of each row; empty if row `i` has string `i`.
    ///   - groups: The group of each row; nil if all are of group 0.
    ///   - best: Receives for each group the number of its string; those that no row is of stay as they are.
    static func extremes(
        of strings: StringColumn, codes: [UInt32], _ validity: Validity, groups: [UInt32]?, count: Int, _ isMaximum: Bool,
        into best: inout [UInt32]
    ) {
        guard count > 0 else { return }
        precondition(codes.isEmpty ? count <= strings.count : codes.count == count)
        if !codes.isEmpty {
            for row in 0..<count where validity.isPresent(row) { precondition(Int(codes[row]) < strings.count) }
        }
        if let groups {
            precondition(groups.count == count)
            for group in groups { precondition(Int(group) < best.count) }
        }
        var mask: [UInt8]?
        if case .mask(let present) = validity {
            precondition(present.count == count)
            mask = present
        }
        // Groups, strings and the mask were compared with the count above.
        unsafe best.withUnsafeMutableBufferPointer { best in
            unsafe ck_text_extremes(
                strings.bytes, strings.offsets, codes.isEmpty ? nil : codes, mask, groups, count, isMaximum ? 1 : 0,
                best.baseAddress!)
        }
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
