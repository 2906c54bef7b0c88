/// Pages that are one LZ4 block. Source: the LZ4 project, lz4_Block_format.md.
enum LZ4Pages {
    private static let shortestMatch = 4

    /// nil if the bytes are damaged or not exactly of that size.
    static func unpack(_ bytes: [UInt8], _ range: Range<Int>, size: Int) -> [UInt8]? {
        // No block gives more than 255 bytes for one.
        guard size <= range.count &* 255 else { return nil }
        var output = [UInt8](repeating: 0, count: size + PagePacking.padding)
        let source = bytes.span
        var target = output.mutableSpan
        var position = range.lowerBound
        var written = 0
        while position < range.upperBound {
            let token = source[position]
            position += 1
            guard let literals = length(Int(token >> 4), source, &position, range.upperBound),
                literals <= range.upperBound - position, literals <= size - written
            else { return nil }
            for place in 0..<literals { target[written + place] = source[position + place] }
            position += literals
            written += literals
            // The last sequence has literals alone.
            if position == range.upperBound { break }
            guard range.upperBound - position >= 2 else { return nil }
            let offset = Int(source[position]) | Int(source[position + 1]) << 8
            position += 2
            guard offset > 0, offset <= written, let more = length(Int(token & 15), source, &position, range.upperBound),
                more + shortestMatch <= size - written
            else { return nil }
            // Byte by byte: a match may reach into itself.
            for place in written..<written + more + shortestMatch { target[place] = target[place - offset] }
            written += more + shortestMatch
        }
        return written == size ? output : nil
    }

    /// A length of four bits, or more where they are all set.
    private static func length(_ short: Int, _ source: Span<UInt8>, _ position: inout Int, _ end: Int) -> Int? {
        guard short == 15 else { return short }
        var total = 15
        while position < end {
            let next = source[position]
            position += 1
            total += Int(next)
            if next != 255 { return total }
        }
        return nil
    }
}
