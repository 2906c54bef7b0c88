/// `select … from … where … group by … having … window …`.
package struct SelectCore: Sendable {
    package enum Distinct: Sendable {
        case none
        case all
        /// `distinct on (expressions)`.
        case on([Expression])
    }

    package var distinct: Distinct
    /// May be empty, as PostgreSQL allows.
    package var items: [SelectItem]
    /// Comma-separated; a cross product of all of them.
    package var from: [TableReference]
    package var `where`: Expression?
    package var groupBy: [GroupingElement]
    /// `group by distinct`: a grouping set counts once.
    package var groupsDistinctly = false
    package var having: Expression?
    /// The `window` clause.
    package var windows: [NamedWindow]
    package var position: Int

    package init(
        distinct: Distinct = .none, items: [SelectItem], from: [TableReference] = [], where: Expression? = nil,
        groupBy: [GroupingElement] = [], having: Expression? = nil, windows: [NamedWindow] = [], position: Int = -1
    ) {
        self.distinct = distinct
        self.items = items
        self.from = from
        self.where = `where`
        self.groupBy = groupBy
        self.having = having
        self.windows = windows
        self.position = position
    }
}

/// One item of a select list.
package enum SelectItem: Sendable {
    /// `*`, or `t.*` and `s.t.*` with one or two qualifier parts; `* exclude (a)` leaves columns out.
    case star(qualifier: [String], excluding: [ExcludedColumn], position: Int)
    case expression(Expression, alias: String?)
}

/// A column that a star leaves out.
package struct ExcludedColumn: Sendable {
    package var name: String
    package var position: Int

    package init(name: String, position: Int) {
        self.name = name
        self.position = position
    }
}

/// One element of a `group by`.
package indirect enum GroupingElement: Sendable {
    /// A plain expression; an integer literal is an output column's number, a bare name may be an output column's name, a star is
    /// `group by all`: every item of the select list that has no aggregate.
    case expression(Expression)
    /// `rollup (…)`; a parenthesised list inside is `.list`.
    case rollup([GroupingElement], position: Int)
    case cube([GroupingElement], position: Int)
    /// `grouping sets (…)`; may nest.
    case sets([GroupingElement], position: Int)
    /// `()`: everything is one group.
    case empty(position: Int)
    /// `(a, b)`: expressions taken together as one element; two or more.
    case list([Expression], position: Int)
}
