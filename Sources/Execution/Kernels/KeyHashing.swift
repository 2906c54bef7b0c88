package import Columns

/// Hashes of texts by their bytes.
package enum TextHash {
    /// The hash of each string; equal bytes give equal hashes, whatever column they stand in.
    package static func hashes(of strings: StringColumn) -> [UInt64] {
        let bytes = strings.bytes.span
        return (0..<strings.count).map { hash(bytes.extracting(strings.range($0))) }
    }

    package static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        var index = 0
        while index &+ 8 <= bytes.count {
            var word: UInt64 = 0
            for byte in 0..<8 { word |= UInt64(bytes[index &+ byte]) << UInt64(byte &* 8) }
            hash = StringHashIndex.mix(hash ^ word)
            index &+= 8
        }
        var word: UInt64 = 0
        var shift: UInt64 = 0
        while index < bytes.count {
            word |= UInt64(bytes[index]) << shift
            shift &+= 8
            index &+= 1
        }
        return StringHashIndex.mix(hash ^ word)
    }
}

/// Hashes of rows, the same for equal values whatever the shape of the vector.
package enum KeyHashing {
    private static let nullHash: UInt64 = 0x51_7C_C1_B7_27_22_0A_95

    /// The hash of each row over all columns, in their order. Equal rows have equal hashes as long as the columns have
    /// the same types (numerics: the same scale; the width may differ); NULL equals NULL.
    package static func hash(_ columns: [Vector], rowCount: Int, _ state: inout ExpressionState) -> [UInt64] {
        var result: [UInt64] = []
        for column in columns {
            let hashes = hash(column, &state)
            result =
                result.isEmpty
                ? hashes
                : mapPairs(.rows(result), .rows(hashes), count: rowCount, filler: 0) {
                    StringHashIndex.mix(($0 &* 0x9E37_79B9_7F4A_7C15) ^ $1)
                }
        }
        return columns.isEmpty ? [UInt64](repeating: 0, count: rowCount) : result
    }

    /// The hash of each row of one column.
    package static func hash(_ column: Vector, _ state: inout ExpressionState) -> [UInt64] {
        switch column.values {
        case .constant(let value):
            if value.isNull { return [UInt64](repeating: nullHash, count: column.count) }
            let one = Vector.flatConstant(value, type: column.type, count: 1)
            return [UInt64](repeating: hash(one, &state)[0], count: column.count)
        case .runs(let child, let map): return gather(hash(child, &state), map.runOfRow())
        default: break
        }
        let hashes = flatHashes(column, &state)
        guard case .mask(let present) = column.validity else { return hashes }
        return mapPairs(.rows(hashes), .rows(present), count: column.count, filler: 0) { $1 != 0 ? $0 : nullHash }
    }

    private static func flatHashes(_ column: Vector, _ state: inout ExpressionState) -> [UInt64] {
        switch column.values {
        case .boolean(let rows): return mapRows(rows, filler: 0) { number(Int64($0)) }
        case .int32(let rows): return mapRows(rows, filler: 0) { number(Int64($0)) }
        case .int64(let rows): return mapRows(rows, filler: 0) { number($0) }
        case .int128(let rows): return mapRows(rows, filler: 0) { wideNumber($0) }
        case .double(let rows):
            // Zeros of both signs are equal, and so are all NaNs.
            return mapRows(rows, filler: 0) {
                number(Int64(bitPattern: $0 == 0 ? 0 : ($0.isNaN ? Double.nan : $0).bitPattern))
            }
        case .interval(let rows): return mapRows(rows, filler: 0) { wideNumber(Temporal.comparable($0)) }
        case .dictionary(let codes, let dictionary):
            if dictionary.count > 4 * max(column.count, 256) {
                return TextHash.hashes(of: dictionary.strings(codes, column.validity))
            }
            let hashes = state.entryHashes(of: dictionary)
            return TextComparison.translated(codes, column.validity, hashes, missing: nullHash)
        case .identifier(let codes, let domain):
            return TextHash.hashes(of: domain.strings(codes, column.validity))
        case .string(let strings): return TextHash.hashes(of: strings)
        case .constant, .runs: preconditionFailure("handled above")
        }
    }

    @inline(__always)
    private static func number(_ value: Int64) -> UInt64 {
        StringHashIndex.mix(UInt64(bitPattern: value) ^ 0xD6E8_FEB8_6659_FD93)
    }

    @inline(__always)
    private static func wideNumber(_ value: Int128) -> UInt64 {
        if let narrow = Int64(exactly: value) { return number(narrow) }
        let low = UInt64(truncatingIfNeeded: value)
        let high = UInt64(truncatingIfNeeded: value >> 64)
        return StringHashIndex.mix(StringHashIndex.mix(low ^ 0xD6E8_FEB8_6659_FD93) ^ high)
    }
}
