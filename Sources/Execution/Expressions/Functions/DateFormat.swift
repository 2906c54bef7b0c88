import Columns

/// The letters behind the number of an ordinal.
enum OrdinalEnding {
    static func letters(behind digits: [UInt8], isUpper: Bool) -> String {
        let isTeen = digits.count > 1 && digits[digits.count - 2] == 0x31
        let letters =
            switch digits.last {
            case 0x31 where !isTeen: "st"
            case 0x32 where !isTeen: "nd"
            case 0x33 where !isTeen: "rd"
            default: "th"
            }
        return isUpper ? letters.uppercased() : letters
    }
}

/// A format of `to_char`, `to_date` and `to_timestamp`; what is no pattern stands for itself.
struct DateFormat: Sendable {
    enum Field: String, Sendable, CaseIterable {
        // Longer patterns first: the first that fits is taken.
        case yearWithComma = "Y,YYY"
        case iyyy = "IYYY"
        case iyy = "IYY"
        case iy = "IY"
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
        case annoDomini = "AD"
        case annoDominiWithPoints = "A.D."
        case beforeChrist = "BC"
        case beforeChristWithPoints = "B.C."
        case amWithPoints = "A.M."
        case pmWithPoints = "P.M."
        case weekday = "D"
        case hour24 = "HH24"
        case hour12 = "HH12"
        case hour = "HH"
        case fixed = "FX"
        case fraction1 = "FF1"
        case fraction2 = "FF2"
        case fraction3 = "FF3"
        case fraction4 = "FF4"
        case fraction5 = "FF5"
        case fraction6 = "FF6"
        case zoneHours = "TZH"
        case zoneMinutes = "TZM"
        case offset = "OF"
        case romanMonth = "RM"
        case secondsOfDayInFull = "SSSSS"
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
        case isoYearDigit = "I"
        case zoneName = "TZ"

        /// Whether a format goes on with the pattern: in capitals or small letters, names of months and days also with one capital.
        func isSpelled(_ bytes: ArraySlice<UInt8>) -> Bool {
            let own = Array(rawValue.utf8)
            let begin = bytes.prefix(own.count)
            if begin.elementsEqual(own) || begin.elementsEqual(own.map(TextFunctions.lower)) { return true }
            guard [.month, .mon, .dayName, .dy].contains(self) else { return false }
            return begin.elementsEqual([own[0]] + own.dropFirst().map(TextFunctions.lower))
        }
    }

    /// `TH` behind a number: the ending of an ordinal.
    enum Ending: Sendable {
        case upper, lower
    }

    enum Part: Sendable {
        /// A character between patterns.
        case literal([UInt8])
        /// What stands in quotes.
        case quoted([UInt8])
        /// `spelling`: as written, whose letter case names follow; `fills`: padded to its width.
        case field(Field, spelling: [UInt8], fills: Bool, ending: Ending?)

        var isField: Bool {
            if case .field = self { return true }
            return false
        }
    }

    let parts: [Part]
    /// What the format asks of a text.
    let readSteps: [ReadStep]

    /// Whether it asks for the name of a time zone.
    var hasZoneName: Bool {
        parts.contains { if case .field(.zoneName, _, _, _) = $0 { true } else { false } }
    }

    init(_ pattern: String, position: Int) throws(ExecutionError) {
        var parts: [Part] = []
        let bytes = Array(pattern.utf8)
        var index = 0
        var fills = true
        while index < bytes.count {
            if bytes[index] == 0x22 {
                // A backslash makes the byte behind it one of the text.
                var text: [UInt8] = []
                index += 1
                while index < bytes.count, bytes[index] != 0x22 {
                    if bytes[index] == 0x5C, index + 1 < bytes.count { index += 1 }
                    text.append(bytes[index])
                    index += 1
                }
                parts.append(.quoted(text))
                fills = true
                index = min(index + 1, bytes.count)
                continue
            }
            if bytes[index] == 0x5C, index + 1 < bytes.count, bytes[index + 1] == 0x22 {
                parts.append(.literal([0x22]))
                fills = true
                index += 2
                continue
            }
            let upper = bytes[index...].prefix(5).map(TextFunctions.upper)
            if upper.starts(with: [0x46, 0x4D]) {
                fills = false
                index += 2
                continue
            }
            if upper.starts(with: [0x54, 0x4D]) {
                // Names are English ones, and not padded where TM asks for a language's own; other fields it leaves as they are.
                index += 2
                let next = bytes[index...].prefix(5).map(TextFunctions.upper)
                let field = Field.allCases.first { next.starts(with: Array($0.rawValue.utf8)) }
                if [.month, .mon, .dayName, .dy].contains(field) { fills = false }
                continue
            }
            let next = bytes[index...].prefix(5)
            guard let field = Field.allCases.first(where: { $0.isSpelled(next) }) else {
                var end = index + 1
                while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
                parts.append(.literal(Array(bytes[index..<end])))
                fills = true
                index = end
                continue
            }
            let spelling = Array(bytes[index..<(index + field.rawValue.utf8.count)])
            index += spelling.count
            var ending: Ending?
            if bytes[index...].starts(with: [0x54, 0x48]) { ending = .upper }
            if bytes[index...].starts(with: [0x74, 0x68]) { ending = .lower }
            if ending != nil { index += 2 }
            parts.append(.field(field, spelling: spelling, fills: fills, ending: ending))
            fills = true
        }
        self.parts = parts
        readSteps = DateFormat.readSteps(parts)
    }

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let romanMonths = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    static let dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}
