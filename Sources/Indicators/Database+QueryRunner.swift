package import Engine

/// A store answers the library's queries.
extension Database: QueryRunner {
    package func run(sql: String) throws -> QueryResult { try query(sql) }

    package func run(sql: String, reading answers: [(name: String, rows: QueryResult)]) throws -> QueryResult {
        try query(sql, reading: answers)
    }

    package func keep(sql: String, reading answers: [(name: String, rows: QueryResult)]) throws -> QueryResult {
        try keep(sql, reading: answers)
    }

    package func answers<Answer: Sendable>(to questions: [@Sendable (any QueryRunner) throws -> Answer]) throws -> [Answer] {
        try concurrently(questions.map { question in { try question($0) } })
    }
}
