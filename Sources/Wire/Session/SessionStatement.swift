import Engine
import Planning
import SQL

/// One statement of a client, told apart by who answers it.
enum SessionStatement: Sendable {
    /// Nothing but blanks and comments.
    case empty
    case command(SessionCommand)
    /// `declare name cursor for …`: the query it stands for.
    indirect case cursor(String, SessionStatement, isHeld: Bool)
    /// For the engine; `text` is what positions count in.
    case data(ParsedStatement, text: String)
    /// A query of the catalogs.
    case catalog(Query, text: String)

    /// Whether it gives rows of data or of the catalogs.
    var isQuery: Bool {
        switch self {
        case .data(let parsed, _): if case .select = parsed.statement { true } else { false }
        case .catalog: true
        case .empty, .command, .cursor: false
        }
    }

    /// How `CommandComplete` names it.
    var tag: String {
        switch self {
        case .data(let parsed, _):
            switch parsed.statement {
            case .explain: "EXPLAIN"
            case .show, .showTables: "SHOW"
            default: "SELECT"
            }
        case .command(.show): "SHOW"
        case .command(.fetch): "FETCH"
        default: "SELECT"
        }
    }
}

/// A statement and where it begins in the text the client sent, in characters.
struct StatementPiece: Sendable {
    var statement: SessionStatement
    var offset: Int
}

/// A statement that was parsed once, to be bound and run any number of times.
struct PreparedStatement: Sendable {
    var statement: SessionStatement
    /// What a client is told of its parameters.
    var parameterTypes: [WireType]
    /// nil for a statement that gives no rows.
    var columns: [WireColumn]?
    /// Of its text.
    var byteCount = 0
}

/// A parameter's value as a client sent it.
struct BoundValue: Sendable {
    var type: WireType
    var format: ValueFormat
    /// nil for NULL.
    var bytes: [UInt8]?
}
