/// Dates and times as people write them, of all the forms PostgreSQL reads under `DateStyle` "ISO, MDY": `January 8, 1999`,
/// `1/8/1999`, `08-Jan-99`, `1999.008`, `J2451187`, `990108`, `04:05 PM`, `2024-01-08 BC`.
///
/// The usual form, `2025-01-03 08:04:38`, is read elsewhere and faster; this is asked where that reader gives up. A zone is
/// kept apart: a timestamp has none, and reads over it.
package struct WrittenMoment: Sendable, Equatable {
    package enum Problem: Error, Equatable {
        /// No date.
        case syntax
        /// A date with a field that cannot be, such as a month 13.
        case outOfRange
        /// `infinity` or `-infinity`, which are no days.
        case infinite(isNegative: Bool)
        /// A zone that is none.
        case unknownZone(String)
    }

    /// Days since 1970-01-01.
    package var day: Int
    package var microseconds: Int64
    /// The zone that is written behind the time: `+08:00`, `pst`, `asia/shanghai`.
    package private(set) var zone: String?

    private var year: Int?
    private var month: Int?
    private var dayOfMonth: Int?
    private var dayOfYear: Int?
    private var julian: Int?
    private var hasWrittenMonth = false
    private var isTwoDigitYear = false
    private var isBeforeChrist = false
    private var time: Int64?
    private var isAfternoon: Bool?

    package init(_ text: some Collection<UInt8>) throws(Problem) {
        day = 0
        microseconds = 0
        let lowered = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        switch String(decoding: lowered, as: UTF8.self) {
        case "infinity": throw .infinite(isNegative: false)
        case "-infinity": throw .infinite(isNegative: true)
        case "epoch": return
        default: break
        }
        for word in WrittenMoment.words(lowered) { try take(word) }
        try finish()
    }

    /// The words between blanks and commas; a `t` between a date and a time parts them, too.
    private static func words(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var words: [ArraySlice<UInt8>] = []
        for word in text.split(whereSeparator: { $0 == 0x20 || (0x09...0x0D).contains($0) || $0 == 0x2C }) {
            if let cut = word.firstIndex(of: 0x74), cut > word.startIndex, cut + 1 < word.endIndex,
                isDigit(word[cut - 1]), isDigit(word[cut + 1])
            {
                words.append(word[word.startIndex..<cut])
                words.append(word[cut...])
            } else {
                words.append(word)
            }
        }
        return words
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static let months = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
        "nov": 11, "dec": 12, "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8,
        "september": 9, "october": 10, "november": 11, "december": 12,
    ]
    /// Days of the week, and what stands between a date and a time: they say nothing.
    private static let idle: Set<String> = [
        "sun", "mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sunday", "monday", "tuesday",
        "wednesday", "thursday", "friday", "saturday", "at", "on",
    ]
    private static let zones: Set<String> = [
        "z", "utc", "gmt", "zulu", "ut", "universal", "acst", "aest", "akdt", "akst", "bst", "cdt", "cest", "cet",
        "cst",
        "edt", "eest", "eet", "est", "hkt", "hst", "ist", "jst", "kst", "mdt", "msk", "mst", "nzdt", "nzst", "pdt",
        "pst",
        "sgt", "west", "wet",
    ]

    private mutating func take(_ word: ArraySlice<UInt8>) throws(Problem) {
        guard let first = word.first else { return }
        // Not the t of Tuesday.
        if first == 0x74, time == nil, let next = word.dropFirst().first, WrittenMoment.isDigit(next) {
            return try takeTime(word.dropFirst())
        }
        if word.contains(0x3A), WrittenMoment.isDigit(first) { return try takeTime(word) }
        if first == 0x2B || first == 0x2D {
            // A zone may follow a date without a time, too: JDBC sends it so.
            let hasDate = year != nil && (dayOfYear != nil || dayOfMonth != nil) || julian != nil
            guard time != nil || hasDate, WrittenMoment.isZone(word) else { throw .syntax }
            zone = String(decoding: word, as: UTF8.self)
            return
        }
        if WrittenMoment.isDigit(first) {
            let parts = word.split(omittingEmptySubsequences: false) { $0 == 0x2D || $0 == 0x2F || $0 == 0x2E }
            if parts.count > 1 { return try takeParts(parts, of: word) }
            let end = word.firstIndex { !WrittenMoment.isDigit($0) } ?? word.endIndex
            if end == word.endIndex { return try takeNumber(word) }
            // `5pm`, `8am`: hours need minutes in PostgreSQL; `1999jan8` is two words.
            try takeNumber(word[..<end])
            return try takeWord(word[end...])
        }
        try takeWord(word)
    }

    private mutating func takeWord(_ word: ArraySlice<UInt8>) throws(Problem) {
        if word.first == 0x6A, word.count > 1, let number = WrittenMoment.number(word.dropFirst()) {
            guard julian == nil, year == nil, month == nil else { throw .syntax }
            julian = number
            return
        }
        if time != nil, word.contains(0x2F) {
            // Asia/Shanghai, America/Argentina/Ushuaia.
            let name = String(decoding: word, as: UTF8.self)
            guard ZoneRules(atTimeZone: name) != nil else { throw .unknownZone(name) }
            zone = name
            return
        }
        let parts = word.split(omittingEmptySubsequences: false) { $0 == 0x2D || $0 == 0x2F || $0 == 0x2E }
        if parts.count == 3 { return try takeParts(parts, of: word) }
        let text = String(decoding: word, as: UTF8.self)
        if let written = WrittenMoment.months[text] { return try takeMonth(written) }
        switch text {
        case "am": isAfternoon = false
        case "pm": isAfternoon = true
        case "bc": isBeforeChrist = true
        case "ad": isBeforeChrist = false
        default:
            guard WrittenMoment.idle.contains(text) || time != nil && WrittenMoment.zones.contains(text) else {
                throw .syntax
            }
            if !WrittenMoment.idle.contains(text) { zone = text }
        }
    }

    /// Whether a time of day is written.
    package var hasTime: Bool { time != nil }

    private mutating func takeMonth(_ written: Int) throws(Problem) {
        if let number = month {
            // A number before a written month was the day.
            guard !hasWrittenMonth, dayOfMonth == nil else { throw .syntax }
            dayOfMonth = number
        }
        month = written
        hasWrittenMonth = true
    }

    /// A date written in one piece; a month by its name counts first.
    private mutating func takeParts(_ parts: [ArraySlice<UInt8>], of word: ArraySlice<UInt8>) throws(Problem) {
        guard parts.count <= 3, julian == nil, parts.allSatisfy({ !$0.isEmpty }) else { throw .syntax }
        var numbers = parts
        if let place = parts.firstIndex(where: { !WrittenMoment.isDigit($0[$0.startIndex]) }) {
            guard let written = WrittenMoment.months[String(decoding: parts[place], as: UTF8.self)], place < 2 else {
                throw .syntax
            }
            try takeMonth(written)
            numbers.remove(at: place)
        }
        for part in numbers {
            guard part.allSatisfy(WrittenMoment.isDigit) else { throw .syntax }
            try takeField(part)
        }
        guard year != nil, dayOfYear != nil || month != nil && dayOfMonth != nil else { throw .syntax }
    }

    private mutating func takeNumber(_ digits: ArraySlice<UInt8>) throws(Problem) {
        let hasDate = year != nil && (dayOfYear != nil || dayOfMonth != nil) || julian != nil
        if hasDate, time == nil, digits.count == 6 || digits.count == 4 { return try takeTime(digits) }
        if digits.count == 8 || digits.count == 6, year == nil, month == nil, let number = WrittenMoment.number(digits)
        {
            year = number / 10_000
            isTwoDigitYear = digits.count == 6
            month = number / 100 % 100
            dayOfMonth = number % 100
            return
        }
        try takeField(digits)
    }

    /// One number of a date, by what is known already.
    private mutating func takeField(_ digits: ArraySlice<UInt8>) throws(Problem) {
        guard let number = WrittenMoment.number(digits) else { throw .syntax }
        func setYear() {
            year = number
            isTwoDigitYear = digits.count <= 2
        }
        if digits.count == 3, year != nil, month == nil, dayOfYear == nil, (1...366).contains(number) {
            dayOfYear = number
            return
        }
        switch (year, month, dayOfMonth) {
        case (nil, nil, nil): if digits.count >= 3 { setYear() } else { month = number }
        case (.some, nil, nil): month = number
        case (nil, .some, nil):
            if hasWrittenMonth, digits.count >= 3 { setYear() } else { dayOfMonth = number }
        case (.some, .some, nil):
            if hasWrittenMonth, digits.count >= 3, isTwoDigitYear, let day = year {
                // What was taken for a year was the day.
                dayOfMonth = day
                setYear()
            } else {
                dayOfMonth = number
            }
        case (nil, .some, .some): setYear()
        case (nil, nil, .some): month = number
        default: throw .syntax
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 9, digits.allSatisfy(isDigit) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
    }

    /// `+08`, `-05:30`, `+0800`, in digits that can be.
    private static func isZone(_ word: ArraySlice<UInt8>) -> Bool {
        let parts = word.dropFirst().split(separator: 0x3A, omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), let hours = parts.first, (1...4).contains(hours.count),
            parts.dropFirst().allSatisfy({ $0.count == 2 }), let number = number(hours)
        else { return false }
        return (hours.count > 2 ? number / 100 : number) <= 15 && parts.allSatisfy { $0.allSatisfy(isDigit) }
    }

    /// `hours:minutes[:seconds[.fraction]]`, or the digits alone, with a zone or `am`, `pm` right behind.
    private mutating func takeTime(_ word: ArraySlice<UInt8>) throws(Problem) {
        guard time == nil else { throw .syntax }
        let end = word.firstIndex { !WrittenMoment.isDigit($0) && $0 != 0x3A && $0 != 0x2E } ?? word.endIndex
        let clock = word[..<end]
        var parts = clock.split(separator: 0x3A, omittingEmptySubsequences: false)
        if parts.count == 1, let digits = parts.first {
            let whole = digits.prefix { $0 != 0x2E }
            guard whole.count == 6 || whole.count == 4 && digits.count == 4 else { throw .syntax }
            parts = [digits.prefix(2), digits.dropFirst(2).prefix(2)]
            if whole.count == 6 { parts.append(digits.dropFirst(4)) }
        }
        guard parts.count == 2 || parts.count == 3, let hours = WrittenMoment.number(parts[0]),
            let minutes = WrittenMoment.number(parts[1]), parts[0].count <= 2, parts[1].count <= 2
        else { throw .syntax }
        var seconds = 0
        var fraction: Int64 = 0
        if parts.count == 3 {
            let pieces = parts[2].split(separator: 0x2E, omittingEmptySubsequences: false)
            guard pieces.count <= 2, let whole = WrittenMoment.number(pieces[0]), pieces[0].count <= 2 else {
                throw .syntax
            }
            seconds = whole
            if pieces.count == 2 {
                guard pieces[1].count <= 18 else { throw .syntax }
                fraction = CivilTime.microseconds(fraction: pieces[1])
            }
        }
        let value = (Int64(hours * 60 + minutes) * 60 + Int64(seconds)) * CivilTime.microsecondsPerSecond + fraction
        guard hours <= 24, minutes < 60, seconds <= 60, value <= CivilTime.microsecondsPerDay else { throw .outOfRange }
        time = value
        let rest = word[end...]
        guard let mark = rest.first else { return }
        if mark == 0x2B || mark == 0x2D {
            guard WrittenMoment.isZone(rest) else { throw .syntax }
            zone = String(decoding: rest, as: UTF8.self)
        } else {
            try takeWord(rest)
        }
    }

    private mutating func finish() throws(Problem) {
        var start = time ?? 0
        if let isAfternoon {
            guard time != nil else { throw .syntax }
            let hours = start / 3_600_000_000
            guard hours <= 12 else { throw .outOfRange }
            if isAfternoon, hours < 12 { start += 12 * 3_600_000_000 }
            if !isAfternoon, hours == 12 { start -= 12 * 3_600_000_000 }
        }
        microseconds = start
        if let julian {
            // Day 0 is 4714-11-24 BC.
            day = julian - 2_440_588
            return
        }
        guard var year else { throw .syntax }
        if isBeforeChrist {
            guard year > 0 else { throw .outOfRange }
            year = 1 - year
        } else if isTwoDigitYear {
            year += year < 70 ? 2000 : year < 100 ? 1900 : 0
        } else if year == 0 {
            throw .outOfRange
        }
        if let dayOfYear {
            guard dayOfYear <= (CivilDate.isLeap(year) ? 366 : 365) else { throw .outOfRange }
            day = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + dayOfYear - 1
            return
        }
        guard let month, let dayOfMonth else { throw .syntax }
        guard (1...12).contains(month), dayOfMonth >= 1, dayOfMonth <= CivilDate.dayCount(year: year, month: month)
        else { throw .outOfRange }
        day = CivilDate(year: year, month: month, day: dayOfMonth).daysSinceEpoch
    }

    /// The first and the last day PostgreSQL knows, and the last of a timestamp.
    package static let firstDay = -2_440_588
    package static let lastDay = 2_145_042_905
    package static let lastDayOfTimestamps = 106_751_982
}
