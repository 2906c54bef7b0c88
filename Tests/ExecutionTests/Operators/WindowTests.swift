import Columns
import Execution
import Planning
import Testing

@Suite("Window functions")
struct WindowTests {
    let scan = Scan("t")

    struct Case: Sendable, CustomTestStringConvertible {
        var partition: [Field]
        var order: [(field: Field, descending: Bool)]
        var frame: WindowFrame
        var testDescription: String { "\(partition) \(order) \(frame)" }
    }

    static func offset(_ value: Int64) -> BoundExpression { .constant(.integer(value), .bigint) }

    static let cases: [Case] = {
        let two = WindowFrame.Bound.preceding(offset(2))
        let one = WindowFrame.Bound.following(offset(1))
        let frames: [WindowFrame] = [
            WindowFrame(),
            WindowFrame(start: .unboundedPreceding, end: .unboundedFollowing),
            WindowFrame(mode: .rows, start: two, end: one),
            WindowFrame(mode: .rows, start: two, end: .currentRow, exclusion: .currentRow),
            WindowFrame(mode: .rows, start: .following(offset(2)), end: .following(offset(1))),
            WindowFrame(mode: .groups, start: .preceding(offset(1)), end: one),
            WindowFrame(mode: .groups, start: .currentRow, end: .unboundedFollowing, exclusion: .group),
            WindowFrame(mode: .range, start: .currentRow, end: .unboundedFollowing, exclusion: .ties),
            WindowFrame(mode: .rows, start: .unboundedPreceding, end: one),
        ]
        var cases: [Case] = []
        for frame in frames {
            cases.append(Case(partition: [.institution], order: [(.day, false)], frame: frame))
            cases.append(Case(partition: [], order: [(.flag, true), (.item, false)], frame: frame))
            cases.append(Case(partition: [.institution, .flag], order: [], frame: frame))
        }
        for (start, end) in [(3, 3), (0, 5)] as [(Int64, Int64)] {
            for descending in [false, true] {
                cases.append(
                    Case(
                        partition: [.flag], order: [(.day, descending)],
                        frame: WindowFrame(start: .preceding(offset(start)), end: .following(offset(end)))))
            }
        }
        return cases
    }()

    static let functions: [(String, Field?, LogicalType)] = [
        ("row_number", nil, .bigint), ("rank", nil, .bigint), ("dense_rank", nil, .bigint),
        ("percent_rank", nil, .double), ("cume_dist", nil, .double), ("ntile", nil, .integer), ("lag", .item, .text),
        ("lead", .quantity, Field.quantity.type), ("first_value", .note, .text), ("last_value", .day, .date),
        ("nth_value", .claim, .text), ("count", nil, .bigint), ("count", .quantity, .bigint),
        ("sum", .quantity, .numeric(precision: 38, scale: 2)), ("min", .quantity, Field.quantity.type),
        ("max", .item, .text), ("max", .score, .double), ("avg", .score, .double), ("median", .quantity, .double),
    ]

    func call(_ name: String, _ field: Field?, _ type: LogicalType) -> AggregateCall {
        var arguments = field.map { [scan($0)] } ?? []
        if name == "ntile" { arguments = [WindowTests.offset(3)] }
        if name == "nth_value" { arguments.append(WindowTests.offset(2)) }
        if name == "lead" { arguments.append(WindowTests.offset(2)) }
        if name == "lag" { arguments += [WindowTests.offset(1), scan(.note)] }
        return AggregateCall(name: name, arguments: arguments, type: type)
    }

