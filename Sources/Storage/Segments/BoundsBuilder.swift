import Columns
import Encodings

/// Smallest and largest value of a column for its zone map.
enum BoundsBuilder {
    /// Bytes of plain text kept.
    static let maximumTextSize = 32

    /// - Parameters:
    ///   - present: The lanes of the present values.
    ///   - statistics: Of these lanes.
    static func bounds(
        of column: LaneColumn, present: [Int64], _ statistics: BlockStatistics, type: LogicalType
    ) -> ZoneMap.Bounds {
        if let strings = column.strings { return textBounds(strings, mask: column.mask) }
        if let high = column.highLanes { return wideBounds(column, high, type: type) }
        guard let first = present.first else { return .empty }
        if column.storage == .double { return doubleBounds(present) }
        if column.storage == .codes64 {
            var (low, highest) = (UInt64(bitPattern: first), UInt64(bitPattern: first))
            for lane in present {
                low = min(low, UInt64(bitPattern: lane))
                highest = max(highest, UInt64(bitPattern: lane))
            }
            return .codes(minimum: low, maximum: highest)
        }
        let (low, highest) = (statistics.minimum, statistics.maximum)
        if column.storage == .codes32 {
            return .codes(minimum: UInt64(bitPattern: low), maximum: UInt64(bitPattern: highest))
        }
        return .values(minimum: scalar(low, type: type), maximum: scalar(highest, type: type))
    }

    /// A lane as a value of a type that is neither text nor double.
    static func scalar(_ lane: Int64, type: LogicalType) -> ScalarValue {
        switch type {
        case .boolean: .boolean(lane != 0)
        case .date: .date(Int32(truncatingIfNeeded: lane))
        case .timestamp: .timestamp(lane)
        case .numeric(_, let scale): .numeric(unscaled: Int128(lane), scale: scale)
        default: .integer(lane)
        }
    }

    private static func doubleBounds(_ lanes: [Int64]) -> ZoneMap.Bounds {
        var low = Double.infinity
        var high = -Double.infinity
        for lane in lanes {
            let value = Double(bitPattern: UInt64(bitPattern: lane))
            // NaN is larger than all in SQL; it has no place between two bounds.
            if value.isNaN { return .unknown }
            low = min(low, value)
            high = max(high, value)
        }
        return .values(minimum: .double(low), maximum: .double(high))
    }

    private static func wideBounds(_ column: LaneColumn, _ high: [Int64], type: LogicalType) -> ZoneMap.Bounds {
        var low = Int128.max
        var highest = Int128.min
        for row in 0..<high.count where column.mask.map({ $0[row] != 0 }) ?? true {
            let value = Int128(high[row]) << 64 | Int128(UInt64(bitPattern: column.lanes[row]))
            low = min(low, value)
            highest = max(highest, value)
        }
        if low > highest { return .empty }
        let scale = type.scale ?? 0
        return .values(
            minimum: .numeric(unscaled: low, scale: scale), maximum: .numeric(unscaled: highest, scale: scale))
    }

    private static func textBounds(_ strings: StringColumn, mask: [UInt8]?) -> ZoneMap.Bounds {
        var lowest: Int?
        var highest: Int?
        for row in 0..<strings.count where mask.map({ $0[row] != 0 }) ?? true {
            if let low = lowest {
                if strings[bytesAt: row].lexicographicallyPrecedes(strings[bytesAt: low]) { lowest = row }
            } else {
                lowest = row
            }
            if let high = highest {
                if strings[bytesAt: high].lexicographicallyPrecedes(strings[bytesAt: row]) { highest = row }
            } else {
                highest = row
            }
        }
        guard let lowest, let highest else { return .empty }
        let minimum = prefix(strings[bytesAt: lowest])
        let maximum = strings[bytesAt: highest].count <= maximumTextSize ? prefix(strings[bytesAt: highest]) : nil
        guard let minimum else { return .unknown }
        return .values(minimum: .text(minimum), maximum: maximum.map { .text($0) })
    }

    /// The first bytes as text, cut before a character that does not fit whole; nil if they are not UTF-8.
    private static func prefix(_ bytes: ArraySlice<UInt8>) -> String? {
        var kept = bytes.prefix(maximumTextSize)
        if kept.count < bytes.count {
            while let last = kept.last, last & 0xC0 == 0x80 { kept.removeLast() }
            if let last = kept.last, last >= 0xC0 { kept.removeLast() }
        }
        return String(validating: kept, as: UTF8.self)
    }
}
