import Columns
import Spreadsheet

/// Days in cells.
enum DayText {
    /// Words for an end that is open.
    private static let openWords: Set<String> = ["", "-", "—", "/", "无", "长期", "长期有效", "今"]
    /// Serial days of spreadsheets that fall into the years 2000 to 2099.
    private static let serials = 36_526...73_050
    /// The serial day of 1970-01-01.
    private static let serialOfEpoch = 25_569

    /// `2025-01-31` of 2025-01-31, 2025/1/31, 20250131, 2025年1月31日 or a spreadsheet's serial day; nil for an end that is open.
    ///
    /// - Throws: what is found, if it is neither.
    static func day(_ text: String) throws(ValueReader.Misfit) -> String? {
        let plain = HeadingText.normalized(text)
        if openWords.contains(plain) { return nil }
        let misfit = ValueReader.Misfit(found: text, expected: "a day such as 2025-01-31, or nothing")
        if let serial = Int(plain.hasSuffix(".0") ? String(plain.dropLast(2)) : plain), serials.contains(serial) {
            return written(CivilDate(daysSinceEpoch: serial - serialOfEpoch))
        }
        guard let match = plain.wholeMatch(of: /[自从]?([0-9]{4})(?:[-\/.年]([0-9]{1,2})[-\/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))t?(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0+)?)?)?(?:起|开始|止|截止)?/),
            let year = Int(match.output.1), let month = Int(match.output.2 ?? match.output.4 ?? ""), let day = Int(match.output.3 ?? match.output.5 ?? ""),
            (1900...9999).contains(year)
        else { throw misfit }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid else { throw misfit }
        return written(date)
    }

    /// Both ends of 2024-01-01至2024-12-31, 2024年1月1日起, 长期 and the like.
    static func span(_ text: String) throws(ValueReader.Misfit) -> (first: String?, last: String?) {
        let misfit = ValueReader.Misfit(found: text, expected: "days such as 2025-01-01至2025-12-31 or 2025-01-01起")
        let plain = HeadingText.normalized(text)
        if openWords.contains(plain) { return (nil, nil) }
        for place in plain.indices where ["至", "到", "~", "—", "–", "-"].contains(plain[place]) {
            let ends = [plain[..<place], plain[plain.index(after: place)...]].map { end in
                Result { () throws(ValueReader.Misfit) in try day(String(end)) }
            }
            guard case .success(let first) = ends[0], case .success(let last) = ends[1], first != nil || last != nil else { continue }
            return (first, last)
        }
        let isFirst = plain.hasSuffix("起") || plain.hasSuffix("开始")
        guard isFirst || plain.hasSuffix("止"), let day = try day(plain) else { throw misfit }
        return isFirst ? (day, nil) : (nil, day)
    }

    private static func written(_ date: CivilDate) -> String {
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }
}
