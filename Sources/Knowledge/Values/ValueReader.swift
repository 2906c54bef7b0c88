/// Values of published sheets as those of the table `knowledge`.
enum ValueReader {
    /// A value in words that is not understood.
    struct Misfit: Error, Hashable {
        var found: String
        var expected: String
        /// Whether it says what a point restricts, and not how far.
        var isType = false
    }

    static func sex(_ text: String) throws(Misfit) -> String {
        let plain = HeadingText.normalized(text)
        switch plain {
        case "male", "m", "men", "malesonly", "maleonly": return "male"
        case "female", "f", "women", "femalesonly", "femaleonly": return "female"
        default: break
        }
        let isMale = plain.contains("男")
        guard isMale != plain.contains("女"), !isNegative(plain) else { throw Misfit(found: text, expected: "男 or 女") }
        return isMale ? "male" : "female"
    }

    /// Whether words turn what they are about around, or leave something out of it.
    static func isNegative(_ text: String) -> Bool {
        ["禁", "忌", "非", "不", "除", "慎", "勿", "无"].contains { text.contains($0) }
    }

    /// The lowest level that is allowed: 二级 and 二级及以上 alike, as the published lists mean it.
    static func level(_ text: String) throws(Misfit) -> String {
        let plain = HeadingText.normalized(text)
        let misfit = Misfit(found: text, expected: "一级, 二级 or 三级, with 及以上 or alone")
        switch plain.replacing("andabove", with: "").replacing("orabove", with: "").replacing("andhigher", with: "").replacing("orhigher", with: "") {
        case "primary": return "primary"
        case "secondary": return "secondary"
        case "tertiary": return "tertiary"
        default: break
        }
        guard !isNegative(plain), !plain.contains("以下") else { throw misfit }
        let numerals = [["一级", "1级", "ⅰ级"], ["二级", "2级", "ⅱ级"], ["三级", "3级", "ⅲ级"]]
        let named = numerals.indices.filter { index in numerals[index].contains(where: plain.contains) }
        // Several levels are a lowest one only if no higher one is left out.
        guard let lowest = named.first, named.count == 1 || named.count == numerals.count - lowest else { throw misfit }
        if named.count == 1, plain.contains("仅"), lowest < numerals.count - 1, !plain.contains("以上") { throw misfit }
        return ["primary", "secondary", "tertiary"][lowest]
    }

    /// Visit types that are allowed, each once.
    static func visitTypes(_ text: String) throws(Misfit) -> [String] {
        let words: [(String, String)] = [
            ("住院", "inpatient"), ("急诊", "emergency"), ("急救", "emergency"), ("抢救", "emergency"), ("急抢救", "emergency"), ("门慢", "chronic"),
            ("门特", "chronic"), ("慢特病", "chronic"), ("慢性病", "chronic"), ("普通门诊", "outpatient"), ("门诊", "outpatient"), ("药店", "pharmacy"),
            ("inpatient", "inpatient"), ("outpatient", "outpatient"), ("emergency", "emergency"), ("chronic", "chronic"), ("pharmacy", "pharmacy"),
        ]
        var rest = HeadingText.normalized(text).replacing("(", with: "").replacing(")", with: "")
        var types: [String] = []
        for (word, type) in words.sorted(by: { $0.0.count > $1.0.count }) where rest.contains(word) {
            rest = rest.replacing(word, with: "")
            if !types.contains(type) { types.append(type) }
        }
        for filler in ["患者", "病人", "使用", "支付", "期间", "情况", "时", "的", "就医", "医疗", "仅", "限", "及", "和", "或", "、", ",", "，", "/", ";", "；", "。", ".", "(", ")", "only", "and", "or"] {
            rest = rest.replacing(filler, with: "")
        }
        guard !types.isEmpty, rest.isEmpty else { throw Misfit(found: text, expected: "住院, 急诊, 门诊, 门慢 or 药店, or several of them") }
        return types.sorted()
    }

    static func insurance(_ text: String) throws(Misfit) -> String {
        let plain = HeadingText.normalized(text)
        let isInjury = plain.contains("工伤") || plain.contains("workinjury")
        guard isInjury != (plain.contains("生育") || plain.contains("maternity")), !isNegative(plain) else { throw Misfit(found: text, expected: "工伤 or 生育") }
        return isInjury ? "work_injury" : "maternity"
    }

    /// A number of at most 12 digits before and 6 after the point, above 0.
    static func quantity(_ text: String) throws(Misfit) -> String {
        let plain = arabic(HeadingText.normalized(text))
        let digits = numbers(in: plain)
        guard digits.count == 1, let number = digits.first, isPositive(number), !plain.contains("-" + number), !isLowerBound(plain) else {
            throw Misfit(found: text, expected: "one number above 0")
        }
        return number
    }

