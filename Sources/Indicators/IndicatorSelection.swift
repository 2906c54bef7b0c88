import Claims
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

    /// What a report asks: the built-in library, the templates for which the store has knowledge points, the user's own.
    package func reportedIndicators(_ runner: any QueryRunner) throws -> [Indicator] {
        var catalog = try IndicatorCatalog.builtIn()
        let attributes = try runner.run(sql: "select distinct attribute from knowledge").rows()
        for template in try IndicatorCatalog.templates()
        where template.needs.contains(where: { attributes.contains([.text($0)]) }) {
            if let known = try withColumns(template, runner) { catalog.add(known) }
        }
        return try adding(to: catalog).indicators
    }

    /// The template with its columns as the store's claims call them; nil if they have none such.
    private func withColumns(_ template: Indicator, _ runner: any QueryRunner) throws -> Indicator? {
        guard template.parameters.contains(where: { $0.type == .column }) else { return template }
        let names = Set(try runner.run(sql: "select * from claims limit 0").schema.fields.map(\.name))
        var template = template
        for (place, parameter) in template.parameters.enumerated() {
            guard case .column(let usual) = parameter.defaultValue, !names.contains(usual) else { continue }
            guard let other = CanonicalColumn.namesOfInsuranceType.first(where: names.contains) else { return nil }
            template.parameters[place].defaultValue = .column(other)
        }
        return template
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
        let profile = try readProfile()
        let known = Set(indicators.flatMap { $0.parameters.map(\.name) })
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
        try BoundIndicator(
            indicator, overrides: (profile.parameters[indicator.id] ?? [:]).merging(chosen) { $1 }, period: period,
            exemptions: profile.exemptions)
    }
}
