/// DELTA_BINARY_PACKED: blocks of differences, each packed above the smallest of its block.
enum DeltaNumbers {
    private static let blockSize = 128
    private static let miniblockSize = 32

    /// Reads exactly `rows.count` numbers into `values[rows]`.
    ///
    /// - Returns: where the bytes go on.
    static func read(
        _ bytes: [UInt8], _ range: Range<Int>, into values: inout [Int64], _ rows: Range<Int>
    ) throws(Damage) -> Int {
        var position = range.lowerBound
        let end = range.upperBound
        let block = try VariableNumber.read(bytes, &position, end: end)
        let miniblocks = try VariableNumber.read(bytes, &position, end: end)
        let total = try VariableNumber.read(bytes, &position, end: end)
        let first = try VariableNumber.readSigned(bytes, &position, end: end)
        guard block > 0, block <= 1 << 20, miniblocks > 0, block % miniblocks == 0, block / miniblocks % 8 == 0 else {
            throw Damage("delta blocks of \(block) numbers in \(miniblocks) parts")
        }
        guard total == UInt64(rows.count) else { throw Damage("\(total) delta numbers where \(rows.count) are expected") }
        guard !rows.isEmpty else { return position }
        let size = Int(block / miniblocks)
        values[rows.lowerBound] = first
        var last = first
        var row = rows.lowerBound + 1
        while row < rows.upperBound {
            let base = try VariableNumber.readSigned(bytes, &position, end: end)
            let widths = position
            guard Int(miniblocks) <= end - position else { throw Damage("delta widths beyond the page's end") }
            position += Int(miniblocks)
            for miniblock in 0..<Int(miniblocks) where row < rows.upperBound {
                let width = Int(bytes[widths + miniblock])
                let count = min(size, rows.upperBound - row)
                guard width <= 64, (count * width + 7) / 8 <= end - position else {
                    throw Damage("delta numbers of \(width) bits beyond the page's end")
                }
                BitUnpacking.unpackSums(
                    bytes, at: position, bitWidth: width, base: base, last: &last, into: &values, row..<row + count)
                position = min(position + size * width / 8, end)
                row += count
            }
        }
        return position
    }

    /// Differences wrap in the numbers' own width, as readers of that width expect.
    static func write<Number: FixedWidthInteger & SignedInteger>(_ values: ArraySlice<Number>) -> [UInt8]
    where Number.Magnitude: FixedWidthInteger {
        let rows = values.span
        var output: [UInt8] = []
        output.reserveCapacity(rows.count * 2 + 16)
        VariableNumber.append(UInt64(blockSize), to: &output)
        VariableNumber.append(UInt64(blockSize / miniblockSize), to: &output)
        VariableNumber.append(UInt64(rows.count), to: &output)
        VariableNumber.append(signed: rows.count > 0 ? Int64(rows[0]) : 0, to: &output)
        var deltas = [Number](repeating: 0, count: blockSize)
        var packer = BitPacker()
        var row = 1
        while row < rows.count {
            let count = min(blockSize, rows.count - row)
            var least = Number.max
            for place in 0..<count {
                let delta = rows[row + place] &- rows[row + place - 1]
                deltas[place] = delta
                least = min(least, delta)
            }
            VariableNumber.append(signed: Int64(least), to: &output)
            appendMiniblocks(deltas, count, least, &packer, to: &output)
            row += count
        }
        return output
    }

    private static func appendMiniblocks<Number: FixedWidthInteger & SignedInteger>(
        _ deltas: [Number], _ count: Int, _ least: Number, _ packer: inout BitPacker, to output: inout [UInt8]
    ) {
        let widthsAt = output.count
        output.append(contentsOf: repeatElement(0, count: blockSize / miniblockSize))
        for miniblock in 0..<blockSize / miniblockSize {
            let first = miniblock * miniblockSize
            guard first < count else { break }
            let end = min(first + miniblockSize, count)
            var all: UInt64 = 0
            for place in first..<end { all |= offset(deltas[place], least) }
            let width = 64 - all.leadingZeroBitCount
            output[widthsAt + miniblock] = UInt8(width)
            guard width > 0 else { continue }
            for place in first..<end { packer.append(offset(deltas[place], least), bitWidth: UInt64(width)) }
            for _ in end..<first + miniblockSize { packer.append(0, bitWidth: UInt64(width)) }
            packer.flush(onto: &output)
        }
    }

    /// The distance from the least, in the numbers' own width.
    @inline(__always)
    private static func offset<Number: FixedWidthInteger & SignedInteger>(_ delta: Number, _ least: Number) -> UInt64 {
        UInt64(truncatingIfNeeded: Number.Magnitude(truncatingIfNeeded: delta &- least))
    }
}
