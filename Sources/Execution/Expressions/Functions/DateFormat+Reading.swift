import Columns

/// `to_date` and `to_timestamp` of a text.
///
/// Source: the documentation of PostgreSQL 15, "Data Type Formatting Functions", and its answers.
extension DateFormat {
    /// What a format asks of the text, one after the other.
    enum ReadStep: Sendable {
        /// - Parameters:
        ///   - spelling: As the format has it, for messages.
        ///   - takesAllDigits: Not so many as the pattern has, as what follows is no number.
        case field(Field, spelling: String, takesAllDigits: Bool, hasEnding: Bool)
        /// A blank or a sign, for which there may be one in the text.
        case separator
        /// Any other character, for which there is one in the text.
        case character
        /// From here on blanks and signs count.
        case fixed
    }

    static func readSteps(_ parts: [Part]) -> [ReadStep] {
        var steps: [ReadStep] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .field(.fixed, _, _, _): steps.append(.fixed)
            case .field(let field, let spelling, let fills, let ending):
                let takesAll = !fills || ending != nil || !isNumber(index + 1 < parts.count ? parts[index + 1] : nil)
                steps.append(
                    .field(
                        field, spelling: String(decoding: spelling, as: UTF8.self), takesAllDigits: takesAll,
                        hasEnding: ending != nil))
            case .literal(let bytes): steps.append(isSeparator(bytes) ? .separator : .character)
            case .quoted(let bytes): for byte in bytes where byte & 0xC0 != 0x80 { steps.append(.character) }
            }
        }
        return steps
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 1 else { return false }
        return ValueReader.isBlank(bytes[0]) || isSign(bytes[0])
    }

    /// An ASCII character that is shown and is neither a letter nor a digit.
    private static func isSign(_ byte: UInt8) -> Bool {
        let letter = TextFunctions.lower(byte)
        return byte > 0x20 && byte < 0x7F && !ValueReader.isDigit(byte) && !(0x61...0x7A).contains(letter)
    }

    /// Whether what follows a number may begin with a digit.
    private static func isNumber(_ part: Part?) -> Bool {
        switch part {
        case nil: return false
        case .literal(let bytes)?, .quoted(let bytes)?: return bytes.first.map(ValueReader.isDigit) ?? false
        case .field(let field, _, _, _)?:
            switch field {
            case .annoDomini, .annoDominiWithPoints, .beforeChrist, .beforeChristWithPoints, .am, .amWithPoints, .pm,
                .pmWithPoints, .dayName, .dy, .month, .mon, .romanMonth, .fixed, .offset, .zoneName, .zoneHours:
                return false
            default: return true
            }
        }
    }

    /// The timestamp a text stands for; fields that are not read are those of 1 BC, month 1, day 1, midnight.
    func read(_ text: Span<UInt8>, position: Int) throws(ExecutionError) -> Int64 {
        var reader = DateReader(text: text, position: position)
        for step in readSteps where reader.index < text.count { try reader.take(step, isFirst: reader.taken == 0) }
        return try reader.fields.timestamp(text, position)
    }

    /// The place in a text, and what has been read of it.
    private struct DateReader: ~Escapable {
        let text: Span<UInt8>
        let position: Int
        var index = 0
        var fields = ReadFields()
        var taken = 0
        private var isFixed = false
        /// Blanks and signs of the text that the format has none for.
        private var extra = 0

        @_lifetime(copy text)
        init(text: Span<UInt8>, position: Int) {
            self.text = text
            self.position = position
        }

        private func failure(_ message: String) -> ExecutionError {
            ExecutionError(.invalidArgument(message), position: position)
        }

        private mutating func skipBlanks() {
            while index < text.count, ValueReader.isBlank(text[index]) {
                index += 1
                extra += 1
            }
        }

        private mutating func skipCharacter() {
            if index < text.count { index += 1 }
            while index < text.count, text[index] & 0xC0 == 0x80 { index += 1 }
        }

        mutating func take(_ step: ReadStep, isFirst: Bool) throws(ExecutionError) {
            taken += 1
            switch step {
            case .fixed:
                isFixed = true
            case .separator:
                if isFixed {
                    skipCharacter()
                } else {
                    if isFirst { skipBlanks() }
                    extra -= 1
                    if index < text.count, ValueReader.isBlank(text[index]) || DateFormat.isSign(text[index]) {
                        index += 1
                        extra += 1
                    }
                }
            case .character:
                if !isFixed, isFirst { skipBlanks() }
                if !isFixed, extra > 0 { extra -= 1 } else { skipCharacter() }
            case .field(let field, let spelling, let takesAllDigits, let hasEnding):
                if !isFixed { skipBlanks() }
                try read(field, spelling, takesAllDigits)
                if hasEnding, DateFormat.canHaveEnding(field) {
                    skipCharacter()
                    skipCharacter()
                }
                if !isFixed {
                    extra = 0
                    skipBlanks()
                }
            }
        }

        private mutating func read(_ field: Field, _ spelling: String, _ takesAll: Bool) throws(ExecutionError) {
            try setConvention(of: field)
            let width = spelling.utf8.count
            switch field {
            case .fixed: break
            case .am, .pm, .amWithPoints, .pmWithPoints:
                let names = field == .am || field == .pm ? ["am", "pm"] : ["a.m.", "p.m."]
                try assign(\.afternoon, try name(names, spelling), spelling)
                fields.hasHalves = true
            case .annoDomini, .beforeChrist, .annoDominiWithPoints, .beforeChristWithPoints:
                let names = field == .annoDomini || field == .beforeChrist ? ["ad", "bc"] : ["a.d.", "b.c."]
                try assign(\.beforeChrist, try name(names, spelling), spelling)
            case .hour, .hour12:
                try assign(\.hour, try integer(2, takesAll, spelling).value, spelling)
                fields.hasHalves = true
            case .hour24: try assign(\.hour, try integer(2, takesAll, spelling).value, spelling)
            case .minute: try assign(\.minute, try integer(width, takesAll, spelling).value, spelling)
            case .second: try assign(\.second, try integer(width, takesAll, spelling).value, spelling)
            case .milliseconds: try takeFraction(3, takesAll, spelling)
            case .microseconds: try takeFraction(6, takesAll, spelling)
            case .fraction1, .fraction2, .fraction3, .fraction4, .fraction5, .fraction6:
                fields.digits = Int(field.rawValue.utf8.last ?? 0x36) - 0x30
                try takeFraction(fields.digits, takesAll, spelling)
            case .secondsOfDay, .secondsOfDayInFull:
                try assign(\.secondOfDay, try integer(width, takesAll, spelling).value, spelling)
            case .zoneHours, .zoneMinutes:
                throw ExecutionError(
                    .unsupported("the date format pattern \"\(field.rawValue)\" is not supported for reading"), position: position)
            case .zoneName, .offset: throw failure("formatting field \"\(spelling)\" is only supported in to_char")
            case .month: try assign(\.month, try name(DateFormat.monthNames, spelling) + 1, spelling)
            case .mon:
                try assign(\.month, try name(DateFormat.monthNames.map { String($0.prefix(3)) }, spelling) + 1, spelling)
            case .romanMonth: try assign(\.month, 12 - (try name(DateFormat.romanMonths.reversed(), spelling)), spelling)
            case .mm: try assign(\.month, try integer(width, takesAll, spelling).value, spelling)
            case .dayName, .dy:
                let names = field == .dayName ? DateFormat.dayNames : DateFormat.dayNames.map { String($0.prefix(3)) }
                try assign(\.weekday, try name(names, spelling), spelling)
                fields.weekday += 1
            case .ddd: try assign(\.dayOfYear, try integer(width, takesAll, spelling).value, spelling)
            case .iddd: try assign(\.dayOfYear, try integer(3, takesAll, spelling).value, spelling)
            case .dd: try assign(\.day, try integer(width, takesAll, spelling).value, spelling)
            case .weekday: try assign(\.weekday, try integer(width, takesAll, spelling).value, spelling)
            case .isoDay:
                try assign(\.weekday, try integer(1, takesAll, spelling).value, spelling)
                // From Sunday on.
                fields.weekday = fields.weekday >= 7 ? 1 : fields.weekday + 1
            case .week, .isoWeek: try assign(\.week, try integer(width, takesAll, spelling).value, spelling)
            // A quarter says no day: it is read, and left out.
            case .quarter: _ = try integer(width, takesAll, spelling)
            case .century: try assign(\.century, try integer(width, takesAll, spelling).value, spelling)
            case .yearWithComma: try takeYearWithComma(spelling)
            case .yyyy, .iyyy:
                try assign(\.year, try integer(width, takesAll, spelling).value, spelling)
                fields.yearDigits = 4
            case .yyy, .iyy, .yy, .iy, .year, .isoYearDigit:
                let (value, count) = try integer(width, takesAll, spelling)
                try assign(\.year, value, spelling)
                if count < 4 { fields.year = DateFormat.near2020(fields.year) }
                fields.yearDigits = width
            case .weekOfMonth: try assign(\.weekOfMonth, try integer(width, takesAll, spelling).value, spelling)
            case .julian: try assign(\.julian, try integer(width, takesAll, spelling).value, spelling)
            }
        }

        private mutating func assign(
            _ field: WritableKeyPath<ReadFields, Int>, _ value: Int, _ spelling: String
        ) throws(ExecutionError) {
            guard fields[keyPath: field] == 0 || fields[keyPath: field] == value else {
                throw failure("conflicting values for \"\(spelling)\" field in formatting string")
            }
            fields[keyPath: field] = value
        }

        /// Days of the calendar and those of weeks by ISO 8601 do not go together.
        private mutating func setConvention(of field: Field) throws(ExecutionError) {
            let isWeek: Bool
            switch field {
            case .iddd, .isoDay, .isoWeek, .iyyy, .iyy, .iy, .isoYearDigit: isWeek = true
            case .ddd, .dd, .weekday, .mm, .month, .mon, .romanMonth, .week, .weekOfMonth, .yearWithComma, .yyyy, .yyy, .yy,
                .year:
                isWeek = false
            default: return
            }
            guard fields.isOfWeeks == nil || fields.isOfWeeks == isWeek else {
                throw failure("invalid combination of date conventions")
            }
            fields.isOfWeeks = isWeek
        }

        /// Digits behind the point: `25` is 0.25, and `250` is.
        private mutating func takeFraction(_ width: Int, _ takesAll: Bool, _ spelling: String) throws(ExecutionError) {
            let (value, count) = try integer(width, takesAll, spelling)
            let places = width == 3 && spelling.utf8.first.map(TextFunctions.upper) == 0x4D ? 3 : 6
            guard fields.fractions[places == 3 ? 0 : 1] == 0 || fields.fractions[places == 3 ? 0 : 1] == value else {
                throw failure("conflicting values for \"\(spelling)\" field in formatting string")
            }
            fields.fractions[places == 3 ? 0 : 1] = value * Int(DecimalText.powers64[max(0, min(places, places - count))])
        }

        /// `1,582`: thousands, and three digits.
        private mutating func takeYearWithComma(_ spelling: String) throws(ExecutionError) {
            guard let thousands = digits(from: index, to: text.count), thousands.end < text.count, text[thousands.end] == 0x2C,
                let rest = digits(from: thousands.end + 1, to: min(text.count, thousands.end + 4))
            else { throw failure("invalid input string for \"\(spelling)\"") }
            try assign(\.year, thousands.value * 1000 + rest.value, spelling)
            fields.yearDigits = 4
            index = rest.end
        }

        /// A whole number as C's `strtol` reads it: blanks, a sign, digits; nil where there are no digits.
        private func digits(from start: Int, to end: Int) -> (value: Int, end: Int)? {
            var place = start
            while place < end, ValueReader.isBlank(text[place]) { place += 1 }
            let isNegative = place < end && text[place] == 0x2D
            if isNegative || place < end && text[place] == 0x2B { place += 1 }
            let first = place
            var value = 0
            while place < end, ValueReader.isDigit(text[place]) {
                value = min(value * 10 + Int(text[place] - 0x30), 1 << 40)
                place += 1
            }
            return place > first ? (isNegative ? -value : value, place) : nil
        }

        /// A number of so many characters, or of all digits there are, and how many characters it took.
        private mutating func integer(
            _ width: Int, _ takesAll: Bool, _ spelling: String
        ) throws(ExecutionError) -> (value: Int, count: Int) {
            let start = index
            while index < text.count, ValueReader.isBlank(text[index]) { index += 1 }
            func shown(_ from: Int) -> String {
                ValueReader.string(text.extracting(from..<min(text.count, from + width)))
            }
            var value = 0
            if takesAll {
                guard let number = digits(from: start, to: text.count) else {
                    throw failure("invalid value \"\(shown(index))\" for \"\(spelling)\"")
                }
                (value, index) = number
            } else {
                guard text.count - index >= width else {
                    throw failure("source string too short for \"\(spelling)\" formatting field")
                }
                let number = digits(from: index, to: index + width)
                guard let number, number.end == index + width else {
                    throw failure("invalid value \"\(shown(index))\" for \"\(spelling)\"")
                }
                (value, index) = number
            }
            guard Int32(exactly: value) != nil else {
                throw failure("value for \"\(spelling)\" in source string is out of range")
            }
            return (value, index - start)
        }

        /// The place of the first of the names that the text goes on with.
        private mutating func name(_ names: [String], _ spelling: String) throws(ExecutionError) -> Int {
            for (number, name) in names.enumerated() where index + name.utf8.count <= text.count {
                var place = index
                let isSame = name.utf8.allSatisfy { byte in
                    defer { place += 1 }
                    return TextFunctions.lower(byte) == TextFunctions.lower(text[place])
                }
                if isSame {
                    index = place
                    return number
                }
            }
            var end = index
            while end < text.count, !ValueReader.isBlank(text[end]) { end += 1 }
            throw failure("invalid value \"\(ValueReader.string(text.extracting(index..<end)).prefix(64))\" for \"\(spelling)\"")
        }
    }

    private static func canHaveEnding(_ field: Field) -> Bool {
        switch field {
        case .am, .pm, .amWithPoints, .pmWithPoints, .annoDomini, .beforeChrist, .annoDominiWithPoints,
            .beforeChristWithPoints, .month, .mon, .romanMonth, .dayName, .dy:
            false
        default: true
        }
    }

    /// A year of few digits is the one of them that is nearest to 2020.
    private static func near2020(_ year: Int) -> Int {
        switch year {
        case ..<70: year + 2000
        case ..<100: year + 1900
        case ..<520: year + 2000
        case ..<1000: year + 1000
        default: year
        }
    }

    /// What has been read so far; 0 where nothing has.
    private struct ReadFields {
        var year = 0
        var yearDigits = 0
        var century = 0
        var beforeChrist = 0
        var month = 0
        var day = 0
        var dayOfYear = 0
        /// 1 for Sunday.
        var weekday = 0
        var week = 0
        var weekOfMonth = 0
        var julian = 0
        var isOfWeeks: Bool?
        var hour = 0
        var minute = 0
        var second = 0
        var secondOfDay = 0
        var hasHalves = false
        var afternoon = 0
        /// Milliseconds and microseconds.
        var fractions = [0, 0]
        /// Digits that a fraction is rounded to; 0 for all.
        var digits = 0

        func timestamp(_ text: Span<UInt8>, _ position: Int) throws(ExecutionError) -> Int64 {
            func outOfRange() -> ExecutionError {
                ExecutionError(.fieldOutOfRange(text: ValueReader.string(text)), position: position)
            }
            var (hours, minutes, seconds) = (secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
            if second != 0 { seconds = second }
            if minute != 0 { minutes = minute }
            if hour != 0 { hours = hour }
            if hasHalves {
                guard (1...12).contains(hours) else {
                    throw ExecutionError(
                        .invalidArgument("hour \"\(hours)\" is invalid for the 12-hour clock"), position: position)
                }
                hours = hours % 12 + (afternoon == 0 ? 0 : 12)
            }
            let date = try self.date(outOfRange, position)
            let fraction = fractions[0] * 1000 + fractions[1]
            guard (0..<24).contains(hours), (0..<60).contains(minutes), (0..<60).contains(seconds),
                (0..<1_000_000).contains(fraction), (-4713...294_276).contains(date.year)
            else { throw outOfRange() }
            let time = Int64(hours * 3600 + minutes * 60 + seconds) * 1_000_000
            var shown = Int64(fraction)
            if digits > 0 {
                let unit = DecimalText.powers64[6 - digits]
                shown = (shown + unit / 2) / unit * unit
            }
            return Int64(date.daysSinceEpoch) * CivilTime.microsecondsPerDay + time + shown
        }

        /// The year as calendars count it that have a year 0; nil where none has been read.
        private var fullYear: Int? {
            let signed = beforeChrist == 0 ? century : -century
            if year != 0 {
                guard century != 0, yearDigits <= 2 else {
                    let own = beforeChrist == 0 ? year : -year
                    return own < 0 ? own + 1 : own
                }
                // The 21st century runs from 2001 to 2100, the sixth one before Christ from 600 to 501.
                let rest = year % 100
                if rest == 0 { return signed * 100 + (signed >= 0 ? 0 : 1) }
                return signed >= 0 ? rest + (signed - 1) * 100 : (signed + 1) * 100 - rest + 1
            }
            guard century != 0 else { return nil }
            return signed >= 0 ? (signed - 1) * 100 + 1 : signed * 100 + 1
        }

        private func date(_ outOfRange: () -> ExecutionError, _ position: Int) throws(ExecutionError) -> CivilDate {
            var date = CivilDate(year: fullYear ?? 0, month: 1, day: 1)
            var (hasYear, hasMonth, hasDay) = (fullYear != nil, false, false)
            func monday(ofWeek week: Int) -> Int {
                // The fourth of January is in the first week.
                let fourth = CivilDate(year: date.year, month: 1, day: 4).daysSinceEpoch
                return fourth - ((fourth + 3) % 7 + 7) % 7 + (week - 1) * 7
            }
            guard date.year.magnitude < 6_000_000, week.magnitude < 1_000_000 else { throw outOfRange() }
            if julian != 0 {
                date = CivilDate(daysSinceEpoch: julian - 2_440_588)
                (hasYear, hasMonth, hasDay) = (true, true, true)
            }
            var dayOfYear = dayOfYear
            if week != 0 {
                if isOfWeeks == true {
                    let offset = weekday == 0 ? 0 : weekday > 1 ? weekday - 2 : 6
                    date = CivilDate(daysSinceEpoch: monday(ofWeek: week) + offset)
                    (hasYear, hasMonth, hasDay) = (true, true, true)
                } else {
                    dayOfYear = (week - 1) * 7 + 1
                }
            }
            let day = weekOfMonth == 0 ? self.day : (weekOfMonth - 1) * 7 + 1
            if day != 0 { (date.day, hasDay) = (day, true) }
            if month != 0 { (date.month, hasMonth) = (month, true) }
            if dayOfYear != 0, date.month <= 1 || date.day <= 1 {
                if date.year == 0, beforeChrist == 0 {
                    throw ExecutionError(
                        .invalidArgument("cannot calculate day of year without year information"), position: position)
                }
                if isOfWeeks == true {
                    date = CivilDate(daysSinceEpoch: monday(ofWeek: 1) - 1 + dayOfYear)
                    (hasYear, hasMonth, hasDay) = (true, true, true)
                } else {
                    var (number, rest) = (1, dayOfYear)
                    while number <= 12, rest > CivilDate.dayCount(year: date.year, month: number) {
                        rest -= CivilDate.dayCount(year: date.year, month: number)
                        number += 1
                    }
                    let own = date
                    if own.month <= 1 { date.month = number }
                    if own.day <= 1 { date.day = rest }
                    (hasMonth, hasDay) = (true, true)
                }
            }
            if hasMonth, !(1...12).contains(date.month) { throw outOfRange() }
            if hasDay, !(1...31).contains(date.day) { throw outOfRange() }
            if hasYear, hasMonth, hasDay, date.day > CivilDate.dayCount(year: date.year, month: date.month) {
                throw outOfRange()
            }
            return date
        }
    }
}
