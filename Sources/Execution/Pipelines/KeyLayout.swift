import Columns

/// Where the codes of several key columns lie in fixed-size keys of 64-bit words, each with a bit that says NULL.
struct KeyLayout: Sendable {
    private struct Place: Sendable {
        var word: Int
        var shift: Int
        var highWord: Int
        var nullWord: Int
        var nullShift: Int
    }

    let codecs: [KeyCodec]
    private let places: [Place]
    /// Words of a key, at least 1.
    let stride: Int
    /// Bits of a key that are ever set, counted from the lowest, if a key is one word; else nil.
    let denseBitCount: Int?

    init(_ codecs: [KeyCodec]) {
        self.codecs = codecs
        var fills: [Int] = []
        func take(_ bits: Int) -> (word: Int, shift: Int) {
            for word in fills.indices where fills[word] + bits <= 64 {
                fills[word] += bits
                return (word, fills[word] - bits)
            }
            fills.append(bits)
            return (fills.count - 1, 0)
        }
        var places: [Place] = []
        for codec in codecs {
            let (word, shift) = take(codec.bitCount)
            let highWord = codec.wordCount == 2 ? take(64).word : -1
            places.append(Place(word: word, shift: shift, highWord: highWord, nullWord: 0, nullShift: 0))
        }
        for index in places.indices {
            let (word, shift) = take(1)
            places[index].nullWord = word
            places[index].nullShift = shift
        }
        self.places = places
        stride = max(1, fills.count)
        denseBitCount = fills.count <= 1 ? (fills.first ?? 0) : nil
    }

    /// Keys of the rows of flat vectors, or of such as have a value a run: those are coded once a run.
    ///
    /// - Parameter adding: Whether strings not seen before get codes.
    /// - Returns: `stride` words a row, and which rows do not fit the layout.
    func encode(
        _ vectors: [Vector], rowCount: Int, adding: Bool
    ) -> (words: [UInt64], misfits: [UInt8]?) {
        var words: [UInt64] = []
        var misfits: [UInt8]?
        var flat: [(index: Int, vector: Vector)] = []
        var grouped: [(map: RunMap, columns: [(index: Int, vector: Vector)])] = []
        for (index, vector) in vectors.enumerated() {
            guard case .runs(let child, let map) = vector.values else {
                flat.append((index, vector))
                continue
            }
            let column = (index, child.flattened())
            if let known = grouped.firstIndex(where: { $0.map === map }) {
                grouped[known].columns.append(column)
            } else {
                grouped.append((map, [column]))
            }
        }
        for (map, columns) in grouped {
            var own = [UInt64](repeating: 0, count: map.runCount * stride)
            var bad: [UInt8]?
            put(columns, adding: adding, into: &own, &bad)
            let rows = KeyLayout.spread(own, map.starts, stride: stride)
            if words.isEmpty {
                words = rows
            } else {
                for index in 0..<words.count { words[index] |= rows[index] }
            }
            if let bad { KeyLayout.add(Columns.spread(bad, map.starts), to: &misfits) }
        }
        if words.isEmpty { words = [UInt64](repeating: 0, count: rowCount * stride) }
        put(flat, adding: adding, into: &words, &misfits)
        return (words, misfits)
    }

    /// The keys of one flat column without NULLs where a key is nothing but a code of 32 bits; nil elsewhere.
    func narrowKeys(_ vectors: [Vector]) -> [UInt32]? {
        guard stride == 1, vectors.count == 1, places[0].shift == 0, places[0].highWord < 0,
            case .allPresent = vectors[0].validity
        else { return nil }
        return codecs[0].narrowCodes(of: vectors[0])
    }

    private static func add(_ bad: [UInt8], to misfits: inout [UInt8]?) {
        misfits = misfits.map { zip($0, bad).map { $0 | $1 } } ?? bad
    }

    /// The key of each run for each of its rows.
    private static func spread(_ words: [UInt64], _ starts: [Int32], stride: Int) -> [UInt64] {
        if stride == 1 { return Columns.spread(words, starts) }
        return [UInt64](capacity: Int(starts[starts.count - 1]) * stride) { output in
            for run in 0..<(starts.count - 1) {
                for _ in starts[run]..<starts[run + 1] {
                    for word in 0..<stride { output.append(words[run &* stride &+ word]) }
                }
            }
        }
    }

