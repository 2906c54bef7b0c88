package import Engine

/// The door to the engine: runs one statement over the store.
///
/// The tables `institutions`, `knowledge` and `deaths` and the view `live_claims` must exist with their canonical columns,
/// as empty tables where nothing is loaded. Comparisons and `min` of text follow the C collation.
package protocol QueryRunner: Sendable {
    func run(sql: String) throws -> QueryResult

    /// Runs a statement that reads earlier answers as tables, by the names given.
    func run(sql: String, reading answers: [(name: String, rows: QueryResult)]) throws -> QueryResult
}
