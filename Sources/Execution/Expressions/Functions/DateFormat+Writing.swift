import Columns

extension DateFormat {
    func append(timestamp: Int64, to bytes: inout [UInt8]) {
        for part in parts {
            switch part {
            case .literal(let literal), .quoted(let literal): bytes.append(contentsOf: literal)
            case .field(let field, let spelling, let fills, let ending):
                let start = bytes.count
                DateFormat.append(field, spelling, fills: fills, timestamp, to: &bytes)
                DateFormat.append(ending, behind: start, to: &bytes)
            }
        }
    }

    /// The ending of an ordinal, if a number has been written from `start` on.
    private static func append(_ ending: Ending?, behind start: Int, to bytes: inout [UInt8]) {
        guard let ending, let last = bytes[start...].last, ValueReader.isDigit(last) else { return }
        bytes.append(contentsOf: OrdinalEnding.letters(behind: Array(bytes[start...]), isUpper: ending == .upper).utf8)
    }

    private static func append(
        _ field: Field, _ spelling: [UInt8], fills: Bool, _ timestamp: Int64, to bytes: inout [UInt8]
    ) {
        let day = Int(CivilTime.day(ofMicroseconds: timestamp))
        let date = CivilDate(daysSinceEpoch: day)
        let weekday = Int(DateField.dow.value(day: Int32(day)))
        let time = timestamp &- Int64(day) &* CivilTime.microsecondsPerDay
        let hour = Int(time / 3_600_000_000)
        func number(_ value: Int, _ width: Int, keepsZeros: Bool = false) {
            if value < 0 { bytes.append(0x2D) }
            ValueText.append(digits: UInt64(value.magnitude), minimumCount: fills || keepsZeros ? width : 1, to: &bytes)
        }
        func counted(_ year: Int) -> Int { year > 0 ? year : 1 - year }
        let year = counted(date.year)
        switch field {
        case .yearWithComma:
            ValueText.append(digits: UInt64(year / 1000), minimumCount: 1, to: &bytes)
            bytes.append(0x2C)
            ValueText.append(digits: UInt64(year % 1000), minimumCount: 3, to: &bytes)
        case .yyyy: number(year, 4)
        case .yyy: number(year % 1000, 3)
        case .yy: number(year % 100, 2)
        case .year: number(year % 10, 1)
        case .iyyy: number(counted(IsoWeek(day: day).year), 4)
        case .iyy: number(counted(IsoWeek(day: day).year) % 1000, 3)
        case .iy: number(counted(IsoWeek(day: day).year) % 100, 2)
        case .isoYearDigit: number(counted(IsoWeek(day: day).year) % 10, 1)
        case .annoDomini, .beforeChrist: append(name: date.year > 0 ? "AD" : "BC", spelling, width: 0, to: &bytes)
        case .annoDominiWithPoints, .beforeChristWithPoints:
            append(name: date.year > 0 ? "A.D." : "B.C.", inCaseOf: spelling, to: &bytes)
        case .romanMonth:
            let start = bytes.count
            append(name: romanMonths[date.month - 1], inCaseOf: spelling, to: &bytes)
            while fills, bytes.count - start < 4 { bytes.append(0x20) }
        // There are no zones: a time is one of UTC, whose name PostgreSQL leaves out for timestamps. The binder refuses dates.
        case .zoneName, .fixed: break
        case .zoneHours, .offset: bytes.append(contentsOf: "+00".utf8)
        case .zoneMinutes: bytes.append(contentsOf: "00".utf8)
        case .fraction1, .fraction2, .fraction3, .fraction4, .fraction5, .fraction6:
            let digits = Int(field.rawValue.utf8.last ?? 0x36) - 0x30
            let part = time % 1_000_000 / DecimalText.powers64[6 - digits]
            ValueText.append(digits: UInt64(part), minimumCount: digits, to: &bytes)
        case .century: number(Int(DateField.century.value(day: Int32(day))), 2)
        case .quarter: number((date.month - 1) / 3 + 1, 1)
        case .mm: number(date.month, 2)
        case .month: append(name: monthNames[date.month - 1], spelling, width: fills ? 9 : 0, to: &bytes)
        case .mon: append(name: String(monthNames[date.month - 1].prefix(3)), spelling, width: 0, to: &bytes)
        case .dayName: append(name: dayNames[weekday], spelling, width: fills ? 9 : 0, to: &bytes)
        case .dy: append(name: String(dayNames[weekday].prefix(3)), spelling, width: 0, to: &bytes)
        case .dd: number(date.day, 2)
        case .ddd: number(Int(DateField.doy.value(day: Int32(day))), 3)
        case .iddd: number((IsoWeek(day: day).week - 1) * 7 + (weekday == 0 ? 7 : weekday), 3)
        case .weekday: number(weekday + 1, 1)
        case .isoDay: number(weekday == 0 ? 7 : weekday, 1)
        case .isoWeek: number(IsoWeek(day: day).week, 2)
        case .week: number((Int(DateField.doy.value(day: Int32(day))) - 1) / 7 + 1, 2)
        case .weekOfMonth: number((date.day - 1) / 7 + 1, 1)
        case .julian: number(day + 2_440_588, 1)
        case .hour24: number(hour, 2)
        case .hour, .hour12: number(hour % 12 == 0 ? 12 : hour % 12, 2)
        case .minute: number(Int(time / 60_000_000 % 60), 2)
        case .second: number(Int(time / 1_000_000 % 60), 2)
        case .secondsOfDay, .secondsOfDayInFull: number(Int(time / 1_000_000), 1)
        case .milliseconds: number(Int(time % 1_000_000 / 1000), 3, keepsZeros: true)
        case .microseconds: number(Int(time % 1_000_000), 6, keepsZeros: true)
        case .am, .pm: append(name: hour < 12 ? "AM" : "PM", spelling, width: 0, to: &bytes)
        case .amWithPoints, .pmWithPoints: append(name: hour < 12 ? "A.M." : "P.M.", inCaseOf: spelling, to: &bytes)
        }
    }

