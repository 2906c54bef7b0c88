/// Values of a fixed size, plain or as byte streams, in the form the engine computes with.
enum FixedValues {
    /// INT32 and INT64 as 64-bit numbers; `width` is 4 or 8.
    static func readIntegers(
        _ bytes: [UInt8], _ range: Range<Int>, width: Int, into values: inout [Int64], _ rows: Range<Int>
    ) throws(Damage) {
        try check(range, width, rows)
        // The range was compared with the rows; loads and stores stay within both.
        unsafe bytes.withUnsafeBytes { source in
            unsafe values.withUnsafeMutableBufferPointer { target in
                let from = unsafe source.baseAddress! + range.lowerBound
                let to = unsafe target.baseAddress! + rows.lowerBound
                if width == 8 {
                    unsafe UnsafeMutableRawPointer(to).copyMemory(from: from, byteCount: rows.count * 8)
                } else {
                    for row in 0..<rows.count {
                        unsafe to[row] = Int64(from.loadUnaligned(fromByteOffset: row &* 4, as: Int32.self))
                    }
                }
            }
        }
    }

    /// INT32 as it lies.
    static func readHalves(_ bytes: [UInt8], _ range: Range<Int>, into values: inout [Int32], _ rows: Range<Int>) throws(Damage) {
        try check(range, 4, rows)
        // As above.
        unsafe bytes.withUnsafeBytes { source in
            unsafe values.withUnsafeMutableBufferPointer { target in
                let to = unsafe UnsafeMutableRawPointer(target.baseAddress! + rows.lowerBound)
                unsafe to.copyMemory(from: source.baseAddress! + range.lowerBound, byteCount: rows.count * 4)
            }
        }
    }

    /// FLOAT and DOUBLE; `width` is 4 or 8, or 2 for half precision.
    static func readDoubles(
        _ bytes: [UInt8], _ range: Range<Int>, width: Int, into values: inout [Double], _ rows: Range<Int>
    ) throws(Damage) {
        try check(range, width, rows)
        // As above.
        unsafe bytes.withUnsafeBytes { source in
            unsafe values.withUnsafeMutableBufferPointer { target in
                let from = unsafe source.baseAddress! + range.lowerBound
                let to = unsafe target.baseAddress! + rows.lowerBound
                switch width {
                case 8: unsafe UnsafeMutableRawPointer(to).copyMemory(from: from, byteCount: rows.count * 8)
                case 4:
                    for row in 0..<rows.count {
                        unsafe to[row] = Double(from.loadUnaligned(fromByteOffset: row &* 4, as: Float.self))
                    }
                default:
                    for row in 0..<rows.count {
                        unsafe to[row] = FixedValues.half(from.loadUnaligned(fromByteOffset: row &* 2, as: UInt16.self))
                    }
                }
            }
        }
    }

    /// Big-endian signed numbers of `width` bytes, 1 to 8.
    static func readBigEndian(
        _ bytes: [UInt8], _ range: Range<Int>, width: Int, into values: inout [Int64], _ rows: Range<Int>
    ) throws(Damage) {
        try check(range, width, rows)
        let shift = UInt64(64 - width * 8)
        // As above; eight bytes are loaded, of which padding or later values are shifted out.
        unsafe bytes.withUnsafeBytes { source in
            unsafe values.withUnsafeMutableBufferPointer { target in
                let from = unsafe source.baseAddress! + range.lowerBound
                let to = unsafe target.baseAddress! + rows.lowerBound
                for row in 0..<rows.count {
                    let word = unsafe UInt64(bigEndian: from.loadUnaligned(fromByteOffset: row &* width, as: UInt64.self))
                    unsafe to[row] = Int64(bitPattern: word) &>> Int64(shift)
                }
            }
        }
    }

    /// Big-endian signed numbers of `width` bytes, 1 to 16.
    static func readWide(
        _ bytes: [UInt8], _ range: Range<Int>, width: Int, into values: inout [Int128], _ rows: Range<Int>
    ) throws(Damage) {
        try check(range, width, rows)
        for row in 0..<rows.count {
            values[rows.lowerBound + row] = bigEndian(bytes, range.lowerBound + row * width, width)
        }
    }

    static func bigEndian(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> Int128 {
        var value: Int128 = bytes[offset] >= 0x80 ? -1 : 0
        for place in offset..<offset + width { value = value << 8 | Int128(bytes[place]) }
        return value
    }

    /// INT96: nanoseconds of the day and the Julian day, as microseconds since 1970-01-01.
    static func readLegacyTimes(
        _ bytes: [UInt8], _ range: Range<Int>, into values: inout [Int64], _ rows: Range<Int>
    ) throws(Damage) {
        try check(range, 12, rows)
        for row in 0..<rows.count {
            let offset = range.lowerBound + row * 12
            let low = UInt64(LittleEndian.uint32(bytes, offset))
            let nanoseconds = Int64(bitPattern: low | UInt64(LittleEndian.uint32(bytes, offset + 4)) << 32)
            let day = Int64(Int32(bitPattern: LittleEndian.uint32(bytes, offset + 8))) - 2_440_588
            let (start, isFar) = day.multipliedReportingOverflow(by: 86_400_000_000)
            let (sum, carry) = start.addingReportingOverflow(TimeUnits.floored(nanoseconds, by: 1000))
            guard !isFar, !carry else { throw .unsupported("a time beyond what microseconds reach") }
            values[rows.lowerBound + row] = sum
        }
    }

    /// BOOLEAN, plain: a bit each.
    static func readBits(
        _ bytes: [UInt8], _ range: Range<Int>, into values: inout [UInt8], _ rows: Range<Int>
    ) throws(Damage) {
        guard (rows.count + 7) / 8 <= range.count else { throw Damage("\(rows.count) booleans in \(range.count) bytes") }
        for row in 0..<rows.count {
            values[rows.lowerBound + row] = (bytes[range.lowerBound + row >> 3] >> UInt8(row & 7)) & 1
        }
    }

    /// BYTE_STREAM_SPLIT undone: the same values one after the other, with padding behind.
    static func joinedStreams(_ bytes: [UInt8], _ range: Range<Int>, width: Int, count: Int) throws(Damage) -> [UInt8] {
        guard count * width <= range.count else { throw Damage("\(count) values of \(width) bytes in \(range.count) bytes") }
        var joined = [UInt8](repeating: 0, count: count * width + PagePacking.padding)
        let source = bytes.span
        var target = joined.mutableSpan
        for stream in 0..<width {
            let first = range.lowerBound + stream * count
            for row in 0..<count { target[row &* width &+ stream] = source[first &+ row] }
        }
        return joined
    }

    private static func check(_ range: Range<Int>, _ width: Int, _ rows: Range<Int>) throws(Damage) {
        guard rows.count * width <= range.count else {
            throw Damage("\(rows.count) values of \(width) bytes in \(range.count) bytes")
        }
    }

    private static func half(_ bits: UInt16) -> Double {
        let sign = bits & 0x8000 == 0 ? 1.0 : -1.0
        let exponent = Int(bits >> 10) & 0x1F
        let fraction = Double(bits & 0x3FF)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
    }
}
