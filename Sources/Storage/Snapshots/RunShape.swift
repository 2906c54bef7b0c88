/// How runs lie in a table.
package struct RunShape: Sendable {
    /// For each column of the table whether it has one value in every run.
    package let groupedFields: [Bool]
    /// Rows in a run, on average.
    package let meanRunLength: Double
}
