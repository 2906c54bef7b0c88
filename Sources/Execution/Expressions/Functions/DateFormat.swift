import Columns

/// A format of `to_char`, `to_date` and `to_timestamp`: the common template patterns; others are refused by name.
struct DateFormat: Sendable {
    enum Field: String, Sendable, CaseIterable {
        // Longer patterns first: the first that fits is taken.
        case iyyy = "IYYY"
        case yyyy = "YYYY"
        case yyy = "YYY"
        case yy = "YY"
        case month = "MONTH"
        case mon = "MON"
        case mm = "MM"
        case minute = "MI"
        case milliseconds = "MS"
        case iddd = "IDDD"
        case ddd = "DDD"
        case dd = "DD"
        case dayName = "DAY"
        case dy = "DY"
        case isoDay = "ID"
        case weekday = "D"
        case hour24 = "HH24"
        case hour12 = "HH12"
        case hour = "HH"
        case secondsOfDay = "SSSS"
        case second = "SS"
        case microseconds = "US"
        case isoWeek = "IW"
        case week = "WW"
        case weekOfMonth = "W"
        case quarter = "Q"
        case am = "AM"
        case pm = "PM"
        case century = "CC"
        case julian = "J"
        case year = "Y"
    }

    enum Part: Sendable {
        case literal([UInt8])
        /// `spelling`: as written, whose letter case names follow; `fills`: padded to its width.
        case field(Field, spelling: [UInt8], fills: Bool)
    }

    let parts: [Part]

    init(_ pattern: String, position: Int) throws(ExecutionError) {
        var parts: [Part] = []
        let bytes = Array(pattern.utf8)
        var index = 0
        var fills = true
        while index < bytes.count {
            if bytes[index] == 0x22 {
                let end = bytes[(index + 1)...].firstIndex(of: 0x22) ?? bytes.count
                parts.append(.literal(Array(bytes[(index + 1)..<end])))
                index = min(end + 1, bytes.count)
                continue
            }
            let upper = bytes[index...].prefix(5).map(TextFunctions.upper)
            if upper.starts(with: [0x46, 0x4D]) {
                fills = false
                index += 2
                continue
            }
            guard let field = Field.allCases.first(where: { upper.starts(with: Array($0.rawValue.utf8)) }) else {
                if upper[0] >= 0x41, upper[0] <= 0x5A {
                    let rest = String(decoding: bytes[index...], as: UTF8.self)
                    throw ExecutionError(
                        .unsupported("the date format pattern at \"\(rest.prefix(16))\" is not supported"),
                        position: position)
                }
                parts.append(.literal([bytes[index]]))
                index += 1
                continue
            }
            let spelling = Array(bytes[index..<(index + field.rawValue.utf8.count)])
            parts.append(.field(field, spelling: spelling, fills: fills))
            fills = true
            index += spelling.count
        }
        self.parts = parts
    }

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}

// MARK: writing

extension DateFormat {
    func append(timestamp: Int64, to bytes: inout [UInt8]) {
        for part in parts {
            switch part {
            case .literal(let literal): bytes.append(contentsOf: literal)
            case .field(let field, let spelling, let fills):
                DateFormat.append(field, spelling, fills: fills, timestamp, to: &bytes)
            }
        }
    }

