import Columns
import Execution
import Planning
import Testing

@Suite("Sorting, limits, filters and set operations")
struct RowOperatorTests {
    static let sizes: [[Int]] = [[], [1], [50, 3, 40], [300, 200]]
    let scan = Scan("t")

    struct SortCase: Sendable {
        var keys: [(field: Field, descending: Bool, nullsFirst: Bool)]
    }

    static let sortCases: [SortCase] = [
        SortCase(keys: [(.institution, false, false)]),
        SortCase(keys: [(.claim, true, true), (.day, false, true)]),
        SortCase(keys: [(.wide, false, false), (.score, true, false)]),
        SortCase(keys: [(.flag, true, false), (.note, false, true), (.quantity, true, true)]),
        SortCase(keys: [(.time, false, false), (.item, true, false), (.day, true, true), (.wide, false, true)]),
        SortCase(keys: []),
    ]

    func isBefore(_ test: SortCase, _ left: [ScalarValue], _ right: [ScalarValue]) -> Bool {
        for key in test.keys {
            let a = left[key.field.rawValue]
            let b = right[key.field.rawValue]
            if a == b { continue }
            if a.isNull { return key.nullsFirst }
            if b.isNull { return !key.nullsFirst }
            if isOrdered(a, b) { return !key.descending }
            if isOrdered(b, a) { return key.descending }
        }
        return false
    }

