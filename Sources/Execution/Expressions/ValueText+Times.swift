package import Columns

extension ValueText {
    /// `2025-01-31`; years before 1 as `0044-03-15 BC`.
    package static func append(date day: Int32, to bytes: inout [UInt8]) {
        if CivilTime.isInfinite(day: day) { return appendInfinity(isNegative: day < 0, to: &bytes) }
        let isBeforeChrist = appendCalendarDay(Int(day), to: &bytes)
        if isBeforeChrist { bytes.append(contentsOf: " BC".utf8) }
    }

    /// `2025-01-31 08:04:38`, with up to 6 digits of a second, trailing zeros left out.
    package static func append(timestamp: Int64, to bytes: inout [UInt8]) {
        if CivilTime.isInfinite(microseconds: timestamp) {
            return appendInfinity(isNegative: timestamp < 0, to: &bytes)
        }
        let day = CivilTime.day(ofMicroseconds: timestamp)
        let isBeforeChrist = appendCalendarDay(Int(day), to: &bytes)
        bytes.append(0x20)
        appendTime(UInt64(timestamp &- Int64(day) &* CivilTime.microsecondsPerDay), to: &bytes)
        if isBeforeChrist { bytes.append(contentsOf: " BC".utf8) }
    }

    /// `1 year 2 mons -3 days +04:05:06.7`, PostgreSQL's default style.
    package static func append(interval: IntervalValue, to bytes: inout [UInt8]) {
        let start = bytes.count
        var followsNegative = false
        for (value, unit) in [
            (interval.months / 12, "year"), (interval.months % 12, "mon"), (interval.days, "day"),
        ] where value != 0 {
            if bytes.count > start { bytes.append(0x20) }
            if followsNegative, value > 0 { bytes.append(0x2B) }
            append(integer: Int64(value), to: &bytes)
            bytes.append(0x20)
            bytes.append(contentsOf: unit.utf8)
            if value != 1 { bytes.append(0x73) }
            followsNegative = value < 0
        }
        guard interval.microseconds != 0 || bytes.count == start else { return }
        if bytes.count > start { bytes.append(0x20) }
        if interval.microseconds < 0 { bytes.append(0x2D) } else if followsNegative { bytes.append(0x2B) }
        appendTime(interval.microseconds.magnitude, to: &bytes)
    }

    private static func appendInfinity(isNegative: Bool, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (isNegative ? "-infinity" : "infinity").utf8)
    }

    /// Whether the year lies before 1.
    private static func appendCalendarDay(_ day: Int, to bytes: inout [UInt8]) -> Bool {
        let date = CivilDate(daysSinceEpoch: day)
        append(digits: UInt64(date.year > 0 ? date.year : 1 - date.year), minimumCount: 4, to: &bytes)
        bytes.append(0x2D)
        append(digits: UInt64(date.month), minimumCount: 2, to: &bytes)
        bytes.append(0x2D)
        append(digits: UInt64(date.day), minimumCount: 2, to: &bytes)
        return date.year <= 0
    }

    /// `HH:MM:SS[.ffffff]`, hours not limited to a day.
    private static func appendTime(_ microseconds: UInt64, to bytes: inout [UInt8]) {
        let seconds = microseconds / 1_000_000
        append(digits: seconds / 3600, minimumCount: 2, to: &bytes)
        bytes.append(0x3A)
        append(digits: seconds / 60 % 60, minimumCount: 2, to: &bytes)
        bytes.append(0x3A)
        append(digits: seconds % 60, minimumCount: 2, to: &bytes)
        let fraction = microseconds % 1_000_000
        guard fraction > 0 else { return }
        bytes.append(0x2E)
        append(digits: fraction, minimumCount: 6, to: &bytes)
        while bytes.last == 0x30 { bytes.removeLast() }
    }
}
