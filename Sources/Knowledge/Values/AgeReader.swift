import Claims

/// Ages in words. 以上 and 以下 include the number, 不满 and 超过 do not (Civil Code, article 1259).
enum AgeReader {
    typealias Limit = (attribute: KnowledgeAttribute, value: String)

    /// Limits of the allowed ages, one or two.
    static func limits(_ text: String) throws(ValueReader.Misfit) -> [Limit] {
        let plain = HeadingText.normalized(text)
        let misfit = ValueReader.Misfit(found: text, expected: "an age such as 14岁以下, 不满18周岁 or 新生儿")
        let numbers = ValueReader.numbers(in: plain).compactMap { Int($0) }
        if numbers.isEmpty {
            if plain.contains("新生儿") { return [(.maxAgeDays, "28")] }
            // Whoever is 18 is no child by any count.
            if plain.contains("儿童") || plain.contains("未成年") { return [plain.contains("禁") ? (.minAgeYears, "18") : (.maxAgeYears, "18")] }
            if plain.contains("成人") || plain.contains("成年") { return [(.minAgeYears, "18")] }
            throw misfit
        }
        guard numbers.allSatisfy({ (0...150).contains($0) }) else { throw misfit }
        if plain.contains("天") || plain.contains("日龄") {
            guard numbers.count == 1, isUpper(plain) else { throw misfit }
            return [(.maxAgeDays, String(isStrict(plain) ? numbers[0] - 1 : numbers[0]))]
        }
        // Months would need days of birth to be exact.
        if plain.contains("月") { throw misfit }
        if numbers.count == 2, ["-", "至", "~", "到", "—", "–"].contains(where: plain.contains), numbers[0] < numbers[1] {
            return [(.minAgeYears, String(numbers[0])), (.maxAgeYears, String(numbers[1] + 1))]
        }
        guard numbers.count == 1 else { throw misfit }
        let age = numbers[0]
        if isUpper(plain) { return [(.maxAgeYears, String(isStrict(plain) ? age : age + 1))] }
        if isLower(plain) { return [(.minAgeYears, String(isStrict(plain) ? age + 1 : age))] }
        throw misfit
    }

    private static func isUpper(_ text: String) -> Bool {
        ["以下", "以内", "不满", "未满", "小于", "<", "≤", "不超过", "不大于", "不高于"].contains(where: text.contains)
    }

    private static func isLower(_ text: String) -> Bool {
        ["以上", "年满", "大于", ">", "≥", "超过", "不小于", "不低于", "起"].contains(where: text.contains)
    }

    private static func isStrict(_ text: String) -> Bool {
        if ["≤", "≥", "<=", ">=", "不超过", "不大于", "不小于", "不高于", "不低于", "及以下", "及以上"].contains(where: text.contains) { return false }
        return ["不满", "未满", "小于", "<", ">", "大于", "超过"].contains(where: text.contains)
    }
}