    /// A name in capitals where the pattern begins with one, else in small letters.
    private static func append(name: String, inCaseOf spelling: [UInt8], to bytes: inout [UInt8]) {
        let isUpper = spelling[0] < 0x61
        bytes.append(contentsOf: isUpper ? name.utf8 : name.lowercased().utf8)
    }

    /// A name in the letter case of the pattern: `MONTH`, `Month` or `month`; padded with blanks.
    private static func append(name: String, _ spelling: [UInt8], width: Int, to bytes: inout [UInt8]) {
        let isUpper = { (byte: UInt8) in byte >= 0x41 && byte <= 0x5A }
        let start = bytes.count
        for (index, byte) in name.utf8.enumerated() {
            if !isUpper(spelling[0]) {
                bytes.append(TextFunctions.lower(byte))
            } else if isUpper(spelling[1]) || index == 0 {
                bytes.append(TextFunctions.upper(byte))
            } else {
                bytes.append(TextFunctions.lower(byte))
            }
        }
        while bytes.count - start < width { bytes.append(0x20) }
    }

    /// What is no number of an interval, and what some intervals do not have; false for all else.
    private static func append(
        name field: Field, _ spelling: [UInt8], fills: Bool, _ interval: IntervalValue, to bytes: inout [UInt8]
    ) -> Bool {
        let (years, month) = (interval.months / 12, Int(interval.months % 12))
        let time = interval.microseconds % CivilTime.microsecondsPerDay
        switch field {
        case .quarter: return month == 0
        case .romanMonth where month == 0 && years == 0: return true
        case .romanMonth:
            // Whole years are twelve months; below zero, the months left to a year.
            let number = month > 0 ? month : month < 0 ? 13 + month : years > 0 ? 12 : 1
            let start = bytes.count
            append(name: romanMonths[number - 1], inCaseOf: spelling, to: &bytes)
            while fills, bytes.count - start < 4 { bytes.append(0x20) }
            return true
        case .am, .pm:
            append(name: time >= CivilTime.microsecondsPerDay / 2 ? "PM" : "AM", spelling, width: 0, to: &bytes)
            return true
        case .amWithPoints, .pmWithPoints:
            append(name: time >= CivilTime.microsecondsPerDay / 2 ? "P.M." : "A.M.", inCaseOf: spelling, to: &bytes)
            return true
        case .fraction1, .fraction2, .fraction3, .fraction4, .fraction5, .fraction6:
            if time < 0 { return false }
            let digits = Int(field.rawValue.utf8.last ?? 0x36) - 0x30
            let part = time % 1_000_000 / DecimalText.powers64[6 - digits]
            ValueText.append(digits: UInt64(part), minimumCount: digits, to: &bytes)
            return true
        default: return false
        }
    }

    func append(interval: IntervalValue, to bytes: inout [UInt8], position: Int) throws(ExecutionError) {
        for part in parts {
            switch part {
            case .literal(let literal), .quoted(let literal): bytes.append(contentsOf: literal)
            case .field(let field, let spelling, let fills, let ending):
                let start = bytes.count
                let time = interval.microseconds
                if DateFormat.append(name: field, spelling, fills: fills, interval, to: &bytes) { continue }
                // Number and digits; as PostgreSQL prints them, the sign of days and fractions counts as a digit.
                let value: (Int64, Int)? =
                    switch field {
                    case .yyyy: (Int64(interval.months / 12), 4)
                    case .yyy: (Int64(interval.months / 12 % 1000), 3)
                    case .yy: (Int64(interval.months / 12 % 100), 2)
                    case .year: (Int64(interval.months / 12 % 10), 1)
                    case .quarter: (Int64((interval.months % 12 - 1) / 3 + 1), 1)
                    case .mm: (Int64(interval.months % 12), 2)
                    case .dd: (Int64(interval.days), interval.days < 0 ? 1 : 2)
                    case .hour24: (time / 3_600_000_000, 2)
                    // The room for a sign stays where there is none to show.
                    case .hour, .hour12:
                        time / 3_600_000_000 % 12 == 0
                            ? (12, time <= -3_600_000_000 ? 3 : 2) : (time / 3_600_000_000 % 12, 2)
                    case .minute: (time / 60_000_000 % 60, 2)
                    case .second: (time / 1_000_000 % 60, 2)
                    case .secondsOfDay, .secondsOfDayInFull: (time / 1_000_000, 1)
                    case .milliseconds: (time % 1_000_000 / 1000, time % 1_000_000 <= -1000 ? 2 : 3)
                    case .microseconds: (time % 1_000_000, time % 1_000_000 < 0 ? 5 : 6)
                    default: nil
                    }
                guard let (number, width) = value else {
                    throw ExecutionError(
                        .unsupported("to_char of an interval with \"\(field.rawValue)\" is not supported"), position: position)
                }
                if number < 0 { bytes.append(0x2D) }
                let isFraction = field == .milliseconds || field == .microseconds
                ValueText.append(digits: number.magnitude, minimumCount: fills || isFraction ? width : 1, to: &bytes)
                DateFormat.append(ending, behind: start, to: &bytes)
            }
        }
    }
}