    /// A limit of a day: 2, 每日不超过2次, 2次/日, 24小时. The words must not be about another span of time.
    static func quantityOfDay(_ text: String) throws(Misfit) -> String {
        let plain = arabic(HeadingText.normalized(text))
        let otherSpans = [
            "周", "星期", "月", "年", "季", "疗程", "住院", "就诊", "就医", "处方", "终身", "终生", "一生", "每次", "次均", "每小时", "/小时", "分钟", "week", "month", "year", "stay", "visit",
            "course", "perhour", "/hour",
        ]
        guard !otherSpans.contains(where: plain.contains) else { throw Misfit(found: text, expected: "a number a day") }
        return try quantity(text)
    }

    /// Whether words are about a least number, or about one that is just beyond the limit.
    private static func isLowerBound(_ text: String) -> Bool {
        var plain = text
        for word in ["不超过", "不得超过", "不能超过", "不可超过", "不大于", "不得大于", "不多于", "不得多于", "小于等于", "小于或等于", "<="] { plain = plain.replacing(word, with: "≤") }
        return ["至少", "不少于", "不低于", "不小于", "以上", "起", "≥", ">", "大于", "多于", "超过", "小于", "少于", "低于", "<", "不满", "未满", "atleast", "morethan", "lessthan"]
            .contains(where: plain.contains)
    }

    /// With 一次, 两周, 十四岁 and the like as numbers.
    static func arabic(_ text: String) -> String {
        let values: [Character: Int] = ["一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9]
        return text.replacing(/([一二两三四五六七八九])?(十)?([一二三四五六七八九])?(次|天|日|周岁|周|岁|个月|月|年|小时)/) { match in
            let (first, ten, last, unit) = (match.output.1?.first, match.output.2, match.output.3?.first, match.output.4)
            if ten == nil {
                guard let digit = first ?? last, first == nil || last == nil else { return String(match.output.0) }
                return String(values[digit, default: 0]) + unit
            }
            return String((first.map { values[$0, default: 0] } ?? 1) * 10 + (last.map { values[$0, default: 0] } ?? 0)) + unit
        }
    }

    /// Days of 14天, 2周 or 14.
    static func days(_ text: String) throws(Misfit) -> Int {
        let plain = arabic(HeadingText.normalized(text))
        let misfit = Misfit(found: text, expected: "a number of days, such as 14 or 14天")
        let digits = numbers(in: plain)
        guard digits.count == 1, !plain.contains("-"), !isLowerBound(plain), let number = Int(digits[0]), let place = plain.firstRange(of: digits[0]) else { throw misfit }
        let unit: Int
        switch plain[place.upperBound...].drop(while: { $0 == "个" }).first {
        case nil, "天", "日", ")", "d": unit = 1
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
            let hours = plain.contains("同一小时") || plain.contains("每小时") ? "1" : numbers(in: arabic(plain)).first ?? ""
            guard let count = Int(hours), (1...240).contains(count) else { throw Misfit(found: text, expected: "hours such as 6小时") }
            return ("\(count)h", nil)
        }
        if ["单日", "同日", "每日", "当日", "当天", "同天", "每天", "同一天", "同一日", "日", "天", "单天", "1天", "1日", "day", "sameday"].contains(plain) { return ("day", 1) }
        if plain == "visit" || plain == "samevisit" || plain.contains("就诊") || plain.contains("住院") || plain.contains("就医") { return ("visit", nil) }
        throw Misfit(found: text, expected: "单日, 单次就诊 or hours such as 6小时")
    }

    /// Times of an amount within days: 每7天1次, 1次/7日, 7天内不超过2次.
    static func timesInPeriod(_ text: String) throws(Misfit) -> (times: String, days: Int) {
        let plain = arabic(HeadingText.normalized(text))
        let misfit = Misfit(found: text, expected: "such as 7天1次")
        guard numbers(in: plain).count == 2, !plain.contains("-"), !isLowerBound(plain),
            let times = plain.firstMatch(of: /([0-9]+(?:\.[0-9]+)?)次/)?.output.1,
            let span = plain.firstMatch(of: /([0-9]+)(?:天|日|周|个?月)/),
            !["疗程", "住院", "就诊", "处方"].contains(where: plain.contains), let count = Int(span.output.1), isPositive(String(times))
        else { throw misfit }
        let days = count * (span.output.0.hasSuffix("周") ? 7 : (span.output.0.hasSuffix("月") ? 30 : 1))
        guard (1...3660).contains(days) else { throw misfit }
        return (String(times), days)
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
