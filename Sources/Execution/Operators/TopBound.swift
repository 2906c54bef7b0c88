import CKernels
import Columns
import Planning
import Synchronization

/// The largest code of the first key that a row among the first ones can have, as far as all workers know.
final class TopBound: Sendable {
    private let code = Atomic<Int64>(.max)
    /// The smallest codes that all workers have met so far, in no order: as many as there are first rows, and some more.
    private let least = Mutex<[Int64]>([])
    /// First rows above which each batch tells for itself: workers would wait for each other.
    private static let sharedLimit = 4096
    /// Segments of which the runs were asked in vain, less those of which they left few rows.
    private let vainAsking = Atomic<Int>(0)

    /// Whether runs tell enough of the rows to go on asking them. The first segments are mostly asked in vain, before the bound
    /// is low.
    var isAskedOfRuns: Bool { vainAsking.load(ordering: .relaxed) < 16 }
    func noteAsking(isVain: Bool) { vainAsking.wrappingAdd(isVain ? 1 : -1, ordering: .relaxed) }

    var value: Int64 { code.load(ordering: .relaxed) }

    /// Takes note of the codes of rows that go on to the sort, each row once: as soon as `count` rows are known, no row behind the
    /// last of them can be among the first `count`.
    func note(_ codes: [Int64], count: Int) {
        guard count > 0, !codes.isEmpty else { return }
        if count > TopBound.sharedLimit {
            guard codes.count > count else { return }
            var own = codes
            Quickselect.select(&own, 0..<own.count, place: count - 1)
            _ = code.min(own[count - 1], ordering: .relaxed)
            return
        }
        least.withLock { least in
            let bound = value
            for code in codes where code <= bound { least.append(code) }
            guard least.count >= count else { return }
            Quickselect.select(&least, 0..<least.count, place: count - 1)
            _ = code.min(least[count - 1], ordering: .relaxed)
            least.removeSubrange(count...)
        }
    }
}

/// The first sort key as 64-bit integers: the smaller, the earlier a row comes.
enum LeadingCodes {
    /// For each row a code that is not above that of any row that sorts after it; nil if the key tells nothing, or has no such codes.
    static func codes(_ vector: Vector, _ key: PlanSortKey) -> [Int64]? {
        switch vector.values {
        case .constant: nil
        case .runs(let child, let map): flatCodes(child.flattened(), key).map { spread($0, map.starts) }
        default: flatCodes(vector, key)
        }
    }

    private static func flatCodes(_ vector: Vector, _ key: PlanSortKey) -> [Int64]? {
        var narrow = OrderedBits.rows(of: vector)
        if case .int128(let rows) = vector.values { narrow = WideArithmetic.narrowed(rows[...], vector.validity) }
        guard var codes = narrow else { return nil }
        if key.descending { for row in 0..<codes.count { codes[row] = ~codes[row] } }
        if case .mask(let mask) = vector.validity {
            let null: Int64 = key.nullsFirst ? .min : .max
            for row in 0..<codes.count where mask[row] == 0 { codes[row] = null }
        }
        return codes
    }

    /// The rows of codes up to the bound, ascending.
    static func rows(_ codes: [Int64], upTo bound: Int64) -> [Int32] {
        var rows: [Int32] = []
        for row in 0..<codes.count where codes[row] <= bound { rows.append(Int32(truncatingIfNeeded: row)) }
        return rows
    }
}

/// What a scan knows of the first sort key before it reads a row: segments by their zone maps, runs by the sums kept of them.
struct ScanBound: Sendable {
    private let bound: TopBound
    private let key: PlanSortKey
    private let field: Int
    /// Where the scan has the field among those it reads.
    let place: Int
    private var isDescending: Bool { key.descending }
    /// For each segment the code that no row of it is below.
    private let leastCodes: [Int64]

