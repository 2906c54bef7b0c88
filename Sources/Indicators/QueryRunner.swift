package import Engine

/// The door to the engine: runs one statement over the store.
///
/// The tables `institutions`, `knowledge` and `deaths` and the view `live_claims` must exist with their canonical columns,
/// as empty tables where nothing is loaded. Comparisons and `min` of text follow the C collation.
package protocol QueryRunner: Sendable {
    func run(sql: String) throws -> QueryResult

    /// Runs a statement that reads earlier answers as tables, by the names given.
    func run(sql: String, reading answers: [(name: String, rows: QueryResult)]) throws -> QueryResult

    /// Runs a statement whose answer may be large: it is there for other statements and for whoever reads it in order, and need not
    /// lie in memory.
    func keep(sql: String, reading answers: [(name: String, rows: QueryResult)]) throws -> QueryResult

    /// Asks questions that do not depend on each other, several at a time where the runner can. Each is given the runner it is to ask.
    ///
    /// - Returns: The answers, in the order of the questions.
    /// - Throws: The error of the first question, in that order, that failed.
    func answers<Answer: Sendable>(to questions: [@Sendable (any QueryRunner) throws -> Answer]) throws -> [Answer]
}

extension QueryRunner {
    package func keep(sql: String, reading answers: [(name: String, rows: QueryResult)] = []) throws -> QueryResult {
        answers.isEmpty ? try run(sql: sql) : try run(sql: sql, reading: answers)
    }

    package func answers<Answer: Sendable>(to questions: [@Sendable (any QueryRunner) throws -> Answer]) throws -> [Answer] {
        try questions.map { try $0(self) }
    }
}
