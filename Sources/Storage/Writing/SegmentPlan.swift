import Encodings

/// How the columns of a segment were encoded and how large they became, for the segments of a table that follow it.
package struct SegmentPlan: Sendable {
    /// A way to encode a column.
    struct Way: Sendable {
        var plans: [EncodingPlan]
        /// Bytes it took for so many rows.
        var size: Int
        var rowCount: Int

        /// Whether another way is the same and allows for about as many bytes.
        func isLike(_ other: Way) -> Bool {
            plans.count == other.plans.count && zip(plans, other.plans).allSatisfy { $0.isLike($1) }
                && size * other.rowCount / 8 <= other.size * rowCount / 7
        }

        /// Whether a block has become so much larger than this one was, row by row, that another encoding may serve it better.
        func isMissed(size: Int, rowCount: Int) -> Bool {
            // A quarter more, and what a table of codes or a few exceptions cost.
            let expected = self.size * rowCount / max(1, self.rowCount)
            return size > expected + expected / 4 + 512
        }
    }
    private struct Column: Sendable {
        /// In the order they are tried.
        var ways: [Way] = []
        /// Whether no plan before served it.
        var isOwn = false
    }

    /// Ways of a column that are tried at most before it is searched for.
    private static let wayCount = 4

    private let rowCount: Int
    private var columns: [Column]

    init(rowCount: Int, columnCount: Int) {
        self.rowCount = rowCount
        columns = [Column](repeating: Column(), count: columnCount)
    }

    mutating func set(column: Int, size: Int, plans: [EncodingPlan], isOwn: Bool) {
        columns[column] = Column(ways: [Way(plans: plans, size: size, rowCount: rowCount)], isOwn: isOwn)
    }

    func ways(ofColumn column: Int) -> [Way] { column < columns.count ? columns[column].ways : [] }

    /// This plan, and behind it what another segment, which followed it, found for the columns it did not serve.
    package func followed(by other: SegmentPlan) -> SegmentPlan {
        var both = self
        for column in columns.indices where column < other.columns.count && other.columns[column].isOwn {
            for way in other.columns[column].ways {
                let known = both.columns[column].ways
                if known.count < SegmentPlan.wayCount, !known.contains(where: { way.isLike($0) }) { both.columns[column].ways.append(way) }
            }
        }
        return both
    }
}
