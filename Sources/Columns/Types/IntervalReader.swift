/// Reads intervals as PostgreSQL does: `1 year 2 mons -3 days 04:05:06`, `1-2`, `@ 3 hours ago`, `P1Y2DT3H` …
package enum IntervalReader {
    package enum Problem: Error {
        case syntax
        case outOfRange
    }

    private enum Token {
        /// Digits and colons.
        case time(String)
        /// Digits with a point, or parts with `-` between them; a sign may stand before them.
        case number(String)
        case word(String)
    }

    /// The interval a text stands for.
    ///
    /// - Parameters:
    ///   - unit: What a bare number at the end counts.
    ///   - isMinutes: A time of two parts is minutes and seconds.
    package static func read(
        _ text: String, unit: String = "second", isMinutes: Bool = false
    ) throws(Problem) -> IntervalValue {
        if text.utf8.first == 0x50 { return try iso(Array(text.utf8.dropFirst())) }
        guard let tokens = tokens(Array(text.utf8)) else { throw .syntax }
        var total = IntervalTotal()
        var seen = IntervalFieldsSeen()
        var sign: Int128 = 1
        var hasField = false
        // From the last to the first: the word behind a number says what it counts.
        var counted: String?
        for token in tokens.reversed() {
            switch token {
            case .word("ago"):
                sign = -1
                // Not behind a bare number.
                counted = "ago"
            case .word(let word): counted = word
            case .time(let text):
                let hasTwoParts = text.utf8.count { $0 == 0x3A } == 1
                guard let time = clock(text, isMinutes: isMinutes && hasTwoParts), seen.takeTime() else { throw .syntax }
                total.microseconds += time
                counted = "day"
                hasField = true
            case .number(let text):
                var own = counted ?? unit
                if let months = yearsAndMonths(text) {
                    own = "month"
                    total.months += months
                    guard seen.take(unit: own, isWhole: true) else { throw .syntax }
                } else {
                    guard let number = number(text), total.add(number, own), seen.take(unit: own, isWhole: number.unscaled % DecimalText.powers128[number.scale] == 0)
                    else { throw .syntax }
                }
                // As in `1 2:03`, days stand before hours.
                if IntervalFieldsSeen.isHour(own) { own = "day" }
                counted = own
                hasField = true
            }
        }
        guard hasField else { throw .syntax }
        return try total.value(sign)
    }

    // MARK: Tokens

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// Source: PostgreSQL 15, `ParseDateTime`. Nil where a character is none of them.
    private static func tokens(_ bytes: [UInt8]) -> [Token]? {
        var tokens: [Token] = []
        var place = 0
        func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }
        func take(_ isPart: (UInt8) -> Bool) -> String {
            let start = place
            while place < bytes.count, isPart(bytes[place]) { place += 1 }
            return String(decoding: bytes[start..<place], as: UTF8.self)
        }
        while place < bytes.count {
            let first = bytes[place]
            if first == 0x20 || (0x09...0x0D).contains(first) {
                place += 1
            } else if isDigit(first) || first == 0x2E {
                var text = take(isDigit)
                if byte(place) == 0x3A {
                    tokens.append(.time(text + take { isDigit($0) || $0 == 0x3A || $0 == 0x2E }))
                    continue
                }
                if byte(place) == 0x2E || byte(place) == 0x2D { text += take { isDigit($0) || $0 == 0x2E || $0 == 0x2D } }
                tokens.append(.number(text))
            } else if isLetter(first) {
                tokens.append(.word(take(isLetter).lowercased()))
                // It would be part of a date.
                if [0x2D, 0x2E, 0x2F].contains(byte(place)) { return nil }
            } else if first == 0x2B || first == 0x2D {
                place += 1
                _ = take { $0 == 0x20 || (0x09...0x0D).contains($0) }
                guard isDigit(byte(place)) || byte(place) == 0x2E else { return nil }
                let text = (first == 0x2D ? "-" : "") + take { isDigit($0) || [0x2D, 0x2E, 0x3A].contains($0) }
                tokens.append(text.utf8.contains(0x3A) ? .time(text) : .number(text))
            } else if first > 0x20, first < 0x7F {
                // Other signs, `@` among them, keep fields apart.
                place += 1
            } else {
                return nil
            }
        }
        return tokens
    }

    /// A decimal, cut after 18 digits behind the point.
    private static func number(_ text: String) -> (unscaled: Int128, scale: Int)? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return DecimalText.parse(parts.count == 2 ? "\(parts[0]).\(parts[1].prefix(18))" : text)
    }

    /// `years-months`, as `1-2`, `-1-2` or `1-`.
    private static func yearsAndMonths(_ text: String) -> Int128? {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 12, !parts[0].isEmpty, parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }),
            let years = Int128(parts[0]), let months = parts[1].isEmpty ? 0 : Int128(parts[1]), months < 12
        else { return nil }
        return (isNegative ? -1 : 1) * (years * 12 + months)
    }

    /// `[-]hours:minutes[:seconds]`, of any number of hours, or `minutes:seconds.fraction`.
    private static func clock(_ text: String, isMinutes: Bool) -> Int128? {
        let isNegative = text.hasPrefix("-")
        var parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, isMinutes || parts[1].contains(".") { parts.insert("0", at: 0) }
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
            guard fraction.utf8.allSatisfy(isDigit) else { return nil }
            microseconds += Int128(seconds) * 1_000_000 + Int128(CivilTime.microseconds(fraction: fraction.utf8))
        }
        return isNegative ? -microseconds : microseconds
    }

    private static func whole(_ text: Substring) -> Int? { text.utf8.allSatisfy(isDigit) ? Int(text) : nil }

    // MARK: ISO 8601

    /// What follows the `P`: `1Y2M3W4DT5H6M7.8S`, `0001-02-03T04:05:06`, `00010203T040506`.
    ///
    /// Source: PostgreSQL 15, `DecodeISO8601Interval`.
    private static func iso(_ bytes: [UInt8]) throws(Problem) -> IntervalValue {
        var total = IntervalTotal()
        var place = 0
        var isDate = true
        var hasField = false
        func next() -> UInt8? {
            defer { place += 1 }
            return place < bytes.count ? bytes[place] : nil
        }
        func add(_ number: (unscaled: Int128, scale: Int), _ unit: String) throws(Problem) {
            guard total.add(number, unit) else { throw .syntax }
        }
        guard !bytes.isEmpty else { throw .syntax }
        while place < bytes.count {
            if bytes[place] == 0x54 {
                (isDate, hasField) = (false, false)
                place += 1
                continue
            }
            let start = place
            let number = try isoNumber(bytes, &place)
            let width = bytes[start...].prefix(while: { isDigit($0) || $0 == 0x2D }).count { isDigit($0) }
            let designator = next()
            switch (designator, isDate) {
            case (0x59, true): try add(number, "year")
            case (0x4D, true): try add(number, "month")
            case (0x57, true): try add(number, "week")
            case (0x44, true): try add(number, "day")
            case (0x48, false): try add(number, "hour")
            case (0x4D, false): try add(number, "minute")
            case (0x53, false): try add(number, "second")
            case (nil, _) where !hasField && width == (isDate ? 8 : 6), (0x54, true) where !hasField && width == 8:
                // All digits at once.
                let one = DecimalText.powers128[number.scale]
                let whole = number.unscaled / one
                try add((whole / 10_000, 0), isDate ? "year" : "hour")
                try add((whole / 100 % 100, 0), isDate ? "month" : "minute")
                try add((whole % 100 * one + number.unscaled % one, number.scale), isDate ? "day" : "second")
                if designator == nil { return try total.value(1) }
                (isDate, hasField) = (false, false)
                continue
            case (nil, _), (0x2D, true), (0x54, true), (0x3A, false):
                // The parts one after the other, of which the last ones may be missing.
                if hasField { throw .syntax }
                try add(number, isDate ? "year" : "hour")
                var last = designator
                for unit in isDate ? ["month", "day"] : ["minute", "second"] where last == (isDate ? 0x2D : 0x3A) {
                    try add(try isoNumber(bytes, &place), unit)
                    last = next()
                }
                if last == nil { return try total.value(1) }
                guard isDate, last == 0x54 else { throw .syntax }
                (isDate, hasField) = (false, false)
                continue
            default: throw .syntax
            }
            hasField = true
        }
        return try total.value(1)
    }

    private static func isoNumber(_ bytes: [UInt8], _ place: inout Int) throws(Problem) -> (unscaled: Int128, scale: Int) {
        func take(_ isPart: (UInt8) -> Bool) -> String {
            let start = place
            while place < bytes.count, isPart(bytes[place]) { place += 1 }
            return String(decoding: bytes[start..<place], as: UTF8.self)
        }
        var text = ""
        if place < bytes.count, bytes[place] == 0x2D || bytes[place] == 0x2B {
            text = bytes[place] == 0x2D ? "-" : ""
            place += 1
        }
        text += take { isDigit($0) || $0 == 0x2E }
        guard var result = number(text) else { throw .syntax }
        // PostgreSQL reads these numbers as doubles: a large one has fewer digits behind the point.
        if result.scale > 0, let double = Double(text), double.magnitude < 1e15 {
            let whole = double.rounded(.towardZero)
            let digits = min(18, 24 - String(Int64(whole.magnitude)).utf8.count)
            let unit = DecimalText.powers128[digits]
            let fraction = Int128(((double - whole) * Double(unit)).rounded())
            result = (Int128(whole) * unit + fraction, digits)
        }
        if place + 1 < bytes.count, bytes[place] | 0x20 == 0x65 {
            place += 1
            var sign = 1
            if bytes[place] == 0x2D || bytes[place] == 0x2B {
                sign = bytes[place] == 0x2D ? -1 : 1
                place += 1
            }
            guard let exponent = Int(take(isDigit)), exponent < 18 else { throw .syntax }
            result.scale -= sign * exponent
            if result.scale < 0 {
                let (product, overflow) = result.unscaled.multipliedReportingOverflow(by: DecimalText.powers128[-result.scale])
                if overflow { throw .outOfRange }
                result = (product, 0)
            }
            guard result.scale <= 18 else { throw .syntax }
        }
        return result
    }
}