    /// Puts the codes of flat columns into words that have nothing yet in their places.
    private func put(
        _ columns: [(index: Int, vector: Vector)], adding: Bool, into words: inout [UInt64], _ misfits: inout [UInt8]?
    ) {
        for (index, vector) in columns {
            let place = places[index]
            if case .mask(let mask) = vector.validity {
                KeyLayout.putNulls(mask, into: &words, stride: stride, word: place.nullWord, shift: place.nullShift)
            }
            if let narrow = codecs[index].narrowCodes(of: vector) {
                KeyLayout.put(narrow, vector.validity, into: &words, stride: stride, word: place.word, shift: place.shift)
                continue
            }
            let (codes, high, bad) = codecs[index].codes(of: vector, adding: adding)
            KeyLayout.put(codes, vector.validity, into: &words, stride: stride, word: place.word, shift: place.shift)
            if place.highWord >= 0 {
                KeyLayout.put(high, vector.validity, into: &words, stride: stride, word: place.highWord, shift: 0)
            }
            if let bad { KeyLayout.add(bad, to: &misfits) }
        }
    }

    private static func put<Code: FixedWidthInteger & UnsignedInteger>(
        _ codes: [Code], _ validity: Validity, into words: inout [UInt64], stride: Int, word: Int, shift: Int
    ) {
        let bits = UInt64(shift)
        switch validity {
        case .allPresent:
            if stride == 1 {
                for row in 0..<codes.count { words[row] |= UInt64(truncatingIfNeeded: codes[row]) &<< bits }
            } else {
                var position = word
                for row in 0..<codes.count {
                    words[position] |= UInt64(truncatingIfNeeded: codes[row]) &<< bits
                    position &+= stride
                }
            }
        case .mask(let mask):
            var position = word
            for row in 0..<codes.count {
                words[position] |= (UInt64(truncatingIfNeeded: codes[row]) & (0 &- UInt64(mask[row]))) &<< bits
                position &+= stride
            }
        }
    }

    private static func putNulls(_ mask: [UInt8], into words: inout [UInt64], stride: Int, word: Int, shift: Int) {
        var position = word
        for row in 0..<mask.count {
            words[position] |= UInt64(1 &- mask[row]) &<< UInt64(shift)
            position &+= stride
        }
    }

    /// The bits of a key that are about some of its columns, `stride` words.
    func mask(ofColumns columns: [Int]) -> [UInt64] {
        var mask = [UInt64](repeating: 0, count: stride)
        for column in columns {
            let place = places[column]
            let bitCount = codecs[column].bitCount
            mask[place.word] |= (bitCount == 64 ? .max : (1 << UInt64(bitCount)) - 1) << UInt64(place.shift)
            if place.highWord >= 0 { mask[place.highWord] = .max }
            mask[place.nullWord] |= 1 << UInt64(place.nullShift)
        }
        return mask
    }

    /// The values of one column of keys.
    func decode(column: Int, words: [UInt64], rowCount: Int) -> Vector {
        let place = places[column]
        let codec = codecs[column]
        let codeMask: UInt64 = codec.bitCount == 64 ? .max : (1 << UInt64(codec.bitCount)) - 1
        var codes = [UInt64](repeating: 0, count: rowCount)
        var present = [UInt8](repeating: 1, count: rowCount)
        for row in 0..<rowCount {
            let start = row &* stride
            codes[row] = (words[start &+ place.word] &>> UInt64(place.shift)) & codeMask
            present[row] = UInt8(truncatingIfNeeded: 1 &- ((words[start &+ place.nullWord] &>> UInt64(place.nullShift)) & 1))
        }
        var high: [UInt64] = []
        if place.highWord >= 0 { high = (0..<rowCount).map { words[$0 * stride + place.highWord] } }
        return codec.vector(codes: codes, high: high, validity: Validity(compacting: present))
    }
}
