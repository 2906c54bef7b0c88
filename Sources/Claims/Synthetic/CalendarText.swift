import Columns

/// Dates as text, looked up instead of computed for each line.
struct CalendarText {
    static let year = 2025
    /// The first day of the year, in days since 1970-01-01.
    static let firstDay = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch

    private static let daysBefore = 400
    private let text: [UInt8]

    init() {
        var text: [UInt8] = []
        for day in -Self.daysBefore..<(ClaimAgenda.dayCount + 400) { text += Array(Self.date(day).utf8) }
        self.text = text
    }

    /// `2025-01-31` of a day counted from the first of the year.
    static func date(_ day: Int) -> String {
        let date = CivilDate(daysSinceEpoch: firstDay + day)
        let month = InstitutionPopulation.padded(date.month, width: 2)
        return "\(date.year)-\(month)-\(InstitutionPopulation.padded(date.day, width: 2))"
    }

    func append(day: Int, to buffer: inout RowBuffer) {
        let start = (day + Self.daysBefore) * 10
        guard start >= 0, start + 10 <= text.count else { return buffer.append(Self.date(day)) }
        for place in start..<(start + 10) { buffer.append(text[place]) }
    }

    /// `2025-01-31 08:04:38` of a second counted from the start of the year.
    func append(second: Int, to buffer: inout RowBuffer) {
        let day = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
        let rest = UInt64(second - day * 86_400)
        append(day: day, to: &buffer)
        buffer.append(0x20)
        buffer.appendDigits(rest / 3600, width: 2)
        buffer.append(0x3A)
        buffer.appendDigits(rest / 60 % 60, width: 2)
        buffer.append(0x3A)
        buffer.appendDigits(rest % 60, width: 2)
    }

    /// First day of each month and of the next year, counted from the first of the year.
    static let monthStarts: [Int] = (1...13).map { month in
        CivilDate(year: month > 12 ? year + 1 : year, month: month > 12 ? 1 : month, day: 1).daysSinceEpoch - firstDay
    }
}
