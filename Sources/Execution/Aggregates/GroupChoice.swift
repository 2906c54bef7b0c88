import Columns
import Planning

/// Which of its groups the step above an aggregation may want. Groups are left out where they are made, partition by partition, before
/// they take their places; that step asks once more.
struct GroupChoice: Sendable {
    private enum Wanted: Sendable {
        /// The first groups in some order.
        case first([PlanSortKey], count: Int, bound: TopBound)
        /// The first groups of each part of a window.
        case places(WindowColumn, limit: Int)
    }

    private let wanted: Wanted
    private let layout: [ColumnID: Int]
    private let groupCount: Int
    private let types: [LogicalType]

    /// The first `count` groups in the order of the keys, which speak of the aggregation's columns; nil where they may not be known.
    init?(_ node: AggregateNode, first count: Int, by keys: [PlanSortKey]) {
        self.init(node, .first(keys, count: count, bound: TopBound()))
    }

    /// The groups of which fewer than `limit` come before them in their part of a window over the aggregation.
    init?(_ node: AggregateNode, within limit: Int, of item: WindowColumn) {
        self.init(node, .places(item, limit: limit))
    }

    private init?(_ node: AggregateNode, _ wanted: Wanted) {
        // Then a group's columns are the aggregation's.
        guard node.groupingSets == [Array(node.groups.indices)], node.groupingColumns.isEmpty, !node.groups.isEmpty else { return nil }
        self.wanted = wanted
        let columns = node.groups.map(\.column) + node.aggregates.map(\.column)
        var layout: [ColumnID: Int] = [:]
        for (index, column) in columns.enumerated() { layout[column.id] = index }
        let expressions: [BoundExpression] =
            switch wanted {
            case .first(let keys, _, _): keys.map(\.expression)
            case .places(let item, _): item.partitionBy + item.orderBy.map(\.expression)
            }
        // Nothing but what is known of a group.
        guard expressions.allSatisfy({ !$0.columnIDs.isEmpty && $0.columnIDs.allSatisfy { layout[$0] != nil } }) else { return nil }
        self.layout = layout
        groupCount = node.groups.count
        types = columns.map(\.type)
    }

    /// The same with nothing known of any group, for rows that are grouped anew: a bound takes each group once.
    var anew: GroupChoice {
        guard case .first(let keys, let count, _) = wanted else { return self }
        return GroupChoice(wanted: .first(keys, count: count, bound: TopBound()), layout: layout, groupCount: groupCount, types: types)
    }

    private init(wanted: Wanted, layout: [ColumnID: Int], groupCount: Int, types: [LogicalType]) {
        self.wanted = wanted
        self.layout = layout
        self.groupCount = groupCount
        self.types = types
    }

    /// Keys that say which part of the window a group is in: partitions by them hold whole parts. Empty where there are none.
    var partKeys: [Int] {
        guard case .places(let item, _) = wanted else { return [] }
        var places: [Int] = []
        for expression in item.partitionBy {
            guard case .column(let id, _) = expression, let place = layout[id], place < groupCount else { return [] }
            places.append(place)
        }
        return places
    }

    /// Whether the step above puts the groups in an order that does not leave two of them together: then it does not matter in which
    /// they come.
    var isWholeOrder: Bool {
        guard case .first(let keys, _, _) = wanted else { return false }
        let columns = keys.compactMap { key -> Int? in
            if case .column(let id, _) = key.expression { layout[id] } else { nil }
        }
        return Set(columns).isSuperset(of: 0..<groupCount)
    }

    /// Some groups with what is known of them.
    struct Groups {
        let count: Int
        let aggregates: [Vector]
        /// The values of a key for some of the groups.
        let key: (_ place: Int, _ rows: [Int32]?) -> Vector
    }

    /// The groups that may be wanted, ascending; nil for all.
    func rows(of groups: Groups) throws(ExecutionError) -> [Int32]? {
        switch wanted {
        case .places(let item, let limit):
            let expressions = item.partitionBy + item.orderBy.map(\.expression)
            let batch = batch(groups, nil, for: expressions)
            return try FirstPlaces(item, batch, layout: layout).rows(limit: limit)
        case .first(let keys, let count, let bound):
            guard count > 0, let key = keys.first else { return nil }
            var state = ExpressionState()
            var rows: [Int32]?
            // The first key rules out most groups before the others are looked at.
            let leading = try ExpressionProgram(key.expression, columns: layout)
                .evaluate(batch(groups, nil, for: [key.expression]), &state)
            if let codes = LeadingCodes.codes(leading, key) {
                var own = LeadingCodes.rows(codes, upTo: bound.value)
                bound.note(gather(codes, own), count: count)
                if own.count > count { own = LeadingCodes.rows(codes, upTo: bound.value) }
                rows = own
            }
            let candidates = rows?.count ?? groups.count
            if candidates <= count { return rows }
            let sort = SortOperator(keys: keys, layout: layout)
            let order = try sort.order(of: batch(groups, rows, for: keys.map(\.expression)), &state)
            let first = order[..<count].map { Int32(bitPattern: $0) }.sorted()
            return rows.map { gather($0, first) } ?? first
        }
    }

    /// Some groups as a batch: columns that no expression reads are empty.
    private func batch(_ groups: Groups, _ rows: [Int32]?, for expressions: [BoundExpression]) -> Batch {
        let count = rows?.count ?? groups.count
        let read = expressions.reduce(into: Set<ColumnID>()) { $0.formUnion($1.columnIDs) }
        let places = Set(read.compactMap { layout[$0] })
        let columns = types.indices.map { place in
            guard places.contains(place) else { return Vector.constant(.null, type: types[place], count: count) }
            if place < groupCount { return groups.key(place, rows) }
            let aggregate = groups.aggregates[place - groupCount]
            return rows.map { aggregate.gathered($0) } ?? aggregate
        }
        return Batch(columns: columns, rowCount: count)
    }
}
