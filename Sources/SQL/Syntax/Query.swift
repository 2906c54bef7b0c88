/// A query expression: `[with …] body [order by …] [limit …] [offset …]`.
package struct Query: Sendable {
    package var commonTables: [CommonTable]
    /// `with recursive`: applies to the whole list.
    package var isRecursive: Bool
    package var body: QueryBody
    package var orderBy: [SortKey]
    /// Nil for no limit; `limit all` and `limit null` read as nil.
    package var limit: Expression?
    package var offset: Expression?
    /// `fetch first … with ties`: rows equal to the last one by the order stay too.
    package var hasTies = false
    package var position: Int

    package init(
        commonTables: [CommonTable] = [], isRecursive: Bool = false, body: QueryBody, orderBy: [SortKey] = [],
        limit: Expression? = nil, offset: Expression? = nil, position: Int = -1
    ) {
        self.commonTables = commonTables
        self.isRecursive = isRecursive
        self.body = body
        self.orderBy = orderBy
        self.limit = limit
        self.offset = offset
        self.position = position
    }
}

/// The rows of a query before ordering and limiting.
package indirect enum QueryBody: Sendable {
    case select(SelectCore)
    case setOperation(SetOperation)
    /// `values (…), (…)`: at least one row; the rows may differ in width (the binder refuses that).
    case values([[Expression]])
}

/// `left union|intersect|except [all] right`.
package struct SetOperation: Sendable {
    package enum Kind: Sendable, Equatable {
        case union
        case intersect
        case except
    }

    package var kind: Kind
    /// Duplicates are kept.
    package var all: Bool
    package var left: Query
    package var right: Query

    package init(kind: Kind, all: Bool, left: Query, right: Query) {
        self.kind = kind
        self.all = all
        self.left = left
        self.right = right
    }
}

/// One named query of a `with` list.
package struct CommonTable: Sendable {
    /// Whether the user asked for the result to be computed once (`materialized`) or inlined (`not materialized`).
    package enum Materialization: Sendable, Equatable {
        case unspecified
        case always
        case never
    }

    package var name: String
    /// New names for the leading columns.
    package var columns: [String]
    package var materialization: Materialization
    package var query: Query
    package var position: Int

    package init(
        name: String, columns: [String] = [], materialization: Materialization = .unspecified, query: Query,
        position: Int = -1
    ) {
        self.name = name
        self.columns = columns
        self.materialization = materialization
        self.query = query
        self.position = position
    }
}

/// One key of an `order by`.
package struct SortKey: Sendable {
    /// A star is `order by all`: every item of the select list.
    package var expression: Expression
    package var descending: Bool
    /// `nulls first` / `nulls last`; nil when not written (PostgreSQL: last when ascending, first when descending).
    package var nullsFirst: Bool?

    package init(expression: Expression, descending: Bool = false, nullsFirst: Bool? = nil) {
        self.expression = expression
        self.descending = descending
        self.nullsFirst = nullsFirst
    }
}
