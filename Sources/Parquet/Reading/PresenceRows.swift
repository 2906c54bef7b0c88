import Columns

/// Validity of a column chunk as its pages come in.
struct PresenceRows {
    private var mask: [UInt8]?
    private var count = 0

    mutating func append(_ page: [UInt8]?, count added: Int) {
        if let page {
            if mask == nil { mask = [UInt8](repeating: 1, count: count) }
            mask?.append(contentsOf: page)
        } else {
            mask?.append(contentsOf: repeatElement(1, count: added))
        }
        count += added
    }

    var validity: Validity { mask.map { .mask($0) } ?? .allPresent }
}
