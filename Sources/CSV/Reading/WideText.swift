/// Text of two or four bytes a character that was read as one of single bytes.
package enum WideText: Hashable, Sendable {
    case utf16LittleEndian
    case utf16BigEndian
    case utf32

    /// Judges by the NUL bytes of the first line; nil if there are none of these forms.
    ///
    /// - Parameter encoding: The file's as far as it is known: text of UTF-16 that has NULs is UTF-32.
    init?(_ line: ArraySlice<UInt8>, encoding: TextEncoding?) {
        if encoding == .utf16LittleEndian || encoding == .utf16BigEndian {
            self = .utf32
            return
        }
        // Bytes of other characters may have been converted, and do not lie where they lay.
        guard line.allSatisfy({ $0 < 0x80 }) else { return nil }
        let places = line.indices.filter { line[$0] == 0 }.map { $0 - line.startIndex }
        let evenCount = places.count { $0 % 2 == 0 }
        if places.count * 2 > line.count + 3 {
            self = .utf32
        } else if evenCount == 0 {
            self = .utf16LittleEndian
        } else if evenCount == places.count {
            self = .utf16BigEndian
        } else {
            return nil
        }
    }

    var mend: String {
        switch self {
        case .utf16LittleEndian: "pass --encoding utf-16le: the file looks like UTF-16 without a byte order mark"
        case .utf16BigEndian: "pass --encoding utf-16be: the file looks like UTF-16 without a byte order mark"
        case .utf32: "save the file as UTF-8: it looks like UTF-32, which is not read"
        }
    }
}
