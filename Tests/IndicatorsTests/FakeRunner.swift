import Columns
import Engine
import Indicators
import Synchronization

/// Answers every statement with one table and counts the statements.
final class FakeRunner: QueryRunner {
    private let answer: QueryResult
    private let count = Mutex(0)

    var statementCount: Int { count.withLock { $0 } }

    init(columns: [(String, LogicalType)], rows: [[ScalarValue]]) {
        answer = QueryResult(
            schema: Schema(columns.map { Field(name: $0.0, type: $0.1) }),
            batches: rows.map { row in
                Batch(columns: zip(row, columns).map { .constant($0, type: $1.1, count: 1) }, rowCount: 1)
            })
    }

    func run(sql: String) throws -> QueryResult {
        count.withLock { $0 += 1 }
        return answer
    }

    func run(sql: String, reading answers: [(name: String, rows: QueryResult)]) throws -> QueryResult { try run(sql: sql) }
}

/// A small indicator file whose parts a test can replace.
enum SampleFile {
    static let metadata = """
        -- id: sample
        -- version: 2
        -- title_en: Sample
        -- title_zh: 样例
        -- theme_en: T
        -- theme_zh: 题
        -- kind: rule
        -- result: violation
        -- subject_en: claims
        -- subject_zh: 结算
        -- exposure_en: claims
        -- exposure_zh: 结算
        -- event_en: claims that are
        --   long
        -- event_zh: 长
        -- basis_kind: legal
        -- basis_en: law
        -- basis_zh: 法
        -- false_alarms_en: none
        -- false_alarms_zh: 无
        -- parameter: limit | integer | 3 | 1 | 9 | a limit | 界值 | statistical: test

        """
    static let queries = """
        -- query: common
        with lines as (:lines)
        -- query: figures
        select institution_id, count(*) filter (where quantity > :limit) as events from lines -- :not_this
        -- query: evidence
        select ':nor_this', quantity::bigint from lines where institution_id = :institution

        """
    static let text = metadata + queries
}
