import Columns
import Encodings

/// A column as 64-bit lanes, the form all encodings work on: one for each row, or for each run if it is grouped. Codes of a
/// dictionary that were read straight in 32 bits stay so.
struct LaneColumn {
    var storage: LaneStorage
    /// 0 where NULL. Dates, codes and booleans widened, doubles and identifiers as their bits, the low half of 128 bits.
    var lanes: [Int64]
    /// Codes read in 32 bits; then `lanes` is empty.
    var codes: NarrowCodes?
    /// The high half of 128-bit numbers; nil if every number fits 64 bits.
    var highLanes: [Int64]?
    /// Plain text; then `lanes` is empty.
    var strings: StringColumn?
    /// 1 = present; nil if every row is.
    var mask: [UInt8]?

    var count: Int { strings?.count ?? codes?.count ?? lanes.count }

    /// The lanes, whatever form the column has.
    var allLanes: [Int64] { codes?.lanes ?? lanes }
}

extension LaneColumn {
    init(_ column: EncodableColumn) {
        mask = nil
        if case .mask(let given) = column.validity, case .mask(let bytes) = Validity(compacting: given) { mask = bytes }
        strings = nil
        highLanes = nil
        switch column.values {
        case .boolean(let rows): (storage, lanes) = (.boolean, widened(rows))
        case .int32(let rows): (storage, lanes) = (.int32, widened(rows))
        case .int64(let rows): (storage, lanes) = (.int64, rows)
        case .codes32(let rows): (storage, lanes) = (.codes32, widened(rows))
        case .codes64(let rows): (storage, lanes) = (.codes64, widened(rows))
        case .double(let rows): (storage, lanes) = (.double, rows.map { Int64(bitPattern: $0.bitPattern) })
        case .int128(let rows):
            (storage, lanes) = (.int128, rows.map { Int64(truncatingIfNeeded: $0) })
            highLanes = rows.map { Int64(truncatingIfNeeded: $0 >> 64) }
        case .strings(let rows): (storage, lanes, strings) = (.strings, [], rows)
        }
        clearNulls()
    }

    /// NULL rows become 0 (plain text: empty), so that what they held before never reaches the disk.
    private mutating func clearNulls() {
        guard let mask else { return dropHighLanes() }
        precondition(strings != nil || lanes.count == mask.count)
        clearNullLanes(mask)
        if var high = highLanes {
            for row in 0..<high.count { high[row] &= 0 &- Int64(mask[row]) }
            highLanes = high
        }
        if let strings {
            var kept = StringColumn()
            for row in 0..<strings.count {
                if mask[row] != 0 { kept.append(contentsOf: strings[bytesAt: row]) } else { kept.append("") }
            }
            self.strings = kept
        }
        dropHighLanes()
    }

    /// Most come with zeros there: then nothing is written, which for lanes of somebody else's would need a copy.
    private mutating func clearNullLanes(_ mask: [UInt8]) {
        guard hasStrayLanes(mask) else { return }
        let flags = mask.span
        var rows = lanes.mutableSpan
        for row in 0..<rows.count { rows[row] &= 0 &- Int64(flags[row]) }
    }

    /// Whether a NULL row's lane is anything but 0.
    private func hasStrayLanes(_ mask: [UInt8]) -> Bool {
        let flags = mask.span
        let rows = lanes.span
        var stray: Int64 = 0
        for row in 0..<min(rows.count, flags.count) { stray |= rows[row] & (Int64(flags[row]) &- 1) }
        return stray != 0
    }

    private mutating func dropHighLanes() {
        guard let high = highLanes else { return }
        for row in 0..<high.count where high[row] != lanes[row] >> 63 { return }
        highLanes = nil
    }

    /// The first row of each run.
    func grouped(starts: [Int32]) -> LaneColumn { gathered(Array(starts.dropLast())) }

    /// The values with these numbers.
    func gathered(_ places: [Int32]) -> LaneColumn {
        var result = self
        if strings == nil, codes == nil { result.lanes = gather(lanes, places) }
        result.codes = codes?.gathered(places)
        result.highLanes = highLanes.map { gather($0, places) }
        result.mask = mask.map { gather($0, places) }
        if result.mask.map({ FlagKernels.sum($0) == $0.count }) == true { result.mask = nil }
        if let strings {
            var kept = StringColumn()
            for place in places { kept.append(contentsOf: strings[bytesAt: Int(place)]) }
            result.strings = kept
        }
        return result
    }

    /// The values of present rows only.
    func present(_ rows: [Int64]) -> [Int64] {
        guard let mask else { return rows }
        return Presence(mask: mask).compressed(rows)
    }
}

private func widened<T: FixedWidthInteger>(_ rows: [T]) -> [Int64] {
    let source = rows.span
    return Lanes.filled(count: rows.count) { lanes in
        for row in 0..<source.count { lanes[row] = Int64(truncatingIfNeeded: source[row]) }
    }
}
