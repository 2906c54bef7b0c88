import Encodings

/// How the columns of a segment were encoded and how large they became, for the segments of a table that follow it.
package struct SegmentPlan: Sendable {
    private struct Column: Sendable {
        var size = 0
        var plans: [EncodingPlan] = []
    }

    private let rowCount: Int
    private var columns: [Column]

    init(rowCount: Int, columnCount: Int) {
        self.rowCount = rowCount
        columns = [Column](repeating: Column(), count: columnCount)
    }

    mutating func set(column: Int, size: Int, plans: [EncodingPlan]) { columns[column] = Column(size: size, plans: plans) }

    func plans(ofColumn column: Int) -> [EncodingPlan] { column < columns.count ? columns[column].plans : [] }

    /// Whether a block has become so much larger than the plan's, row by row, that another encoding may serve it better.
    func isMissed(byColumn column: Int, size: Int, rowCount: Int) -> Bool {
        guard column < columns.count, !columns[column].plans.isEmpty else { return false }
        // A quarter more, and what a table of codes or a few exceptions cost.
        let expected = columns[column].size * rowCount / max(1, self.rowCount)
        return size > expected + expected / 4 + 512
    }
}
