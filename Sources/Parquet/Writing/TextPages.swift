import Columns
import Glibc

/// Pages of a text column: a dictionary where it pays, else strings, with what neighbours share said once if they do.
enum TextPages {
    /// Longest bound that is kept whole; a longer largest value gives no bound.
    private static let boundLimit = 64

    static func append(_ column: Vector, mask: [UInt8]?, to pages: inout PageAssembly) throws(ParquetError) {
        let texts = DistinctTexts(column)
        guard !texts.codes.isEmpty else { return pages.appendNulls() }
        setBounds(texts.entries, &pages)
        let count = texts.codes.count
        let sizes = Sizes(texts)
        let bitWidth = HybridValues.bitWidth(maximum: texts.entries.count - 1)
        // What packing makes of each is foreseen roughly: text gives way to half.
        let coded = texts.entries.bytes.count / 2 + texts.entries.count * 2 + count * bitWidth / 8
        let plain = sizes.total / 2 + count / 2
        let shared = sizes.suffixes * 3 / 4 + count / 2
        if coded <= min(plain, shared) {
            pages.appendDictionary(plainBytes(texts.entries), count: texts.entries.count)
            pages.appendCodes(texts.codes, entryCount: texts.entries.count)
        } else if shared < plain {
            pages.appendRows(encoding: .deltaByteArray, averageSize: sizes.total / count + 1) { texts.sharedBytes($0) }
        } else {
            pages.appendRows(encoding: .deltaLengthByteArray, averageSize: sizes.total / count + 1) { texts.lengthBytes($0) }
        }
    }

    private struct Sizes {
        var total = 0
        /// Bytes that differ from the string before.
        var suffixes = 0

        init(_ texts: DistinctTexts) {
            var previous: UInt32?
            for code in texts.codes {
                let size = texts.entries.range(Int(code)).count
                total += size
                if code != previous { suffixes += size - texts.sharedCount(code, previous) }
                previous = code
            }
        }
    }

    private static func setBounds(_ entries: StringColumn, _ pages: inout PageAssembly) {
        var low = 0
        var high = 0
        for entry in 1..<max(1, entries.count) {
            if isLess(entries, entry, low) { low = entry }
            if isLess(entries, high, entry) { high = entry }
        }
        let largest = entries[bytesAt: high]
        var smallest = entries[bytesAt: low].prefix(boundLimit)
        // A bound is text, too: it is not cut within a character.
        if smallest.count < entries.range(low).count {
            while let last = smallest.last, last & 0xC0 == 0x80 { smallest.removeLast() }
            if let last = smallest.last, last >= 0xC0 { smallest.removeLast() }
        }
        pages.setBounds(
            Array(smallest), largest.count <= boundLimit ? Array(largest) : nil,
            isMinimumCut: smallest.count < entries.range(low).count)
    }

    /// By bytes.
    private static func isLess(_ entries: StringColumn, _ left: Int, _ right: Int) -> Bool {
        let (a, b) = (entries.range(left), entries.range(right))
        // Both ranges lie in the column's bytes.
        let order = unsafe entries.bytes.withUnsafeBytes { bytes in
            a.isEmpty || b.isEmpty ? 0 : unsafe memcmp(bytes.baseAddress! + a.lowerBound, bytes.baseAddress! + b.lowerBound, min(a.count, b.count))
        }
        return order == 0 ? a.count < b.count : order < 0
    }

    private static func plainBytes(_ entries: StringColumn) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.bytes.count + entries.count * 4)
        for entry in 0..<entries.count {
            let size = UInt32(entries.range(entry).count)
            bytes.append(UInt8(truncatingIfNeeded: size))
            bytes.append(UInt8(truncatingIfNeeded: size >> 8))
            bytes.append(UInt8(truncatingIfNeeded: size >> 16))
            bytes.append(UInt8(truncatingIfNeeded: size >> 24))
            bytes.append(contentsOf: entries[bytesAt: entry])
        }
        return bytes
    }
}