/// The sum of an interval's fields.
private struct IntervalTotal {
    var months: Int128 = 0
    var days: Int128 = 0
    var microseconds: Int128 = 0

    func value(_ sign: Int128) throws(IntervalReader.Problem) -> IntervalValue {
        guard let months = Int32(exactly: months * sign), let days = Int32(exactly: days * sign),
            let microseconds = Int64(exactly: microseconds * sign)
        else { throw .outOfRange }
        return IntervalValue(months: months, days: days, microseconds: microseconds)
    }

    /// Fractions of years become whole months, those of months days (30 a month), those of days time; false for another unit.
    mutating func add(_ number: (unscaled: Int128, scale: Int), _ unit: String) -> Bool {
        let value = number.unscaled
        guard value.magnitude < DecimalText.powers128[25].magnitude else { return false }
        let power = DecimalText.powers128[number.scale]
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
        switch IntervalFieldsSeen.field(of: unit) {
        case .millennium: addYears(12_000)
        case .century: addYears(1200)
        case .decade: addYears(120)
        case .year: addYears(12)
        case .month:
            months += value / power
            addDays(value % power * 30)
        case .week: addDays(value * 7)
        case .day: addDays(value)
        case .hour: addTime(value * 3_600_000_000)
        case .minute: addTime(value * 60_000_000)
        case .second: addTime(value * 1_000_000)
        case .millisecond: addTime(value * 1000)
        case .microsecond: addTime(value)
        case nil: return false
        }
        return true
    }
}
