import Columns

/// Turns strings into codes of a dictionary of the distinct ones.
enum Interning {
    /// Text as codes of a dictionary of distinct strings; anything else as it is.
    static func dictionaryVector(_ vector: Vector) -> Vector {
        guard vector.type == .text, case .string(let strings) = vector.values else { return vector }
        var entries = StringColumn()
        var index = StringHashIndex(capacity: min(vector.count, 4096))
        var codes: [UInt32]
        switch vector.validity {
        case .allPresent: codes = index.intern(strings, in: &entries)
        case .mask(let mask):
            let present = (0..<Int32(mask.count)).filter { mask[Int($0)] != 0 }
            let found = index.intern(strings.gathered(present), in: &entries)
            codes = [UInt32](repeating: 0, count: vector.count)
            for place in 0..<present.count { codes[Int(present[place])] = found[place] }
        }
        if entries.count == 0 { entries.append("") }
        let dictionary = TextDictionary(entries: entries)
        return Vector(
            type: .text, count: vector.count, values: .dictionary(codes: codes, dictionary), validity: vector.validity)
    }
}
