import Indicators

/// What progress lines are made of.
struct ProgressWording: Sendable {
    let language: DisplayLanguage

    func say(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }

    func rows(_ count: Int) -> String { say("\(CountText.text(count)) rows", "\(CountText.text(count)) 行") }

    /// - Parameter rate: Rows a second.
    func rate(_ rate: Double) -> String {
        let count = CountText.text(Int(rate))
        return say("\(count) rows/s", "每秒 \(count) 行")
    }

    func left(seconds: Double) -> String {
        let count = Int(seconds.rounded(.up))
        return say("\(count) s left", "还需 \(count) 秒")
    }

    func joined(_ parts: [String]) -> String { parts.joined(separator: say(", ", "，")) }
}
