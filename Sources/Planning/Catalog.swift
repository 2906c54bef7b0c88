package import Columns

/// What planning may know about stored tables and views.
package protocol Catalog: Sendable {
    func table(named name: String) -> CatalogTable?
    /// The SELECT text of a view.
    func view(named name: String) -> String?
    /// Names of all tables and views, for "did you mean".
    var relationNames: [String] { get }
    /// What a function in FROM reads, such as `read_csv('x.csv')`; nil if there is no such function. The scan names the
    /// table by the result's `name`. `options` are the named arguments.
    func table(
        function name: String, arguments: [ScalarValue], options: [String: ScalarValue]
    ) throws -> CatalogTable?
}

extension Catalog {
    package func table(
        function name: String, arguments: [ScalarValue], options: [String: ScalarValue]
    ) throws -> CatalogTable? { nil }
}

package struct CatalogTable: Sendable {
    package var name: String
    package var schema: Schema
    /// Exact number of rows.
    package var rowCount: Int
    /// Estimated distinct values of each column, nil where unknown (dictionary sizes where there is one).
    package var distinctCounts: [Int?]

    /// For each column whether it has one value in every run of stored rows, so far as is known; empty if there are no runs.
    /// An estimate: a segment may differ.
    package var groupedFields: [Bool] = []
    /// Rows in a run, on average.
    package var meanRunLength = 1.0

    package init(name: String, schema: Schema, rowCount: Int, distinctCounts: [Int?] = []) {
        self.name = name
        self.schema = schema
        self.rowCount = rowCount
        self.distinctCounts = distinctCounts
    }
}
