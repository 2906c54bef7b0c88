import Columns

/// Dates and times from bytes.
enum DateParsing {
    /// A date as written, with the time after it.
    struct Moment {
        var form: DateForm
        var days: Int32
        /// Microseconds since midnight.
        var timeOfDay: Int64
    }

    /// Reads `yyyy-mm-dd` of ten bytes by arithmetic on words; nil if it is anything else or no real day.
    @inline(__always)
    static func dashedDays(_ bytes: ChunkBytes, at start: Int) -> Int32? {
        let word = bytes.word(at: start) ^ 0x2D30_302D_3030_3030
        // Digits must be 0…9 and dashes 0 after the exclusive or.
        guard ((word &+ 0x7F76_767F_7676_7676) | word) & 0x8080_8080_8080_8080 == 0 else { return nil }
        let tail = bytes.halfWord(at: start &+ 8) ^ 0x3030
        guard ((tail &+ 0x7676) | tail) & 0x8080 == 0 else { return nil }
        let year =
            Int(word & 0xFF) &* 1000 &+ Int((word &>> 8) & 0xFF) &* 100 &+ Int((word &>> 16) & 0xFF) &* 10
            &+ Int((word &>> 24) & 0xFF)
        let month = Int((word &>> 40) & 0xFF) &* 10 &+ Int((word &>> 48) & 0xFF)
        let day = Int(tail & 0xFF) &* 10 &+ Int(tail &>> 8)
        return days(year: year, month: month, day: day)
    }

    @inline(__always)
    static func days(year: Int, month: Int, day: Int) -> Int32? {
        guard month &- 1 < 12, month > 0, year > 0, day > 0 else { return nil }
        if day > 28 { guard day <= CivilDate.dayCount(year: year, month: month) else { return nil } }
        // After days_from_civil; the year is positive, so plain divisions serve.
        let shiftedYear = month <= 2 ? year &- 1 : year
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
        let century = shiftedYear / 100
        return Int32(
            truncatingIfNeeded: shiftedYear &* 365 &+ (shiftedYear &>> 2) &- century &+ (century &>> 2) &+ dayOfYear
                &- 719_468)
    }

    /// Reads `hh:mm:ss` of eight bytes as seconds; nil if it is anything else or no real time.
    @inline(__always)
    static func secondsOfDay(_ bytes: ChunkBytes, at start: Int) -> Int? {
        let word = bytes.word(at: start) ^ 0x3030_3A30_303A_3030
        guard ((word &+ 0x7676_7F76_767F_7676) | word) & 0x8080_8080_8080_8080 == 0 else { return nil }
        let hour = Int(word & 0xFF) &* 10 &+ Int((word &>> 8) & 0xFF)
        let minute = Int((word &>> 24) & 0xFF) &* 10 &+ Int((word &>> 32) & 0xFF)
        let second = Int((word &>> 48) & 0xFF) &* 10 &+ Int(word &>> 56)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return hour &* 3600 &+ minute &* 60 &+ second
    }

    /// Reads any accepted form, blanks around it allowed; nil if it has none of them.
    ///
    /// - Returns: `.failure` with the form if the shape is right but there is no such day or time.
    static func moment(_ bytes: ChunkBytes, start: Int, end: Int) -> (form: DateForm, moment: Moment?)? {
        let (first, last) = NumberParsing.trim(bytes, start, end)
        guard let date = writtenDate(bytes, first, last) else { return nil }
        let form = date.form
        guard let days = days(year: date.year, month: date.month, day: date.day) else { return (form, nil) }
        if date.end == last { return (form, Moment(form: form, days: days, timeOfDay: 0)) }
        let separator = bytes[date.end]
        guard separator == 0x20 || separator == 0x54 else { return nil }
        guard let time = time(bytes, date.end + 1, last, allowsShortHour: form == .slashed) else { return (form, nil) }
        return (form, Moment(form: form, days: days, timeOfDay: time))
    }

    private struct WrittenDate {
        var form: DateForm
        var year: Int
        var month: Int
        var day: Int
        var end: Int
    }

    private static func writtenDate(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> WrittenDate? {
        guard end - start >= 8, let year = number(bytes, start, count: 4) else { return nil }
        var position = start + 4
        switch bytes[position] {
        case 0x2D:
            guard end - start >= 10, bytes[start + 7] == 0x2D, let month = number(bytes, start + 5, count: 2),
                let day = number(bytes, start + 8, count: 2)
            else { return nil }
            return WrittenDate(form: .dashed, year: year, month: month, day: day, end: start + 10)
        case 0x2F:
            position += 1
            guard let month = shortNumber(bytes, &position, end), position < end, bytes[position] == 0x2F else {
                return nil
            }
            position += 1
            guard let day = shortNumber(bytes, &position, end) else { return nil }
            return WrittenDate(form: .slashed, year: year, month: month, day: day, end: position)
        default:
            guard let month = number(bytes, position, count: 2), let day = number(bytes, position + 2, count: 2) else {
                return nil
            }
            return WrittenDate(form: .compact, year: year, month: month, day: day, end: start + 8)
        }
    }

    /// `hh:mm:ss[.ffffff]` as microseconds.
    private static func time(_ bytes: ChunkBytes, _ start: Int, _ end: Int, allowsShortHour: Bool) -> Int64? {
        var position = start
        guard let hour = shortNumber(bytes, &position, end), allowsShortHour || position == start + 2,
            end - position >= 6, bytes[position] == 0x3A, bytes[position + 3] == 0x3A,
            let minute = number(bytes, position + 1, count: 2), let second = number(bytes, position + 4, count: 2),
            hour < 24, minute < 60, second < 60
        else { return nil }
        position += 6
        var microseconds: Int64 = 0
        if position < end {
            let digitCount = end - position - 1
            guard bytes[position] == 0x2E, (1...6).contains(digitCount),
                let fraction = number(bytes, position + 1, count: digitCount)
            else { return nil }
            microseconds = Int64(fraction) * DecimalText.powers64[6 - digitCount]
        }
        return Int64(hour * 3600 + minute * 60 + second) * CivilTime.microsecondsPerSecond + microseconds
    }

    private static func number(_ bytes: ChunkBytes, _ start: Int, count: Int) -> Int? {
        var value = 0
        for offset in start..<(start + count) {
            guard isDigit(bytes[offset]) else { return nil }
            value = value * 10 + Int(bytes[offset] - 0x30)
        }
        return value
    }

    /// One or two digits.
    private static func shortNumber(_ bytes: ChunkBytes, _ position: inout Int, _ end: Int) -> Int? {
        guard position < end, isDigit(bytes[position]) else { return nil }
        var value = Int(bytes[position] - 0x30)
        position += 1
        if position < end, isDigit(bytes[position]) {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        return value
    }
}
