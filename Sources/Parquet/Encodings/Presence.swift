/// Definition levels of a flat optional column: 1 where a value is, 0 for NULL.
enum Presence {
    /// Reads `count` levels.
    ///
    /// - Returns: nil if all rows are present, else a 0/1 byte for each.
    static func read(_ bytes: [UInt8], _ range: Range<Int>, count: Int) throws(Damage) -> [UInt8]? {
        var position = range.lowerBound
        // The usual case: one run of ones.
        if count > 0, let head = try? VariableNumber.read(bytes, &position, end: range.upperBound), head & 1 == 0,
            head >> 1 >= UInt64(count), position < range.upperBound, bytes[position] == 1
        {
            return nil
        }
        var levels = [UInt32](repeating: 0, count: count)
        try HybridValues.read(bytes, range, bitWidth: 1, into: &levels, 0..<count)
        var mask = [UInt8](repeating: 0, count: count)
        var all: UInt32 = 1
        let source = levels.span
        var target = mask.mutableSpan
        for row in 0..<count {
            all &= source[row]
            target[row] = UInt8(truncatingIfNeeded: source[row])
        }
        return all == 1 ? nil : mask
    }

    static func count(_ mask: [UInt8]) -> Int {
        var total = 0
        for byte in mask { total &+= Int(byte) }
        return total
    }

    /// Levels of some rows as they stand in a page of version 1: behind their size.
    static func write(_ mask: ArraySlice<UInt8>?, count: Int) -> [UInt8] {
        let levels: [UInt8]
        if let mask {
            let values = mask.map { UInt32($0) }
            levels = HybridValues.write(values[...], bitWidth: 1)
        } else {
            var run: [UInt8] = []
            VariableNumber.append(UInt64(count) << 1, to: &run)
            levels = run + [1]
        }
        return LittleEndian.bytes(UInt32(levels.count)) + levels
    }

    /// Moves `values[first..<first + present]` apart, so that each lies in the row of its presence.
    static func spread<Value>(_ values: inout [Value], first: Int, mask: [UInt8], presentCount: Int) {
        var target = values.mutableSpan
        let present = mask.span
        var next = presentCount
        var row = present.count
        while next > 0, row > next {
            row &-= 1
            if present[row] != 0 {
                next &-= 1
                target[first + row] = target[first + next]
            }
        }
    }
}
