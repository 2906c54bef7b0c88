/// Values of published sheets as those of the table `knowledge`.
enum ValueReader {
    /// A value in words that is not understood.
    struct Misfit: Error, Hashable {
        var found: String
        var expected: String
    }

    static func sex(_ text: String) throws(Misfit) -> String {
        let isMale = text.contains("男")
        guard isMale != text.contains("女") else { throw Misfit(found: text, expected: "男 or 女") }
        return isMale ? "male" : "female"
    }

    /// The lowest level that is allowed: 二级 and 二级及以上 alike, as the published lists mean it.
    static func level(_ text: String) throws(Misfit) -> String {
        let misfit = Misfit(found: text, expected: "一级, 二级 or 三级, with 及以上 or alone")
        if text.contains("以下") || text.contains("仅限一级") { throw misfit }
        if text.contains("一级") { return "primary" }
        if text.contains("二级") { return "secondary" }
        if text.contains("三级") { return "tertiary" }
        throw misfit
    }

    /// Visit types that are allowed, each once.
    static func visitTypes(_ text: String) throws(Misfit) -> [String] {
        let words: [(String, String)] = [
            ("住院", "inpatient"), ("急诊", "emergency"), ("急救", "emergency"), ("抢救", "emergency"), ("急抢救", "emergency"), ("门慢", "chronic"),
            ("门特", "chronic"), ("慢特病", "chronic"), ("慢性病", "chronic"), ("普通门诊", "outpatient"), ("门诊", "outpatient"), ("药店", "pharmacy"),
        ]
        var rest = HeadingText.normalized(text).replacing("(", with: "").replacing(")", with: "")
        var types: [String] = []
        for (word, type) in words.sorted(by: { $0.0.count > $1.0.count }) where rest.contains(word) {
            rest = rest.replacing(word, with: "")
            if !types.contains(type) { types.append(type) }
        }
        for filler in ["患者", "病人", "使用", "支付", "期间", "情况", "时", "的", "就医", "医疗", "仅", "限", "及", "和", "或", "、", ",", "，", "/", ";", "；", "。", ".", "(", ")"] {
            rest = rest.replacing(filler, with: "")
        }
        guard !types.isEmpty, rest.isEmpty else { throw Misfit(found: text, expected: "住院, 急诊, 门诊, 门慢 or 药店, or several of them") }
        return types.sorted()
    }

    static func insurance(_ text: String) throws(Misfit) -> String {
        let isInjury = text.contains("工伤")
        guard isInjury != text.contains("生育") else { throw Misfit(found: text, expected: "工伤 or 生育") }
        return isInjury ? "work_injury" : "maternity"
    }

    /// A number of at most 12 digits before and 6 after the point, above 0.
    static func quantity(_ text: String) throws(Misfit) -> String {
        let digits = numbers(in: text)
        guard digits.count == 1, let number = digits.first, isPositive(number) else {
            throw Misfit(found: text, expected: "one number above 0")
        }
        return number
    }

    /// Days of 14天, 2周 or 14.
    static func days(_ text: String) throws(Misfit) -> Int {
        let plain = HeadingText.normalized(text)
        let misfit = Misfit(found: text, expected: "a number of days, such as 14 or 14天")
        let digits = numbers(in: plain)
        guard digits.count == 1, let number = Int(digits[0]), let place = plain.firstRange(of: digits[0]) else { throw misfit }
        let unit: Int
        switch plain[place.upperBound...].drop(while: { $0 == "个" }).first {
        case nil, "天", "日", ")": unit = 1
        case "周": unit = 7
        case "月": unit = 30
        case "年": unit = 365
        default: throw misfit
        }
        guard (1...3660).contains(number), (1...3660).contains(number * unit) else { throw misfit }
        return number * unit
    }

    /// The window of a pair: `day`, `visit`, or hours such as `6h`.
    static func window(_ text: String) throws(Misfit) -> (value: String, days: Int?) {
        let plain = HeadingText.normalized(text)
        if plain.contains("小时") {
            let hours = plain.contains("同一小时") || plain.contains("每小时") ? "1" : numbers(in: plain).first ?? ""
            guard let count = Int(hours), (1...240).contains(count) else { throw Misfit(found: text, expected: "hours such as 6小时") }
            return ("\(count)h", nil)
        }
        if ["单日", "同日", "每日", "当日", "同一天", "同一日", "日", "天", "单天"].contains(plain) { return ("day", 1) }
        if plain.contains("就诊") || plain.contains("住院") || plain.contains("就医") { return ("visit", nil) }
        throw Misfit(found: text, expected: "单日, 单次就诊 or hours such as 6小时")
    }

    /// Times of an amount within days: 每7天1次, 1次/7日, 7天内不超过2次.
    static func timesInPeriod(_ text: String) throws(Misfit) -> (times: String, days: Int) {
        let plain = HeadingText.normalized(text)
        let digits = numbers(in: plain)
        guard digits.count == 2, let times = plain.firstIndex(of: "次"),
            let timesNumber = numbers(in: String(plain[..<times])).last, isPositive(timesNumber)
        else { throw Misfit(found: text, expected: "such as 7天1次") }
        let other = digits[0] == timesNumber ? digits[1] : digits[0]
        let unit = plain.contains("周") ? 7 : (plain.contains("月") ? 30 : 1)
        guard let count = Int(other), (1...3660).contains(count * unit) else { throw Misfit(found: text, expected: "such as 7天1次") }
        return (timesNumber, count * unit)
    }

    /// `[digits][.digits]` within a text, from left to right.
    static func numbers(in text: String) -> [String] {
        var numbers: [String] = []
        var number = ""
        for scalar in HeadingText.normalized(text).unicodeScalars {
            if (0x30...0x39).contains(scalar.value) || (scalar == "." && !number.isEmpty && !number.contains(".")) {
                number.unicodeScalars.append(scalar)
            } else if !number.isEmpty {
                numbers.append(number)
                number = ""
            }
        }
        if !number.isEmpty { numbers.append(number) }
        return numbers.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
    }

    private static func isPositive(_ number: String) -> Bool {
        let parts = number.split(separator: ".")
        guard let whole = parts.first, whole.count <= 12, parts.count == 1 || parts[1].count <= 6 else { return false }
        return number.contains { $0 != "0" && $0 != "." }
    }
}
