import Columns

extension DateFormat {
    /// The timestamp a text stands for; fields that are not read are those of 1 BC, month 1, day 1, midnight.
    func read(_ text: Span<UInt8>, position: Int) throws(ExecutionError) -> Int64 {
        var fields = ReadFields()
        var index = 0
        DateFormat.skipBlanks(text, &index)
        for (number, part) in parts.enumerated() {
            switch part {
            case .literal(let literal): DateFormat.skip(literal, text, &index)
            case .field(let field, _, _, _):
                if index == text.count { continue }
                DateFormat.skipBlanks(text, &index)
                let isFollowed = number + 1 < parts.count && parts[number + 1].isField
                try DateFormat.read(field, text, &index, isFollowed: isFollowed, into: &fields, position: position)
            }
        }
        guard let timestamp = fields.timestamp else {
            throw ExecutionError(.fieldOutOfRange(text: ValueReader.string(text)), position: position)
        }
        return timestamp
    }

    /// What has been read so far.
    private struct ReadFields {
        var date = CivilDate(year: 0, month: 1, day: 1)
        var dayOfYear: Int?
        var julian: Int?
        var week: Int?
        var weekOfMonth: Int?
        var isoWeek: Int?
        /// 1 for Monday.
        var isoDay: Int?
        var isISOYear = false
        var isCommonDate = false
        var hour = 0
        var minute = 0
        var second = 0
        var microseconds: Int64 = 0
        var isAfternoon: Bool?

        /// Nil if a field is out of range.
        var timestamp: Int64? {
            let fullHour = isAfternoon.map { hour % 12 + ($0 ? 12 : 0) } ?? hour
            guard isCommonDate == false || isoWeek == nil && isoDay == nil && !isISOYear,
                let date = writtenDate, fullHour < 24, minute < 60, second < 60 else { return nil }
            let time = Int64(fullHour * 3600 + minute * 60 + second) * 1_000_000 + microseconds
            return Int64(date.daysSinceEpoch) * CivilTime.microsecondsPerDay + time
        }

        /// Nil if there is no such day.
        private var writtenDate: CivilDate? {
            if let julian { return CivilDate(daysSinceEpoch: julian - 2_440_588) }
            if let isoWeek {
                guard (1...53).contains(isoWeek), date.year > 0 else { return nil }
                // The fourth of January is in the first week.
                let fourth = CivilDate(year: date.year, month: 1, day: 4).daysSinceEpoch
                let monday = fourth - ((fourth + 3) % 7 + 7) % 7
                return CivilDate(daysSinceEpoch: monday + (isoWeek - 1) * 7 + (isoDay ?? 1) - 1)
            }
            let dayOfYear = week.map { ($0 - 1) * 7 + 1 } ?? dayOfYear
            if let weekOfMonth {
                let first = CivilDate(year: date.year, month: date.month, day: 1)
                guard (1...5).contains(weekOfMonth), (1...12).contains(date.month), date.year <= 294_276 else { return nil }
                return CivilDate(daysSinceEpoch: first.daysSinceEpoch + (weekOfMonth - 1) * 7)
            }
            if let dayOfYear, date.month == 1, date.day == 1 {
                guard date.year != 0, dayOfYear >= 1, dayOfYear <= (CivilDate.isLeap(date.year) ? 366 : 365) else {
                    return nil
                }
                return CivilDate(daysSinceEpoch: date.daysSinceEpoch + dayOfYear - 1)
            }
            guard date.year <= 294_276, (1...12).contains(date.month), date.day >= 1,
                date.day <= CivilDate.dayCount(year: date.year, month: date.month)
            else { return nil }
            return date
        }
    }

    private static func read(
        _ field: Field, _ text: Span<UInt8>, _ index: inout Int, isFollowed: Bool, into fields: inout ReadFields,
        position: Int
    ) throws(ExecutionError) {
        switch field {
        case .mon, .month: fields.date.month = try month(text, &index, position: position)
        case .am, .pm:
            guard index + 1 < text.count else { throw mismatch(text, field, position) }
            fields.isAfternoon = TextFunctions.upper(text[index]) == 0x50
            index += 2
        case .zoneHours, .zoneMinutes, .zoneName, .offset: throw notRead(field, position)
        default:
            let start = index
            let width = [.yyyy, .iyyy].contains(field) && !isFollowed ? 6 : width(field)
            guard let value = digits(text, &index, width: width) else { throw mismatch(text, field, position) }
            // PostgreSQL rounds to as many digits as the pattern has; that is not done here.
            if [.fraction1, .fraction2, .fraction3, .fraction4, .fraction5, .fraction6].contains(field), !isFollowed, index < text.count,
                text[index] >= 0x30, text[index] <= 0x39
            {
                throw notRead(field, position)
            }
            guard set(field, value, digitCount: index - start, in: &fields) else {
                throw notRead(field, position)
            }
        }
    }

