import Indicators

/// An indicator of the library: what it asks, with which parameters.
public struct IndicatorDescription: Hashable, Sendable, Identifiable {
    /// A text in the library's two languages.
    public struct Wording: Hashable, Sendable {
        /// In English.
        public let english: String
        /// In Chinese.
        public let chinese: String

        init(_ text: BilingualText) {
            english = text.english
            chinese = text.chinese
        }
    }

    /// What an indicator's queries depend on.
    public struct Parameter: Hashable, Sendable {
        /// Its name in ``AnalysisSettings/parameters``.
        public let name: String
        /// Its value unless another is set.
        public let defaultValue: String
        /// What it means.
        public let meaning: Wording
        /// Whence the default: a law or a statistic.
        public let source: String
    }

    /// By which it is asked for.
    public let id: String
    /// Counted up when its answers change.
    public let version: Int
    /// Its title.
    public let title: Wording
    /// What it belongs to.
    public let theme: Wording
    /// What its exposure counts.
    public let exposure: Wording
    /// What its events count.
    public let event: Wording
    /// The law or statistic it rests on.
    public let basis: Wording
    /// What looks like an event and is none.
    public let falseAlarms: Wording
    /// Whether an event is a violation by itself; else it is a suspicion to look into.
    public let isViolation: Bool
    /// What can be set.
    public let parameters: [Parameter]

    init(_ indicator: Indicator) {
        id = indicator.id
        version = indicator.version
        title = Wording(indicator.title)
        theme = Wording(indicator.theme)
        exposure = Wording(indicator.exposure)
        event = Wording(indicator.event)
        basis = Wording(indicator.basis)
        falseAlarms = Wording(indicator.falseAlarms)
        isViolation = indicator.result == .violation
        parameters = indicator.parameters.map {
            Parameter(
                name: $0.name, defaultValue: $0.defaultValue.text, meaning: Wording($0.description), source: $0.source)
        }
    }
}
