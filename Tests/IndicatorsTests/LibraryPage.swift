import Claims
import Engine
import Foundation
import Indicators

/// `docs/indicators.md`: what is written by hand, around what the files of the library give.
enum LibraryPage {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/indicators.md")

    static let begin = "<!-- From here on the page is made from the files of Sources/Indicators/Library. -->\n"
    static let end = "<!-- From here on it is written by hand again. -->\n"

    static func engine() -> EngineOptions {
        var options = EngineOptions()
        options.knowClaims()
        return options
    }

    /// A table of the indicators, and a section of each.
    static func made() throws -> String {
        let indicators = try IndicatorCatalog.builtIn().indicators
        var text = "| indicator | | theme | kind | result |\n|---|---|---|---|---|\n"
        for indicator in indicators {
            text += "| [`\(indicator.id)`](#\(anchor(of: indicator))) \(indicator.title.chinese) | \(indicator.title.english) | \(indicator.theme.english) "
                + "| \(indicator.kind.rawValue) | \(indicator.result.rawValue) |\n"
        }
        for indicator in indicators {
            text += "\n" + (try IndicatorPage(try BoundIndicator(indicator, period: .all), engine: engine()).markdown(level: 2))
        }
        return text
    }

    /// The page with another text between the marks; nil if it has not both of them.
    static func page(_ page: String, with made: String) -> String? {
        guard let first = page.firstRange(of: begin), let last = page.firstRange(of: end), first.upperBound <= last.lowerBound else { return nil }
        return page[..<first.upperBound] + "\n" + made + "\n" + page[last.lowerBound...]
    }

    /// What a heading is called in a link: small letters, a hyphen for each blank, no other punctuation.
    private static func anchor(of indicator: Indicator) -> String {
        "\(indicator.id) \(indicator.title.chinese): \(indicator.title.english)".lowercased()
            .filter { $0.isLetter || $0.isNumber || "_- ".contains($0) }.replacing(" ", with: "-")
    }
}
