import Columns

/// Turns the values of one key column into bits and back: equal values, equal bits.
///
/// A codec is chosen once for a column of a query. A tight one uses no more bits than what has been seen needs, and says
/// so when a later value does not fit; a roomy one fits every value of the type.
struct KeyCodec: Sendable {
    enum Coding: Sendable {
        case boolean
        case date
        case double
        case wide
        /// `value = base + code × unit`, codes up to `limit`.
        case integer(base: Int64, unit: Int64, limit: UInt64)
        /// The 64 bits of an `Int64`.
        case fullInteger
        case text(TextCoder)
    }

    let type: LogicalType
    let coding: Coding
    /// Bits of a code, at most 64; `wide` has as many again.
    let bitCount: Int

    private static let microsecondsPerDay: Int64 = 86_400_000_000

    /// - Throws: `.unsupported` for a type whose equal values may have different bits.
    static func roomy(type: LogicalType, textHome: TextCoder.Home = .open) throws(ExecutionError) -> KeyCodec {
        switch type {
        case .boolean: return KeyCodec(type: type, coding: .boolean, bitCount: 1)
        case .date: return KeyCodec(type: type, coding: .date, bitCount: 32)
        case .double: return KeyCodec(type: type, coding: .double, bitCount: 64)
        case .integer, .bigint, .timestamp, .moment: return KeyCodec(type: type, coding: .fullInteger, bitCount: 64)
        case .numeric:
            return type.isWide
                ? KeyCodec(type: type, coding: .wide, bitCount: 64)
                : KeyCodec(type: type, coding: .fullInteger, bitCount: 64)
        case .text, .unknown, .array:
            let coder = TextCoder(textHome)
            let room = coder.homeCount &+ (1 << 32)
            return KeyCodec(type: .text, coding: .text(coder), bitCount: bitWidth(room < coder.homeCount ? .max : room))
        case .interval:
            throw ExecutionError(.unsupported("grouping, joining or removing duplicates by an interval is not supported"))
        }
    }

    /// The codec for values like those of `sample`; `slack` widens the range of integers to both sides.
    static func tight(_ sample: Vector, slack: Bool) throws(ExecutionError) -> KeyCodec {
        let roomy = try KeyCodec.roomy(type: sample.type)
        switch roomy.coding {
        case .text:
            let coder = TextCoder(TextCoder.Home(of: sample))
            if case .open = coder.home { return roomy }
            return KeyCodec(type: .text, coding: .text(coder), bitCount: max(1, bitWidth(max(coder.homeCount, 1) - 1)))
        // A sum's or product's type is wide; its values seldom are. Days of a few years are few.
        case .fullInteger, .wide, .date:
            guard let range = sample.integerRange() else { return roomy }
            return tightInteger(sample, range, slack: slack) ?? roomy
        default: return roomy
        }
    }

    /// The same codec with more bits, for integers further away from those that have been seen.
    func widened(by extraBitCount: Int) -> KeyCodec {
        let bits = min(62, bitCount + extraBitCount)
        guard case .integer(let base, let unit, let limit) = coding, bits > bitCount, limit >> UInt64(bits) == 0 else { return self }
        // As much room below the base as above.
        let wider: UInt64 = (1 << UInt64(bits)) - 1
        let (distance, isFar) = Int64((wider - limit) / 2).multipliedReportingOverflow(by: unit)
        let (below, isLow) = base.subtractingReportingOverflow(distance)
        if isFar || isLow { return self }
        return KeyCodec(type: type, coding: .integer(base: below, unit: unit, limit: wider), bitCount: bits)
    }

    /// The codec for the keys of a join: it holds all values of the build side; a value of the probe side that it does not
    /// hold has no match. Text takes the codes of the probe side.
    static func joining(build: Vector, probe: Vector) throws(ExecutionError) -> KeyCodec {
        if build.type.isWide || probe.type.isWide {
            return KeyCodec(type: build.type.isWide ? build.type : probe.type, coding: .wide, bitCount: 64)
        }
        guard build.type == .text || build.type == .unknown || probe.type == .text else {
            return try tight(build, slack: false)
        }
        let coder = TextCoder(TextCoder.Home(of: probe))
        let codes = coder.codes(of: build, adding: true).codes
        var largest = max(coder.homeCount, 1) - 1
        for row in 0..<codes.count where codes[row] > largest && build.validity.isPresent(row) { largest = codes[row] }
        return KeyCodec(type: .text, coding: .text(coder), bitCount: max(1, bitWidth(largest)))
    }

