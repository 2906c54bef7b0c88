import Columns
import Diagnostics
import Indicators

/// Over which claims indicators run, and with which parameters.
public struct AnalysisSettings: Hashable, Sendable {
    /// First day of settlement that counts; nil for no beginning.
    public var from: CalendarDate?
    /// First day of settlement that counts no more; nil for no end.
    public var to: CalendarDate?
    /// Values of parameters as texts, by name; what is missing keeps its default. ``FundStore/rank(settings:cancellation:)`` gives each
    /// to the indicators that have it.
    public var parameters: [String: String] = [:]
    /// A folder of your own indicators (`.sql`), besides the built-in ones.
    public var libraryFolder: String?
    /// A YAML file of parameters and exemptions.
    public var profileFile: String?

    /// All claims, all defaults.
    public init() {}
}

extension AnalysisSettings {
    func period() throws -> ReportingPeriod {
        let period = ReportingPeriod(from: from?.civil, to: to?.civil)
        for date in [from, to].compactMap({ $0 }) where !date.civil.isValid {
            throw FundError(.usage, "day \(date.daysSince1970) since 1970 is not in the years 1 to 9999")
        }
        try period.refuseEmpty()
        return period
    }

    func selection() throws -> IndicatorSelection {
        IndicatorSelection(
            libraryFolder: libraryFolder, settings: parameters, profilePath: profileFile, period: try period())
    }
}
