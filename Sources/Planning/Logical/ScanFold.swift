/// A scan that puts out one row for each run of stored rows that its filters leave, or for a part of one.
package struct ScanFold: Hashable, Sendable {
    /// Columns put out that have one value in a run.
    package var keys: Set<ColumnID>
    /// Numeric columns of at most 18 digits whose sums over the run's rows are put out in their place, NULL where no row has a
    /// value.
    package var sums: Set<ColumnID>
    /// The number of rows of the run, an integer, put out last; nil if nobody asks.
    package var rowCount: PlanColumn?

    package init(keys: Set<ColumnID>, sums: Set<ColumnID>, rowCount: PlanColumn?) {
        self.keys = keys
        self.sums = sums
        self.rowCount = rowCount
    }
}

extension TableScanNode {
    /// The columns put out, in order.
    package var output: [PlanColumn] {
        guard let fold else { return columns.map(\.column).filter { !filterOnly.contains($0.id) } }
        let kept = columns.map(\.column).filter { fold.keys.contains($0.id) || fold.sums.contains($0.id) }
        return kept + (fold.rowCount.map { [$0] } ?? [])
    }
}
