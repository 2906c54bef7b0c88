package import Columns
package import Planning

/// A conjunction of predicates that picks the rows of a batch on which all are TRUE.
package struct PredicateProgram: Sendable {
    private let conjuncts: [ExpressionNode]

    /// Indexes of the batch columns the predicates read, ascending.
    package let columns: [Int]

    /// Those of the columns of which only is asked whether they are NULL.
    let presenceColumns: Set<Int>

    /// Those whose values are asked for, ascending.
    var valueColumns: [Int] { columns.filter { !presenceColumns.contains($0) } }

    /// Whether any of them may throw for values of a row.
    package var canRaise: Bool { conjuncts.contains { $0.canRaise } }

    /// - Parameters:
    ///   - predicates: Boolean expressions, evaluated in this order; ANDs among them are taken apart.
    ///   - columns: Index in `Batch.columns` of each column the predicates name.
    package init(predicates: [BoundExpression], columns: [ColumnID: Int]) throws(ExecutionError) {
        let compiler = ExpressionCompiler(columns: columns)
        var nodes: [ExpressionNode] = []
        for predicate in predicates { nodes += PredicateProgram.conjuncts(of: try compiler.compile(predicate)) }
        conjuncts = nodes
        self.columns = Set(nodes.flatMap(\.columns)).sorted()
        var valueColumns: Set<Int> = []
        for node in nodes { PredicateProgram.collectValueColumns(node, into: &valueColumns) }
        presenceColumns = Set(self.columns).subtracting(valueColumns)
    }

    /// The columns read anywhere but right below IS NULL or IS NOT NULL.
    private static func collectValueColumns(_ node: ExpressionNode, into columns: inout Set<Int>) {
        if case .column(let index) = node.operation { columns.insert(index) }
        for child in node.children {
            if case .isNull = node.operation, case .column = child.operation { continue }
            collectValueColumns(child, into: &columns)
        }
    }

    private static func conjuncts(of node: ExpressionNode) -> [ExpressionNode] {
        if case .and = node.operation { return node.children.flatMap(conjuncts) }
        return [node]
    }

    /// The rows on which every predicate is TRUE. A predicate that can fail is asked only for the rows which those
    /// before it keep; one that is asked for few rows is evaluated on those alone.
    package func select(_ batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> Selection {
        guard batch.rowCount > 0 else { return .none }
        var survivors = Survivors(rowCount: batch.rowCount)
        for node in conjuncts {
            let left = survivors.count
            if left == 0 { return .none }
            if left < batch.rowCount, node.canRaise || left * 8 < batch.rowCount {
                let rows = survivors.rows
                let part = try node.evaluate(batch.selecting(rows, columns: node.columns), &state)
                survivors.keep(among: rows, part)
            } else {
                survivors.keep(try node.evaluate(batch, &state))
            }
        }
        return survivors.selection
    }
}

/// Rows kept so far: as a mask a run while all predicates lie on one run map, then as a mask a row, then as a list.
private struct Survivors {
    private enum Form {
        case all
        case runs([UInt8], RunMap)
        case mask([UInt8])
        case rows([Int32])
    }

    private let rowCount: Int
    private var form: Form = .all
    private(set) var count: Int

    init(rowCount: Int) {
        self.rowCount = rowCount
        count = rowCount
    }

    var rows: [Int32] {
        switch form {
        case .all: (0..<Int32(rowCount)).map { $0 }
        case .runs(let mask, let map): map.rows(ofRuns: mask, count: count)
        case .mask(let mask): Mask.rows(mask, count: count)
        case .rows(let rows): rows
        }
    }

    var selection: Selection {
        if count == 0 { return .none }
        return count == rowCount ? .all : .rows(rows)
    }

    /// Keeps the rows on which `condition`, which has every row of the batch, is TRUE.
    mutating func keep(_ condition: Vector) {
        switch condition.values {
        case .constant(let value):
            if value != .boolean(true) { (form, count) = (.mask([]), 0) }
        case .runs(let child, let map):
            let mask = Logic.trueMask(child)
            switch form {
            case .all: set(mask, map)
            case .runs(let known, let knownMap) where knownMap === map: set(Mask.and(known, mask), map)
            default: keep(mask: spread(mask, map.starts))
            }
        default: keep(mask: Logic.trueMask(condition))
        }
    }

    /// Keeps those of `rows` (all that were left) on which `condition`, a row for each of them, is TRUE.
    mutating func keep(among rows: [Int32], _ condition: Vector) {
        let kept = Mask.rows(Logic.trueMask(condition))
        form = .rows(gather(rows, kept))
        count = kept.count
    }

    private mutating func set(_ mask: [UInt8], _ map: RunMap) {
        form = .runs(mask, map)
        var total = 0
        for run in 0..<map.runCount where mask[run] != 0 { total += Int(map.starts[run + 1] - map.starts[run]) }
        count = total
    }

    private mutating func keep(mask: [UInt8]) {
        let combined: [UInt8]
        switch form {
        case .all: combined = mask
        case .runs(let known, let map): combined = Mask.and(spread(known, map.starts), mask)
        case .mask(let known): combined = Mask.and(known, mask)
        case .rows(let rows):
            let kept = rows.filter { mask[Int($0)] != 0 }
            (form, count) = (.rows(kept), kept.count)
            return
        }
        (form, count) = (.mask(combined), Mask.count(combined))
    }
}
