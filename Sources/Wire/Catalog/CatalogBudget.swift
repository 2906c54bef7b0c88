/// How much work a query of the catalogs may be: they are small, but a product of them need not be.
final class CatalogBudget {
    private static let limit = 20_000_000
    /// Rows that are held at a time.
    private static let rowLimit = 1_000_000
    private var steps = 0
    private let isCancelled: @Sendable () -> Bool

    init(isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

    /// Looks at a number of rows before they are made.
    ///
    /// - Throws: `54001` beyond the limit.
    func admit(rowCount: Int) throws {
        guard rowCount <= CatalogBudget.rowLimit else {
            throw WireError(.statementTooComplex, "this query of the catalogs is too much work")
        }
    }

    /// Counts one expression.
    ///
    /// - Throws: `57014` once the client has cancelled, `54001` beyond the limit.
    func step() throws {
        steps += 1
        if steps % 1024 == 0, isCancelled() { throw WireError(.queryCanceled, "canceling statement due to user request") }
        guard steps <= CatalogBudget.limit else {
            throw WireError(.statementTooComplex, "this query of the catalogs is too much work")
        }
    }
}
