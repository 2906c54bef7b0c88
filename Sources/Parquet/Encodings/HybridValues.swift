/// The hybrid of runs and bit-packed groups of eight: levels, dictionary codes, booleans (RLE).
enum HybridValues {
    /// Fills `values[rows]` from a range of bytes.
    ///
    /// - Throws: where the bytes end too early, or a run says more than its bits hold.
    static func read(
        _ bytes: [UInt8], _ range: Range<Int>, bitWidth: Int, into values: inout [UInt32], _ rows: Range<Int>
    ) throws(Damage) {
        guard (0...32).contains(bitWidth) else { throw Damage("codes of \(bitWidth) bits") }
        var position = range.lowerBound
        var row = rows.lowerBound
        let valueSize = (bitWidth + 7) / 8
        while row < rows.upperBound {
            let head = try VariableNumber.read(bytes, &position, end: range.upperBound)
            let length = head >> 1
            if head & 1 == 0 {
                guard length > 0, position + valueSize <= range.upperBound else { throw Damage("a run beyond the page's end") }
                var value: UInt32 = 0
                for place in 0..<valueSize { value |= UInt32(bytes[position + place]) << UInt32(place * 8) }
                position += valueSize
                guard bitWidth == 32 || value < 1 << UInt32(bitWidth) else { throw Damage("a run of \(value) in \(bitWidth) bits") }
                let count = length > UInt64(rows.upperBound - row) ? rows.upperBound - row : Int(length)
                var target = values.mutableSpan
                for place in row..<row + count { target[place] = value }
                row += count
            } else {
                guard length > 0, length <= UInt64(Int32.max) else { throw Damage("\(length) groups of codes in one run") }
                let count = min(Int(length) * 8, rows.upperBound - row)
                guard (count * bitWidth + 7) / 8 <= range.upperBound - position else {
                    throw Damage("codes beyond the page's end")
                }
                BitUnpacking.unpack(bytes, at: position, bitWidth: bitWidth, into: &values, row..<row + count)
                position = min(position + Int(length) * bitWidth, range.upperBound)
                row += count
            }
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
