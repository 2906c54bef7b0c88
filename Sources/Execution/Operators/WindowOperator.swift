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
        let rows = neededColumns()
        if rows.rowCount == 0 { return Relation(columns: columns, batches: []) }
        let share = MemoryShare(context.budget, limitBytes: nil)
        defer { withExtendedLifetime(share) {} }
        _ = try share.add(rows.byteCount + rows.rowCount * 24)
        var vectors = [Vector?](repeating: nil, count: items.count)
        for index in items.indices where vectors[index] == nil {
            let alike = items.indices.filter { items[$0].partitionBy == items[index].partitionBy }
            let results = try computed(alike.map { items[$0] }, rows)
            for (place, result) in zip(alike, results) { vectors[place] = result }
        }
        return extended(by: vectors.compactMap { $0 }, columns: columns)
    }

    /// The columns that the items speak of, each in one piece; the others are left empty.
    private func neededColumns() -> Batch {
        var needed: Set<ColumnID> = []
        for item in items {
            for expression in item.partitionBy + item.orderBy.map(\.expression) + item.call.inputs {
                needed.formUnion(expression.columnIDs)
            }
        }
        let rowCount = input.rowCount
        let (input, wanted) = (input, needed)
        let vectors = WorkerThreads.map(count: input.columns.count, workerCount: context.workerCount) { index in
            let column = input.columns[index]
            guard wanted.contains(column.id) else { return Vector.constant(.null, type: column.type, count: rowCount) }
            return Vector.concatenated(input.batches.map { $0.columns[index] }, type: column.type)
        }
        return Batch(columns: vectors, rowCount: rowCount)
    }

    /// The results of items with the same partitions, for each row of the input.
    private func computed(_ items: [WindowColumn], _ rows: Batch) throws(ExecutionError) -> [Vector] {
        let layout = input.pipeline.layout
        guard let parts = try WindowParts(items[0].partitionBy, rows, layout: layout, context) else {
            return try WindowOperator.results(items, rows, layout: layout, context.options)
        }
        var single = context.options
        single.workerCount = 1
        let options = single
        let results = try WorkerThreads.map(count: parts.rows.count, workerCount: context.workerCount) {
            part throws(ExecutionError) in
            try WindowOperator.results(items, parts.batch(part, of: rows), layout: layout, options)
        }
        let places = parts.places(rowCount: rows.rowCount)
        return WorkerThreads.map(count: items.count, workerCount: context.workerCount) { item in
            Vector.concatenated(results.map { $0[item] }, type: items[item].column.type).gathered(places)
        }
    }

    private static func results(
        _ items: [WindowColumn], _ rows: Batch, layout: [ColumnID: Int], _ options: ExecutionOptions
    ) throws(ExecutionError) -> [Vector] {
        var vectors: [Vector] = []
        var orders: [WindowOrder] = []
        for item in items {
            let order: WindowOrder
            if let known = orders.first(where: { $0.isFor(item) }) {
                order = known
            } else {
                order = try WindowOrder(item, rows, layout: layout)
                orders.append(order)
            }
            try options.checkRunning()
            vectors.append(try WindowComputation(item, rows, order, layout: layout, options).vector())
        }
        return vectors
    }

    /// The input's batches with their share of these columns.
    private func extended(by vectors: [Vector], columns: [PlanColumn]) -> Relation {
        var starts = [0]
        for batch in input.batches { starts.append(starts[starts.count - 1] + batch.rowCount) }
        let (batches, firstRows) = (input.batches, starts)
        return Relation(
            columns: columns,
            batches: WorkerThreads.map(count: batches.count, workerCount: context.workerCount) { number in
                let range = firstRows[number]..<firstRows[number + 1]
                return Batch(columns: batches[number].columns + vectors.map { $0.sliced(range) }, rowCount: range.count)
            })
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
