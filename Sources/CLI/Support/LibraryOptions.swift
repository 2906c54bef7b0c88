import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators

/// Which indicators there are.
struct LibraryFolder: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A folder of your own indicators (.sql), besides the built-in ones.", valueName: "dir"))
    var library: String?

    /// What begins as one of the program's catalogs, with the user's own.
    func adding(to catalog: IndicatorCatalog) throws -> IndicatorCatalog {
        var catalog = catalog
        if let library { try catalog.add(libraryAt: library) }
        return catalog
    }

    /// Everything that can be asked for by its id: the built-in library, the templates over knowledge points, the user's own.
    func catalog() throws -> IndicatorCatalog { try adding(to: .everything()) }
}

/// Which indicators there are, and with which parameters.
struct LibraryOptions: ParsableArguments {
    @OptionGroup var folder: LibraryFolder

    @Option(name: .customLong("set"), help: ArgumentHelp("A parameter's value; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(name: .long, help: ArgumentHelp("A YAML file of parameters and exemptions.", valueName: "file"))
    var profile: String?

    func catalog() throws -> IndicatorCatalog { try folder.catalog() }

    /// What a report asks: the built-in library, the templates for which the store has knowledge points, the user's own.
    func reportedIndicators(in database: Database) throws -> [Indicator] {
        var catalog = try IndicatorCatalog.builtIn()
        let attributes = try database.query("select distinct attribute from knowledge").rows()
        for template in try IndicatorCatalog.templates()
        where template.needs.contains(where: { attributes.contains([.text($0)]) }) { catalog.add(template) }
        return try folder.adding(to: catalog).indicators
    }

    /// The profile, checked against the library; an empty one if none is named.
    func readProfile() throws -> IndicatorProfile {
        guard let profile else { return IndicatorProfile() }
        return try IndicatorProfile.load(profile, for: try catalog().indicators)
    }

    /// The indicator with its parameters set: by `--set`, else by the profile, else the default.
    ///
    /// - Parameter more: Parameters that go before all of these.
    func bind(_ indicator: Indicator, period: ReportingPeriod, more: [String: String] = [:]) throws -> BoundIndicator {
        let chosen = try BoundIndicator.overrides(settings).merging(more) { $1 }
        return try LibraryOptions.bind(indicator, chosen, period, try readProfile())
    }

    /// Several indicators: each takes the settings that name a parameter of its own; a setting nobody takes is an error.
    func bindAll(_ indicators: [Indicator], period: ReportingPeriod) throws -> [BoundIndicator] {
        let overrides = try BoundIndicator.overrides(settings)
        let profile = try readProfile()
        let known = Set(indicators.flatMap { $0.parameters.map(\.name) })
        if let stray = overrides.keys.sorted().first(where: { !known.contains($0) }) {
            let near = EditDistance.nearest(to: stray, among: known.sorted()).map { "did you mean \"\($0)\"?" }
            throw Diagnostic(.usage, "no indicator has a parameter \"\(stray)\"", mend: near)
        }
        return try indicators.map { indicator in
            let names = Set(indicator.parameters.map(\.name))
            return try LibraryOptions.bind(indicator, overrides.filter { names.contains($0.key) }, period, profile)
        }
    }

    private static func bind(
        _ indicator: Indicator, _ chosen: [String: String], _ period: ReportingPeriod, _ profile: IndicatorProfile
    ) throws -> BoundIndicator {
        try BoundIndicator(
            indicator, overrides: (profile.parameters[indicator.id] ?? [:]).merging(chosen) { $1 }, period: period,
            exemptions: profile.exemptions)
    }
}
