extension Vector {
    /// Bytes its values take, roughly; shared dictionaries are not counted.
    package var byteCount: Int {
        switch values {
        case .boolean: count
        case .int32, .dictionary: count * 4
        case .int64, .double, .identifier: count * 8
        case .int128, .interval: count * 16
        case .string(let strings): strings.bytes.count + strings.offsets.count * 4
        case .constant(.text(let text)): text.utf8.count
        case .constant: 0
        case .runs(let child, let map): child.byteCount + map.starts.count * 4
        }
    }
}

extension Batch {
    /// Bytes its columns take, roughly.
    package var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
}
