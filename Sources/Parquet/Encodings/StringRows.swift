import CKernels
import Columns

/// Strings of a column chunk as its pages come in.
struct StringRows {
    private(set) var offsets: [UInt32] = [0]
    private(set) var bytes: [UInt8] = []
    /// Whether the strings must be UTF-8; otherwise they are any bytes.
    private let isText: Bool

    init(isText: Bool = true) { self.isText = isText }

    var count: Int { offsets.count - 1 }

    mutating func column() -> StringColumn {
        defer { self = StringRows(isText: isText) }
        return StringColumn(offsets: offsets, bytes: bytes)
    }

    /// PLAIN: each string behind its size.
    mutating func appendPlain(_ source: [UInt8], _ range: Range<Int>, count: Int) throws(Damage) {
        guard count * 4 <= range.count else { throw Damage("\(count) strings in \(range.count) bytes") }
        let room = range.count - count * 4
        try reserve(room)
        let start = bytes.count
        var written = -1
        // Taken out, so that they can be filled beside each other.
        var (ends, target) = (offsets, bytes)
        (offsets, bytes) = ([], [])
        // The range has four bytes for each string, and the page its padding behind it; there is room for all else of the range.
        target.append(addingCapacity: room + PagePacking.padding) { output in
            unsafe output.withUnsafeMutableBufferPointer { strings, byteCount in
                ends.append(addingCapacity: count) { output in
                    unsafe output.withUnsafeMutableBufferPointer { ends, endCount in
                        unsafe written = ck_read_strings(
                            source, range.lowerBound, range.upperBound, count, UInt32(start), ends.baseAddress, strings.baseAddress!)
                        endCount = written < 0 ? 0 : count
                    }
                }
                byteCount = max(written, 0)
            }
        }
        (offsets, bytes) = (ends, target)
        guard written >= 0 else { throw Damage("a string beyond the page's end") }
        try check(from: start, offsetCount: count)
    }

    /// Strings of known sizes lying one after the other.
    mutating func append(_ source: [UInt8], _ range: Range<Int>, sizes: [Int64]) throws(Damage) {
        let start = bytes.count
        var total = 0
        for size in sizes {
            guard size >= 0, size <= range.count - total else { throw Damage("a string beyond the page's end") }
            total += Int(size)
        }
        try reserve(total)
        bytes.append(contentsOf: source[range.lowerBound..<range.lowerBound + total])
        var end = start
        offsets.reserveCapacity(offsets.count + sizes.count)
        for size in sizes {
            end += Int(size)
            offsets.append(UInt32(truncatingIfNeeded: end))
        }
        try check(from: start, offsetCount: sizes.count)
    }

    /// DELTA_BYTE_ARRAY: each string begins as the one before it on the page does.
    mutating func append(prefixes: [Int64], _ source: [UInt8], _ range: Range<Int>, suffixes: [Int64]) throws(Damage) {
        let start = bytes.count
        var total = 0
        var suffixTotal = 0
        var previous: Int64 = 0
        for index in prefixes.indices {
            let (prefix, suffix) = (prefixes[index], suffixes[index])
            guard prefix >= 0, prefix <= previous, suffix >= 0, suffix <= range.count - suffixTotal else {
                throw Damage("a string beyond the page's end")
            }
            previous = prefix + suffix
            suffixTotal += Int(suffix)
            total += Int(previous)
            if total > StringRows.byteLimit { try reserve(total) }
        }
        try reserve(total)
        var (ends, target) = (offsets, bytes)
        (offsets, bytes) = ([], [])
        // One byte more: a buffer without any has no address.
        target.append(contentsOf: repeatElement(0, count: total + 1))
        // All sizes were added up above: copies stay within the suffixes' range, the string before, and the room for all.
        unsafe source.withUnsafeBytes { from in
            unsafe target.withUnsafeMutableBytes { to in
                var before = start
                var position = range.lowerBound
                var end = start
                for index in prefixes.indices {
                    let (prefix, suffix) = (Int(prefixes[index]), Int(suffixes[index]))
                    let place = unsafe to.baseAddress! + end
                    unsafe place.copyMemory(from: to.baseAddress! + before, byteCount: prefix)
                    unsafe (place + prefix).copyMemory(from: from.baseAddress! + position, byteCount: suffix)
                    before = end
                    position += suffix
                    end += prefix + suffix
                    ends.append(UInt32(truncatingIfNeeded: end))
                }
            }
        }
        target.removeLast()
        (offsets, bytes) = (ends, target)
        try check(from: start, offsetCount: prefixes.count)
    }

    /// Entries of a dictionary.
    mutating func append(_ codes: [UInt32], of dictionary: StringColumn) throws(Damage) {
        var total = 0
        for code in codes { total += dictionary.range(Int(code)).count }
        try reserve(total)
        let texts = dictionary.gathered(codes.map { Int32(bitPattern: $0) })
        let start = UInt32(bytes.count)
        bytes.append(contentsOf: texts.bytes)
        offsets.append(addingCapacity: codes.count) { output in
            for row in 1..<texts.offsets.count { output.append(start + texts.offsets[row]) }
        }
    }

    /// Strings that were read before.
    mutating func append(_ strings: StringColumn) throws(Damage) {
        try reserve(strings.bytes.count)
        let start = UInt32(bytes.count)
        bytes.append(contentsOf: strings.bytes)
        offsets.append(addingCapacity: strings.count) { output in
            for row in 1..<strings.offsets.count { output.append(start + strings.offsets[row]) }
        }
    }

    /// Strings made of fixed bytes.
    mutating func append(text: some Collection<UInt8>) throws(Damage) {
        try reserve(text.count)
        bytes.append(contentsOf: text)
        offsets.append(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// Puts empty strings where the last rows have no value.
    ///
    /// - Parameter first: The row of the mask's first byte; rows from there on are dense.
    mutating func spread(first: Int, mask: [UInt8]) {
        let dense = Array(offsets[(first + 1)...])
        var end = offsets[first]
        offsets.removeLast(dense.count)
        offsets.reserveCapacity(first + 1 + mask.count)
        var next = 0
        for present in mask {
            if present != 0 {
                end = dense[next]
                next += 1
            }
            offsets.append(end)
        }
    }

    /// Text of one column in one row group: a few bytes can stand for very many, so memory has a bound of its own.
    private static let byteLimit = 1 << 30

    private func reserve(_ more: Int) throws(Damage) {
        guard bytes.count + more <= StringRows.byteLimit else {
            throw .unsupported("more than 1 GiB of text of one column in one row group")
        }
    }

    /// All new bytes are UTF-8, and no string begins within a character.
    private func check(from start: Int, offsetCount: Int) throws(Damage) {
        let count = bytes.count - start
        guard isText, count > 0 else { return }
        // start + count lies in the buffer.
        let (plain, sound) = unsafe bytes.withUnsafeBufferPointer { buffer in
            let plain = unsafe ck_first_non_ascii(buffer.baseAddress! + start, count)
            if plain == count { return (plain, count) }
            return (plain, unsafe ck_first_malformed_utf8(buffer.baseAddress! + start, count))
        }
        if plain == count { return }
        guard sound == count else { throw .unsupported("bytes that are not UTF-8 text") }
        for offset in offsets.suffix(offsetCount + 1) where Int(offset) < bytes.count && bytes[Int(offset)] & 0xC0 == 0x80 {
            throw .unsupported("bytes that are not UTF-8 text")
        }
    }
}
