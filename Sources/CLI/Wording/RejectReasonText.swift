import CSV
import Engine
import Indicators

/// Why rows were rejected, for people. Files keep the short names, which stand in brackets behind the Chinese ones.
enum RejectReasonText {
    /// A reason as a summary shows it.
    static func text(_ reason: String, in language: DisplayLanguage) -> String {
        guard language == .chinese, let chinese = chinese(reason) else { return reason }
        return "\(chinese)（\(reason)）"
    }

    /// Reasons with their numbers of rows, the most frequent first: `not_a_date 3, missing_value 1`.
    static func text(_ causes: [(reason: String, count: Int)], in language: DisplayLanguage) -> String {
        joined(causes.map { ($0.reason, CountText.text($0.count)) }, in: language)
    }

    /// The same from what an error says of them.
    static func counts(_ listed: String, in language: DisplayLanguage) -> String {
        let causes = listed.split(separator: ", ").map { part in
            let words = part.split(separator: " ").map(String.init)
            return (reason: words.first ?? "", count: words.last ?? "")
        }
        return joined(causes, in: language)
    }

    private static func joined(_ causes: [(reason: String, count: String)], in language: DisplayLanguage) -> String {
        let isChinese = language == .chinese
        return causes.map { text($0.reason, in: language) + (isChinese ? "\($0.count) 行" : " " + $0.count) }
            .joined(separator: isChinese ? "，" : ", ")
    }

    private static func chinese(_ reason: String) -> String? {
        // A value that its column does not allow; the other reasons are those of reading.
        if reason == "invalid_value" { return "值不允许" }
        return RejectReason(rawValue: reason).map(chinese)
    }

    private static func chinese(_ reason: RejectReason) -> String {
        switch reason {
        case .fieldCount: "字段数不符"
        case .unclosedQuote: "引号未结束"
        case .fieldTooLong: "字段过长"
        case .textAfterQuote: "引号后有多余文字"
        case .carriageReturn: "孤立的回车符"
        case .invalidEncoding: "编码无效"
        case .nulByte: "含 NUL 字节"
        case .missingValue: "缺少必填值"
        case .scientificNotation: "科学计数法"
        case .notANumber: "不是数"
        case .numberTooLarge: "数位过多"
        case .tooManyDecimals: "小数位过多"
        case .notADate: "不是日期"
        case .notATimestamp: "不是时间"
        case .dateFormat: "日期格式不一"
        case .notABoolean: "不是布尔值"
        case .duplicate: "重复"
        }
    }
}
