import CKernels
import Columns

/// How the lines of a file end.
package enum LineEnds: String, Hashable, Sendable {
    case lineFeed = "LF"
    case carriageReturnLineFeed = "CRLF"
    /// Both of them.
    case mixed = "LF and CRLF"
    /// As on very old systems.
    case carriageReturn = "CR"

    /// Judges from the front of a file, line ends inside of quoted fields included.
    init(of beginning: FileBeginning, quote: UInt8) {
        let bytes = beginning.bytes
        let ownCount = bytes.count - (beginning.isLineFeedAdded ? 1 : 0)
        // ownCount <= bytes.count
        let count = unsafe ck_count_byte(bytes, ownCount, 0x0A)
        let hasReturn = unsafe ck_count_byte(bytes, ownCount, 0x0D) > 0
        guard hasReturn else {
            self = .lineFeed
            return
        }
        var pairCount = 0
        for position in 1..<max(1, ownCount) where bytes[position] == 0x0A && bytes[position - 1] == 0x0D {
            pairCount += 1
        }
        if LineEnds.areReturnsOnly(bytes.prefix(ownCount), quote: quote) {
            self = .carriageReturn
        } else {
            self = pairCount == 0 ? .lineFeed : pairCount == count ? .carriageReturnLineFeed : .mixed
        }
    }

    /// Whether there are CRs outside of quotes and no line feed: the first one ends the search.
    private static func areReturnsOnly(_ bytes: ArraySlice<UInt8>, quote: UInt8) -> Bool {
        var isQuoted = false
        var hasReturn = false
        for byte in bytes {
            if byte == quote {
                isQuoted.toggle()
            } else if !isQuoted {
                if byte == 0x0A { return false }
                if byte == 0x0D { hasReturn = true }
            }
        }
        return hasReturn
    }

    /// LF for CR, CR for LF, any other byte itself.
    static func swapped(_ byte: UInt8) -> UInt8 {
        // 0x0A and 0x0D differ in these bits.
        byte == 0x0A || byte == 0x0D ? byte ^ 0x07 : byte
    }

    static func swapped(_ strings: StringColumn) -> StringColumn {
        guard strings.bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return strings }
        return StringColumn(offsets: strings.offsets, bytes: strings.bytes.map { swapped($0) })
    }
}
