import CKernels

/// Decides the encoding of an input without a byte order mark from a window that starts at its first non-ASCII byte.
enum EncodingDetection {
    /// Bytes looked at, from the first non-ASCII byte on; the same window for any chunking.
    static let windowSize = 4 << 20

    /// UTF-8 if the window is well-formed UTF-8 up to its cut, else GB18030; where it is neither, the one with fewer
    /// malformed places, so that a damaged byte does not turn a whole file into other characters.
    static func encoding(ofWindow window: Span<UInt8>, isWholeRest: Bool) -> TextEncoding {
        let end = isWholeRest ? window.count : characterBorder(before: window.count, in: window)
        let malformed = malformedCount(in: window, end: end, step: firstMalformedUTF8)
        if malformed == 0 { return .utf8 }
        let malformedAsGB = malformedCount(in: window, end: end, step: firstMalformedGB18030)
        return malformedAsGB > 0 && malformed < malformedAsGB ? .utf8 : .gb18030
    }

    /// The start of the UTF-8 sequence that the cut at `end` may have broken; at most 3 bytes back.
    private static func characterBorder(before end: Int, in window: Span<UInt8>) -> Int {
        var position = end
        while position > 0, end - position < 3, window[position - 1] & 0xC0 == 0x80 { position -= 1 }
        if position > 0, window[position - 1] >= 0xC0 { return position - 1 }
        return end
    }

    private static func malformedCount(in window: Span<UInt8>, end: Int, step: (Span<UInt8>, Int, Int) -> Int) -> Int {
        var count = 0
        var position = 0
        while true {
            position = step(window, position, end)
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
