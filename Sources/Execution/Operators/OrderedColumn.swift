import Columns

/// A column as 64-bit integers in the order of its values: the common currency of sorting, percentiles and windows.
struct OrderedColumn: Sendable {
    /// One key a row; rows that are NULL have any key.
    let keys: [Int64]
    let validity: Validity
    private let type: LogicalType
    private let coding: Coding

    private enum Coding: Sendable {
        case direct
        /// `keys` are ranks among these distinct values.
        case wide([Int128])
        case text(codes: [UInt64], TextCoder)
        /// `keys` are ranks among the entries of the coder's dictionary.
        case ranked([UInt32], TextCoder)
        /// Intervals have an order but no way back from it.
        case intervals([IntervalValue])
    }

    /// - Parameter column: Flat, or anything `flattened` makes flat.
    init(_ column: Vector) {
        let vector = column.flattened()
        type = vector.type
        validity = vector.validity
        if let rows = OrderedBits.rows(of: vector) {
            keys = rows
            coding = .direct
            return
        }
        switch vector.values {
        case .int128(let rows):
            if let narrow = WideArithmetic.narrowed(rows[...], vector.validity) {
                keys = narrow
                coding = .direct
                return
            }
            let distinct = Array(Set(rows)).sorted()
            keys = OrderedColumn.ranks(rows, distinct)
            coding = .wide(distinct)
        case .interval(let rows):
            let totals = rows.map(OrderedColumn.microseconds)
            let distinct = Array(Set(totals)).sorted()
            keys = OrderedColumn.ranks(totals, distinct)
            coding = .intervals(rows)
        default:
            let coder = TextCoder(TextCoder.Home(of: vector))
            let codes = coder.codes(of: vector, adding: true).codes
            (keys, coding) = OrderedColumn.textKeys(codes, vector.validity, coder)
        }
    }

    /// Length of an interval as PostgreSQL compares it: months of 30 days.
    private static func microseconds(_ interval: IntervalValue) -> Int128 {
        (Int128(interval.months) * 30 + Int128(interval.days)) * 86_400_000_000 + Int128(interval.microseconds)
    }

    private static func ranks(_ rows: [Int128], _ distinct: [Int128]) -> [Int64] {
        rows.map { value in
            var low = 0
            var high = distinct.count
            while low < high {
                let middle = (low + high) / 2
                if distinct[middle] < value { low = middle + 1 } else { high = middle }
            }
            return Int64(low)
        }
    }

    /// Dictionary codes become ranks through a table; identifier codes of one format are in order as they are.
    private static func textKeys(
        _ codes: [UInt64], _ validity: Validity, _ coder: TextCoder
    ) -> ([Int64], Coding) {
        if case .identifier(let domain) = coder.home, domain.formats.count == 1, domain.exceptions.count == 0,
            !hasExtras(codes, validity, coder)
        {
            return (codes.map { Int64(bitPattern: $0) }, .text(codes: [], coder))
        }
        if case .dictionary(let dictionary) = coder.home, dictionary.hasRanks || codes.count >= dictionary.count,
            !hasExtras(codes, validity, coder)
        {
            let ranks = TextOrder.ranks(of: dictionary)
            let keys = codes.map { $0 < UInt64(ranks.count) ? Int64(ranks[Int($0)]) : 0 }
            return (keys, .ranked(ranks, coder))
        }
        var present: [UInt64] = []
        present.reserveCapacity(codes.count)
        for row in 0..<codes.count where validity.isPresent(row) {
            if let last = present.last, last == codes[row] { continue }
            present.append(codes[row])
        }
        var table = GroupTable(stride: 1, denseBitCount: nil)
        _ = table.assign(present, count: present.count, firstPosition: 0)
        var strings = StringColumn()
        var bytes: [UInt8] = []
        for code in table.keys {
            bytes.removeAll(keepingCapacity: true)
            coder.appendBytes(of: code, to: &bytes)
            strings.append(contentsOf: bytes)
        }
        let ranks = TextOrder.ranks(of: strings)
        var sortedCodes = [UInt64](repeating: 0, count: ranks.count)
        for group in 0..<ranks.count { sortedCodes[Int(ranks[group])] = table.keys[group] }
        let groups = table.find(codes, count: codes.count)
        var keys = [Int64](repeating: 0, count: codes.count)
        for row in 0..<codes.count where groups[row] != GroupTable.none { keys[row] = Int64(ranks[Int(groups[row])]) }
        return (keys, .text(codes: sortedCodes, coder))
    }

    private static func hasExtras(_ codes: [UInt64], _ validity: Validity, _ coder: TextCoder) -> Bool {
        for row in 0..<codes.count where codes[row] >= coder.homeCount && validity.isPresent(row) { return true }
        return false
    }

    /// The values behind keys of this column.
    func vector(_ keys: [Int64], validity: Validity) -> Vector {
        switch coding {
        case .direct: return OrderedBits.vector(keys, type: type, validity: validity)
        case .wide(let distinct):
            return Vector(
                type: type, count: keys.count,
                values: .int128(keys.map { distinct.isEmpty ? 0 : distinct[Int(clamping: $0)] }), validity: validity)
        case .text(let codes, let coder):
            let own = codes.isEmpty
                ? keys.map { UInt64(bitPattern: $0) } : keys.map { codes[min(Int(clamping: $0), codes.count - 1)] }
            return coder.vector(own, validity: validity)
        case .ranked(let ranks, let coder):
            var codes = [UInt64](repeating: 0, count: max(1, ranks.count))
            for code in ranks.indices { codes[Int(ranks[code])] = UInt64(code) }
            return coder.vector(keys.map { codes[min(Int(clamping: $0), codes.count - 1)] }, validity: validity)
        case .intervals: return .flatConstant(.null, type: type, count: keys.count)
        }
    }

    /// Keys as the doubles that a cast makes of them. Nil for types that are no numbers.
    var doubles: ((Int64) -> Double)? {
        switch (coding, type) {
        case (.wide(let distinct), .numeric(_, let scale)):
            return { DecimalText.double(unscaled: distinct[Int(clamping: $0)], scale: scale) }
        case (.direct, .double): return OrderedBits.double
        case (.direct, .numeric(_, let scale)):
            return { DecimalText.double(unscaled: Int128($0), scale: scale) }
        case (.direct, .integer), (.direct, .bigint): return { Double($0) }
        default: return nil
        }
    }

    static func power(_ scale: Int) -> Double { Double(DecimalText.powers128[min(scale, 38)]) }
}
