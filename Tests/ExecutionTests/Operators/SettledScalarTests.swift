import Columns
import Execution
import Planning
import Testing

/// Filters that compare a column with a subquery of one row: the scan is asked before the filter is.
@Suite("Subqueries of one row in filters")
struct SettledScalarTests {
    let left = Scan("l")
    let right = Scan("r", base: 1000)

    private func aggregate(_ name: String, _ field: Field, id: Int, type: LogicalType? = nil) -> (plan: LogicalPlan, value: BoundExpression) {
        let call = AggregateCall(name: name, arguments: [right(field)], type: type ?? field.type)
        let column = PlanColumn(id: ColumnID(id), name: name, type: call.type)
        let plan = LogicalPlan.aggregate(
            AggregateNode(input: right.plan(), groups: [], aggregates: [.init(column: column, call: call)]))
        return (plan, .column(column.id, column.type))
    }

    private func single(_ left: LogicalPlan, _ right: LogicalPlan) -> LogicalPlan {
        .join(JoinNode(kind: .single, left: left, right: right, keys: [], residual: nil))
    }

    static let comparisons = ComparisonOperator.allCases
    static let fields: [Field] = [.claim, .institution, .day, .quantity, .score, .note, .wide, .time]

    private func holds(_ comparison: ComparisonOperator, _ value: ScalarValue, _ other: ScalarValue) -> Bool {
        if value.isNull || other.isNull { return false }
        let (isBelow, isAbove) = (isOrdered(value, other), isOrdered(other, value))
        return switch comparison {
        case .equal: !isBelow && !isAbove
        case .notEqual: isBelow || isAbove
        case .less: isBelow
        case .lessOrEqual: !isAbove
        case .greater: isAbove
        case .greaterOrEqual: !isBelow
        }
    }

    @Test("give the rows that a look at each gives", arguments: fields, comparisons)
    func rows(field: Field, comparison: ComparisonOperator) throws {
        for (seed, sizes) in [(1, [40, 30]), (2, [1]), (3, [])] as [(UInt64, [Int])] {
            let tables = [
                "l": MemoryTable.random(seed: seed, segmentSizes: [60, 50, 7]),
                "r": MemoryTable.random(seed: seed + 50, segmentSizes: sizes),
            ]
            let largest = aggregate("max", field, id: 5000)
            let smallest = aggregate("min", field, id: 5001)
            let input = single(single(left.plan(), largest.plan), smallest.plan)
            let plan = LogicalPlan.filter(
                input,
                .and([.comparison(comparison, left(field), largest.value), .comparison(comparison, left(field), smallest.value)]))
            let others = (tables["r"]?.rows ?? []).map { $0[field.rawValue] }.filter { !$0.isNull }
            let (low, high) = (others.min(by: isOrdered) ?? .null, others.max(by: isOrdered) ?? .null)
            let expected = (tables["l"]?.rows ?? []).filter {
                holds(comparison, $0[field.rawValue], high) && holds(comparison, $0[field.rawValue], low)
            }
            let rows = try Run.rows(plan, tables)
            #expect(rows == expected.map { $0 + [high, low] })
        }
    }

    /// What each operator of a plan gave.
    private func rowCounts(_ plan: LogicalPlan, _ tables: [String: MemoryTable]) throws -> [PlanPath: Int] {
        let profile = QueryProfile()
        _ = try Executor.run(
            plan: plan, output: plan.columns, source: MemoryTables(tables: tables), options: ExecutionOptions(workerCount: 2),
            profile: profile)
        return Dictionary(profile.entries.map { ($0.path, $0.rowCount) }) { first, _ in first }
    }

    private func join(_ kind: JoinNode.Kind, _ left: LogicalPlan, _ right: LogicalPlan, on field: Field, _ other: Scan) -> LogicalPlan {
        .join(JoinNode(kind: kind, left: left, right: right, keys: [.init(left: self.left(field), right: other(field))], residual: nil))
    }