    private static func tightInteger(_ sample: Vector, _ range: ClosedRange<Int64>, slack: Bool) -> KeyCodec? {
        var unit: Int64 = 1
        if sample.type == .timestamp, sample.isMultiple(of: microsecondsPerDay) { unit = microsecondsPerDay }
        let (width, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        if overflow { return nil }
        let steps = UInt64(width / unit)
        var limit = steps
        var base = range.lowerBound
        if slack {
            // Room for eight times what one batch shows, at least a thousand steps.
            guard steps < 1 << 40 else { return nil }
            let margin = max(steps, 128) * 4
            let (distance, isFar) = Int64(clamping: margin).multipliedReportingOverflow(by: unit)
            let (below, isLow) = base.subtractingReportingOverflow(distance)
            guard !isFar, !isLow else { return nil }
            base = below
            limit = steps + 2 * margin
        }
        let bits = bitWidth(limit)
        return bits > 62 ? nil : KeyCodec(type: sample.type, coding: .integer(base: base, unit: unit, limit: limit), bitCount: max(1, bits))
    }

    static func bitWidth(_ value: UInt64) -> Int { 64 - value.leadingZeroBitCount }

    var wordCount: Int { if case .wide = coding { 2 } else { 1 } }

    /// The codes of a flat vector; NULL rows have any code.
    ///
    /// - Parameter adding: Whether new strings are welcome.
    /// - Returns: codes (low halves), high halves of wide values, and which rows do not fit (1), nil if all do.
    func codes(of vector: Vector, adding: Bool) -> (codes: [UInt64], high: [UInt64], misfits: [UInt8]?) {
        switch (coding, vector.values) {
        case (.boolean, .boolean(let rows)): return (rows.map { UInt64($0) }, [], nil)
        case (.date, .int32(let rows)): return (rows.map { UInt64(UInt32(bitPattern: $0)) }, [], nil)
        case (.double, .double(let rows)): return (rows.map { KeyCodec.bits($0) }, [], nil)
        case (.fullInteger, .int64(let rows)): return (rows.map { UInt64(bitPattern: $0) }, [], nil)
        case (.integer(let base, let unit, let limit), .int32(let rows)) where type == .date:
            return KeyCodec.steps(mapRows(rows, filler: 0) { Int64($0) }, vector.validity, base: base, unit: unit, limit: limit)
        case (.integer(let base, let unit, let limit), .int64(let rows)) where type != .date:
            return KeyCodec.steps(rows, vector.validity, base: base, unit: unit, limit: limit)
        case (.integer(let base, let unit, let limit), .int128(let rows)):
            if let narrow = WideArithmetic.narrowed(rows[...], vector.validity) {
                return KeyCodec.steps(narrow, vector.validity, base: base, unit: unit, limit: limit)
            }
            // Some row is beyond 64 bits, and does not fit whatever the others do.
            var misfits = [UInt8](repeating: 0, count: rows.count)
            for row in 0..<rows.count where Int64(exactly: rows[row]) == nil && vector.validity.isPresent(row) { misfits[row] = 1 }
            let (codes, _, others) = KeyCodec.steps(
                rows.map { Int64(truncatingIfNeeded: $0) }, vector.validity, base: base, unit: unit, limit: limit)
            if let others { for row in 0..<rows.count { misfits[row] |= others[row] } }
            return (codes, [], misfits)
        case (.wide, .int128(let rows)):
            return (
                rows.map { UInt64(truncatingIfNeeded: $0) }, rows.map { UInt64(truncatingIfNeeded: $0 >> 64) }, nil
            )
        case (.wide, .int64(let rows)):
            return (rows.map { UInt64(bitPattern: $0) }, rows.map { UInt64(bitPattern: $0 >> 63) }, nil)
        case (.text(let coder), .dictionary), (.text(let coder), .identifier), (.text(let coder), .string):
            let (codes, isHome) = coder.codes(of: vector, adding: adding)
            if isHome { return (codes, [], nil) }
            let limit = bitCount == 64 ? UInt64.max - 1 : (1 << UInt64(bitCount)) - 1
            return (codes, [], KeyCodec.misfits(codes, vector.validity, limit: limit))
        default:
            // A NULL literal may come in a shape of another type: only rows that are present do not fit.
            let none = [UInt64](repeating: 0, count: vector.count)
            let present = vector.validity.expanded(rowCount: vector.count)
            return (none, wordCount == 2 ? none : [], present.contains(1) ? present : nil)
        }
    }

    /// The codes of a flat vector that has them as they are, so that nothing needs to be looked up or copied; else nil.
    func narrowCodes(of vector: Vector) -> [UInt32]? {
        guard case .text(let coder) = coding, case .dictionary(let codes, _) = vector.values, coder.isHome(vector) else { return nil }
        return codes
    }

    private static func misfits(_ codes: [UInt64], _ validity: Validity, limit: UInt64) -> [UInt8]? {
        var largest: UInt64 = 0
        switch validity {
        case .allPresent: for code in codes { largest = max(largest, code) }
        case .mask(let mask): for row in 0..<codes.count where mask[row] != 0 { largest = max(largest, codes[row]) }
        }
        guard largest > limit else { return nil }
        return codes.indices.map { codes[$0] > limit && validity.isPresent($0) ? 1 : 0 }
    }

    private static func steps(
        _ rows: [Int64], _ validity: Validity, base: Int64, unit: Int64, limit: UInt64
    ) -> (codes: [UInt64], high: [UInt64], misfits: [UInt8]?) {
        // Two cases, so that the usual one is a loop without a division.
        let (codes, bad) =
            unit == 1
            ? measured(rows) { value in
                // Below the base the difference wraps, and may then be any number.
                let code = UInt64(bitPattern: value &- base)
                return (code, value < base || code > limit)
            }
            : measured(rows) { value in
                let (code, rest) = UInt64(bitPattern: value &- base).quotientAndRemainder(dividingBy: UInt64(bitPattern: unit))
                return (code, value < base || code > limit || rest != 0)
            }
        guard let bad else { return (codes, [], nil) }
        guard case .mask(let mask) = validity else { return (codes, [], bad) }
        let misfits = mapPairs(.rows(bad), .rows(mask), count: rows.count, filler: 0) { $0 & ($1 == 0 ? 0 : 1) }
        return (codes, [], misfits.contains(1) ? misfits : nil)
    }

    /// The code of each value, and for each whether it is none (1); nil if all are.
    @inline(__always)
    private static func measured(
        _ rows: [Int64], _ measure: (Int64) -> (code: UInt64, isMisfit: Bool)
    ) -> (codes: [UInt64], misfits: [UInt8]?) {
        let (codes, flags) = FlaggingKernels.mapPairs(.rows(rows), .constant(0), count: rows.count, filler: UInt64(0)) { (value, _: Int64) in
            let (code, isMisfit) = measure(value)
            return (code, isMisfit ? 1 : 0)
        }
        return (codes, flags == 0 ? nil : mapRows(rows, filler: 0) { measure($0).isMisfit ? 1 : 0 })
    }

    /// Equal doubles have equal bits: one zero, one NaN.
    static func bits(_ value: Double) -> UInt64 {
        if value == 0 { return 0 }
        return value.isNaN ? Double.nan.bitPattern : value.bitPattern
    }

    /// The values behind codes.
    func vector(codes: [UInt64], high: [UInt64], validity: Validity) -> Vector {
        let values: VectorValues
        switch coding {
        case .boolean: values = .boolean(codes.map { UInt8(truncatingIfNeeded: $0) })
        case .date: values = .int32(codes.map { Int32(truncatingIfNeeded: $0) })
        case .double: values = .double(codes.map { Double(bitPattern: $0) })
        case .fullInteger: values = .int64(codes.map { Int64(bitPattern: $0) })
        case .integer(let base, let unit, _):
            values =
                type == .date
                ? .int32(codes.map { Int32(truncatingIfNeeded: base &+ Int64(bitPattern: $0) &* unit) })
                : type.isWide
                ? .int128(codes.map { Int128(base &+ Int64(bitPattern: $0) &* unit) })
                : .int64(codes.map { base &+ Int64(bitPattern: $0) &* unit })
        case .wide:
            var rows = [Int128](repeating: 0, count: codes.count)
            for row in 0..<rows.count { rows[row] = (Int128(Int64(bitPattern: high[row])) << 64) | Int128(codes[row]) }
            values = .int128(rows)
        case .text(let coder): return coder.vector(codes, validity: validity)
        }
        return Vector(type: type, count: codes.count, values: values, validity: validity)
    }
}

extension Vector {
    /// Smallest and largest present value of an `Int64` or `Int32` vector, or of an `Int128` one whose values fit in 64 bits; nil if there is
    /// none.
    func integerRange() -> ClosedRange<Int64>? {
        let child: Vector
        if case .runs(let own, _) = values { child = own } else { child = self }
        let flat = child.flattened()
        let rows: [Int64]
        switch flat.values {
        case .int64(let own): rows = own
        case .int32(let own): rows = own.map { Int64($0) }
        case .int128(let own):
            guard let narrow = WideArithmetic.narrowed(own[...], flat.validity) else { return nil }
            rows = narrow
        default: return nil
        }
        var low = Int64.max
        var high = Int64.min
        switch flat.validity {
        case .allPresent:
            for value in rows {
                low = min(low, value)
                high = max(high, value)
            }
        case .mask(let mask):
            for row in 0..<rows.count where mask[row] != 0 {
                low = min(low, rows[row])
                high = max(high, rows[row])
            }
        }
        return low <= high ? low...high : nil
    }

    /// Whether every present value of an `Int64` vector is a multiple of `unit`.
    func isMultiple(of unit: Int64) -> Bool {
        if case .runs(let child, _) = values { return child.isMultiple(of: unit) }
        let flat = flattened()
        guard case .int64(let rows) = flat.values else { return false }
        for row in 0..<rows.count where flat.validity.isPresent(row) && rows[row] % unit != 0 { return false }
        return true
    }
}