    private static func append(
        _ field: Field, _ spelling: [UInt8], fills: Bool, _ timestamp: Int64, to bytes: inout [UInt8]
    ) {
        let day = Int(CivilTime.day(ofMicroseconds: timestamp))
        let date = CivilDate(daysSinceEpoch: day)
        let weekday = Int(DateField.dow.value(day: Int32(day)))
        let time = timestamp &- Int64(day) &* CivilTime.microsecondsPerDay
        let hour = Int(time / 3_600_000_000)
        func number(_ value: Int, _ width: Int) {
            if value < 0 { bytes.append(0x2D) }
            ValueText.append(digits: UInt64(value.magnitude), minimumCount: fills ? width : 1, to: &bytes)
        }
        let year = date.year > 0 ? date.year : 1 - date.year
        switch field {
        case .yyyy: number(year, 4)
        case .yyy: number(year % 1000, 3)
        case .yy: number(year % 100, 2)
        case .year: number(year % 10, 1)
        case .iyyy: number(IsoWeek(day: day).year, 4)
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
        case .secondsOfDay: number(Int(time / 1_000_000), 1)
        case .milliseconds: number(Int(time % 1_000_000 / 1000), 3)
        case .microseconds: number(Int(time % 1_000_000), 6)
        case .am, .pm: append(name: hour < 12 ? "AM" : "PM", spelling, width: 0, to: &bytes)
        }
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

    func append(interval: IntervalValue, to bytes: inout [UInt8]) {
        for part in parts {
            switch part {
            case .literal(let literal): bytes.append(contentsOf: literal)
            case .field(let field, _, let fills):
                let time = interval.microseconds
                let value: (Int64, Int)? =
                    switch field {
                    case .yyyy: (Int64(interval.months / 12), 4)
                    case .mm: (Int64(interval.months % 12), 2)
                    case .dd: (Int64(interval.days), 2)
                    case .hour24: (time / 3_600_000_000, 2)
                    case .hour, .hour12: (time / 3_600_000_000 % 12 == 0 ? 12 : time / 3_600_000_000 % 12, 2)
                    case .minute: (time / 60_000_000 % 60, 2)
                    case .second: (time / 1_000_000 % 60, 2)
                    case .secondsOfDay: (time / 1_000_000, 1)
                    case .milliseconds: (time % 1_000_000 / 1000, 3)
                    case .microseconds: (time % 1_000_000, 6)
                    default: nil
                    }
                guard let (number, width) = value else { continue }
                if number < 0 { bytes.append(0x2D) }
                ValueText.append(digits: number.magnitude, minimumCount: fills ? width : 1, to: &bytes)
            }
        }
    }
}

// MARK: reading

extension DateFormat {
    /// The timestamp a text stands for; fields that the format lacks are those of year 1, month 1, day 1, midnight.
    func read(_ text: Span<UInt8>, position: Int) throws(ExecutionError) -> Int64 {
        var year = 1
        var month = 1
        var day = 1
        var (hour, minute, second) = (0, 0, 0)
        var microseconds: Int64 = 0
        var isAfternoon: Bool?
        var index = 0
        while index < text.count, ValueReader.isBlank(text[index]) { index += 1 }
        for (number, part) in parts.enumerated() {
            switch part {
            case .literal(let literal):
                // A separator of the format may stand for any separator, or for none.
                for _ in literal where index < text.count && !DateFormat.isLetterOrDigit(text[index]) { index += 1 }
                if let first = literal.first, DateFormat.isLetterOrDigit(first) { index = min(index + literal.count, text.count) }
            case .field(let field, _, _):
                if index == text.count { continue }
                while index < text.count, ValueReader.isBlank(text[index]) { index += 1 }
                if field == .mon || field == .month {
                    month = try DateFormat.month(text, &index, position: position)
                    continue
                }
                if field == .am || field == .pm {
                    guard index + 1 < text.count else { throw mismatch(text, field, position) }
                    isAfternoon = TextFunctions.upper(text[index]) == 0x50
                    index += 2
                    continue
                }
                let followed = number + 1 < parts.count && isField(parts[number + 1])
                let start = index
                guard let value = digits(text, &index, width: width(field), isOpen: field == .yyyy && !followed) else {
                    throw mismatch(text, field, position)
                }
                switch field {
                case .yyyy: year = value
                case .yy: year = value < 70 ? 2000 + value : 1900 + value
                case .mm: month = value
                case .dd: day = value
                case .hour24, .hour, .hour12: hour = value
                case .minute: minute = value
                case .second: second = value
                case .milliseconds, .microseconds:
                    // Digits of a fraction: `.5` is 500 milliseconds.
                    let missing = (field == .milliseconds ? 3 : 6) - (index - start)
                    let scaled = Int64(value) * DecimalText.powers64[max(0, missing)]
                    microseconds += field == .milliseconds ? scaled * 1000 : scaled
                default:
                    throw ExecutionError(
                        .unsupported("the date format pattern \"\(field.rawValue)\" is not supported for reading"),
                        position: position)
                }
            }
        }
        if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid, hour < 24, minute < 60, second < 60 else {
            throw ExecutionError(.fieldOutOfRange(text: ValueReader.string(text)), position: position)
        }
        let time = Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + microseconds
        return Int64(date.daysSinceEpoch) * CivilTime.microsecondsPerDay + time
    }

    private func isField(_ part: Part) -> Bool {
        if case .field = part { return true }
        return false
    }

    private func width(_ field: Field) -> Int {
        switch field {
        case .yyyy: 4
        case .milliseconds: 3
        case .microseconds: 6
        default: 2
        }
    }

    private func digits(_ text: Span<UInt8>, _ index: inout Int, width: Int, isOpen: Bool) -> Int? {
        let start = index
        var value = 0
        while index < text.count, ValueReader.isDigit(text[index]), index - start < (isOpen ? 6 : width) {
            value = value * 10 + Int(text[index] - 0x30)
            index += 1
        }
        return index > start ? value : nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        ValueReader.isDigit(byte) || (TextFunctions.lower(byte) >= 0x61 && TextFunctions.lower(byte) <= 0x7A) || byte >= 0x80
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

    private func mismatch(_ text: Span<UInt8>, _ field: Field, _ position: Int) -> ExecutionError {
        ExecutionError(
            .invalidArgument("invalid value \"\(ValueReader.string(text).prefix(64))\" for \"\(field.rawValue)\""),
            position: position)
    }
}
