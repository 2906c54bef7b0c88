import Columns
import Diagnostics
import Encodings

/// From decoded lanes to vectors.
enum VectorAssembly {
    /// A column that needs no block: all NULL, or the same value on every row; nil if the block must be read.
    ///
    /// - Parameter rowCount: Rows of the vector, some of the segment's.
    static func constant(
        _ entry: SegmentDirectory.Column, domain: TextDomain?, segmentRowCount: Int, rowCount: Int
    ) -> Vector? {
        if entry.nullCount == segmentRowCount { return .constant(.null, type: entry.type, count: rowCount) }
        guard entry.isConstant else { return nil }
        switch (entry.bounds, domain) {
        case (.values(let value, let highest?), nil) where value == highest:
            return .constant(value, type: entry.type, count: rowCount)
        case (.codes(let code, _), .dictionary(let dictionary)?) where code < UInt64(dictionary.count):
            return .constant(.text(dictionary[UInt32(code)]), type: entry.type, count: rowCount)
        case (.codes(let code, _), .identifier(let domain)?) where isKnown(code, in: domain):
            return .constant(.text(domain[code]), type: entry.type, count: rowCount)
        default: return nil
        }
    }

    /// The vector of a decoded column, in the column's own space; nil if its codes do not fit the domain.
    static func vector(_ column: LaneColumn, type: LogicalType, domain: TextDomain?) -> Vector? {
        guard let values = values(column, domain: domain) else { return nil }
        let validity: Validity = column.mask.map { .mask($0) } ?? .allPresent
        return Vector(type: type, count: column.count, values: values, validity: validity)
    }

    private static func values(_ column: LaneColumn, domain: TextDomain?) -> VectorValues? {
        switch (column.storage, domain) {
        case (.boolean, _): return .boolean(narrowed(column.lanes))
        case (.int32, _): return .int32(narrowed(column.lanes))
        case (.int64, _): return .int64(column.lanes)
        case (.int128, _): return .int128(wide(column))
        case (.double, _): return .double(column.lanes.map { Double(bitPattern: UInt64(bitPattern: $0)) })
        case (.strings, _): return column.strings.map { .string($0) }
        case (.codes32, .dictionary(let dictionary)?):
            if let codes = column.codes {
                return codes.areBelow(dictionary.count) ? .dictionary(codes: codes.values, dictionary) : nil
            }
            return dictionaryCodes(column.lanes, below: dictionary.count).map { .dictionary(codes: $0, dictionary) }
        case (.codes64, .identifier(let domain)?):
            let codes: [UInt64] = narrowed(column.lanes)
            guard areKnown(codes, in: domain) else { return nil }
            return .identifier(codes: codes, domain)
        default: return nil
        }
    }

    private static func wide(_ column: LaneColumn) -> [Int128] {
        guard let high = column.highLanes else { return column.lanes.map { Int128($0) } }
        return zip(high, column.lanes).map { Int128($0) << 64 | Int128(UInt64(bitPattern: $1)) }
    }

    private static func narrowed<T: FixedWidthInteger & BitwiseCopyable>(_ lanes: [Int64]) -> [T] {
        // Every element is written; the memory holds as many.
        unsafe [T](unsafeUninitializedCapacity: lanes.count) { rows, count in
            for row in 0..<lanes.count { unsafe rows[row] = T(truncatingIfNeeded: lanes[row]) }
            count = lanes.count
        }
    }

    /// The lanes as codes of a dictionary; nil if one of them is behind its entries.
    private static func dictionaryCodes(_ lanes: [Int64], below count: Int) -> [UInt32]? {
        let last = Int32(truncatingIfNeeded: count - 1)
        // The highest bit of a code, or of the distance from it to the last one, tells of a code too large. A maximum of
        // unsigned numbers would take four times as long on many processors.
        var bits: Int32 = 0
        // As above.
        let codes = unsafe [UInt32](unsafeUninitializedCapacity: lanes.count) { rows, filledCount in
            var all: Int32 = 0
            for row in 0..<lanes.count {
                let code = Int32(truncatingIfNeeded: lanes[row])
                unsafe rows[row] = UInt32(bitPattern: code)
                all |= code | (last &- code)
            }
            bits = all
            filledCount = lanes.count
        }
        return bits >= 0 ? codes : nil
    }

    private static func areKnown(_ codes: [UInt64], in domain: IdentifierDomain) -> Bool {
        // All bits together are no smaller than the largest code, and faster to find. Formats are numbered from 0 and
        // exceptions are the last, so only codes with high bits need a closer look.
        var bits: UInt64 = 0
        for row in 0..<codes.count { bits |= codes[row] }
        if bits >> 60 < UInt64(domain.formats.count) { return true }
        return codes.allSatisfy { isKnown($0, in: domain) }
    }

    private static func isKnown(_ code: UInt64, in domain: IdentifierDomain) -> Bool {
        let format = code >> 60
        if format == IdentifierDomain.exceptionFormat {
            return code & IdentifierDomain.payloadMask < UInt64(domain.exceptions.count)
        }
        return format < UInt64(domain.formats.count)
    }
}
