/// One source of rows in a `from` clause.
package indirect enum TableReference: Sendable {
    case table(NamedTable)
    case subquery(SubqueryTable)
    case function(FunctionTable)
    case join(Join)
}

/// `as name [(columns)]`.
package struct TableAlias: Sendable {
    package var name: String
    /// New names for the leading columns.
    package var columns: [String]

    package init(name: String, columns: [String] = []) {
        self.name = name
        self.columns = columns
    }
}

/// A table, view or common table by name.
package struct NamedTable: Sendable {
    package var name: QualifiedName
    package var alias: TableAlias?
    package var sample: TableSample?
    package var position: Int { name.position }

    package init(name: QualifiedName, alias: TableAlias? = nil) {
        self.name = name
        self.alias = alias
    }
}

/// `tablesample method (percentage) [repeatable (seed)]`.
package struct TableSample: Sendable {
    package enum Method: String, Sendable {
        /// Each row for itself.
        case bernoulli
        /// Blocks of rows that lie together.
        case system
    }

    package var method: Method
    package var percentage: Expression
    package var seed: Expression?
    package var position: Int

    package init(method: Method, percentage: Expression, seed: Expression?, position: Int) {
        self.method = method
        self.percentage = percentage
        self.seed = seed
        self.position = position
    }
}

/// `[lateral] (query) as alias`.
package struct SubqueryTable: Sendable {
    package var query: Query
    /// PostgreSQL 15 demands one; the grammar refuses a derived table without it.
    package var alias: TableAlias?
    package var isLateral: Bool
    package var position: Int

    package init(query: Query, alias: TableAlias?, isLateral: Bool = false, position: Int = -1) {
        self.query = query
        self.alias = alias
        self.isLateral = isLateral
        self.position = position
    }
}

/// `[lateral] function(arguments) [with ordinality] [as alias]`, such as `read_csv('x.csv')`.
package struct FunctionTable: Sendable {
    package var call: FunctionCall
    /// The calls behind the first of ROWS FROM: their rows stand beside its rows.
    package var others: [FunctionCall] = []
    package var alias: TableAlias?
    package var isLateral: Bool
    package var withOrdinality: Bool
    package var position: Int

    package init(
        call: FunctionCall, alias: TableAlias? = nil, isLateral: Bool = false, withOrdinality: Bool = false,
        position: Int = -1
    ) {
        self.call = call
        self.alias = alias
        self.isLateral = isLateral
        self.withOrdinality = withOrdinality
        self.position = position
    }
}

/// `left join right …`.
package struct Join: Sendable {
    package enum Kind: Sendable, Equatable {
        case inner
        case left
        case right
        case full
        /// `cross join`: has no condition.
        case cross
    }

    package enum Condition: Sendable {
        /// Only with `.cross`.
        case none
        case on(Expression)
        /// Columns present on both sides, merged in the output; `alias` is PostgreSQL's `using (…) as alias`.
        case using([String], alias: String?)
        /// All columns the two sides share.
        case natural
    }

    package var kind: Kind
    package var condition: Condition
    package var left: TableReference
    package var right: TableReference
    /// `(a join b …) as alias`: hides the names inside.
    package var alias: TableAlias?
    /// Position of the first table on the left; the grammar records none for the join itself.
    package var position: Int

    package init(
        kind: Kind, condition: Condition, left: TableReference, right: TableReference, alias: TableAlias? = nil,
        position: Int = -1
    ) {
        self.kind = kind
        self.condition = condition
        self.left = left
        self.right = right
        self.alias = alias
        self.position = position
    }
}
