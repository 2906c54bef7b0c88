/// A constant as written; its SQL type is still to be decided by the binder.
package enum Literal: Sendable, Equatable {
    /// A whole number with its sign; PostgreSQL types it int4 if it fits, else int8.
    case integer(Int64)
    /// A number with a point, an exponent, or too many digits for int8, in PostgreSQL's spelling (`1.50`, `1e3`, `-.5`);
    /// its type is numeric.
    case decimal(String)
    /// A quoted string: of unknown type until something demands one.
    case string(String)
    case boolean(Bool)
    case null
}