    private static func notRead(_ field: Field, _ position: Int) -> ExecutionError {
        ExecutionError(
            .unsupported("the date format pattern \"\(field.rawValue)\" is not supported for reading"), position: position)
    }

    /// False for a field that can only be written.
    private static func set(_ field: Field, _ value: Int, digitCount: Int, in fields: inout ReadFields) -> Bool {
        switch field {
        case .yyyy, .yyy, .yy, .year, .iyyy, .iyy, .iy, .isoYearDigit:
            fields.date.year = year(value, digitCount: digitCount, isShort: field != .yyyy && field != .iyyy)
            if [.yyyy, .yyy, .yy, .year].contains(field) { fields.isCommonDate = true } else { fields.isISOYear = true }
        case .mm:
            fields.date.month = value
            fields.isCommonDate = true
        case .dd:
            fields.date.day = value
            fields.isCommonDate = true
        case .ddd: fields.dayOfYear = value
        case .week: fields.week = value
        case .weekOfMonth: fields.weekOfMonth = value
        case .isoWeek: fields.isoWeek = value
        case .isoDay:
            guard (1...7).contains(value) else { return false }
            fields.isoDay = value
        case .julian: fields.julian = value
        case .secondsOfDay, .secondsOfDayInFull:
            (fields.hour, fields.minute, fields.second) = (value / 3600, value / 60 % 60, value % 60)
        case .fraction1, .fraction2, .fraction3, .fraction4, .fraction5, .fraction6:
            fields.microseconds += Int64(value) * DecimalText.powers64[max(0, 6 - digitCount)]
        case .hour24, .hour, .hour12: fields.hour = value
        case .minute: fields.minute = value
        case .second: fields.second = value
        case .milliseconds: fields.microseconds += Int64(value) * DecimalText.powers64[max(0, 3 - digitCount)] * 1000
        case .microseconds: fields.microseconds += Int64(value) * DecimalText.powers64[max(0, 6 - digitCount)]
        // A quarter says no day: it is read, and left out.
        case .quarter: break
        default: return false
        }
        return true
    }

    /// A year of few digits is the one of them that is nearest to 2020.
    private static func year(_ value: Int, digitCount: Int, isShort: Bool) -> Int {
        guard isShort, digitCount < 4 else { return value }
        return switch value {
        case ..<70: value + 2000
        case ..<100: value + 1900
        case ..<520: value + 2000
        default: value + 1000
        }
    }

    private static func width(_ field: Field) -> Int {
        switch field {
        case .yyyy, .iyyy, .fraction4: 4
        case .milliseconds, .ddd, .yyy, .iyy, .fraction3: 3
        case .microseconds, .fraction6: 6
        case .quarter, .year, .isoYearDigit, .isoDay, .weekOfMonth, .fraction1: 1
        case .secondsOfDay, .secondsOfDayInFull, .fraction5: 5
        case .julian: 9
        default: 2
        }
    }

    private static func skipBlanks(_ text: Span<UInt8>, _ index: inout Int) {
        while index < text.count, ValueReader.isBlank(text[index]) { index += 1 }
    }

    /// A separator of the format may stand for any separator of the text, or for none.
    private static func skip(_ literal: [UInt8], _ text: Span<UInt8>, _ index: inout Int) {
        if let first = literal.first, isLetterOrDigit(first) {
            index = min(index + literal.count, text.count)
            return
        }
        for _ in literal where index < text.count && !isLetterOrDigit(text[index]) { index += 1 }
    }

    private static func digits(_ text: Span<UInt8>, _ index: inout Int, width: Int) -> Int? {
        let start = index
        var value = 0
        while index < text.count, ValueReader.isDigit(text[index]), index - start < width {
            value = value * 10 + Int(text[index] - 0x30)
            index += 1
        }
        return index > start ? value : nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        let letter = TextFunctions.lower(byte)
        return ValueReader.isDigit(byte) || (letter >= 0x61 && letter <= 0x7A) || byte >= 0x80
    }

    private static func month(_ text: Span<UInt8>, _ index: inout Int, position: Int) throws(ExecutionError) -> Int {
        for (number, name) in monthNames.enumerated() {
            for candidate in [name, String(name.prefix(3))] {
                let bytes = Array(candidate.utf8)
                guard index + bytes.count <= text.count else { continue }
                let isSame = bytes.indices.allSatisfy {
                    TextFunctions.lower(bytes[$0]) == TextFunctions.lower(text[index + $0])
                }
                if isSame {
                    index += bytes.count
                    return number + 1
                }
            }
        }
        throw ExecutionError(.fieldOutOfRange(text: ValueReader.string(text)), position: position)
    }

    private static func mismatch(_ text: Span<UInt8>, _ field: Field, _ position: Int) -> ExecutionError {
        ExecutionError(
            .invalidArgument("invalid value \"\(ValueReader.string(text).prefix(64))\" for \"\(field.rawValue)\""),
            position: position)
    }
}
