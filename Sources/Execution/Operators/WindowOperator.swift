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

    /// The input's rows with a column for each item, counted against the limit as long as somebody has them.
    func relation(columns: [PlanColumn]) throws(ExecutionError) -> Relation {
        let rows = neededColumns()
        if rows.rowCount == 0 { return Relation(columns: columns, batches: []) }
        var share: MemoryShare? = MemoryShare(context.budget, limitBytes: nil)
        defer { withExtendedLifetime(share) {} }
        _ = try share?.add(rows.byteCount + rows.rowCount * 24)
        if let limit = items[0].placeLimit, let fewer = try withinPlaces(limit, rows) {
            // The others are gone by then.
            share = nil
            return try WindowOperator(items.map { $0.withoutLimit }, fewer, context).relation(columns: columns)
        }
        var vectors = [Vector?](repeating: nil, count: items.count)
        for index in items.indices where vectors[index] == nil {
            let alike = items.indices.filter { items[$0].partitionBy == items[index].partitionBy }
            let results = try computed(alike.map { items[$0] }, rows)
            for (place, result) in zip(alike, results) { vectors[place] = result }
        }
        return try extended(by: vectors.compactMap { $0 }, columns: columns)
    }

    /// The input without the rows that have at least so many others before them in their partition, none of which shares their
    /// place; nil if that does not pay.
    private func withinPlaces(_ limit: Int, _ rows: Batch) throws(ExecutionError) -> Relation? {
        guard rows.rowCount >= min(WindowOperator.leastLimitedRowCount, context.options.deferringGroupCount) else { return nil }
        let layout = input.pipeline.layout
        let item = items[0]
        var kept: [Int32]
        if let parts = try WindowParts(item.partitionBy, rows, layout: layout, context) {
            let results = try WorkerThreads.map(count: parts.rows.count, workerCount: context.workerCount) {
                part throws(ExecutionError) -> [Int32] in
                let own = try FirstPlaces(item, parts.batch(part, of: rows), layout: layout).rows(limit: limit)
                return gather(parts.rows[part], own)
            }
            kept = results.flatMap { $0 }
            kept.sort()
        } else {
            kept = try FirstPlaces(item, rows, layout: layout).rows(limit: limit)
        }
        if kept.count == rows.rowCount { return nil }
        var batches: [Batch] = []
        var (first, next) = (0, 0)
        for batch in input.batches {
            var own: [Int32] = []
            while next < kept.count, Int(kept[next]) < first + batch.rowCount {
                own.append(kept[next] &- Int32(truncatingIfNeeded: first))
                next += 1
            }
            if !own.isEmpty { batches.append(batch.selecting(own)) }
            first += batch.rowCount
        }
        return Relation(columns: input.columns, batches: batches)
    }

    /// Rows below which putting all of them in order costs little.
    private static let leastLimitedRowCount = 4096

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
    private func extended(by vectors: [Vector], columns: [PlanColumn]) throws(ExecutionError) -> Relation {
        var starts = [0]
        for batch in input.batches { starts.append(starts[starts.count - 1] + batch.rowCount) }
        let (batches, firstRows) = (input.batches, starts)
        let relation = Relation(
            columns: columns,
            batches: WorkerThreads.map(count: batches.count, workerCount: context.workerCount) { number in
                let range = firstRows[number]..<firstRows[number + 1]
                return Batch(columns: batches[number].columns + vectors.map { $0.sliced(range) }, rowCount: range.count)
            })
        return try relation.held(by: context, besideThoseOf: input)
    }
}

extension WindowColumn {
    fileprivate var withoutLimit: WindowColumn {
        var item = self
        item.placeLimit = nil
        return item
    }
}

/// The rows of a window that stand at the first places of their partitions, found without putting all of them in order.
struct FirstPlaces {
    private let partitionOf: [UInt32]
    private let partitionCount: Int
    private let keys: SortKeys

