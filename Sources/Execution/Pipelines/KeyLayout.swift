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

    /// Keys of the rows of flat vectors.
    ///
    /// - Parameters:
    ///   - nulls: Gets 1 for each row with a NULL in a column for which `isNullSafe` is false, if there is any.
    ///   - adding: Whether strings not seen before get codes.
    /// - Returns: `stride` words a row, and which rows do not fit the layout.
    func encode(
        _ vectors: [Vector], rowCount: Int, adding: Bool
    ) -> (words: [UInt64], misfits: [UInt8]?) {
        var words = [UInt64](repeating: 0, count: rowCount * stride)
        var misfits: [UInt8]?
        for (index, vector) in vectors.enumerated() {
            let place = places[index]
            let (codes, high, bad) = codecs[index].codes(of: vector, adding: adding)
            KeyLayout.put(codes, vector.validity, into: &words, stride: stride, word: place.word, shift: place.shift)
            if place.highWord >= 0 {
                KeyLayout.put(high, vector.validity, into: &words, stride: stride, word: place.highWord, shift: 0)
            }
            if case .mask(let mask) = vector.validity {
                KeyLayout.putNulls(mask, into: &words, stride: stride, word: place.nullWord, shift: place.nullShift)
            }
            guard let bad else { continue }
            if let known = misfits { misfits = zip(known, bad).map { $0 | $1 } } else { misfits = bad }
        }
        return (words, misfits)
    }

    private static func put(
        _ codes: [UInt64], _ validity: Validity, into words: inout [UInt64], stride: Int, word: Int, shift: Int
    ) {
        let bits = UInt64(shift)
        switch validity {
        case .allPresent:
            if stride == 1 {
                for row in 0..<codes.count { words[row] |= codes[row] &<< bits }
            } else {
                var position = word
                for row in 0..<codes.count {
                    words[position] |= codes[row] &<< bits
                    position &+= stride
                }
            }
        case .mask(let mask):
            var position = word
            for row in 0..<codes.count {
                words[position] |= (codes[row] & (0 &- UInt64(mask[row]))) &<< bits
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
