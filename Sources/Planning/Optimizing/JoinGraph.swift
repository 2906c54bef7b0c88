import Columns

/// Tables to be joined and what is said of them, sets of tables being bits of a number.
struct JoinGraph {
    /// A condition, and the tables it speaks of.
    struct Condition {
        var expression: BoundExpression
        var tables: Int
        /// Of an equality, the tables of each side.
        var sides: (Int, Int)?
        /// The class of columns that it says are equal, if it is no more than that.
        var equalityClass: Int?
    }

    /// Columns that are all equal in the result, at most one a table.
    struct EqualityClass {
        var columns: [Int: BoundExpression] = [:]
        var tables = 0
    }

    let relations: [LogicalPlan]
    /// Rows of each table, and rows without its filters.
    let sizes: [Double]
    private let unfiltered: [Double]
    private(set) var conditions: [Condition] = []
    private(set) var classes: [EqualityClass] = []
    /// Conditions over one table or none: what may fail stays here, behind the keys, where no rule has moved it down.
    private(set) var single: [BoundExpression] = []
    private let cardinality: Cardinality

    init(_ relations: [LogicalPlan], _ expressions: [BoundExpression], _ cardinality: Cardinality) {
        self.relations = relations
        self.cardinality = cardinality
        sizes = relations.map { max(1, cardinality.rows($0)) }
        unfiltered = relations.map { max(1, cardinality.unfilteredRows($0)) }
        var tableOfColumn: [ColumnID: Int] = [:]
        for (index, relation) in relations.enumerated() {
            for column in relation.columns { tableOfColumn[column.id] = index }
        }
        func tables(_ expression: BoundExpression) -> Int {
            expression.columnIDs.reduce(0) { $0 | (tableOfColumn[$1].map { 1 << $0 } ?? 0) }
        }
        for expression in expressions {
            let all = tables(expression)
            if all.nonzeroBitCount < 2 {
                single.append(expression)
            } else if !conditions.contains(where: { $0.expression == expression }) {
                var condition = Condition(expression: expression, tables: all)
                if case .comparison(.equal, let left, let right) = expression {
                    let (first, second) = (tables(left), tables(right))
                    if first != 0, second != 0, first & second == 0 { condition.sides = (first, second) }
                }
                conditions.append(condition)
            }
        }
        findClasses(tableOfColumn)
    }

    private mutating func findClasses(_ tableOfColumn: [ColumnID: Int]) {
        var groups: [[BoundExpression]] = []
        for condition in conditions where condition.tables.nonzeroBitCount == 2 {
            guard case .comparison(.equal, let left, let right) = condition.expression, left.type == right.type,
                case .column = left, case .column = right
            else { continue }
            let touched = groups.indices.filter { groups[$0].contains(left) || groups[$0].contains(right) }
            var merged = touched.flatMap { groups[$0] }
            for side in [left, right] where !merged.contains(side) { merged.append(side) }
            for index in touched.reversed() { groups.remove(at: index) }
            groups.append(merged)
        }
        for group in groups {
            var found = EqualityClass()
            var isSimple = true
            for column in group {
                guard case .column(let id, _) = column, let table = tableOfColumn[id] else { continue }
                // Two columns of one table: their own equality has to be asked for, too.
                if found.columns.updateValue(column, forKey: table) != nil { isSimple = false }
                found.tables |= 1 << table
            }
            guard isSimple else { continue }
            for index in conditions.indices {
                guard case .comparison(.equal, let left, let right) = conditions[index].expression,
                    group.contains(left), group.contains(right)
                else { continue }
                conditions[index].equalityClass = classes.count
            }
            classes.append(found)
        }
    }

    /// What joins two sets of tables: one equality for each class, and all else that speaks of both.
    func conditions(joining left: Int, _ right: Int) -> [BoundExpression] {
        let both = left | right
        var found: [BoundExpression] = []
        var seen = 0
        for condition in conditions
        where condition.tables & ~both == 0 && condition.tables & left != 0 && condition.tables & right != 0 {
            if let equality = condition.equalityClass {
                if seen & (1 << equality) != 0 { continue }
                seen |= 1 << equality
            }
            found.append(condition.expression)
        }
        for (index, equality) in classes.enumerated()
        where seen & (1 << index) == 0 && equality.tables & left != 0 && equality.tables & right != 0 {
            guard let first = equality.columns[(equality.tables & left).trailingZeroBitCount],
                let second = equality.columns[(equality.tables & right).trailingZeroBitCount]
            else { continue }
            found.append(.comparison(.equal, first, second))
        }
        return found
    }

    /// Whether a hash join of two sets of tables has a key.
    func isConnected(_ left: Int, _ right: Int) -> Bool {
        if classes.contains(where: { $0.tables & left != 0 && $0.tables & right != 0 }) { return true }
        return conditions.contains { condition in
            guard let (first, second) = condition.sides else { return false }
            return first & ~left == 0 && second & ~right == 0 || first & ~right == 0 && second & ~left == 0
        }
    }

    /// Share of rows that meet a condition over several tables; what it asks of each of them alone has been asked there.
    private func share(_ condition: Condition) -> Double {
        var share = cardinality.share(of: [condition.expression])
        for index in relations.indices where condition.tables & (1 << index) != 0 {
            let ids = Set(relations[index].columns.map(\.id))
            guard let part = DisjunctionFactoring.share(of: condition.expression, over: ids) else { continue }
            share /= max(1e-6, cardinality.share(of: [part]))
        }
        return min(1, share)
    }

    /// Rows of the join of a set of tables: of the set without its last table, and what that one adds.
    func rows(adding table: Int, to others: Int, of known: Double) -> Double {
        var rows = known * sizes[table]
        let bit = 1 << table
        var keys: [(left: BoundExpression, right: BoundExpression)] = []
        var smallest = unfiltered[table]
        var seen = 0
        func add(_ left: BoundExpression, _ right: BoundExpression, _ partner: Int) {
            keys.append((left, right))
            smallest = min(smallest, unfiltered[partner])
        }
        for (index, equality) in classes.enumerated() where equality.tables & bit != 0 && equality.tables & others != 0 {
            // The partner with the fewest rows: there each value is most likely to stand once.
            var partner: Int?
            for candidate in relations.indices where equality.tables & others & (1 << candidate) != 0 {
                if partner.map({ unfiltered[candidate] < unfiltered[$0] }) ?? true { partner = candidate }
            }
            guard let partner, let own = equality.columns[table], let other = equality.columns[partner] else { continue }
            seen |= 1 << index
            add(own, other, partner)
        }
        for condition in conditions
        where condition.tables & bit != 0 && condition.tables & ~(others | bit) == 0 {
            if let equality = condition.equalityClass, seen & (1 << equality) != 0 { continue }
            if condition.tables.nonzeroBitCount == 2, case .comparison(.equal, let a, let b) = condition.expression {
                add(a, b, (condition.tables & ~bit).trailingZeroBitCount)
            } else {
                rows *= share(condition)
            }
        }
        if !keys.isEmpty { rows /= cardinality.divisor(keys, limit: smallest) }
        return max(1e-3, rows)
    }
}
