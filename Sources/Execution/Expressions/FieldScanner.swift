import Columns

/// Walks over the bytes of a date, time or interval.
struct FieldScanner {
    struct ClockTime {
        var hours: Int
        var minutes: Int
        var seconds: Int
        var fraction: Int64

        /// 24:00:00 and a 60th second are allowed, as in PostgreSQL.
        var isValid: Bool {
            minutes < 60 && seconds <= 60
                && (hours < 24 || (hours == 24 && minutes == 0 && seconds == 0 && fraction == 0))
        }

        var microseconds: Int64 {
            (Int64(hours) * 3600 + Int64(minutes) * 60 + Int64(seconds)) * 1_000_000 + fraction
        }
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// Whether there was at least one.
    mutating func skipBlanks() -> Bool {
        let start = index
        while index < bytes.count, ValueReader.isBlank(bytes[index]) { index += 1 }
        return index > start
    }

    /// Digits as a number and how many there were; nil for none or more than 9.
    mutating func digits() -> (value: Int, count: Int)? {
        var value = 0
        let start = index
        while index < bytes.count, ValueReader.isDigit(bytes[index]), index - start < 10 {
            value = value * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        let count = index - start
        return count > 0 && count < 10 ? (value, count) : nil
    }

    /// Year, month and day, which need not be a real day.
    mutating func date() -> CivilDate? {
        guard let first = digits() else { return nil }
        if first.count == 8 {
            return CivilDate(year: first.value / 10_000, month: first.value / 100 % 100, day: first.value % 100)
        }
        guard first.count >= 3, first.count <= 5 else { return nil }
        let separator: UInt8 = index < bytes.count && bytes[index] == 0x2F ? 0x2F : 0x2D
        guard skip(separator), let month = digits(), month.count <= 2, skip(separator), let day = digits(),
            day.count <= 2
        else { return nil }
        return CivilDate(year: first.value, month: month.value, day: day.value)
    }

    /// `HH:MM[:SS[.ffffff]]`, fractions rounded to microseconds.
    mutating func time() -> ClockTime? {
        guard let hours = digits(), skip(0x3A), let minutes = digits(), minutes.count <= 2 else { return nil }
        var time = ClockTime(hours: hours.value, minutes: minutes.value, seconds: 0, fraction: 0)
        guard skip(0x3A) else { return time }
        guard let seconds = digits(), seconds.count <= 2 else { return nil }
        time.seconds = seconds.value
        if skip(0x2E) { time.fraction = fraction() }
        return time
    }

    private mutating func fraction() -> Int64 {
        let start = index
        while index < bytes.count, ValueReader.isDigit(bytes[index]) { index += 1 }
        return CivilTime.microseconds(fraction: (start..<index).map { bytes[$0] })
    }

    /// `Z`, `+08`, `+08:00`, `-0330`: a timestamp without a zone ignores them.
    mutating func skipZone() {
        let start = index
        if skip(0x5A) || skip(0x7A) { return }
        if skip(0x2B) || skip(0x2D), digits() != nil {
            if skip(0x3A) { _ = digits() }
            return
        }
        index = start
    }
}
