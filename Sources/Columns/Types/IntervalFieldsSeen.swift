/// Which fields of an interval's text have been read: PostgreSQL reads none of them twice.
struct IntervalFieldsSeen {
    enum Field {
        case microsecond, millisecond, second, minute, hour, day, week, month, year, decade, century, millennium
    }
    private var fields: Set<Field> = []

    /// Takes a number with its unit, in lower case; false if the field is there already.
    ///
    /// A second with a fraction takes the place of milliseconds and microseconds, too.
    mutating func take(unit: String, isWhole: Bool) -> Bool {
        guard let field = IntervalFieldsSeen.field(of: unit) else { return true }
        return take(field == .second && !isWhole ? [.second, .millisecond, .microsecond] : [field])
    }

    /// Takes a time of day.
    mutating func takeTime() -> Bool { take([.hour, .minute, .second, .millisecond, .microsecond]) }

    private mutating func take(_ new: Set<Field>) -> Bool {
        guard fields.isDisjoint(with: new) else { return false }
        fields.formUnion(new)
        return true
    }

    static func isHour(_ unit: String) -> Bool { field(of: unit) == .hour }

    /// The field a word names, of which PostgreSQL looks at ten letters.
    static func field(of unit: String) -> Field? {
        switch unit.prefix(10) {
        case "us", "usec", "usecs", "usecond", "useconds", "microsecon": .microsecond
        case "ms", "msec", "msecs", "msecond", "mseconds", "millisecon": .millisecond
        case "s", "sec", "secs", "second", "seconds": .second
        case "m", "min", "mins", "minute", "minutes": .minute
        case "h", "hr", "hrs", "hour", "hours": .hour
        case "d", "day", "days": .day
        case "w", "week", "weeks": .week
        case "mon", "mons", "month", "months": .month
        case "y", "yr", "yrs", "year", "years": .year
        case "dec", "decs", "decade", "decades": .decade
        case "c", "cent", "century", "centuries": .century
        case "mil", "mils", "millennium", "millennia": .millennium
        default: nil
        }
    }
}