    /// Rows in the order of a case, equal ones in their own.
    private func sorted(_ rows: [[ScalarValue]], _ test: SortCase) -> [[ScalarValue]] {
        rows.enumerated().sorted { left, right in
            if isBefore(test, left.element, right.element) { return true }
            if isBefore(test, right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }

    @Test("sort is stable and puts NULLs where it is told", arguments: sortCases, sizes)
    func sort(test: SortCase, sizes: [Int]) throws {
        let table = MemoryTable.random(seed: 9, segmentSizes: sizes)
        let keys = test.keys.map {
            PlanSortKey(expression: scan($0.field), descending: $0.descending, nullsFirst: $0.nullsFirst)
        }
        let expected = sorted(table.rows, test)
        let plan = LogicalPlan.sort(scan.plan(), keys)
        #expect(try Run.rows(plan, ["t": table]) == expected)
        for (limit, offset) in [(0, 0), (1, 0), (5, 3), (60, 10), (1000, 0), (3, 1000)] {
            let top = LogicalPlan.limit(plan, limit: limit, offset: offset)
            #expect(try Run.rows(top, ["t": table]) == Array(expected.dropFirst(offset).prefix(limit)))
        }
    }

    @Test("the first rows of many small parts are those of all", arguments: [1, 2, 7, 40, 300])
    func firstRowsOfManyParts(size: Int) throws {
        let table = MemoryTable.random(seed: UInt64(size), segmentSizes: [Int](repeating: size, count: 2400 / size))
        let cases: [SortCase] = [
            SortCase(keys: [(.day, false, false), (.claim, false, false)]),
            SortCase(keys: [(.quantity, true, false)]), SortCase(keys: [(.quantity, true, true), (.time, false, false)]),
            SortCase(keys: [(.institution, true, false), (.wide, false, true)]),
        ]
        for test in cases {
            let keys = test.keys.map {
                PlanSortKey(expression: scan($0.field), descending: $0.descending, nullsFirst: $0.nullsFirst)
            }
            let expected = sorted(table.rows, test)
            for (limit, offset) in [(1, 0), (10, 0), (10, 5), (100, 0), (100, 300)] {
                let top = LogicalPlan.limit(.sort(scan.plan(), keys), limit: limit, offset: offset)
                #expect(try Run.rows(top, ["t": table]) == Array(expected.dropFirst(offset).prefix(limit)))
            }
        }
    }

    @Test("limit without order gives the first rows of the table", arguments: sizes)
    func limit(sizes: [Int]) throws {
        let table = MemoryTable.random(seed: 4, segmentSizes: sizes)
        for (limit, offset) in [(0, 0), (1, 0), (70, 20), (nil, 45), (.max, 1)] as [(Int?, Int)] {
            let plan = LogicalPlan.limit(scan.plan(), limit: limit, offset: offset)
            let expected = Array(table.rows.dropFirst(offset).prefix(limit ?? .max))
            #expect(try Run.rows(plan, ["t": table]) == expected)
        }
    }

    @Test("filters in a scan and above it keep the same rows", arguments: sizes)
    func filters(sizes: [Int]) throws {
        let table = MemoryTable.random(seed: 12, segmentSizes: sizes)
        let conditions: [BoundExpression] = [
            .comparison(.equal, scan(.institution), .constant(.text("H37"), .text)),
            .comparison(.greater, scan(.quantity), .constant(.numeric(unscaled: 700, scale: 2), Field.quantity.type)),
        ]
        let expected = table.rows.filter {
            $0[Field.institution.rawValue] == .text("H37")
                && isOrdered(.numeric(unscaled: 700, scale: 2), $0[Field.quantity.rawValue])
                && !$0[Field.quantity.rawValue].isNull
        }
        #expect(try Run.rows(scan.plan(filters: conditions), ["t": table]) == expected)
        #expect(try Run.rows(.filter(scan.plan(), .and(conditions)), ["t": table]) == expected)
    }

    @Test("set operations treat NULLs as equal and count duplicates with ALL", arguments: sizes)
    func setOperations(sizes: [Int]) throws {
        let tables = [
            "l": MemoryTable.random(seed: 21, segmentSizes: sizes),
            "r": MemoryTable.random(seed: 22, segmentSizes: [40, 7], institutions: 9),
        ]
        let fields: [Field] = [.institution, .flag]
        func part(_ scan: Scan) -> LogicalPlan { .project(scan.plan(), fields.map(scan.group)) }
        func values(_ name: String) -> [[ScalarValue]] {
            tables[name]?.rows.map { row in fields.map { row[$0.rawValue] } } ?? []
        }
        let columns = fields.enumerated().map { PlanColumn(id: ColumnID(7000 + $0), name: "c", type: $1.type) }
        for kind in [SetOperationNode.Kind.union, .intersect, .except] {
            for isAll in [false, true] {
                let plan = LogicalPlan.setOperation(
                    SetOperationNode(
                        kind: kind, isAll: isAll, left: part(Scan("l")), right: part(Scan("r", base: 1000)),
                        columns: columns))
                var left = values("l")
                var right = values("r")
                var expected: [[ScalarValue]] = []
                if kind == .union {
                    expected = isAll ? left + right : Array(Set(left + right))
                } else {
                    if !isAll {
                        left = Array(Set(left))
                        right = Array(Set(right))
                    }
                    for row in left {
                        let place = right.firstIndex(of: row)
                        if let place { right.remove(at: place) }
                        if (place != nil) == (kind == .intersect) { expected.append(row) }
                    }
                }
                #expect(normalized(try Run.rows(plan, tables)) == normalized(expected), "\(kind) \(isAll)")
            }
        }
    }

    @Test("distinct on keeps the first row of each key")
    func distinctOn() throws {
        let table = MemoryTable.random(seed: 2, segmentSizes: [80, 70])
        let plan = LogicalPlan.distinctOn(scan.plan(), keys: [scan(.institution), scan(.flag)])
        let expected = grouped(table.rows, by: [.institution, .flag]).map { $0.rows[0] }
        #expect(try Run.rows(plan, ["t": table]) == expected)
    }

    @Test("a shared plan is read under several identities")
    func shared() throws {
        let table = MemoryTable.random(seed: 2, segmentSizes: [10])
        func reading(_ base: Int) -> LogicalPlan {
            .shared(id: 1, plan: scan.plan(), columns: Field.allCases.map { Scan("t", base: base).column($0) })
        }
        let plan = LogicalPlan.setOperation(
            SetOperationNode(
                kind: .union, isAll: true, left: reading(2000), right: reading(3000),
                columns: Field.allCases.map { Scan("t", base: 4000).column($0) }))
        #expect(try Run.rows(plan, ["t": table]) == table.rows + table.rows)
    }

    @Test("values keep NULLs and types")
    func values() throws {
        let columns = [
            PlanColumn(id: ColumnID(1), name: "a", type: .bigint), PlanColumn(id: ColumnID(2), name: "b", type: .text),
        ]
        let plan = LogicalPlan.values(
            columns: columns,
            rows: [
                [.constant(.integer(1), .bigint), .constant(.null, .text)],
                [.constant(.null, .bigint), .constant(.text("x"), .text)],
            ])
        #expect(try Run.rows(plan, [:]) == [[.integer(1), .null], [.null, .text("x")]])
        #expect(try Run.rows(.values(columns: [], rows: [[]]), [:]) == [[]])
    }
}
