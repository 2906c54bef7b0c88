package import Columns

/// A query as a tree of relational operators. Every node puts out columns with identities of their own
/// (`LogicalPlan.columns`); expressions of a node speak of its inputs' columns by identity.
package indirect enum LogicalPlan: Hashable, Sendable {
    /// Rows of a stored table; `filters` hold for every row put out.
    case scan(TableScanNode)
    /// Constant rows; `VALUES`, or one row without columns for a SELECT without FROM.
    case values(columns: [PlanColumn], rows: [[BoundExpression]])
    case filter(LogicalPlan, BoundExpression)
    case project(LogicalPlan, [ProjectedColumn])
    case aggregate(AggregateNode)
    case window(LogicalPlan, [WindowColumn])
    case join(JoinNode)
    case sort(LogicalPlan, [PlanSortKey])
    /// With an input `.sort`, a top-N. `limit` nil: all.
    case limit(LogicalPlan, limit: Int?, offset: Int)
    case distinctOn(LogicalPlan, keys: [BoundExpression])
    case setOperation(SetOperationNode)
    case expand(ExpandNode)
    case recursive(RecursiveNode)
    /// Inside the step of a recursive query: the rows the step before gave. The columns are this reading's own.
    case working(id: Int, columns: [PlanColumn])
    /// A plan computed once for the whole statement and read wherever the same `id` stands (a CTE used twice, a common
    /// sub-plan). `columns` are this reading's own identities, in the order of `plan`'s columns.
    case shared(id: Int, plan: LogicalPlan, columns: [PlanColumn])
}

package struct TableScanNode: Hashable, Sendable {
    package var table: String
    /// Columns put out, each with its index in the table's schema.
    package var columns: [ScanColumn]
    package var filters: [BoundExpression]
    /// Columns that nothing but the filters reads: they are put out without values.
    package var filterOnly: Set<ColumnID> = []
    /// Set if rows of a run are put out as one; then `columns` are those read.
    package var fold: ScanFold?

    package struct ScanColumn: Hashable, Sendable {
        package var column: PlanColumn
        package var fieldIndex: Int
        package init(column: PlanColumn, fieldIndex: Int) {
            self.column = column
            self.fieldIndex = fieldIndex
        }
    }
    package init(table: String, columns: [ScanColumn], filters: [BoundExpression] = []) {
        self.table = table
        self.columns = columns
        self.filters = filters
    }
}

/// An expression computed under a new identity (or an input column passed on under its own).
package struct ProjectedColumn: Hashable, Sendable {
    package var column: PlanColumn
    package var expression: BoundExpression
    package init(column: PlanColumn, expression: BoundExpression) {
        self.column = column
        self.expression = expression
    }
}

package struct PlanSortKey: Hashable, Sendable {
    package var expression: BoundExpression
    package var descending: Bool
    package var nullsFirst: Bool
    package init(expression: BoundExpression, descending: Bool = false, nullsFirst: Bool = false) {
        self.expression = expression
        self.descending = descending
        self.nullsFirst = nullsFirst
    }
}

package struct AggregateNode: Hashable, Sendable {
    package var input: LogicalPlan
    package var groups: [ProjectedColumn]
    /// Indexes into `groups` for each grouping set; one set with all of them for a plain GROUP BY. Groups outside the set are NULL.
    package var groupingSets: [[Int]]
    package var aggregates: [AggregateColumn]
    /// For each `grouping(…)` call: the column and the indexes of the groups it asks for.
    package var groupingColumns: [GroupingColumn]
    /// Indexes of groups that nobody reads: their columns may be NULL.
    package var unreadGroups: Set<Int> = []

    package struct AggregateColumn: Hashable, Sendable {
        package var column: PlanColumn
        package var call: AggregateCall
        package init(column: PlanColumn, call: AggregateCall) {
            self.column = column
            self.call = call
        }
    }
    package struct GroupingColumn: Hashable, Sendable {
        package var column: PlanColumn
        package var groups: [Int]
        package init(column: PlanColumn, groups: [Int]) {
            self.column = column
            self.groups = groups
        }
    }
    package init(
        input: LogicalPlan, groups: [ProjectedColumn], groupingSets: [[Int]]? = nil, aggregates: [AggregateColumn],
        groupingColumns: [GroupingColumn] = []
    ) {
        self.input = input
        self.groups = groups
        self.groupingSets = groupingSets ?? [Array(groups.indices)]
        self.aggregates = aggregates
        self.groupingColumns = groupingColumns
    }
}

