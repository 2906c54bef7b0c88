import Columns

/// String functions over UTF-8 bytes; positions and lengths count characters (Unicode scalars), as in PostgreSQL.
///
/// Letter case is that of the C collation: only A–Z and a–z have another case.
enum TextFunctions {
    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    @inline(__always)
    static func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte & 0xDF : byte }

    /// Whether a byte begins a character.
    @inline(__always)
    static func isStart(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

    /// The offset of the character after the one at `index`.
    static func nextCharacter(_ text: Span<UInt8>, _ index: Int) -> Int {
        var next = index + 1
        while next < text.count, !isStart(text[next]) { next += 1 }
        return next
    }

    static func characterCount(_ text: Span<UInt8>) -> Int {
        var count = 0
        for index in 0..<text.count where isStart(text[index]) { count &+= 1 }
        return count
    }

    /// The offset of character `number` (from 0), or the size if there are not that many.
    static func offset(ofCharacter number: Int, in text: Span<UInt8>) -> Int {
        var index = 0
        var left = number
        while left > 0, index < text.count {
            index = nextCharacter(text, index)
            left -= 1
        }
        return index
    }

    static func append(_ text: Span<UInt8>, _ range: Range<Int>, to bytes: inout [UInt8]) {
        // Copied at once; `extracting` has checked the range, and the pointer does not leave the closure.
        unsafe text.extracting(range).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Characters `start ..< start + length` counted from 1; a start before the text eats into the length.
    static func substring(_ text: Span<UInt8>, start: Int64, length: Int64?, to bytes: inout [UInt8]) {
        let first = max(start, 1)
        var end = Int64.max
        if let length {
            let (sum, overflow) = start.addingReportingOverflow(length)
            end = overflow ? Int64.max : sum
        }
        guard end > first, first <= Int64(text.count) else { return }
        let from = offset(ofCharacter: Int(first - 1), in: text)
        let to =
            from + offset(ofCharacter: Int(min(end - first, Int64(text.count))), in: text.extracting(from..<text.count))
        append(text, from..<to, to: &bytes)
    }

    /// The first `number` characters, or all but the last `-number`.
    static func left(_ text: Span<UInt8>, _ number: Int64, to bytes: inout [UInt8]) {
        let keep = number >= 0 ? Int(min(number, Int64(text.count))) : max(0, characterCount(text) - clamped(number))
        append(text, 0..<offset(ofCharacter: keep, in: text), to: &bytes)
    }

    /// The last `number` characters, or all but the first `-number`.
    static func right(_ text: Span<UInt8>, _ number: Int64, to bytes: inout [UInt8]) {
        let skip = number >= 0 ? max(0, characterCount(text) - clamped(number)) : clamped(number)
        append(text, offset(ofCharacter: skip, in: text)..<text.count, to: &bytes)
    }

    private static func clamped(_ number: Int64) -> Int { Int(min(number.magnitude, 1 << 40)) }

    /// Removes characters of a set from one or both ends.
    static func trim(_ text: Span<UInt8>, _ set: Span<UInt8>, start: Bool, end: Bool, to bytes: inout [UInt8]) {
        var from = 0
        var to = text.count
        while start, from < to, contains(set, text, from..<nextCharacter(text, from)) {
            from = nextCharacter(text, from)
        }
        while end, to > from {
            var last = to - 1
            while last > from, !isStart(text[last]) { last -= 1 }
            guard contains(set, text, last..<to) else { break }
            to = last
        }
        append(text, from..<to, to: &bytes)
    }

    /// Whether the character of `text` at `range` is one of the set's.
    private static func contains(_ set: Span<UInt8>, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = 0
        while index < set.count {
            let next = nextCharacter(set, index)
            if ByteOrder.isEqual(set.extracting(index..<next), text.extracting(range)) { return true }
            index = next
        }
        return false
    }

    /// The offset of the first `part` at or after `start`.
    static func find(_ part: Span<UInt8>, in text: Span<UInt8>, from start: Int = 0) -> Int? {
        guard part.count <= text.count - start else { return nil }
        for index in start...(text.count - part.count)
        where ByteOrder.isEqual(part, text.extracting(index..<(index + part.count))) { return index }
        return nil
    }

    /// The 1-based character at which `part` begins; 0 if it is not there, 1 if it is empty.
    static func position(of part: Span<UInt8>, in text: Span<UInt8>) -> Int64 {
        guard let offset = find(part, in: text) else { return 0 }
        return Int64(characterCount(text.extracting(0..<offset)) + 1)
    }

    static func replace(_ text: Span<UInt8>, _ part: Span<UInt8>, _ other: Span<UInt8>, to bytes: inout [UInt8]) {
        var index = 0
        while part.count > 0, let found = find(part, in: text, from: index) {
            append(text, index..<found, to: &bytes)
            append(other, 0..<other.count, to: &bytes)
            index = found + part.count
        }
        append(text, index..<text.count, to: &bytes)
    }

    /// Each character of `from` becomes the one at the same place in `to`, or goes where there is none.
    static func translate(_ text: Span<UInt8>, _ from: Span<UInt8>, _ to: Span<UInt8>, into bytes: inout [UInt8]) {
        var index = 0
        while index < text.count {
            let next = nextCharacter(text, index)
            let character = text.extracting(index..<next)
            var place = 0
            var offset = 0
            var isFound = false
            while offset < from.count {
                let end = nextCharacter(from, offset)
                if ByteOrder.isEqual(from.extracting(offset..<end), character) {
                    isFound = true
                    break
                }
                offset = end
                place += 1
            }
            if isFound {
                let start = self.offset(ofCharacter: place, in: to)
                if start < to.count { append(to, start..<nextCharacter(to, start), to: &bytes) }
            } else {
                append(text, index..<next, to: &bytes)
            }
            index = next
        }
    }

    /// Field `number` between delimiters, from 1, or from the end if negative; empty if there is none.
    static func splitPart(_ text: Span<UInt8>, _ delimiter: Span<UInt8>, _ number: Int64, to bytes: inout [UInt8]) {
        if delimiter.count == 0 {
            if number == 1 || number == -1 { append(text, 0..<text.count, to: &bytes) }
            return
        }
        var starts = [0]
        var ends: [Int] = []
        var index = 0
        while let found = find(delimiter, in: text, from: index) {
            ends.append(found)
            index = found + delimiter.count
            starts.append(index)
            if number > 0, ends.count == number { break }
        }
        ends.append(text.count)
        let field = number > 0 ? number - 1 : Int64(starts.count) + number
        guard field >= 0, field < starts.count else { return }
        append(text, starts[Int(field)]..<ends[Int(field)], to: &bytes)
    }

    /// To `length` characters: fills on one side, or cuts the end.
    static func pad(_ text: Span<UInt8>, _ length: Int64, _ fill: Span<UInt8>, atStart: Bool, to bytes: inout [UInt8]) {
        let wanted = Int(max(0, length))
        let own = characterCount(text)
        let kept = offset(ofCharacter: min(own, wanted), in: text)
        let missing = fill.count == 0 ? 0 : wanted - own
        if !atStart { append(text, 0..<kept, to: &bytes) }
        var index = 0
        for _ in 0..<max(0, missing) {
            if index == fill.count { index = 0 }
            let next = nextCharacter(fill, index)
            append(fill, index..<next, to: &bytes)
            index = next
        }
        if atStart { append(text, 0..<kept, to: &bytes) }
    }

    static func reverse(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        var end = text.count
        while end > 0 {
            var start = end - 1
            while start > 0, !isStart(text[start]) { start -= 1 }
            append(text, start..<end, to: &bytes)
            end = start
        }
    }

    /// The first letter of each word in upper case, the others in lower; words are letters and digits.
    static func initcap(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        var isInside = false
        for index in 0..<text.count {
            let byte = text[index]
            bytes.append(isInside ? lower(byte) : upper(byte))
            let letter = lower(byte)
            isInside = (letter >= 0x61 && letter <= 0x7A) || ValueReader.isDigit(byte)
        }
    }

    /// The code point of the first character; 0 for an empty text.
    static func codePoint(_ text: Span<UInt8>) -> Int64 {
        guard text.count > 0 else { return 0 }
        var bytes: [UInt8] = []
        append(text, 0..<nextCharacter(text, 0), to: &bytes)
        return Int64(String(decoding: bytes, as: UTF8.self).unicodeScalars.first?.value ?? 0)
    }
}
