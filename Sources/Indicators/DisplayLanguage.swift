/// A language texts are shown in.
package enum DisplayLanguage: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh"
}

/// A text in both languages.
package struct BilingualText: Hashable, Sendable {
    package var english: String
    package var chinese: String

    package init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    package subscript(language: DisplayLanguage) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}
