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

    /// 1 for each row that is kept, out of `rowCount`.
    func mask(rowCount: Int) -> [UInt8] {
        switch self {
        case .all: return [UInt8](repeating: 1, count: rowCount)
        case .none: return [UInt8](repeating: 0, count: rowCount)
        case .rows(let rows):
            var mask = [UInt8](repeating: 0, count: rowCount)
            for row in rows { mask[Int(row)] = 1 }
            return mask
        }
    }
}