    /// - Returns: nil if the key is not of a type whose codes are its values.
    init?(
        _ bound: TopBound, _ key: PlanSortKey, _ type: LogicalType, of field: Int, place: Int, in table: any ScannableTable
    ) {
        switch type {
        case .integer, .date, .timestamp: break
        case .numeric where !type.isWide: break
        default: return nil
        }
        self.bound = bound
        self.key = key
        self.field = field
        self.place = place
        leastCodes = (0..<table.segmentCount).map { segment in
            guard let zone = table.zone(segment: segment, field: field), !(key.nullsFirst && zone.hasNulls) else { return .min }
            guard let bounds = zone.bounds else { return zone.isEmpty ? .max : .min }
            guard let low = ScanBound.value(bounds.low, type), let high = bounds.high.flatMap({ ScanBound.value($0, type) })
            else { return .min }
            return key.descending ? ~high : low
        }
    }

    private static func value(_ scalar: ScalarValue, _ type: LogicalType) -> Int64? {
        switch (scalar, type) {
        case (.integer(let value), .integer), (.timestamp(let value), .timestamp): value
        case (.date(let days), .date): Int64(days)
        case (.numeric(let unscaled, let scale), .numeric(_, let own)) where scale == own: Int64(exactly: unscaled)
        default: nil
        }
    }

    /// Segments that promise the first rows before the others, so that the bound is low early.
    var segmentsBestFirst: [Int] { leastCodes.indices.sorted { (leastCodes[$0], $0) < (leastCodes[$1], $1) } }

    /// False only if no row of the segment can be among the first ones.
    func mightHold(inSegment segment: Int) -> Bool { leastCodes[segment] <= bound.value }

    /// The rows of a column that may be among the first ones, ascending; nil if all may.
    func rows(of column: Vector) -> [Int32]? {
        let bound = self.bound.value
        guard bound < .max else { return nil }
        if case .int64(let values) = column.values, column.validity == .allPresent {
            return isDescending
                ? ScanBound.rows(values, from: ~bound, to: .max) : ScanBound.rows(values, from: .min, to: bound)
        }
        return LeadingCodes.codes(column, key).map { LeadingCodes.rows($0, upTo: bound) }
    }

    /// The rows of the values that are kept, which are those from `low` to `high`: mostly none of many neighbours.
    private static func rows(_ values: [Int64], from low: Int64, to high: Int64) -> [Int32] {
        var rows: [Int32] = []
        unsafe values.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            var start = 0
            while start < source.count {
                let end = min(start &+ 1024, source.count)
                var (smallest, largest) = (Int64(0), Int64(0))
                // Reads the array's own values.
                unsafe ck_bounds(first + start, end &- start, &smallest, &largest)
                if smallest <= high, largest >= low {
                    for row in start..<end where unsafe source[row] >= low && source[row] <= high {
                        rows.append(Int32(truncatingIfNeeded: row))
                    }
                }
                start = end
            }
        }
        return rows
    }

    var isKnown: Bool { bound.value < .max }

    /// The runs with rows that may be among the first ones; nil if nothing is known of runs. A run of positive values has none
    /// that is above its sum, one of negative values none below it.
    func matches(in table: any ScannableTable, segment: Int) throws(ExecutionError) -> KeyMatches? {
        let bound = self.bound.value
        guard bound < .max, self.bound.isAskedOfRuns, let map = try table.runMap(segment: segment),
            let signs = try table.runSigns(segment: segment, field: field), let sums = try table.runSums(segment: segment, field: field),
            case .int64(let values) = sums.flattened().values, signs.count == map.runCount, values.count == map.runCount
        else { return nil }
        var flags = [UInt8](repeating: 1, count: map.runCount)
        // The sign that values have which the sum bounds on the side where the first rows are.
        let (summed, other): (UInt8, UInt8) = isDescending ? (0, 1) : (1, 0)
        // Values of the other sign are -1 at most, or 1 at least.
        let isOtherKept: UInt8 = (isDescending ? 0 : 1) <= bound ? 1 : 0
        for run in 0..<map.runCount {
            let sign = signs[run]
            if sign == summed {
                flags[run] = (isDescending ? ~values[run] : values[run]) <= bound ? 1 : 0
            } else if sign == other {
                flags[run] = isOtherKept
            }
        }
        let matches = KeyMatches(map: map, flags: flags)
        // The key of a tenth of the rows costs as much to read as that of all.
        let isVain = matches.rowCount * 16 >= map.rowCount
        self.bound.noteAsking(isVain: isVain)
        return isVain ? nil : matches
    }
}