/// An aggregate by name: `count` (no argument: rows), `sum`, `avg`, `min`, `max`, `median`, `mad`, `percentile_cont`,
/// `percentile_disc`, `mode`, `quantile`, `stddev_samp`, `stddev_pop`, `var_samp`, `var_pop`, `corr`, `covar_pop`,
/// `covar_samp`, `regr_…`, `bool_and`, `bool_or`, `string_agg`, `array_agg`, `approx_count_distinct`.
package struct AggregateCall: Hashable, Sendable {
    package var name: String
    package var arguments: [BoundExpression]
    package var isDistinct: Bool
    package var filter: BoundExpression?
    /// ORDER BY inside the call, or WITHIN GROUP's order for ordered sets (whose direct argument is `arguments[0]`).
    package var orderBy: [PlanSortKey]
    package var type: LogicalType
    package var position: Int
    package init(
        name: String, arguments: [BoundExpression], isDistinct: Bool = false, filter: BoundExpression? = nil,
        orderBy: [PlanSortKey] = [], type: LogicalType, position: Int = -1
    ) {
        self.name = name
        self.arguments = arguments
        self.isDistinct = isDistinct
        self.filter = filter
        self.orderBy = orderBy
        self.type = type
        self.position = position
    }

    /// All that is computed from the input's rows.
    package var inputs: [BoundExpression] { arguments + (filter.map { [$0] } ?? []) + orderBy.map(\.expression) }
}

package struct WindowColumn: Hashable, Sendable {
    package var column: PlanColumn
    /// `row_number`, `rank`, `dense_rank`, `percent_rank`, `cume_dist`, `ntile`, `lag`, `lead`, `first_value`, `last_value`,
    /// `nth_value`, or an aggregate's name.
    package var call: AggregateCall
    package var partitionBy: [BoundExpression]
    package var orderBy: [PlanSortKey]
    package var frame: WindowFrame
    /// Set where rows beyond so many places of their partition, and of any number of rows that share the last one, are not asked
    /// for: they may be left out. Only where all items have the same partitions and order.
    package var placeLimit: Int?
    package init(
        column: PlanColumn, call: AggregateCall, partitionBy: [BoundExpression], orderBy: [PlanSortKey],
        frame: WindowFrame
    ) {
        self.column = column
        self.call = call
        self.partitionBy = partitionBy
        self.orderBy = orderBy
        self.frame = frame
    }
}

package struct WindowFrame: Hashable, Sendable {
    package enum Mode: Hashable, Sendable { case rows, range, groups }
    package enum Bound: Hashable, Sendable {
        case unboundedPreceding
        case preceding(BoundExpression)
        case currentRow
        case following(BoundExpression)
        case unboundedFollowing
    }
    package enum Exclusion: Hashable, Sendable { case none, currentRow, group, ties }
    package var mode: Mode
    package var start: Bound
    package var end: Bound
    package var exclusion: Exclusion
    /// The default frame: range between unbounded preceding and current row.
    package init(
        mode: Mode = .range, start: Bound = .unboundedPreceding, end: Bound = .currentRow, exclusion: Exclusion = .none
    ) {
        self.mode = mode
        self.start = start
        self.end = end
        self.exclusion = exclusion
    }
}

package struct JoinNode: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case inner, left, right, full, cross
        /// Left rows with a match (semi) or without one (anti); puts out the left columns only.
        case semi, anti
        /// Left columns plus one boolean column: whether a match exists, NULL where SQL's IN gives NULL.
        case mark(PlanColumn)
        /// Left columns plus right columns; at most one right row for each left row, NULLs where there is none, an
        /// error (`more than one row returned by a subquery used as an expression`) where there are two.
        case single
    }
    package struct KeyPair: Hashable, Sendable {
        package var left: BoundExpression
        package var right: BoundExpression
        /// NULL equals NULL (`is not distinct from`).
        package var isNullSafe: Bool
        package init(left: BoundExpression, right: BoundExpression, isNullSafe: Bool = false) {
            self.left = left
            self.right = right
            self.isNullSafe = isNullSafe
        }
    }
    package var kind: Kind
    package var left: LogicalPlan
    package var right: LogicalPlan
    /// Equality conditions; the rest of ON is `residual`, evaluated over both sides' columns.
    package var keys: [KeyPair]
    package var residual: BoundExpression?
    /// Whether the optimizer has chosen which side streams (the left one) and which is kept in memory.
    package var hasChosenSides = false
    /// Columns of the inputs that nothing but `residual` reads, neither the keys nor any step above; as far as it is known.
    package var conditionOnly: Set<ColumnID> = []
    /// Whether the right side reads columns of the left one, as outer columns: an inner or left join with a lateral item that
    /// waits for the rows of an enclosing query; gone after decorrelation.
    package var isDependent = false
    package init(kind: Kind, left: LogicalPlan, right: LogicalPlan, keys: [KeyPair], residual: BoundExpression? = nil) {
        self.kind = kind
        self.left = left
        self.right = right
        self.keys = keys
        self.residual = residual
    }
}

