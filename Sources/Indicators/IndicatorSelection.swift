import Columns
import Diagnostics
import Engine

/// Which indicators there are, and with which parameters and over which period they run.
package struct IndicatorSelection: Sendable {
    /// A folder of the user's own indicators, besides the built-in ones.
    package var libraryFolder: String?
    /// Values of parameters as texts, by name.
    package var settings: [String: String]
    /// A YAML file of parameters and exemptions.
    package var profilePath: String?
    package var period: ReportingPeriod

    package init(
        libraryFolder: String? = nil, settings: [String: String] = [:], profilePath: String? = nil, period: ReportingPeriod = .all
    ) {
        self.libraryFolder = libraryFolder
        self.settings = settings
        self.profilePath = profilePath
        self.period = period
    }

    /// Everything that can be asked for by its id: the built-in library, the templates over knowledge points, the user's own.
    package func catalog() throws(IndicatorError) -> IndicatorCatalog { try adding(to: .everything()) }

    /// What begins as one of the program's catalogs, with the user's own.
    package func adding(to catalog: IndicatorCatalog) throws(IndicatorError) -> IndicatorCatalog {
        var catalog = catalog
        if let libraryFolder { try catalog.add(libraryAt: libraryFolder) }
        return catalog
    }

    /// The profile, checked against the library; an empty one if none is named.
    private func readProfile() throws(IndicatorError) -> IndicatorProfile {
        guard let profilePath else { return IndicatorProfile() }
        return try IndicatorProfile.load(profilePath, for: try catalog().indicators)
    }

    /// The indicator with its parameters set: by a setting, else by the profile, else the default.
    ///
    /// - Parameter more: Settings that go before all of these.
    package func bind(_ indicator: Indicator, more: [String: String] = [:]) throws(IndicatorError) -> BoundIndicator {
        try bind(indicator, settings.merging(more) { $1 }, try readProfile())
    }

    /// Several indicators: each takes the settings that name a parameter of its own.
    ///
    /// - Throws: `usage` for a setting nobody takes.
    package func bindAll(_ indicators: [Indicator]) throws -> [BoundIndicator] {
        try bindAll(indicators, takingSettingsOf: indicators)
    }

    /// What a report asks of a store: the built-in library, the templates for which it has knowledge points, the user's own.
    ///
    /// A template whose column the claims do not have is left out, unless somebody named one. A setting may be one of any indicator
    /// there is: whether the store has points of it is not the reader's doing.
    ///
    /// - Throws: `usage` for a setting that no indicator has, or a column that is not there; the runner's errors.
    package func reported(_ runner: any QueryRunner) throws -> [BoundIndicator] {
        var catalog = try IndicatorCatalog.builtIn()
        let attributes = try runner.run(sql: "select distinct attribute from knowledge").rows()
        let templates = try IndicatorCatalog.templates().filter { $0.needs.contains { attributes.contains([.text($0)]) } }
        for template in templates { catalog.add(template) }
        let optional = Set(templates.map(\.id))
        return try bindAll(try adding(to: catalog).indicators, takingSettingsOf: try self.catalog().indicators).compactMap { bound in
            do {
                return try bound.fitted(to: runner)
            } catch IndicatorError.noColumn where optional.contains(bound.indicator.id) {
                return nil
            }
        }
    }

    /// Checks all that can be checked without a store: names and values of settings, the profile, the user's own indicators.
    package func check() throws { _ = try bindAll(try catalog().indicators) }

    private func bindAll(_ indicators: [Indicator], takingSettingsOf all: [Indicator]) throws -> [BoundIndicator] {
        let profile = try readProfile()
        let known = Set(all.flatMap { $0.parameters.map(\.name) })
        if let stray = settings.keys.sorted().first(where: { !known.contains($0) }) {
            let near = EditDistance.nearest(to: stray, among: known.sorted()).map { "did you mean \"\($0)\"?" }
            throw Diagnostic(.usage, "no indicator has a parameter \"\(stray)\"", mend: near)
        }
        return try indicators.map { indicator in
            let names = Set(indicator.parameters.map(\.name))
            return try bind(indicator, settings.filter { names.contains($0.key) }, profile)
        }
    }

    private func bind(
        _ indicator: Indicator, _ chosen: [String: String], _ profile: IndicatorProfile
    ) throws(IndicatorError) -> BoundIndicator {
        var bound = try BoundIndicator(
            indicator, overrides: (profile.parameters[indicator.id] ?? [:]).merging(chosen) { $1 }, period: period,
            exemptions: profile.exemptions)
        if let profilePath {
            let lines = (profile.parameterLines[indicator.id] ?? [:]).filter { chosen[$0.key] == nil }
            bound.places = lines.mapValues { SourceLocation(file: profilePath, line: $0) }
        }
        return bound
    }
}
