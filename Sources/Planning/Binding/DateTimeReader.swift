import Columns

/// Reads dates and timestamps: `2025-01-03`, `20250103`, `2025/1/3`, each with an optional time; other forms through
/// `WrittenMoment`.
enum DateTimeReader {
    static func timestamp(
        _ trimmed: String, _ text: String, _ type: String
    ) throws(LiteralProblem) -> (day: Int32, microseconds: Int64) {
        do {
            return try usual(trimmed, text, type)
        } catch let usual {
            do throws(WrittenMoment.Problem) {
                let moment = try WrittenMoment(trimmed.utf8)
                // Where a word is none of a date, both readers say so; a field out of range the usual one knows, too.
                guard moment.day >= WrittenMoment.firstDay,
                    moment.day <= (type == "date" ? WrittenMoment.lastDay : WrittenMoment.lastDayOfTimestamps)
                else { throw WrittenMoment.Problem.outOfRange }
                return (Int32(truncatingIfNeeded: moment.day), moment.microseconds)
            } catch .infinite(let isNegative) {
                return (isNegative ? .min : .max, 0)
            } catch .outOfRange {
                throw LiteralProblem("date/time field value out of range: \"\(text)\"")
            } catch {
                throw usual
            }
        }
    }

    private static func usual(
        _ trimmed: String, _ text: String, _ type: String
    ) throws(LiteralProblem) -> (day: Int32, microseconds: Int64) {
        let bytes = Array(trimmed.utf8)
        let cut = bytes.firstIndex { $0 == 0x20 || $0 | 0x20 == 0x74 } ?? bytes.count
        guard let date = date(bytes[..<cut]) else { throw .syntax(type, text) }
        guard date.isValid else { throw LiteralProblem("date/time field value out of range: \"\(text)\"") }
        var microseconds: Int64 = 0
        if cut < bytes.count {
            let time = LiteralReader.trim(String(decoding: bytes[(cut + 1)...], as: UTF8.self))
            guard let value = timeOfDay(time) else { throw .syntax(type, text) }
            guard value <= CivilTime.microsecondsPerDay else {
                throw LiteralProblem("date/time field value out of range: \"\(text)\"")
            }
            microseconds = value
        }
        return (Int32(truncatingIfNeeded: date.daysSinceEpoch), microseconds)
    }

