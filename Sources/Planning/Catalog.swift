package import Columns

/// What planning may know about stored tables and views.
package protocol Catalog: Sendable {
    func table(named name: String) -> CatalogTable?
    /// The SELECT text of a view.
    func view(named name: String) -> String?
    /// Names of all tables and views, for "did you mean".
    var relationNames: [String] { get }
    /// What a function in FROM reads, such as `read_csv('x.csv')`; nil if there is no such function. The scan names the
    /// table by the result's `name`. `options` are the named arguments in their order, none twice.
    ///
    /// - Throws: an error whose location is a byte of the statement, or a place in a file.
    func table(
        function name: String, arguments: [TableFunctionArgument], options: [(name: String, value: TableFunctionArgument)]
    ) throws -> CatalogTable?
    /// Names of those functions, for "did you mean".
    var functionNames: [String] { get }
    /// What is roughly known of the values of a table's column; nil if nothing is. It is asked only where the form of joins
    /// depends on it.
    func estimate(ofTable name: String, field: Int) -> ColumnEstimate?
}

extension Catalog {
    package func estimate(ofTable name: String, field: Int) -> ColumnEstimate? {
        guard let counts = table(named: name)?.distinctCounts, field < counts.count else { return nil }
        return ColumnEstimate(distinctCount: counts[field].map(Double.init))
    }

    package func table(
        function name: String, arguments: [TableFunctionArgument], options: [(name: String, value: TableFunctionArgument)]
    ) throws -> CatalogTable? { nil }

    package var functionNames: [String] { [] }
}

/// What a function in FROM is given: constants.
package struct TableFunctionArgument: Sendable {
    package enum Content: Hashable, Sendable {
        case scalar(ScalarValue)
        case list([ScalarValue])
    }
    package var content: Content
    /// UTF-8 byte offset into the statement's text, -1 if unknown.
    package var position: Int

    package init(_ content: Content, at position: Int = -1) {
        self.content = content
        self.position = position
    }
}

/// What is roughly known of a column's values; nothing but speed depends on it.
package struct ColumnEstimate: Sendable {
    /// Distinct values at most.
    package var distinctCount: Double?
    /// Smallest and largest number, or the times in microseconds since 1970.
    package var range: ClosedRange<Double>?
    /// The part of the rows that is NULL.
    package var nullShare: Double?

    package init(distinctCount: Double? = nil, range: ClosedRange<Double>? = nil, nullShare: Double? = nil) {
        self.distinctCount = distinctCount
        self.range = range
        self.nullShare = nullShare
    }
}

/// A column of a file that is there and cannot be read.
package struct UnreadField: Hashable, Sendable {
    /// What the file calls its type, for people.
    package var typeText: String
    /// What is said to whoever asks for it.
    package var message: String
    package var mend: String

    package init(typeText: String, message: String, mend: String) {
        self.typeText = typeText
        self.message = message
        self.mend = mend
    }
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
    /// Fields whose values cannot be read, by their index.
    package var unreadFields: [Int: UnreadField] = [:]

    package init(name: String, schema: Schema, rowCount: Int, distinctCounts: [Int?] = []) {
        self.name = name
        self.schema = schema
        self.rowCount = rowCount
        self.distinctCounts = distinctCounts
    }
}
