package import Engine
import SQL

/// Answers one query of the catalogs of a store.
package enum CatalogAnswer {
    /// The rows as texts, nil for NULL: for those who have no session.
    ///
    /// - Parameter stepLimit: How much work it may be; nil for as much as in a session.
    package static func rows(
        of text: String, database: Database, parameters: [CatalogValue] = [], stepLimit: Int? = nil
    ) throws -> [[String?]] {
        guard case .select(let query) = try PostgresParser.parseOne(text) else {
            throw WireError(.syntax, "expected a query")
        }
        let identity = CatalogContents.Identity(database: "fund", user: "ada", processID: 1, settings: [])
        let relation = try run(
            query, CatalogContents(database: database, identity: identity), parameters, options: database.options,
            stepLimit: stepLimit)
        return relation.rows.map { $0.map(\.text) }
    }

    static func run(
        _ query: Query, _ contents: CatalogContents, _ parameters: [CatalogValue], options: EngineOptions, stepLimit: Int? = nil
    ) throws -> CatalogRelation {
        // The parser has bounded how deep a statement is nested; a thread of its own has the stack for it.
        let outcome = LargeStack.run { () -> Result<CatalogRelation, WireError> in
            do {
                let budget = CatalogBudget(
                    stepLimit: stepLimit, byteLimit: options.memoryLimit, deadline: options.timeout.map { ContinuousClock.now + $0 },
                    isCancelled: options.isCancelled)
                return .success(try CatalogQuery(contents: contents, parameters: parameters, budget: budget).run(query))
            } catch {
                return .failure(WireError(describing: error))
            }
        }
        guard let outcome else { throw WireError(.limitExceeded, "the system refused a thread") }
        return try outcome.get()
    }
}