    @Test("agree with a row-by-row reference", arguments: cases)
    func reference(test: Case) throws {
        let table = MemoryTable.random(seed: 77, segmentSizes: [22, 1, 13])
        let rows = table.rows
        let items = WindowTests.functions.enumerated().map { index, function in
            WindowColumn(
                column: PlanColumn(id: ColumnID(800 + index), name: "w", type: function.2),
                call: call(function.0, function.1, function.2), partitionBy: test.partition.map { scan($0) },
                orderBy: test.order.map { PlanSortKey(expression: scan($0.field), descending: $0.descending) },
                frame: test.frame)
        }
        let result = try Run.rows(.window(scan.plan(), items), ["t": table])
        #expect(result.map { Array($0[..<Field.allCases.count]) } == rows)
        for partition in grouped(rows.enumerated().map { $1 + [.integer(Int64($0))] }, by: test.partition) {
            let sorted = partition.rows.enumerated().sorted { left, right in
                let order = compare(test, left.element, right.element)
                return order == 0 ? left.offset < right.offset : order < 0
            }.map(\.element)
            for place in sorted.indices {
                guard case .integer(let row) = sorted[place][Field.allCases.count] else { continue }
                for (index, function) in WindowTests.functions.enumerated() {
                    let expected = value(test, function, sorted, place)
                    let found = result[Int(row)][Field.allCases.count + index]
                    #expect(
                        Reference.agree(found, expected), "\(function.0) \(place): \(found), expected \(expected)")
                }
            }
        }
    }

    func compare(_ test: Case, _ left: [ScalarValue], _ right: [ScalarValue]) -> Int {
        for key in test.order {
            let a = left[key.field.rawValue]
            let b = right[key.field.rawValue]
            if a == b { continue }
            if a.isNull { return 1 }
            if b.isNull { return -1 }
            return isOrdered(a, b) != key.descending ? -1 : 1
        }
        return 0
    }

    func value(
        _ test: Case, _ function: (String, Field?, LogicalType), _ sorted: [[ScalarValue]], _ place: Int
    ) -> ScalarValue {
        let count = sorted.count
        let peers = sorted.indices.filter { compare(test, sorted[$0], sorted[place]) == 0 }
        let first = peers[0]
        let column = function.1?.rawValue ?? 0
        switch function.0 {
        case "row_number": return .integer(Int64(place + 1))
        case "rank": return .integer(Int64(first + 1))
        case "dense_rank":
            let starts = (0...place).filter { $0 == 0 || compare(test, sorted[$0 - 1], sorted[$0]) != 0 }
            return .integer(Int64(starts.count))
        case "percent_rank": return .double(count == 1 ? 0 : Double(first) / Double(count - 1))
        case "cume_dist": return .double(Double(peers[peers.count - 1] + 1) / Double(count))
        case "ntile":
            var tiles: [Int64] = []
            for tile in 0..<3 {
                tiles += [Int64](repeating: Int64(tile + 1), count: count / 3 + (tile < count % 3 ? 1 : 0))
            }
            return .integer(tiles[place])
        case "lag": return place > 0 ? sorted[place - 1][column] : sorted[place][Field.note.rawValue]
        case "lead": return place + 2 < count ? sorted[place + 2][column] : .null
        default: break
        }
        let frame = sorted.indices.filter { isInFrame(test, sorted, place, $0, peers) }.map { sorted[$0] }
        switch function.0 {
        case "first_value": return frame.first?[column] ?? .null
        case "last_value": return frame.last?[column] ?? .null
        case "nth_value": return frame.count > 1 ? frame[1][column] : .null
        default: return Reference(name: function.0, field: function.1, type: function.2).value(frame)
        }
    }

    func isInFrame(
        _ test: Case, _ sorted: [[ScalarValue]], _ place: Int, _ other: Int, _ peers: [Int]
    ) -> Bool {
        switch test.frame.exclusion {
        case .none: break
        case .currentRow: if other == place { return false }
        case .group: if peers.contains(other) { return false }
        case .ties: if peers.contains(other), other != place { return false }
        }
        return isWithin(test, test.frame.start, sorted, place, other, peers, isEnd: false)
            && isWithin(test, test.frame.end, sorted, place, other, peers, isEnd: true)
    }

    func isWithin(
        _ test: Case, _ bound: WindowFrame.Bound, _ sorted: [[ScalarValue]], _ place: Int, _ other: Int,
        _ peers: [Int], isEnd: Bool
    ) -> Bool {
        func number(_ expression: BoundExpression, _ sign: Int) -> Int {
            if case .constant(.integer(let value), _) = expression { return Int(value) * sign }
            return 0
        }
        let shift: Int
        switch bound {
        case .unboundedPreceding, .unboundedFollowing: return true
        case .currentRow: shift = 0
        case .preceding(let expression): shift = number(expression, -1)
        case .following(let expression): shift = number(expression, 1)
        }
        let distance: Int
        switch test.frame.mode {
        case .rows: distance = other - place
        case .groups:
            func group(_ index: Int) -> Int {
                (0...index).filter { $0 > 0 && compare(test, sorted[$0 - 1], sorted[$0]) != 0 }.count
            }
            distance = group(other) - group(place)
        case .range:
            if peers.contains(other) { distance = 0; break }
            if case .currentRow = bound { return isEnd ? other < place : other > place }
            guard case .date(let own) = sorted[place][test.order[0].field.rawValue],
                case .date(let theirs) = sorted[other][test.order[0].field.rawValue]
            else { return false }
            distance = Int(test.order[0].descending ? own - theirs : theirs - own)
        }
        return isEnd ? distance <= shift : distance >= shift
    }

    @Test("of no rows give no rows")
    func empty() throws {
        let item = WindowColumn(
            column: PlanColumn(id: ColumnID(800), name: "w", type: .bigint),
            call: call("row_number", nil, .bigint), partitionBy: [], orderBy: [], frame: WindowFrame())
        let table = MemoryTable(types: Field.allCases.map(\.type), segments: [])
        #expect(try Run.rows(.window(scan.plan(), [item]), ["t": table]).isEmpty)
    }
}
