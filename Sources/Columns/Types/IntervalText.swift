/// Intervals in the form of ISO 8601.
package enum IntervalText {
    /// `P1Y2M3DT4H5M6.7S` or `P0001-02-03T04:05:06` in PostgreSQL's own words, `1 year 2 month …`; nil for any other text.
    package static func plain(iso text: String) -> String? {
        guard text.utf8.first == 0x50, text.utf8.count > 1 else { return nil }
        let parts = text.dropFirst().split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = words(parts[0], ["Y": "year", "M": "month", "W": "week", "D": "day"], alternative: true),
            let time = parts.count > 1
                ? words(parts[1], ["H": "hour", "M": "minute", "S": "second"], alternative: false) : ""
        else { return nil }
        if parts.count > 1, parts[1].isEmpty { return nil }
        let joined = date + (date.isEmpty || time.isEmpty ? "" : " ") + time
        return joined.isEmpty ? nil : joined
    }

    private static func words(_ text: Substring, _ units: [Character: String], alternative: Bool) -> String? {
        if text.contains(":") { return String(text) }
        if alternative, !text.isEmpty, text.last?.isNumber == true {
            let fields = text.split(separator: "-", omittingEmptySubsequences: false)
            guard fields.count == 3, fields.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) }) else { return nil }
            return "\(fields[0]) year \(fields[1]) month \(fields[2]) day"
        }
        var result: [String] = []
        var number = ""
        for character in text {
            if character.isNumber || character == "." || character == "-" || character == "+" {
                number.append(character)
            } else {
                guard let unit = units[character], number.contains(where: \.isNumber) else { return nil }
                result.append("\(number) \(unit)")
                number = ""
            }
        }
        return number.isEmpty ? result.joined(separator: " ") : nil
    }
}
