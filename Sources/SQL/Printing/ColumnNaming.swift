/// Names for output columns that the user did not name.
package enum ColumnNaming {
    /// PostgreSQL's name for a column without `as` (FigureColname in parse_target.c).
    ///
    /// A scalar subquery takes the name of its first column; if that is a `*`, it is not known here and the name is
    /// `?column?`.
    package static func defaultName(for expression: Expression) -> String {
        name(of: expression).text ?? unknown
    }

    private static let unknown = "?column?"

    /// How much a name says: a weak one (a type, `case`) gives way to one from inside.
    private enum Strength {
        case none
        case weak
        case strong
    }

    private static func name(of expression: Expression) -> (text: String?, strength: Strength) {
        switch expression.kind {
        case .column(let parts): return (parts.last, .strong)
        case .star(let qualifier): return qualifier.last.map { ($0, .strong) } ?? (nil, .none)
        case .function(let call): return (call.name.last, .strong)
        case .field(_, let name): return (name, .strong)
        case .element(let operand, _), .slice(let operand, _, _), .collate(let operand, _): return name(of: operand)
        case .cast(let operand, let type):
            let inner = name(of: operand)
            return inner.strength == .strong ? inner : (type.name, .weak)
        case .caseWhen(let expression):
            let inner = expression.otherwise.map { name(of: $0) } ?? (nil, .none)
            return inner.strength == .strong ? inner : ("case", .weak)
        case .scalarSubquery(let query): return (firstName(of: query), .strong)
        case .currentValue(let value): return (name(of: value), .strong)
        default: return fixedName(of: expression.kind).map { ($0, .strong) } ?? (nil, .none)
        }
    }

    private static func fixedName(of kind: ExpressionKind) -> String? {
        switch kind {
        case .exists: "exists"
        case .arraySubquery, .array: "array"
        case .extract: "extract"
        case .atTimeZone: "timezone"
        case .coalesce: "coalesce"
        case .nullIf: "nullif"
        case .greatest: "greatest"
        case .least: "least"
        case .row: "row"
        case .grouping: "grouping"
        default: nil
        }
    }

    private static func firstName(of query: Query) -> String {
        switch query.body {
        case .values: return "column1"
        case .setOperation(let operation): return firstName(of: operation.left)
        case .select(let core):
            guard case .expression(let expression, let alias)? = core.items.first else { return unknown }
            return alias ?? defaultName(for: expression)
        }
    }

    private static func name(of value: CurrentValue) -> String {
        switch value {
        case .date: "current_date"
        case .time: "current_time"
        case .timestamp: "current_timestamp"
        case .localTime: "localtime"
        case .localTimestamp: "localtimestamp"
        case .user: "current_user"
        case .shortUser: "user"
        case .sessionUser: "session_user"
        case .role: "current_role"
        case .catalog: "current_catalog"
        case .schema: "current_schema"
        }
    }
}