    @Test("the scan below leaves rows out, and only a scan whose rows the condition may ask", arguments: [nil, .inner, .left, .right, .full, .semi, .anti] as [JoinNode.Kind?])
    func scans(kind: JoinNode.Kind?) throws {
        let tables = [
            "l": MemoryTable.random(seed: 21, segmentSizes: [60, 50]), "r": MemoryTable.random(seed: 22, segmentSizes: [40]),
            "o": MemoryTable.random(seed: 23, segmentSizes: [70]),
        ]
        let other = Scan("o", base: 3000)
        let mean = aggregate("max", .day, id: 5000)
        let input = kind.map { join($0, left.plan(), other.plan(), on: .institution, other) } ?? left.plan()
        let plan = LogicalPlan.filter(single(input, mean.plan), .comparison(.greaterOrEqual, left(.day), mean.value))
        let whole = LogicalPlan.filter(single(input, mean.plan), .not(.not(.comparison(.greaterOrEqual, left(.day), mean.value))))
        #expect(try normalized(Run.rows(plan, tables)) == normalized(Run.rows(whole, tables)))
        let scan = kind == nil ? PlanPath.root.input(0).input(0) : PlanPath.root.input(0).input(0).input(0)
        let (asked, unasked) = (try rowCounts(plan, tables)[scan] ?? 0, try rowCounts(whole, tables)[scan] ?? 0)
        switch kind {
        case .right, .full: #expect(asked == unasked)
        default: #expect(asked < unasked)
        }
    }

    @Test("compare numbers of other scales, and expressions of the subquery's value") func scales() throws {
        let tables = [
            "l": MemoryTable.random(seed: 8, segmentSizes: [90, 50]), "r": MemoryTable.random(seed: 9, segmentSizes: [80]),
        ]
        let wide = LogicalType.numeric(precision: 38, scale: 16)
        let mean = aggregate("avg", .quantity, id: 5000, type: wide)
        let double = BoundExpression.arithmetic(
            .multiply, mean.value, .constant(.numeric(unscaled: 15, scale: 1), .numeric(precision: 2, scale: 1)),
            .numeric(precision: 38, scale: 17), position: 0)
        let quantity = BoundExpression.cast(left(.quantity), to: wide, position: 0)
        let rows = try Run.rows(.filter(single(left.plan(), mean.plan), .comparison(.greater, quantity, double)), tables)
        #expect(try Run.rows(.filter(single(left.plan(), mean.plan), .comparison(.less, double, quantity)), tables) == rows)
        let quantities = (tables["r"]?.rows ?? []).compactMap { row -> Int128? in
            if case .numeric(let unscaled, _) = row[Field.quantity.rawValue] { unscaled } else { nil }
        }
        // quantity > 1.5 × sum / count, all of it in hundredths.
        let sum = quantities.reduce(0, +)
        let expected = (tables["l"]?.rows ?? []).filter {
            if case .numeric(let unscaled, _) = $0[Field.quantity.rawValue] { unscaled * 2 * Int128(quantities.count) > 3 * sum } else { false }
        }
        #expect(!expected.isEmpty && expected.count < 100)
        #expect(rows.map { Array($0.dropLast()) } == expected)
    }

    @Test("an error in the subquery's expression is met, and many rows of a subquery are refused") func errors() throws {
        let tables = [
            "l": MemoryTable.random(seed: 8, segmentSizes: [9]), "r": MemoryTable.random(seed: 9, segmentSizes: [8]),
        ]
        let count = AggregateCall(name: "count", arguments: [], type: .bigint)
        let column = PlanColumn(id: ColumnID(5000), name: "count", type: .bigint)
        let none = LogicalPlan.aggregate(
            AggregateNode(
                input: right.plan(filters: [.comparison(.less, right(.quantity), .constant(.numeric(unscaled: -90_000, scale: 2), Field.quantity.type))]),
                groups: [], aggregates: [.init(column: column, call: count)]))
        let quotient = BoundExpression.arithmetic(
            .divide, .constant(.integer(1), .bigint), .column(column.id, .bigint), .bigint, position: 7)
        let bound = BoundExpression.cast(quotient, to: Field.quantity.type, position: 7)
        #expect(throws: ExecutionError(.divisionByZero, position: 7)) {
            try Run.rows(.filter(single(left.plan(), none), .comparison(.greater, left(.quantity), bound)), tables)
        }
        #expect(throws: ExecutionError(.moreThanOneRow)) {
            try Run.rows(.filter(single(left.plan(), right.plan()), .comparison(.greater, left(.quantity), right(.quantity))), tables)
        }
    }
}
