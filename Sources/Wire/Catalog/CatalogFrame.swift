import SQL

/// The names an expression can see: sources side by side with the row in hand, then those of the query around it.
final class CatalogFrame {
    /// A relation in FROM under its alias.
    struct Source {
        var alias: String
        var columns: [WireColumn]
    }

    /// One row of all sources.
    typealias Row = [[CatalogValue]]

    var sources: [Source]
    var row: Row = []
    let parent: CatalogFrame?
    /// Common tables that are visible from here on.
    var tables: [String: CatalogRelation]
    /// The rows of the group in hand; nil outside a grouped query.
    var group: [Row]?
    /// All rows of the query and the place of the one in hand, for window functions.
    var window: (rows: [Row], index: Int)?
    /// Values of window functions for all rows, by their place in the text.
    var windowValues: [Int: [CatalogValue]] = [:]

    init(sources: [Source] = [], parent: CatalogFrame?, tables: [String: CatalogRelation] = [:]) {
        self.sources = sources
        self.parent = parent
        self.tables = tables
    }

    /// A common table by name.
    func table(_ name: String) -> CatalogRelation? { tables[name] ?? parent?.table(name) }

    /// Where a column stands: how many queries out, which source, which of its columns.
    func place(of parts: [String]) -> (frame: CatalogFrame, source: Int, column: Int)? {
        let name = parts[parts.count - 1]
        let alias = parts.count > 1 ? parts[parts.count - 2] : nil
        for (index, source) in sources.enumerated() where alias == nil || source.alias == alias {
            if let column = source.columns.firstIndex(where: { $0.name == name }) { return (self, index, column) }
        }
        return parent?.place(of: parts)
    }

    /// A source by its alias alone: `x` where `x` is a function in FROM stands for its only column.
    func wholeSource(_ alias: String) -> (frame: CatalogFrame, source: Int)? {
        if let index = sources.firstIndex(where: { $0.alias == alias }) { return (self, index) }
        return parent?.wholeSource(alias)
    }
}
