import Claims

/// Ages in words. 以上 and 以下 include the number, 不满 and 超过 do not (Civil Code, article 1259).
enum AgeReader {
    typealias Limit = (attribute: KnowledgeAttribute, value: String)

    /// One end of a span of ages.
    private struct Bound: Hashable {
        var number: Int
        var isUpper: Bool
        var isStrict: Bool
        var isDays: Bool
    }

    /// Limits of the allowed ages, one or two.
    ///
    /// - Parameter forbids: Whether an upper end names the ages that may not have the item, as under the title 儿童禁用.
    static func limits(_ text: String, forbids: Bool = false) throws(ValueReader.Misfit) -> [Limit] {
        let misfit = ValueReader.Misfit(found: text, expected: "an age such as 14岁以下, 不满18周岁 or 新生儿")
        let symbols = symbolic(ValueReader.arabic(HeadingText.normalized(text)))
        guard !hasOpenWord(symbols) else { throw misfit }
        let (plain, isForbidden) = withoutProhibition(symbols)
        guard plain.contains(where: \.isNumber) else { return try named(plain, isForbidden: isForbidden || forbids, misfit: misfit) }
        let bounds = try bounds(plain, misfit: misfit)
        guard bounds.allSatisfy({ (0...150).contains($0.number) }), let first = bounds.first else { throw misfit }
        if isForbidden || (forbids && first.isUpper) {
            guard bounds.count == 1, !first.isDays else { throw misfit }
            // What is left is on the other side of the number, with it if the words leave it out.
            return [first.isUpper ? lower(first.isStrict ? first.number : first.number + 1) : upper(first.isStrict ? first.number : first.number - 1)]
        }
        if first.isDays {
            guard bounds.count == 1, first.isUpper else { throw misfit }
            return [(.maxAgeDays, String(first.isStrict ? first.number - 1 : first.number))]
        }
        let lowest = bounds.filter { !$0.isUpper }.map { $0.isStrict ? $0.number + 1 : $0.number }
        let highest = bounds.filter(\.isUpper).map { $0.isStrict ? $0.number - 1 : $0.number }
        guard lowest.count <= 1, highest.count <= 1, bounds.count == 1 || lowest[0] <= highest[0] else { throw misfit }
        return lowest.map(lower) + highest.map(upper)
    }

    /// Limits of two columns, a lowest and a highest age, both of which may have the item.
    static func limits(lowest: String?, highest: String?) throws(ValueReader.Misfit) -> [Limit] {
        func number(_ text: String) throws(ValueReader.Misfit) -> Int {
            let plain = ValueReader.arabic(HeadingText.normalized(text)).replacing("周岁", with: "").replacing("岁", with: "")
            guard let number = Int(plain), (0...150).contains(number) else { throw ValueReader.Misfit(found: text, expected: "years such as 14") }
            return number
        }
        let least = try lowest.map(number)
        let most = try highest.map(number)
        guard least != nil || most != nil else { throw ValueReader.Misfit(found: "nothing", expected: "a lowest or a highest age") }
        if let least, let most, least > most { throw ValueReader.Misfit(found: "\(least) to \(most)", expected: "the lowest age first") }
        return (least.map { [lower($0)] } ?? []) + (most.map { [upper($0)] } ?? [])
    }

    /// The lowest age that is allowed.
    private static func lower(_ age: Int) -> Limit { (.minAgeYears, String(age)) }

    /// The highest age that is allowed: the table names the first that is not.
    private static func upper(_ age: Int) -> Limit { (.maxAgeYears, String(age + 1)) }

    /// Ages by name alone.
    private static func named(_ text: String, isForbidden: Bool, misfit: ValueReader.Misfit) throws(ValueReader.Misfit) -> [Limit] {
        switch withoutFillers(text) {
        case "新生儿" where !isForbidden: [(.maxAgeDays, "28")]
        // Whoever is 18 is no child by any count.
        case "儿童", "未成年", "未成年人": [isForbidden ? lower(18) : upper(17)]
        case "成人", "成年", "成年人": [isForbidden ? upper(17) : lower(18)]
        default: throw misfit
        }
    }

    private static let atLeast = ["大于或等于", "大于等于", "不得小于", "不得低于", "不小于", "不低于", "不少于", "至少", ">=", "≥", "≧", "年满", "已满"]
    private static let atMost = ["小于或等于", "小于等于", "不得超过", "不得大于", "不得高于", "不超过", "不大于", "不高于", "至多", "<=", "≤", "≦", "upto"]
    private static let lessThan = ["不满", "未满", "不足", "小于", "低于", "<", "under", "below"]
    private static let moreThan = ["大于", "超过", "高于", ">"]

