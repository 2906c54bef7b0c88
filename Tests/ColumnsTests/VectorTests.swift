import Columns
import Testing

@Suite("Vectors, validity, runs")
struct VectorTests {
    /// One vector of each shape over the same five rows: three runs of 2, 1 and 2 rows, the second NULL.
    private static func shapes() -> [(vector: Vector, expected: [ScalarValue])] {
        var strings = StringColumn()
        for text in ["a", "b", "", "中", "a"] { strings.append(text) }
        var words = StringColumn()
        words.append("a")
        words.append("b")
        let dictionary = TextDictionary(entries: words)
        let domain = IdentifierDomain(
            formats: [.init(prefix: Array("P".utf8), digitCount: 3)],
            exceptions: TextDictionary(entries: StringColumn()))
        let validity = Validity(compacting: [1, 1, 0, 1, 1])
        let map = RunMap(starts: [0, 2, 3, 5])
        let child = Vector(
            type: .bigint, count: 3, values: .int64([7, 0, 9]), validity: Validity(compacting: [1, 0, 1]))
        let interval = IntervalValue(months: 1, days: 2, microseconds: 3)
        return [
            (
                Vector(type: .boolean, count: 5, values: .boolean([0, 1, 0, 1, 1]), validity: validity),
                [.boolean(false), .boolean(true), .null, .boolean(true), .boolean(true)]
            ),
            (
                Vector(type: .date, count: 5, values: .int32([1, 2, 0, 4, 5]), validity: validity),
                [.date(1), .date(2), .null, .date(4), .date(5)]
            ),
            (Vector(type: .timestamp, count: 5, values: .int64([1, 2, 3, 4, 5])), (1...5).map { .timestamp($0) }),
            (
                Vector(type: .numeric(precision: 9, scale: 2), count: 5, values: .int64([1, 2, 3, 4, 5])),
                (1...5).map { .numeric(unscaled: $0, scale: 2) }
            ),
            (
                Vector(type: .numeric(precision: 30, scale: 2), count: 5, values: .int128([1, 2, 3, 4, 5])),
                (1...5).map { .numeric(unscaled: $0, scale: 2) }
            ),
            (Vector(type: .double, count: 5, values: .double([1, 2, 3, 4, 5])), (1...5).map { .double(Double($0)) }),
            (
                Vector(type: .interval, count: 5, values: .interval([IntervalValue](repeating: interval, count: 5))),
                [ScalarValue](repeating: .interval(interval), count: 5)
            ),
            (
                Vector(type: .text, count: 5, values: .string(strings)),
                ["a", "b", "", "中", "a"].map { .text($0) }
            ),
            (
                Vector(
                    type: .text, count: 5, values: .dictionary(codes: [0, 1, 0, 1, 0], dictionary), validity: validity),
                [.text("a"), .text("b"), .null, .text("b"), .text("a")]
            ),
            (
                Vector(type: .text, count: 5, values: .identifier(codes: [1, 2, 3, 4, 999], domain)),
                ["P001", "P002", "P003", "P004", "P999"].map { .text($0) }
            ),
            (.constant(.text("k"), type: .text, count: 5), [ScalarValue](repeating: .text("k"), count: 5)),
            (.constant(.null, type: .bigint, count: 5), [ScalarValue](repeating: .null, count: 5)),
            (.runs(child, map: map), [.integer(7), .integer(7), .null, .integer(9), .integer(9)]),
        ]
    }