    init(_ item: WindowColumn, _ rows: Batch, layout: [ColumnID: Int]) throws(ExecutionError) {
        let partitionKeys = try WindowOrder.partitionKeys(item, rows, layout: layout)
        keys = try WindowOrder.orderKeys(item, rows, layout: layout)
        let words = partitionKeys.words
        if words.isEmpty {
            partitionOf = [UInt32](repeating: 0, count: rows.rowCount)
            partitionCount = 1
        } else {
            var table = GroupTable(stride: words.count, denseBitCount: nil, keepsPositions: false)
            var joined = words[0]
            if words.count > 1 {
                joined = []
                joined.reserveCapacity(rows.rowCount * words.count)
                for row in 0..<rows.rowCount { for word in words { joined.append(word[row]) } }
            }
            partitionOf = table.assign(joined, count: rows.rowCount, firstPosition: 0)
            partitionCount = table.count
        }
    }

    /// Rows that have fewer than `limit` rows with smaller keys before them in their partition, ascending.
    func rows(limit: Int) -> [Int32] {
        // With few rows a partition next to none would go.
        if keys.words.isEmpty || partitionCount * limit >= partitionOf.count { return keptRows { _ in true } }
        // Of each partition the rows with the smallest keys so far, in their order.
        var best = [Int32](repeating: 0, count: partitionCount * limit)
        var counts = [Int32](repeating: 0, count: partitionCount)
        for row in 0..<partitionOf.count {
            let partition = Int(partitionOf[row])
            let first = partition * limit
            var count = Int(counts[partition])
            if count == limit {
                if !isLess(row, Int(best[first + limit - 1])) { continue }
                count -= 1
            } else {
                counts[partition] += 1
            }
            var place = first + count
            while place > first, isLess(row, Int(best[place - 1])) {
                best[place] = best[place - 1]
                place -= 1
            }
            best[place] = Int32(truncatingIfNeeded: row)
        }
        return keptRows { row in
            let partition = Int(partitionOf[row])
            return counts[partition] < limit || !isLess(Int(best[partition * limit + limit - 1]), row)
        }
    }

    @inline(__always)
    private func isLess(_ left: Int, _ right: Int) -> Bool {
        for word in keys.words where word[left] != word[right] { return word[left] < word[right] }
        return false
    }

    private func keptRows(_ isKept: (Int) -> Bool) -> [Int32] {
        var rows: [Int32] = []
        for row in 0..<partitionOf.count where isKept(row) { rows.append(Int32(truncatingIfNeeded: row)) }
        return rows
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
        let count = rows.rowCount
        let partitionKeys = try WindowOrder.partitionKeys(item, rows, layout: layout)
        let orderKeys = try WindowOrder.orderKeys(item, rows, layout: layout)
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

    /// Rows of the same partition have the same keys.
    static func partitionKeys(_ item: WindowColumn, _ rows: Batch, layout: [ColumnID: Int]) throws(ExecutionError) -> SortKeys {
        var state = ExpressionState()
        var groups: [SortKeys.Key] = []
        for expression in item.partitionBy {
            let vector = try ExpressionProgram(expression, columns: layout).evaluate(rows, &state)
            groups.append(SortKeys.Key(column: vector, descending: false, nullsFirst: false))
        }
        return SortKeys(groups, rowCount: rows.rowCount)
    }

    /// Peers have the same keys.
    static func orderKeys(_ item: WindowColumn, _ rows: Batch, layout: [ColumnID: Int]) throws(ExecutionError) -> SortKeys {
        var state = ExpressionState()
        var keys: [SortKeys.Key] = []
        for key in item.orderBy {
            let vector = try ExpressionProgram(key.expression, columns: layout).evaluate(rows, &state)
            keys.append(SortKeys.Key(column: vector, descending: key.descending, nullsFirst: key.nullsFirst))
        }
        return SortKeys(keys, rowCount: rows.rowCount)
    }
}
