import CKernels

/// The hybrid of runs and bit-packed groups of eight: levels, dictionary codes, booleans (RLE).
enum HybridValues {
    /// Fills `values[rows]` from a range of bytes, behind which `PagePacking.padding` more are readable.
    ///
    /// - Returns: the largest of the values.
    /// - Throws: where the bytes end too early, or a run says more than its bits hold.
    @discardableResult
    static func read(
        _ bytes: [UInt8], _ range: Range<Int>, bitWidth: Int, into values: inout [UInt32], _ rows: Range<Int>
    ) throws(Damage) -> UInt32 {
        guard (0...32).contains(bitWidth) else { throw Damage("codes of \(bitWidth) bits") }
        precondition(rows.lowerBound >= 0 && rows.upperBound <= values.count)
        precondition(range.lowerBound >= 0 && range.upperBound + PagePacking.padding <= bytes.count)
        if rows.isEmpty { return 0 }
        // The kernel stays within the range but for the padding, and writes as many values as there are rows.
        let result = unsafe values.withUnsafeMutableBufferPointer {
            unsafe ck_read_codes(
                ck_level(), bytes, range.lowerBound, range.upperBound, UInt32(bitWidth), rows.count,
                $0.baseAddress! + rows.lowerBound)
        }
        try check(result, bitWidth: bitWidth)
        return result.largest
    }

    /// Reads values of one bit as 0/1 bytes.
    ///
    /// - Returns: the bytes, and how many of them are 1.
    static func readBits(_ bytes: [UInt8], _ range: Range<Int>, count: Int) throws(Damage) -> (mask: [UInt8], ones: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        guard count > 0 else { return ([], 0) }
        var result = ck_hybrid_result()
        // The kernel stays within the range; a mask that it has not filled is not used.
        let mask = unsafe [UInt8](unsafeUninitializedCapacity: count) { mask, filled in
            unsafe result = ck_read_levels(bytes, range.lowerBound, range.upperBound, count, mask.baseAddress!)
            filled = result.status == CK_HYBRID_SOUND ? count : 0
        }
        try check(result, bitWidth: 1)
        return (mask, Int(result.largest))
    }

    private static func check(_ result: ck_hybrid_result, bitWidth: Int) throws(Damage) {
        switch result.status {
        case CK_HYBRID_SOUND: return
        case CK_HYBRID_NUMBER_CUT: throw Damage("a number beyond the page's end")
        case CK_HYBRID_LONG_NUMBER: throw Damage("a number of more than ten bytes")
        case CK_HYBRID_WIDE_VALUE: throw Damage("a run of \(result.found) in \(bitWidth) bits")
        case CK_HYBRID_GROUPS: throw Damage("\(result.found) groups of codes in one run")
        case CK_HYBRID_CODES_CUT: throw Damage("codes beyond the page's end")
        default: throw Damage("a run beyond the page's end")
        }
    }

    /// Bytes of values below `2^bitWidth`.
    static func write(_ values: ArraySlice<UInt32>, bitWidth: Int) -> [UInt8] {
        var output: [UInt8] = []
        if bitWidth == 0 {
            VariableNumber.append(UInt64(values.count) << 1, to: &output)
            return output
        }
        let rows = values.span
        var first = 0
        var row = 0
        while row < rows.count {
            let value = rows[row]
            var end = row + 1
            while end < rows.count, rows[end] == value { end += 1 }
            // A group that has begun is filled from the run.
            let fill = (8 - (row - first) % 8) % 8
            if end - row - fill >= 8 {
                appendGroups(rows, first..<row + fill, bitWidth, to: &output)
                VariableNumber.append(UInt64(end - row - fill) << 1, to: &output)
                for place in 0..<(bitWidth + 7) / 8 { output.append(UInt8(truncatingIfNeeded: value >> UInt32(place * 8))) }
                first = end
            }
            row = end
        }
        appendGroups(rows, first..<rows.count, bitWidth, to: &output)
        return output
    }

    private static func appendGroups(_ rows: Span<UInt32>, _ range: Range<Int>, _ bitWidth: Int, to output: inout [UInt8]) {
        guard !range.isEmpty else { return }
        let groupCount = (range.count + 7) / 8
        VariableNumber.append(UInt64(groupCount) << 1 | 1, to: &output)
        var packer = BitPacker()
        for row in range { packer.append(UInt64(rows[row]), bitWidth: UInt64(bitWidth)) }
        packer.flush(onto: &output)
        let missing = groupCount * bitWidth - (range.count * bitWidth + 7) / 8
        output.append(contentsOf: repeatElement(0, count: missing))
    }

    /// Bits that numbers up to `maximum` take.
    static func bitWidth(maximum: Int) -> Int { Int.bitWidth - max(0, maximum).leadingZeroBitCount }
}
