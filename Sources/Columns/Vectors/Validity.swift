/// Which rows of a vector are present (not NULL): a 0/1 byte for each row, or none at all when every row is.
///
/// In memory a byte a row, because byte masks combine in vectorized loops; on disk it is a bitmap.
package enum Validity: Hashable, Sendable {
    case allPresent
    /// 1 = present, 0 = NULL; one byte for each row.
    case mask([UInt8])

    /// The mask, or `.allPresent` if no byte of it is 0.
    package init(compacting mask: [UInt8]) {
        var all: UInt8 = 1
        for byte in mask { all &= byte }
        self = all == 1 ? .allPresent : .mask(mask)
    }

    @inlinable
    package func isPresent(_ row: Int) -> Bool {
        switch self {
        case .allPresent: true
        case .mask(let mask): mask[row] != 0
        }
    }

    /// NULLs among `count` rows.
    package func nullCount(rowCount: Int) -> Int {
        switch self {
        case .allPresent: return 0
        case .mask(let mask):
            var present = 0
            for byte in mask { present &+= Int(byte) }
            return rowCount - present
        }
    }

    /// A mask of `rowCount` bytes in any case.
    package func expanded(rowCount: Int) -> [UInt8] {
        switch self {
        case .allPresent: [UInt8](repeating: 1, count: rowCount)
        case .mask(let mask): mask
        }
    }

    /// Rows present in both.
    package func intersection(_ other: Validity) -> Validity {
        switch (self, other) {
        case (.allPresent, let validity), (let validity, .allPresent): return validity
        case (.mask(let left), .mask(let right)):
            precondition(left.count == right.count)
            var result = [UInt8](repeating: 0, count: left.count)
            for row in 0..<result.count { result[row] = left[row] & right[row] }
            return .mask(result)
        }
    }
}
