import Columns
import Execution
import Planning
import Testing

@Suite("Joins")
struct JoinTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var keys: [(Field, Field)]
        var isNullSafe = false
        var hasResidual = false
        var left: [Int]
        var right: [Int]
        var seed: UInt64
        var testDescription: String { "\(keys) safe \(isNullSafe) residual \(hasResidual) \(left) \(right)" }
    }

    static let cases: [Case] = {
        var cases: [Case] = []
        let keys: [[(Field, Field)]] = [
            [(.institution, .institution)], [(.claim, .claim)], [(.institution, .note)], [(.note, .item)],
            [(.claim, .claim), (.day, .day)], [(.quantity, .quantity)], [(.wide, .wide), (.flag, .flag)],
            [(.score, .score), (.institution, .institution)], [(.time, .time), (.item, .item)],
        ]
        let sizes: [([Int], [Int])] = [([40, 30], [25, 12]), ([3], [60, 2]), ([], [5]), ([5], []), ([120, 90], [1])]
        for (index, key) in keys.enumerated() {
            for (number, size) in sizes.enumerated() {
                for residual in [false, true] {
                    cases.append(
                        Case(
                            keys: key, isNullSafe: (index + number) % 3 == 0, hasResidual: residual, left: size.0,
                            right: size.1, seed: UInt64(index * 10 + number)))
                }
            }
        }
        for size in sizes {
            cases.append(Case(keys: [], left: size.0, right: size.1, seed: 3))
            cases.append(Case(keys: [], hasResidual: true, left: size.0, right: size.1, seed: 4))
        }
        return cases
    }()

    let left = Scan("l")
    let right = Scan("r", base: 1000)
    let mark = PlanColumn(id: ColumnID(5000), name: "mark", type: .boolean)

    func node(_ kind: JoinNode.Kind, _ test: Case) -> LogicalPlan {
        .join(
            JoinNode(
                kind: kind, left: left.plan(), right: right.plan(),
                keys: test.keys.map { .init(left: left($0.0), right: right($0.1), isNullSafe: test.isNullSafe) },
                residual: test.hasResidual ? .comparison(.less, left(.time), right(.time)) : nil))
    }

    func matches(_ test: Case, _ left: [ScalarValue], _ right: [ScalarValue]) -> Bool {
        for (own, other) in test.keys {
            let a = left[own.rawValue]
            let b = right[other.rawValue]
            if a.isNull || b.isNull {
                if !(test.isNullSafe && a.isNull && b.isNull) { return false }
            } else if a != b {
                return false
            }
        }
        return !test.hasResidual || isOrdered(left[Field.time.rawValue], right[Field.time.rawValue])
    }

    @Test("agree with nested loops", arguments: cases)
    func nestedLoops(test: Case) throws {
        // The tables draw on domains of their own, so that codes must be translated.
        let tables = [
            "l": MemoryTable.random(seed: test.seed, segmentSizes: test.left),
            "r": MemoryTable.random(seed: test.seed + 100, segmentSizes: test.right, institutions: 11),
        ]
        let leftRows = tables["l"]?.rows ?? []
        let rightRows = tables["r"]?.rows ?? []
        let nulls = [ScalarValue](repeating: .null, count: Field.allCases.count)
        var pairs: [[ScalarValue]] = []
        var leftOnly: [[ScalarValue]] = []
        var leftMatched: [[ScalarValue]] = []
        var metRight = Set<Int>()
        var marks: [[ScalarValue]] = []
        var isSingle = true
        for row in leftRows {
            let found = rightRows.indices.filter { matches(test, row, rightRows[$0]) }
            metRight.formUnion(found)
            pairs += found.map { row + rightRows[$0] }
            if found.isEmpty { leftOnly.append(row) } else { leftMatched.append(row) }
            if found.count > 1 { isSingle = false }
            marks.append(row + [truth(test, row, found.isEmpty, rightRows)])
        }
        let rightOnly = rightRows.indices.filter { !metRight.contains($0) }.map { nulls + rightRows[$0] }
        let outer = pairs + leftOnly.map { $0 + nulls }
        func check(_ kind: JoinNode.Kind, _ expected: [[ScalarValue]], isOrdered: Bool = false) throws {
            let rows = try Run.rows(node(kind, test), tables)
            if isOrdered { #expect(rows == expected, "\(kind)") }
            #expect(normalized(rows) == normalized(expected), "\(kind)")
        }
        try check(test.keys.isEmpty && !test.hasResidual ? .cross : .inner, pairs)
        try check(.left, outer)
        try check(.right, pairs + rightOnly)
        try check(.full, outer + rightOnly)
        try check(.semi, leftMatched, isOrdered: true)
        try check(.anti, leftOnly, isOrdered: true)
        try check(.mark(mark), marks, isOrdered: true)
        if isSingle {
            try check(.single, outer)
        } else {
            #expect(throws: ExecutionError(.moreThanOneRow)) { try Run.rows(node(.single, test), tables) }
        }
    }

    func truth(_ test: Case, _ row: [ScalarValue], _ isMissing: Bool, _ rightRows: [[ScalarValue]]) -> ScalarValue {
        if !isMissing { return .boolean(true) }
        guard test.keys.count == 1, !test.isNullSafe, !test.hasResidual, !rightRows.isEmpty else { return .boolean(false) }
        let mayMatch = row[test.keys[0].0.rawValue].isNull || rightRows.contains { $0[test.keys[0].1.rawValue].isNull }
        return mayMatch ? .null : .boolean(false)
    }

    @Test("of decimals compare values, whatever their scales")
    func scales() throws {
        func table(_ scale: Int, _ values: [Int64]) -> LogicalPlan {
            let type = LogicalType.numeric(precision: 12, scale: scale)
            return .values(
                columns: [PlanColumn(id: ColumnID(scale), name: "x", type: type)],
                rows: values.map { [.constant(.numeric(unscaled: Int128($0), scale: scale), type)] })
        }
        func key(_ scale: Int) -> BoundExpression {
            .column(ColumnID(scale), .numeric(precision: 12, scale: scale))
        }
        let plan = LogicalPlan.join(
            JoinNode(
                kind: .inner, left: table(1, [10, 15, 20]), right: table(3, [1500, 2001, 1000]),
                keys: [.init(left: key(1), right: key(3))]))
        #expect(
            try Run.rows(plan, [:]) == [
                [.numeric(unscaled: 10, scale: 1), .numeric(unscaled: 1000, scale: 3)],
                [.numeric(unscaled: 15, scale: 1), .numeric(unscaled: 1500, scale: 3)],
            ])
    }

    /// Joins by keys over a filtered scan, which the scan itself may answer: a semi and an anti join, then a projection, then an
    /// inner join with few rows.
    @Test("over a scan leave out the same rows wherever they are asked", arguments: 0..<40)
    func thinned(seed: Int) throws {
        let sizes: [[Int]] = [[150, 90, 210], [400], [3, 1, 250, 17]]
        let tables = [
            "l": MemoryTable.random(seed: UInt64(seed), segmentSizes: sizes[seed % 3]),
            "s": MemoryTable.random(seed: UInt64(seed) + 500, segmentSizes: [seed % 7 == 0 ? 0 : 30], institutions: 11),
            "a": MemoryTable.random(seed: UInt64(seed) + 900, segmentSizes: [seed % 5 == 0 ? 0 : 12]),
            "r": MemoryTable.random(seed: UInt64(seed) + 300, segmentSizes: [seed % 2 == 0 ? 5 : 40]),
        ]
        let (semi, anti, right) = (Scan("s", base: 2000), Scan("a", base: 3000), Scan("r", base: 1000))
        let hasFilter = seed % 4 != 1
        // Of keys that are the same in a run and keys that are not; one of them computed.
        let keys: [[Field]] = [[.institution, .item], [.claim], [.item], [.institution, .day, .flag], [.day, .quantity]]
        let key = keys[seed % keys.count]
        let hasResidual = seed % 3 == 0
        let filter = BoundExpression.isNull(left(.note), negated: true)
        let filtered = left.plan(filters: hasFilter ? [filter] : [])
        let kept = LogicalPlan.join(
            JoinNode(kind: .semi, left: filtered, right: semi.plan(), keys: [.init(left: left(.institution), right: semi(.institution))]))
        let rest = LogicalPlan.join(
            JoinNode(kind: .anti, left: kept, right: anti.plan(), keys: [.init(left: left(.item), right: anti(.item))]))
        let items = Field.allCases.map { left.group($0) }
        func projected(_ field: Field) -> BoundExpression { items[field.rawValue].column.reference }
        let plan = LogicalPlan.join(
            JoinNode(
                kind: .inner, left: .project(rest, items), right: right.plan(),
                keys: key.map { .init(left: projected($0), right: right($0)) },
                residual: hasResidual ? .comparison(.less, projected(.time), right(.time)) : nil))

        func values(_ table: String, _ field: Field) -> [ScalarValue] {
            (tables[table]?.rows ?? []).map { $0[field.rawValue] }.filter { !$0.isNull }
        }
        let wanted = Set(values("s", .institution))
        let unwanted = Set(values("a", .item))
        var expected: [[ScalarValue]] = []
        for row in tables["l"]?.rows ?? [] {
            if hasFilter, row[Field.note.rawValue].isNull { continue }
            guard wanted.contains(row[Field.institution.rawValue]), !unwanted.contains(row[Field.item.rawValue]) else { continue }
            for other in tables["r"]?.rows ?? [] {
                let isMatch = key.allSatisfy { !row[$0.rawValue].isNull && row[$0.rawValue] == other[$0.rawValue] }
                if isMatch, !hasResidual || isOrdered(row[Field.time.rawValue], other[Field.time.rawValue]) {
                    expected.append(row + other)
                }
            }
        }
        #expect(normalized(try Run.rows(plan, tables)) == normalized(expected))
    }
}
