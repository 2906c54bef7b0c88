import CKernels

/// Definition levels of a flat optional column: 1 where a value is, 0 for NULL.
enum Presence {
    /// Reads `count` levels.
    ///
    /// - Returns: nil if all rows are present, else a 0/1 byte for each; and how many are present.
    static func read(_ bytes: [UInt8], _ range: Range<Int>, count: Int) throws(Damage) -> (mask: [UInt8]?, presentCount: Int) {
        var position = range.lowerBound
        // The usual case: one run of ones.
        if count > 0, let head = try? VariableNumber.read(bytes, &position, end: range.upperBound), head & 1 == 0,
            head >> 1 >= UInt64(count), position < range.upperBound, bytes[position] == 1
        {
            return (nil, count)
        }
        let (mask, ones) = try HybridValues.readBits(bytes, range, count: count)
        return (ones == count ? nil : mask, ones)
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

    /// Moves `values[first..<first + present]` apart, so that each lies in the row of its presence. A row without one has the
    /// value of another row, or what it had.
    static func spread<Value: BitwiseCopyable>(_ values: inout [Value], first: Int, mask: [UInt8], presentCount: Int) {
        precondition(first >= 0 && first + mask.count <= values.count && presentCount <= mask.count)
        guard presentCount > 0 else { return }
        // The kernels move values of their size within the rows of the mask, which hold as many ones as values are present.
        unsafe values.withUnsafeMutableBytes { all in
            let place = unsafe all.baseAddress! + first * MemoryLayout<Value>.stride
            switch MemoryLayout<Value>.stride {
            case 8: unsafe ck_spread_words(mask, mask.count, presentCount, place.assumingMemoryBound(to: UInt64.self))
            case 4: unsafe ck_spread_halves(mask, mask.count, presentCount, place.assumingMemoryBound(to: UInt32.self))
            default: unsafe spreadAny(place.assumingMemoryBound(to: Value.self), mask, presentCount)
            }
        }
    }

    private static func spreadAny<Value: BitwiseCopyable>(_ values: UnsafeMutablePointer<Value>, _ mask: [UInt8], _ presentCount: Int) {
        var next = presentCount
        var row = mask.count
        // As the kernels: rows of the mask alone are read and written.
        while next > 0, row > next {
            row -= 1
            unsafe values[row] = values[next - 1]
            next -= Int(mask[row])
        }
    }
}
