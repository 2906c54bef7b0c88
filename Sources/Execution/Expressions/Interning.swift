import Columns

/// Turns strings into codes of a dictionary of the distinct ones.
enum Interning {
    /// Text as codes of a dictionary of distinct strings; anything else as it is.
    static func dictionaryVector(_ vector: Vector) -> Vector {
        guard vector.type == .text, case .string(let strings) = vector.values else { return vector }
        var entries = StringColumn()
        var index = StringHashIndex(capacity: min(vector.count, 4096))
        var codes = [UInt32](repeating: 0, count: vector.count)
        for row in 0..<vector.count where vector.validity.isPresent(row) {
            codes[row] = index.intern(Array(strings[bytesAt: row]), in: &entries)
        }
        if entries.count == 0 { entries.append("") }
        let dictionary = TextDictionary(entries: entries)
        return Vector(
            type: .text, count: vector.count, values: .dictionary(codes: codes, dictionary), validity: vector.validity)
    }
}
