import ArgumentParser
import Engine
import Indicators

/// Which indicators there are.
struct LibraryFolder: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A folder of your own indicators (.sql), besides the built-in ones.", valueName: "dir"))
    var library: String?

    private var selection: IndicatorSelection { IndicatorSelection(libraryFolder: library) }

    /// What begins as one of the program's catalogs, with the user's own.
    func adding(to catalog: IndicatorCatalog) throws -> IndicatorCatalog { try selection.adding(to: catalog) }

    /// Everything that can be asked for by its id: the built-in library, the templates over knowledge points, the user's own.
    func catalog() throws -> IndicatorCatalog { try selection.catalog() }
}

/// Which indicators there are, and with which parameters.
struct LibraryOptions: ParsableArguments {
    @OptionGroup var folder: LibraryFolder

    @Option(name: .customLong("set"), help: ArgumentHelp("A parameter's value; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(name: .long, help: ArgumentHelp("A YAML file of parameters and exemptions.", valueName: "file"))
    var profile: String?

    func catalog() throws -> IndicatorCatalog { try folder.catalog() }

    /// What a report asks of the store, with its parameters set.
    func reported(in database: Database, period: ReportingPeriod) throws -> [BoundIndicator] {
        try selection(period).reported(database)
    }

    /// Checks all that can be checked without a store.
    func check() throws { try selection(.all).check() }

    /// The indicator with its parameters set: by `--set`, else by the profile, else the default.
    ///
    /// - Parameter more: Parameters that go before all of these.
    func bind(_ indicator: Indicator, period: ReportingPeriod, more: [String: String] = [:]) throws -> BoundIndicator {
        try selection(period).bind(indicator, more: more)
    }

    /// Several indicators: each takes the settings that name a parameter of its own; a setting nobody takes is an error.
    func bindAll(_ indicators: [Indicator], period: ReportingPeriod) throws -> [BoundIndicator] {
        try selection(period).bindAll(indicators)
    }

    private func selection(_ period: ReportingPeriod) throws -> IndicatorSelection {
        IndicatorSelection(
            libraryFolder: folder.library, settings: try BoundIndicator.overrides(settings), profilePath: profile, period: period)
    }
}
