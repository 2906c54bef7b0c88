import Columns
import Engine
import Indicators

/// The names a shell completes, read from the store when they are first asked for.
final class CompletionNames {
    private var database: Database
    private var known: [RelationSummary]?
    private var columns: [String: [String]] = [:]

    init(_ database: Database) { self.database = database }

    /// Names of another store from now on.
    func use(_ database: Database) {
        self.database = database
        forget()
    }

    /// After a statement that may have changed them.
    func forget() {
        known = nil
        columns = [:]
    }

    var relations: [String] { summaries.map(\.name) }

    /// Columns of a table or view; none if there is no such relation.
    func columns(of relation: String) -> [String] {
        if let names = columns[relation] { return names }
        let names = summaries.contains { $0.name == relation } ? (try? database.columns(of: relation).map(\.name)) ?? [] : []
        columns[relation] = names
        return names
    }

    static let indicators: [String] = (try? IndicatorCatalog.everything().indicators.map(\.id).sorted()) ?? []

    static let keywords = """
        all analyze and any array as asc between bigint boolean by case cast copy create cross cube current_date date desc \
        describe distinct double drop else end except exists explain extract false fetch filter first following for from \
        full group grouping having if ilike in inner integer intersect interval is join last lateral left like limit \
        materialized natural not null nulls numeric offset on or order outer over partition preceding precision range \
        recursive replace right rollup row rows select set sets show similar some summarize table text then timestamp to \
        true unbounded union using values view when where window with within
        """.split(separator: " ").map(String.init)

    private var summaries: [RelationSummary] {
        if let known { return known }
        let read = (try? database.relations()) ?? []
        known = read
        return read
    }
}
