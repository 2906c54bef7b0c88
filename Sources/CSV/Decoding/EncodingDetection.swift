import CKernels

/// Decides the encoding of an input without a byte order mark from a window that starts at its first non-ASCII byte.
enum EncodingDetection {
    /// Bytes looked at, from the first non-ASCII byte on; the same window for any chunking.
    static let windowSize = 4 << 20
    /// A character that begins before the last so many bytes of a window ends in it.
    static let tailSize = 3

    /// UTF-8 if the window is well-formed UTF-8 up to its cut, else GB18030; where a few bytes are damaged, what the others say, so
    /// that a damaged byte does not turn a whole file into other characters.
    ///
    /// Characters of three and four bytes decide: an even number of them is well-formed GB18030 too, but GB18030 text is hardly ever
    /// one of them without being malformed just beside it. Characters of two bytes decide nothing: 女 in GB18030 is one.
    ///
    /// - Returns: nil for a window with a rest behind it in which no character is of either, or none but pairs with an ASCII letter, as a
    ///   damaged byte before one makes them: what follows decides, and all of the window but `tailSize` bytes stays as it is.
    static func encoding(ofWindow window: Span<UInt8>, isWholeRest: Bool) -> TextEncoding? {
        let end = isWholeRest ? window.count : characterBorder(before: window.count, in: window)
        if firstMalformedUTF8(window, from: 0, end: end) == end { return .utf8 }
        let counts = UTF8Counts(window, end: end)
        if counts.long > counts.malformed { return .utf8 }
        if !isWholeRest, counts.long + counts.short == 0, window.count > tailSize {
            let front = window.count - tailSize
            if !hasCharacterOfGB18030(in: window, end: front) { return nil }
        }
        let malformedAsGB = malformedGB18030Count(in: window, end: end)
        if malformedAsGB == 0 || counts.malformed > malformedAsGB { return .gb18030 }
        return counts.malformed < malformedAsGB || counts.short > counts.malformed ? .utf8 : .gb18030
    }

    /// What a text has of UTF-8.
    private struct UTF8Counts {
        /// Bytes at which no character begins and that are of none.
        var malformed = 0
        /// Characters of two bytes.
        var short = 0
        /// Characters of three or four bytes.
        var long = 0

        init(_ window: Span<UInt8>, end: Int) {
            var position = 0
            while position < end {
                let lead = window[position]
                if lead < 0x80 {
                    position += 1
                    continue
                }
                let length = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
                let isSound =
                    length > 1 && position + length <= end
                    && EncodingDetection.firstMalformedUTF8(window, from: position, end: position + length) == position + length
                guard isSound else {
                    malformed += 1
                    position += 1
                    continue
                }
                if length == 2 { short += 1 } else { long += 1 }
                position += length
            }
        }
    }

    /// The start of the UTF-8 sequence that the cut at `end` may have broken; at most 3 bytes back.
    private static func characterBorder(before end: Int, in window: Span<UInt8>) -> Int {
        var position = end
        while position > 0, end - position < 3, window[position - 1] & 0xC0 == 0x80 { position -= 1 }
        if position > 0, window[position - 1] >= 0xC0 { return position - 1 }
        return end
    }

    /// Whether two bytes beyond ASCII, or four in the form of GB18030, stand for a character.
    private static func hasCharacterOfGB18030(in window: Span<UInt8>, end: Int) -> Bool {
        var position = 0
        while position + 1 < end {
            let second = window[position + 1]
            if (0x81...0xFE).contains(window[position]) {
                if (0x80...0xFE).contains(second) { return true }
                if position + 3 < end, (0x30...0x39).contains(second), (0x81...0xFE).contains(window[position + 2]),
                    (0x30...0x39).contains(window[position + 3])
                {
                    return true
                }
            }
            position += 1
        }
        return false
    }

    private static func malformedGB18030Count(in window: Span<UInt8>, end: Int) -> Int {
        var count = 0
        var position = 0
        while true {
            position = firstMalformedGB18030(window, from: position, end: end)
            if position >= end { return count }
            count += 1
            position += 1
        }
    }

    private static func firstMalformedUTF8(_ window: Span<UInt8>, from start: Int, end: Int) -> Int {
        // start...end lies within the window.
        unsafe window.withUnsafeBufferPointer { buffer in
            unsafe start + ck_first_malformed_utf8(buffer.baseAddress! + start, end - start)
        }
    }

    private static func firstMalformedGB18030(_ window: Span<UInt8>, from start: Int, end: Int) -> Int {
        var position = start
        while position < end {
            let lead = window[position]
            if lead < 0x80 {
                position += 1
                continue
            }
            guard lead != 0x80, lead != 0xFF else { return position }
            // A character that the cut broke is not counted against the encoding.
            guard position + 1 < end else { return end }
            let second = window[position + 1]
            if (0x40...0x7E).contains(second) || (0x80...0xFE).contains(second) {
                position += 2
            } else if (0x30...0x39).contains(second) {
                guard position + 3 < end else { return end }
                guard (0x81...0xFE).contains(window[position + 2]), (0x30...0x39).contains(window[position + 3]) else {
                    return position
                }
                position += 4
            } else {
                return position
            }
        }
        return end
    }
}