package struct SetOperationNode: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case union, intersect, except }
    package var kind: Kind
    package var isAll: Bool
    /// Inputs with columns of the same types in the same order (the binder has cast them).
    package var left: LogicalPlan
    package var right: LogicalPlan
    package var columns: [PlanColumn]
    package init(kind: Kind, isAll: Bool, left: LogicalPlan, right: LogicalPlan, columns: [PlanColumn]) {
        self.kind = kind
        self.isAll = isAll
        self.left = left
        self.right = right
        self.columns = columns
    }
}

/// Calls that give any number of values for each row of the input, side by side: the row is repeated as often as the
/// longest of them asks, and NULL fills up the others.
package struct ExpandNode: Hashable, Sendable {
    package var input: LogicalPlan
    package var calls: [Call]
    /// Counts the rows of each input row from 1.
    package var ordinality: PlanColumn?
    /// A row for which no call gives a value stays, with NULLs.
    package var keepsEmptyRows = false

    package struct Call: Hashable, Sendable {
        /// `generate_series`, `unnest`, `regexp_matches`, `regexp_split_to_table`, `string_to_table`, `generate_subscripts`.
        package var name: String
        package var arguments: [BoundExpression]
        package var column: PlanColumn
        package var position: Int
        package init(name: String, arguments: [BoundExpression], column: PlanColumn, position: Int) {
            self.name = name
            self.arguments = arguments
            self.column = column
            self.position = position
        }
    }

    package init(input: LogicalPlan, calls: [Call], ordinality: PlanColumn? = nil) {
        self.input = input
        self.calls = calls
        self.ordinality = ordinality
    }

    /// The columns it adds to those of the input.
    package var added: [PlanColumn] { calls.map(\.column) + (ordinality.map { [$0] } ?? []) }
}

/// The rows of `base`, then those of `step` over them, over what these gave, and so on until a step gives none.
///
/// Both are plans of their own: rewriting does not look inside from outside.
package struct RecursiveNode: Hashable, Sendable {
    /// What `.working` in the step names.
    package var id: Int
    package var name: String
    package var base: LogicalPlan
    package var step: LogicalPlan
    /// Repeated rows are kept; else a row counts only when it is met first.
    package var isAll: Bool
    package var columns: [PlanColumn]
    package var position: Int
    /// Whether base or step read columns of an enclosing query: it waits for that query's rows; gone after decorrelation.
    package var isDependent = false
    package init(
        id: Int, name: String, base: LogicalPlan, step: LogicalPlan, isAll: Bool, columns: [PlanColumn], position: Int
    ) {
        self.id = id
        self.name = name
        self.base = base
        self.step = step
        self.isAll = isAll
        self.columns = columns
        self.position = position
    }
}

extension LogicalPlan {
    /// The columns this node puts out, in order.
    package var columns: [PlanColumn] {
        switch self {
        case .scan(let node): node.output
        case .values(let columns, _): columns
        case .filter(let input, _), .sort(let input, _), .limit(let input, _, _), .distinctOn(let input, _):
            input.columns
        case .project(_, let items): items.map(\.column)
        case .aggregate(let node):
            node.groups.map(\.column) + node.aggregates.map(\.column) + node.groupingColumns.map(\.column)
        case .window(let input, let items): input.columns + items.map(\.column)
        case .join(let node):
            switch node.kind {
            case .semi, .anti: node.left.columns
            case .mark(let mark): node.left.columns + [mark]
            case .inner, .left, .right, .full, .cross, .single: node.left.columns + node.right.columns
            }
        case .setOperation(let node): node.columns
        case .expand(let node): node.input.columns + node.added
        case .recursive(let node): node.columns
        case .working(_, let columns), .shared(_, _, let columns): columns
        }
    }
}
