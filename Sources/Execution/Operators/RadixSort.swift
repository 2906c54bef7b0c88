/// Stable sorting of row numbers by unsigned integers, least significant byte first; bytes that all keys share are skipped.
enum RadixSort {
    private struct Entry {
        var key: UInt64
        var row: UInt32
    }

    private static let smallCount = 48

    /// `order` rearranged so that `keys[order[i]]` ascends; equal keys keep their order.
    static func sort(_ order: inout [UInt32], by keys: [UInt64]) {
        let count = order.count
        if count < 2 { return }
        var entries = [Entry](roomFor: count)
        for row in order { entries.append(Entry(key: keys[Int(row)], row: row)) }
        if count <= smallCount {
            insertionSort(&entries)
        } else {
            var histogram = [UInt32](repeating: 0, count: 8 * 256)
            var isSorted = true
            var last: UInt64 = 0
            for entry in entries {
                if entry.key < last { isSorted = false }
                last = entry.key
                for byte in 0..<8 {
                    histogram[(byte &<< 8) | Int(truncatingIfNeeded: (entry.key &>> UInt64(byte &<< 3)) & 255)] &+= 1
                }
            }
            if isSorted { return }
            var other = entries
            for byte in 0..<8 where !isConstant(histogram, byte, count) {
                pass(entries, &other, histogram, byte)
                swap(&entries, &other)
            }
        }
        for position in 0..<count { order[position] = entries[position].row }
    }

    private static func isConstant(_ histogram: [UInt32], _ byte: Int, _ count: Int) -> Bool {
        for digit in 0..<256 where Int(histogram[(byte << 8) | digit]) == count { return true }
        return false
    }

    private static func pass(_ source: [Entry], _ target: inout [Entry], _ histogram: [UInt32], _ byte: Int) {
        var next = [UInt32](repeating: 0, count: 256)
        var total: UInt32 = 0
        for digit in 0..<256 {
            next[digit] = total
            total &+= histogram[(byte << 8) | digit]
        }
        let shift = UInt64(byte << 3)
        for index in 0..<source.count {
            let entry = source[index]
            let digit = Int(truncatingIfNeeded: (entry.key &>> shift) & 255)
            target[Int(next[digit])] = entry
            next[digit] &+= 1
        }
    }

    private static func insertionSort(_ entries: inout [Entry]) {
        for index in 1..<entries.count {
            let entry = entries[index]
            var position = index
            while position > 0, entries[position &- 1].key > entry.key {
                entries[position] = entries[position &- 1]
                position &-= 1
            }
            entries[position] = entry
        }
    }
}

extension Array {
    fileprivate init(roomFor capacity: Int) {
        self = []
        reserveCapacity(capacity)
    }
}
