import Columns
import Planning

/// Window functions: rows are sorted by partition and order, each partition is computed on its own, and results go back to
/// the places of the input's rows. Ties keep the order of the input.
struct WindowOperator {
    private let items: [WindowColumn]
    private let input: Relation
    private let context: ExecutionContext

    init(_ items: [WindowColumn], _ input: Relation, _ context: ExecutionContext) {
        self.items = items
        self.input = input
        self.context = context
    }

    /// The input's rows with a column for each item.
    func relation(columns: [PlanColumn]) throws(ExecutionError) -> Relation {
        let rows = input.concatenated()
        if rows.rowCount == 0 { return Relation(columns: columns, batches: []) }
        try context.budget.reserve(rows.byteCount + rows.rowCount * 24)
        var vectors = rows.columns
        var frames: [WindowOrder] = []
        for item in items {
            let order: WindowOrder
            if let known = frames.first(where: { $0.isFor(item) }) {
                order = known
            } else {
                order = try WindowOrder(item, rows, layout: input.pipeline.layout)
                frames.append(order)
            }
            try context.options.checkRunning()
            vectors.append(try WindowComputation(item, rows, order, layout: input.pipeline.layout, context).vector())
        }
        return Relation.cut(vectors, rowCount: rows.rowCount, columns: columns)
    }
}

/// The rows of a window in the order of its partitions and keys.
struct WindowOrder: Sendable {
    private let partitionBy: [BoundExpression]
    private let orderBy: [PlanSortKey]
    /// Row numbers, partition after partition.
    let order: [Int32]
    /// Places in `order` at which partitions start, and its end.
    let partitions: [Int]
    /// For each place, the first place of its peers (rows with equal order keys in its partition).
    let peerStart: [Int32]
    /// For each place, the place after its last peer.
    let peerEnd: [Int32]

    func isFor(_ item: WindowColumn) -> Bool { item.partitionBy == partitionBy && item.orderBy == orderBy }

    init(_ item: WindowColumn, _ rows: Batch, layout: [ColumnID: Int]) throws(ExecutionError) {
        partitionBy = item.partitionBy
        orderBy = item.orderBy
        var state = ExpressionState()
        let count = rows.rowCount
        var groups: [SortKeys.Key] = []
        for expression in item.partitionBy {
            let vector = try ExpressionProgram(expression, columns: layout).evaluate(rows, &state)
            groups.append(SortKeys.Key(column: vector, descending: false, nullsFirst: false))
        }
        var keys: [SortKeys.Key] = []
        for key in item.orderBy {
            let vector = try ExpressionProgram(key.expression, columns: layout).evaluate(rows, &state)
            keys.append(SortKeys.Key(column: vector, descending: key.descending, nullsFirst: key.nullsFirst))
        }
        let partitionKeys = SortKeys(groups, rowCount: count)
        let orderKeys = SortKeys(keys, rowCount: count)
        var sorted = orderKeys.order()
        for word in partitionKeys.words.reversed() { RadixSort.sort(&sorted, by: word) }
        var partitions: [Int] = [0]
        var starts = [Int32](repeating: 0, count: count)
        var ends = starts
        var first = 0
        for place in 1...count {
            let isEnd = place == count
            let row = Int(sorted[isEnd ? place - 1 : place])
            let previous = Int(sorted[place - 1])
            let isNewPartition = isEnd || !partitionKeys.areEqual(row, previous)
            if isNewPartition { partitions.append(place) }
            if isNewPartition || !orderKeys.areEqual(row, previous) {
                for peer in first..<place {
                    starts[peer] = Int32(truncatingIfNeeded: first)
                    ends[peer] = Int32(truncatingIfNeeded: place)
                }
                first = place
            }
        }
        order = sorted.map { Int32(bitPattern: $0) }
        self.partitions = partitions
        peerStart = starts
        peerEnd = ends
    }
}
