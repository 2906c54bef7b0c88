/// How a table's rows are laid out in its segments: what whoever rewrites them must know.
package struct TableLayout: Hashable, Sendable {
    /// Name of the column whose neighbouring equal values make a run (the claim); nil for none.
    package var groupKey: String?
    /// Name of the timestamp column by which segments are told apart; nil for none.
    package var timeColumn: String?

    /// Names of the numeric columns whose signs and sums are kept for each run.
    package var measures: [String]

    package init(groupKey: String? = nil, timeColumn: String? = nil, measures: [String] = []) {
        self.groupKey = groupKey
        self.timeColumn = timeColumn
        self.measures = measures
    }

    /// What is known here, else what `other` knows.
    func filled(from other: TableLayout) -> TableLayout {
        TableLayout(
            groupKey: groupKey ?? other.groupKey, timeColumn: timeColumn ?? other.timeColumn,
            measures: measures.isEmpty ? other.measures : measures)
    }
}
