/// Which rows of a batch a predicate keeps.
package enum Selection: Hashable, Sendable {
    case all
    case none
    /// Ascending row numbers, neither all rows nor none.
    case rows([Int32])

    /// Rows kept out of `rowCount`.
    package func count(rowCount: Int) -> Int {
        switch self {
        case .all: rowCount
        case .none: 0
        case .rows(let rows): rows.count
        }
    }
}
