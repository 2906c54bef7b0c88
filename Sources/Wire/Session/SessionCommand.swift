/// A statement that is about the session rather than about data.
enum SessionCommand: Hashable, Sendable {
    case begin(tag: String)
    case commit
    case rollback
    case savepoint(String)
    case release(String)
    case rollbackTo(String)
    /// `set name = value`; nil for the default. One that is local ends with its transaction block.
    case set(name: String, value: String?, isLocal: Bool = false)
    case resetAll
    case show(String)
    /// `discard all`, which also forgets statements and portals; other forms forget nothing there is.
    case discard(String)
    /// nil for all.
    case deallocate(String?)
    /// `declare name cursor for query`: the query's text, and whether it outlives the transaction.
    case declare(String, query: String, isHeld: Bool)
    /// `fetch`, `move`: nil for all rows that are left.
    case fetch(String, count: Int?, isMove: Bool)
    /// `close name`, nil for all.
    case close(String?)
    /// Accepted, with nothing to do.
    case nothing(tag: String)
}
