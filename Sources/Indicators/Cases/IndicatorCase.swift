/// A small example in an indicator's own file: rows of tables, and the figures they must give.
package struct IndicatorCase: Hashable, Sendable {
    package struct Rows: Hashable, Sendable {
        package var table: String
        package var columns: [String]
        /// A text for each column, nil for NULL.
        package var rows: [[String?]]
        /// How many rows each written line made, in order; they add up to the rows.
        package var repeats: [Int] = []
    }

    package var name: String
    /// Of the file.
    package var line: Int
    package var tables: [Rows] = []
    package var settings: [String: String] = [:]
    /// Why the figures are what they are, in sentences. Empty for none.
    package var reason = ""
    /// In the order of the institutions' ids.
    package var expected: [IndicatorFigure] = []

    package init(name: String, line: Int) {
        self.name = name
        self.line = line
    }
}