    /// Comparisons as `≥ ≤ < >` before a number and `↑ ↓` after one.
    private static func symbolic(_ text: String) -> String {
        var plain = text.replacing(/[(]含[0-9]*(周?岁)?[)]/, with: "").replacing(/[(]不(包)?含[0-9]*(周?岁)?[)]/, with: "∌")
        for (words, symbol) in [(atLeast, "≥"), (atMost, "≤"), (lessThan, "<"), (moreThan, ">")] {
            for word in words { plain = plain.replacing(word, with: symbol) }
        }
        for word in ["及以上", "以上", "andolder", "andover", "起", "+"] { plain = plain.replacing(word, with: "↑") }
        for word in ["及以下", "以下", "以内", "之内", "andyounger"] { plain = plain.replacing(word, with: "↓") }
        for word in ["周岁", "years", "year", "岁"] { plain = plain.replacing(word, with: "岁") }
        for word in ["日龄", "days", "天"] { plain = plain.replacing(word, with: "天") }
        for word in ["至", "到", "~", "—", "–", "to"] { plain = plain.replacing(word, with: "-") }
        return plain.replacing(/满([0-9])/) { "≥\($0.output.1)" }
    }

    /// Words after which an age is no limit that can be told, or one of several.
    private static func hasOpenWord(_ text: String) -> Bool {
        ["或", "除", "慎", "月", "孕", "宜", "非", "建议"].contains { text.contains($0) }
    }

    private static func withoutProhibition(_ text: String) -> (text: String, isForbidden: Bool) {
        var plain = text
        for word in ["不予支付", "不得使用", "不得用于", "不能使用", "不能用于", "不可使用", "不支付", "禁止使用", "禁用于", "禁止", "禁用"] {
            plain = plain.replacing(word, with: "✗")
        }
        let rest = plain.replacing("✗", with: "")
        return (rest, rest != plain)
    }

    private static func withoutFillers(_ text: String) -> String {
        var plain = text
        for word in ["患者", "患儿", "人群", "出生后", "出生", "生后", "病人", "使用", "支付", "年龄", "可用", "用于", "限定", "仅", "限", "的", "者", "专用", "药品", "药", "用", "(", ")", "。"] {
            plain = plain.replacing(word, with: "")
        }
        return plain
    }

    /// Every part must be one of these: `<14岁`, `14岁↓`, both ends with 且 or nothing between, or a span such as `6岁-12岁`.
    private static func bounds(_ text: String, misfit: ValueReader.Misfit) throws(ValueReader.Misfit) -> [Bound] {
        var plain = withoutFillers(text)
        for word in ["新生儿", "儿童", "未成年人", "成年人", "成人", "老年人"] { plain = plain.replacing(word, with: "") }
        if let span = plain.wholeMatch(of: /([0-9]+)岁?-([0-9]+)岁?/), let first = Int(span.output.1), let last = Int(span.output.2), first < last {
            return [
                Bound(number: first, isUpper: false, isStrict: false, isDays: false), Bound(number: last, isUpper: true, isStrict: false, isDays: false),
            ]
        }
        var bounds: [Bound] = []
        var rest = plain[...]
        while !rest.isEmpty {
            guard bounds.count < 2, let part = rest.prefixMatch(of: /([≥≤<>]?)([0-9]{1,4})(岁|天)?(∌?)([↑↓]?)(∌?)[且并,，-]?/), let number = Int(part.output.2) else {
                throw misfit
            }
            let sign = part.output.1
            let end = part.output.5
            let isUpper = sign == "≤" || sign == "<" || end == "↓"
            let isLower = sign == "≥" || sign == ">" || end == "↑"
            guard isUpper != isLower else { throw misfit }
            bounds.append(
                Bound(
                    number: number, isUpper: isUpper, isStrict: sign == "<" || sign == ">" || !(part.output.4 + part.output.6).isEmpty,
                    isDays: part.output.3 == "天"))
            rest = rest[part.range.upperBound...]
        }
        guard !bounds.isEmpty, bounds.count == 1 || bounds[0].isUpper != bounds[1].isUpper, Set(bounds.map(\.isDays)).count == 1 else { throw misfit }
        return bounds
    }
}
