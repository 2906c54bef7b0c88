import Columns

extension ValueReader {
    /// `2025-01-03`, `2025/1/3`, `20250103`, with or without a time, which is dropped.
    func date(_ text: Span<UInt8>) throws(ExecutionError) -> Int32 {
        let time = try dateAndTime(text, type: "date")
        return CivilTime.day(ofMicroseconds: time)
    }

    /// A date as above, then a blank or `T` and `HH:MM[:SS[.ffffff]]`; a zone at the end is ignored.
    func timestamp(_ text: Span<UInt8>) throws(ExecutionError) -> Int64 { try dateAndTime(text, type: "timestamp") }

    private func dateAndTime(_ text: Span<UInt8>, type: String) throws(ExecutionError) -> Int64 {
        do {
            return try usualDateAndTime(text, type: type)
        } catch let usual {
            do throws(WrittenMoment.Problem) {
                let moment = try WrittenMoment(ValueReader.trimmed(text))
                guard moment.day >= WrittenMoment.firstDay, moment.day <= WrittenMoment.lastDayOfTimestamps else {
                    throw WrittenMoment.Problem.outOfRange
                }
                return Int64(moment.day) * CivilTime.microsecondsPerDay + moment.microseconds
            } catch .infinite(let isNegative) {
                return isNegative ? .min : .max
            } catch .outOfRange {
                throw fieldOutOfRange(text)
            } catch {
                throw usual
            }
        }
    }

    private func usualDateAndTime(_ text: Span<UInt8>, type: String) throws(ExecutionError) -> Int64 {
        var scanner = FieldScanner(ValueReader.trimmed(text))
        guard let date = scanner.date() else { throw invalid(type, text) }
        guard date.isValid else { throw fieldOutOfRange(text) }
        let start = Int64(date.daysSinceEpoch) * CivilTime.microsecondsPerDay
        if scanner.isAtEnd { return start }
        guard scanner.skip(0x54) || scanner.skip(0x74) || scanner.skipBlanks(), let time = scanner.time() else {
            throw invalid(type, text)
        }
        guard time.isValid else { throw fieldOutOfRange(text) }
        scanner.skipZone()
        guard scanner.isAtEnd else { throw invalid(type, text) }
        return start + time.microseconds
    }

    /// `1 year 2 mons 3 days 04:05:06.7`, `1.5 hours`, `90 min ago`, `3 04:05:06` …
    func interval(_ text: Span<UInt8>) throws(ExecutionError) -> IntervalValue {
        var sum = IntervalSum()
        var seen = IntervalFieldsSeen()
        let bytes = ValueReader.trimmed(text)
        let plain = bytes.first == 0x50 ? IntervalText.plain(iso: String(decoding: bytes, as: UTF8.self)) : nil
        var scanner = FieldScanner(plain.map { Array($0.utf8) } ?? bytes)
        if scanner.isAtEnd { throw invalid("interval", text) }
        var hasField = false
        while !scanner.isAtEnd {
            if hasField, scanner.word() == "ago" {
                sum.negate()
                guard scanner.isAtEnd else { throw invalid("interval", text) }
                break
            }
            if let time = scanner.signedTime() {
                guard seen.takeTime() else { throw invalid("interval", text) }
                sum.microseconds += Double(time)
            } else if let amount = scanner.signedNumber() {
                _ = scanner.skipBlanks()
                let unit = scanner.unit() ?? (scanner.isAtEnd ? "second" : "day")
                guard sum.add(amount, unit: unit), seen.take(unit: unit, isWhole: amount.fraction == 0) else {
                    throw invalid("interval", text)
                }
            } else {
                throw invalid("interval", text)
            }
            hasField = true
            _ = scanner.skipBlanks()
        }
        guard let value = sum.value else {
            throw ExecutionError(
                .invalidArgument("interval field value out of range: \"\(ValueReader.string(text).prefix(64))\""),
                position: position)
        }
        return value
    }
}

/// Adds up the fields of an interval; fractions fall to the next smaller unit, as PostgreSQL does.
struct IntervalSum {
    var months = 0.0
    var days = 0.0
    var microseconds = 0.0

    mutating func negate() {
        months = -months
        days = -days
        microseconds = -microseconds
    }

    /// False for an unknown unit.
    mutating func add(_ amount: (whole: Double, fraction: Double), unit: String) -> Bool {
        switch unit {
        case "microsecond", "microseconds", "us", "usec", "usecs": addTime(amount, microsecondsEach: 1)
        case "millisecond", "milliseconds", "ms", "msec", "msecs": addTime(amount, microsecondsEach: 1000)
        case "second", "seconds", "s", "sec", "secs": addTime(amount, microsecondsEach: 1_000_000)
        case "minute", "minutes", "m", "min", "mins": addTime(amount, microsecondsEach: 60_000_000)
        case "hour", "hours", "h", "hr", "hrs": addTime(amount, microsecondsEach: 3_600_000_000)
        case "day", "days", "d": addDays(amount, daysEach: 1)
        case "week", "weeks", "w": addDays(amount, daysEach: 7)
        case "month", "months", "mon", "mons":
            months += amount.whole
            addDays((0, amount.fraction), daysEach: 30)
        case "year", "years", "y", "yr", "yrs": addYears(amount, monthsEach: 12)
        case "decade", "decades", "dec", "decs": addYears(amount, monthsEach: 120)
        case "century", "centuries", "c", "cent": addYears(amount, monthsEach: 1200)
        case "millennium", "millennia", "mil", "mils": addYears(amount, monthsEach: 12_000)
        default: return false
        }
        return true
    }

    private mutating func addTime(_ amount: (whole: Double, fraction: Double), microsecondsEach: Double) {
        let exact = amount.fraction * microsecondsEach
        let whole = exact.rounded(.towardZero)
        let rest = exact - whole
        let carried: Double = rest > 0.5 ? 1 : (rest < -0.5 ? -1 : 0)
        microseconds += amount.whole * microsecondsEach + whole + carried
    }

    private mutating func addDays(_ amount: (whole: Double, fraction: Double), daysEach: Double) {
        let exact = amount.fraction * daysEach
        let whole = exact.rounded(.towardZero)
        days += amount.whole * daysEach + whole
        addTime((0, exact - whole), microsecondsEach: 86_400_000_000)
    }

    /// Fractions of years give whole months.
    private mutating func addYears(_ amount: (whole: Double, fraction: Double), monthsEach: Double) {
        months += amount.whole * monthsEach + (amount.fraction * monthsEach).rounded(.toNearestOrEven)
    }

    /// Nil if a part is out of range.
    var value: IntervalValue? {
        guard let months = Int32(exactly: months), let days = Int32(exactly: days),
            let microseconds = Int64(exactly: microseconds)
        else { return nil }
        return IntervalValue(months: months, days: days, microseconds: microseconds)
    }
}