    @Test("every shape gives its rows as scalars")
    func scalars() {
        for (vector, expected) in VectorTests.shapes() { #expect((0..<5).map { vector.scalar(at: $0) } == expected) }
    }

    @Test("flattening keeps the rows")
    func flattening() {
        for (vector, expected) in VectorTests.shapes() {
            let flat = vector.flattened()
            #expect((0..<5).map { flat.scalar(at: $0) } == expected)
            switch flat.values {
            case .runs, .constant: Issue.record("still not flat")
            default: break
            }
        }
    }

    @Test(
        "gathering takes rows in the order asked, also repeatedly",
        arguments: [
            [], [4], [0, 1, 2, 3, 4], [4, 2, 2, 0], [3, 3, 3],
        ] as [[Int32]])
    func gathering(indices: [Int32]) {
        for (vector, expected) in VectorTests.shapes() {
            let gathered = vector.gathered(indices)
            #expect(gathered.count == indices.count)
            #expect((0..<indices.count).map { gathered.scalar(at: $0) } == indices.map { expected[Int($0)] })
        }
    }

    @Test(
        "constants of every type become flat rows",
        arguments: [
            (.boolean(true), .boolean), (.integer(-3), .bigint),
            (.numeric(unscaled: 125, scale: 2), .numeric(precision: 9, scale: 2)),
            (.numeric(unscaled: 125, scale: 2), .numeric(precision: 38, scale: 2)), (.double(2.5), .double),
            (.date(3), .date),
            (.timestamp(4), .timestamp), (.interval(IntervalValue(days: 1)), .interval), (.text("x"), .text),
            (.null, .boolean), (.null, .date), (.null, .double), (.null, .interval), (.null, .text), (.null, .bigint),
            (.null, .numeric(precision: 38, scale: 0)), (.null, .timestamp),
        ] as [(ScalarValue, LogicalType)])
    func constants(scalar: ScalarValue, type: LogicalType) {
        let vector = Vector.flatConstant(scalar, type: type, count: 3)
        #expect(vector.count == 3)
        #expect((0..<3).map { vector.scalar(at: $0) } == [scalar, scalar, scalar])
    }

    @Test("a selection keeps runs and shares one new map among columns of one old map")
    func selecting() {
        let map = RunMap(starts: [0, 2, 2, 5])
        let child = Vector(type: .bigint, count: 3, values: .int64([7, 8, 9]))
        let other = Vector(type: .date, count: 3, values: .int32([1, 2, 3]))
        let flat = Vector(type: .bigint, count: 5, values: .int64([10, 11, 12, 13, 14]))
        let batch = Batch(
            columns: [.runs(child, map: map), flat, .runs(other, map: map)], rowCount: 5, morsel: 3, firstRow: 100)
        let selected = batch.selecting([1, 2, 4])
        #expect(selected.rowCount == 3 && selected.morsel == 3 && selected.firstRow == 100)
        #expect((0..<3).map { selected.columns[0].scalar(at: $0) } == [.integer(7), .integer(9), .integer(9)])
        #expect((0..<3).map { selected.columns[1].scalar(at: $0) } == [.integer(11), .integer(12), .integer(14)])
        guard case .runs(_, let first) = selected.columns[0].values,
            case .runs(_, let second) = selected.columns[2].values
        else {
            Issue.record("runs are lost")
            return
        }
        #expect(first === second)
        #expect(first.starts == [0, 1, 1, 3])
        #expect(batch.selecting([0, 1, 2, 3, 4]).columns[1] === flat)
    }

    @Test("run maps agree with a plain expansion")
    func runMaps() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            var starts: [Int32] = [0]
            for _ in 0..<Int.random(in: 0...20, using: &generator) {
                starts.append(starts.last! + Int32.random(in: 0...4, using: &generator))
            }
            let map = RunMap(starts: starts)
            let expanded = (0..<map.runCount).flatMap { run in
                [Int32](repeating: Int32(run), count: Int(starts[run + 1] - starts[run]))
            }
            #expect(map.runOfRow() == expanded)
            // Many rows, and few.
            for step in [1, 2, 5, 70] {
                let rows = stride(from: Int32(0), to: Int32(map.rowCount), by: step).map { $0 }
                #expect(map.runs(of: rows) == rows.map { expanded[Int($0)] })
            }
            let selection = (0..<Int32(map.rowCount)).filter { _ in Bool.random(using: &generator) }
            let selected = map.selecting(selection)
            #expect(selected.runCount == map.runCount)
            #expect(selected.runOfRow() == selection.map { expanded[Int($0)] })
        }
    }

    @Test("validity counts, expands and intersects as single rows do")
    func validity() {
        let all = Validity(compacting: [1, 1, 1])
        let some = Validity(compacting: [1, 0, 1])
        let none = Validity(compacting: [0, 0, 0])
        #expect(all == .allPresent)
        #expect(Validity(compacting: []) == .allPresent)
        #expect([all, some, none].map { $0.nullCount(rowCount: 3) } == [0, 1, 3])
        #expect(all.expanded(rowCount: 3) == [1, 1, 1])
        #expect(some.expanded(rowCount: 3) == [1, 0, 1])
        #expect((0..<3).map { some.isPresent($0) } == [true, false, true])
        #expect(all.intersection(some) == some && some.intersection(all) == some)
        #expect(some.intersection(.mask([0, 1, 1])) == .mask([0, 0, 1]))
        #expect(all.intersection(all) == .allPresent)
    }
}