    private static func date(_ bytes: ArraySlice<UInt8>) -> CivilDate? {
        if bytes.count == 8, let number = number(bytes) {
            return CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
        guard let separator = bytes.first(where: { $0 == 0x2D || $0 == 0x2F }) else { return nil }
        let parts = bytes.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count), (1...2).contains(parts[2].count),
            let year = number(parts[0]), let month = number(parts[1]), let day = number(parts[2])
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// `hours:minutes[:seconds[.fraction]]` in microseconds, of one day at most.
    static func timeOfDay(_ text: String) -> Int64? {
        let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hours = number(parts[0]), let minutes = number(parts[1]),
            (1...2).contains(parts[0].count), parts[1].count == 2, hours <= 24, minutes < 60
        else { return nil }
        var microseconds = Int64(hours * 60 + minutes) * 60 * CivilTime.microsecondsPerSecond
        if parts.count == 3 {
            guard let seconds = DecimalText.parse(String(decoding: parts[2], as: UTF8.self)), seconds.unscaled >= 0,
                let exact = ScaledNumber.rescale(seconds.unscaled, from: seconds.scale, to: 6), exact <= 60_000_000
            else { return nil }
            if seconds.scale <= 6 {
                microseconds += Int64(exact)
            } else {
                let pieces = parts[2].split(separator: 0x2E, omittingEmptySubsequences: false)
                microseconds += CivilTime.microseconds(fraction: pieces.last ?? "".utf8[...])
                let whole = pieces.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
                microseconds += Int64(whole).map { $0 * CivilTime.microsecondsPerSecond } ?? 0
            }
        }
        return microseconds
    }

    private static func number(_ bytes: some Collection<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 8 else { return nil }
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}

/// Reads intervals: `1 year 2 mons -3 days 04:05:06`, with `ago` and any of PostgreSQL's unit names.
enum IntervalReader {
    /// A bare number counts `unit`, and days before a time of day.
    ///
    /// With `isMinutes` a time of two parts is minutes and seconds.
    static func read(
        _ trimmed: String, _ text: String, unit: String = "second", isMinutes: Bool = false
    ) throws(LiteralProblem) -> IntervalValue {
        var words = (IntervalText.plain(iso: trimmed) ?? trimmed).lowercased().split(whereSeparator: { $0 == " " || $0 == "\t" })
            .flatMap(fields)
        if words.first == "@" { words.removeFirst() }
        var sign: Int128 = 1
        if words.last == "ago" {
            sign = -1
            words.removeLast()
        }
        guard !words.isEmpty else { throw .syntax("interval", text) }
        var total = Total()
        var seen = IntervalFieldsSeen()
        var place = 0
        while place < words.count {
            let word = words[place]
            if word.utf8.contains(0x3A) {
                let hasTwoParts = word.utf8.count { $0 == 0x3A } == 1
                guard let time = clock(isMinutes && hasTwoParts ? "0:" + word : word) else {
                    throw .syntax("interval", text)
                }
                guard seen.takeTime() else { throw .syntax("interval", text) }
                total.microseconds += time
                place += 1
                continue
            }
            if let months = yearsAndMonths(word) {
                guard seen.take(unit: "year", isWhole: true), seen.take(unit: "month", isWhole: true) else {
                    throw .syntax("interval", text)
                }
                total.months += months
                place += 1
                continue
            }
            let (digits, attached) = split(word)
            let next = place + 1 < words.count ? words[place + 1] : nil
            let isBeforeClock = next?.utf8.contains(0x3A) ?? false
            let counted = attached.isEmpty ? (isBeforeClock ? "day" : next ?? unit) : attached
            guard let (value, scale) = DecimalText.parse(digits), scale <= 18, total.add(value, scale, counted),
                seen.take(unit: counted, isWhole: scale == 0)
            else {
                throw .syntax("interval", text)
            }
            place += attached.isEmpty && !isBeforeClock ? 2 : 1
        }
        guard let months = Int32(exactly: total.months * sign), let days = Int32(exactly: total.days * sign),
            let microseconds = Int64(exactly: total.microseconds * sign)
        else { throw LiteralProblem("interval out of range: \"\(text)\"") }
        return IntervalValue(months: months, days: days, microseconds: microseconds)
    }

    private struct Total {
        var months: Int128 = 0
        var days: Int128 = 0
        var microseconds: Int128 = 0

        /// Fractions of years become whole months, those of months days (30 a month), those of days time.
        mutating func add(_ value: Int128, _ scale: Int, _ unit: String) -> Bool {
            guard value.magnitude < DecimalText.powers128[25].magnitude else { return false }
            let power = DecimalText.powers128[scale]
            func addYears(_ count: Int128) {
                let (whole, rest) = (value * count).quotientAndRemainder(dividingBy: power)
                let twice = 2 * rest.magnitude
                let isNearerNext = twice > power.magnitude || twice == power.magnitude && whole % 2 != 0
                months += whole + (isNearerNext ? rest.signum() : 0)
            }
            func addDays(_ scaled: Int128) {
                days += scaled / power
                addTime(scaled % power * 86_400_000_000)
            }
            func addTime(_ scaled: Int128) {
                let (whole, rest) = scaled.quotientAndRemainder(dividingBy: power)
                microseconds += whole + (2 * rest.magnitude > power.magnitude ? rest.signum() : 0)
            }
            switch unit {
            case "millennium", "millennia", "mil", "mils": addYears(12_000)
            case "century", "centuries", "cent", "c": addYears(1200)
            case "decade", "decades", "dec", "decs": addYears(120)
            case "year", "years", "yr", "yrs", "y": addYears(12)
            case "month", "months", "mon", "mons":
                months += value / power
                addDays(value % power * 30)
            case "week", "weeks", "w": addDays(value * 7)
            case "day", "days", "d": addDays(value)
            case "hour", "hours", "hr", "hrs", "h": addTime(value * 3_600_000_000)
            case "minute", "minutes", "min", "mins", "m": addTime(value * 60_000_000)
            case "second", "seconds", "sec", "secs", "s": addTime(value * 1_000_000)
            case "millisecond", "milliseconds", "msec", "msecs", "ms": addTime(value * 1000)
            case "microsecond", "microseconds", "usec", "usecs", "us": addTime(value)
            default: return false
            }
            return true
        }
    }

    /// `years-months`, as `1-2` or `-1-2`.
    private static func yearsAndMonths(_ word: String) -> Int128? {
        let isNegative = word.hasPrefix("-")
        let parts = word.drop { $0 == "-" || $0 == "+" }.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, word.utf8.count <= 12,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            let years = Int128(parts[0]), let months = Int128(parts[1]), months < 12
        else { return nil }
        return (isNegative ? -1 : 1) * (years * 12 + months)
    }

    /// `1y2mon` as the two fields it is.
    private static func fields(_ word: Substring) -> [String] {
        var fields: [String] = []
        var field = ""
        for character in word {
            if let last = field.last, last.isLetter, !character.isLetter {
                fields.append(field)
                field = ""
            }
            field.append(character)
        }
        return fields + [field]
    }

    private static func split(_ word: String) -> (digits: String, unit: String) {
        let cut = word.firstIndex { $0.isLetter } ?? word.endIndex
        return (String(word[..<cut]), String(word[cut...]))
    }

    /// `[+-]hours:minutes[:seconds]`, of any number of hours, or `minutes:seconds.fraction`.
    private static func clock(_ word: String) -> Int128? {
        var digits = word[...]
        var sign: Int128 = 1
        if let first = digits.first, first == "-" || first == "+" {
            sign = first == "-" ? -1 : 1
            digits = digits.dropFirst()
        }
        var parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, parts[1].contains(".") { parts.insert("0", at: 0) }
        guard parts.count == 2 || parts.count == 3, (1...10).contains(parts[0].utf8.count), let hours = whole(parts[0]),
            parts[1].utf8.count <= 2, let minutes = parts[1].isEmpty ? 0 : whole(parts[1]), minutes < 60
        else { return nil }
        var microseconds = Int128(hours * 60 + minutes) * 60_000_000
        if parts.count == 3, !parts[2].isEmpty {
            // Two digits before the point at most, and any number behind it.
            let pieces = parts[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard pieces[0].utf8.count <= 2, let seconds = pieces[0].isEmpty ? 0 : whole(pieces[0]), seconds <= 60 else {
                return nil
            }
            let fraction = pieces.count > 1 ? pieces[1] : ""
            guard fraction.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            microseconds += Int128(seconds) * 1_000_000 + Int128(CivilTime.microseconds(fraction: fraction.utf8))
        }
        return sign * microseconds
    }

    private static func whole(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
