import Columns

/// The distinct strings of a column in order of first appearance, and for each present row its number among them.
struct DistinctTexts {
    private(set) var entries = StringColumn()
    private(set) var codes: [UInt32] = []

    init(_ column: Vector) {
        let mask: [UInt8]? = if case .mask(let mask) = column.validity { mask } else { nil }
        switch column.values {
        case .dictionary(let rows, let dictionary):
            var known = [UInt32](repeating: .max, count: dictionary.count)
            let present = ColumnChunkEncoder.present(rows, mask)
            codes = [UInt32](repeating: 0, count: present.count)
            for row in 0..<present.count {
                let code = Int(present[row])
                if known[code] == .max {
                    known[code] = UInt32(entries.count)
                    entries.append(contentsOf: dictionary.entries[bytesAt: code])
                }
                codes[row] = known[code]
            }
        case .identifier(let rows, let domain):
            let present = ColumnChunkEncoder.present(rows, mask).map { Int64(bitPattern: $0) }
            guard let coded = NumberDictionary(present, entryLimit: .max) else { return }
            codes = coded.codes
            var bytes: [UInt8] = []
            for entry in coded.entries {
                bytes.removeAll(keepingCapacity: true)
                domain.appendBytes(of: UInt64(bitPattern: entry), to: &bytes)
                entries.append(contentsOf: bytes)
            }
        case .string(let strings):
            var index = StringHashIndex()
            let all = index.intern(strings, in: &entries)
            codes = ColumnChunkEncoder.present(all, mask)
            if mask != nil { dropUnused() }
        default: preconditionFailure("not a text column")
        }
    }

    /// Rows of NULL have strings, too, which are none of the column's.
    private mutating func dropUnused() {
        var known = [UInt32](repeating: .max, count: entries.count)
        var used = StringColumn()
        for row in 0..<codes.count {
            let code = Int(codes[row])
            if known[code] == .max {
                known[code] = UInt32(used.count)
                used.append(contentsOf: entries[bytesAt: code])
            }
            codes[row] = known[code]
        }
        entries = used
    }

    /// Bytes that a string begins with as another does.
    func sharedCount(_ code: UInt32, _ other: UInt32?) -> Int {
        guard let other else { return 0 }
        let own = entries.range(Int(code))
        let before = entries.range(Int(other))
        let limit = min(own.count, before.count)
        var shared = 0
        while shared < limit, entries.bytes[own.lowerBound + shared] == entries.bytes[before.lowerBound + shared] { shared += 1 }
        return shared
    }

    /// DELTA_LENGTH_BYTE_ARRAY of some rows.
    func lengthBytes(_ rows: Range<Int>) -> [UInt8] {
        var sizes = [Int32](repeating: 0, count: rows.count)
        var total = 0
        for (place, row) in rows.enumerated() {
            sizes[place] = Int32(entries.range(Int(codes[row])).count)
            total += Int(sizes[place])
        }
        var bytes = DeltaNumbers.write(sizes[...])
        bytes.reserveCapacity(bytes.count + total)
        for row in rows { bytes.append(contentsOf: entries[bytesAt: Int(codes[row])]) }
        return bytes
    }

    /// DELTA_BYTE_ARRAY of some rows.
    func sharedBytes(_ rows: Range<Int>) -> [UInt8] {
        var prefixes = [Int32](repeating: 0, count: rows.count)
        var suffixes = prefixes
        var tails: [UInt8] = []
        var previous: UInt32?
        for (place, row) in rows.enumerated() {
            let code = codes[row]
            let range = entries.range(Int(code))
            let shared = code == previous ? range.count : sharedCount(code, previous)
            prefixes[place] = Int32(shared)
            suffixes[place] = Int32(range.count - shared)
            tails.append(contentsOf: entries.bytes[range.lowerBound + shared..<range.upperBound])
            previous = code
        }
        return DeltaNumbers.write(prefixes[...]) + DeltaNumbers.write(suffixes[...]) + tails
    }
}
