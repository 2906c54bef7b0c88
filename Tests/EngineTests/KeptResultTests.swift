import Columns
import Diagnostics
import Engine
import Testing

/// Answers kept for other statements, with so little memory that they lie in files and without.
@Suite("Results that statements read")
struct KeptResultTests {
    private func database(memoryLimit: Int?, isUsual: Bool = false) -> Database {
        var options = EngineOptions()
        options.workerCount = 2
        if isUsual { options.usualMemoryLimit = memoryLimit } else { options.memoryLimit = memoryLimit }
        return Database(path: "/nowhere", options: options)
    }

    /// Rows of two kinds: few that say so, and many whose texts no dictionary has.
    private static let query = """
        select true as is_figure, n::text as figure, null as id, null as amount from generate_series(1, 5) as t(n)
        union all
        select false, null, 'K' || (n * 7919 % 30011)::text || repeat('k', 40), (n % 977)::numeric(12, 2) / 4 from generate_series(1, 30000) as t(n)
        """
    private static let question = """
        select a.id, count(*) as n, sum(b.amount) as total, min(a.amount) as least
        from "the answer" as a join "the answer" as b on a.id = b.id
        where a.id like 'K7%' group by a.id order by a.id
        """

    @Test("are the same rows, wherever they lie", arguments: [(nil, false), (nil, true), (1 << 21, false), (1 << 21, true)] as [(Int?, Bool)])
    func sameRows(memoryLimit: Int?, isUsual: Bool) throws {
        let reference = database(memoryLimit: nil)
        let whole = try reference.query(Self.query)
        let expected = try reference.query(Self.question, reading: [("the answer", try whole.rows(where: 0, is: .boolean(false), columns: [2, 3]))])
        #expect(expected.rowCount == 1111)
        let database = database(memoryLimit: memoryLimit, isUsual: isUsual)
        let kept = try database.keep(Self.query)
        #expect(kept.rowCount == whole.rowCount)
        #expect(try kept.inMemory().rows() == whole.rows())
        let figures = try kept.rows(where: 0, is: .boolean(true), columns: [1])
        #expect(try figures.inMemory().rows() == (1...5).map { [.text(String($0))] })
        let others = try kept.rows(where: 0, is: .boolean(false), columns: [2, 3])
        #expect(others.rowCount == 30_000)
        let answer = try database.query(Self.question, reading: [("the answer", others)])
        #expect(answer.rows() == expected.rows())
    }

    @Test("that are in memory leave statements so much less, until nobody has them") func counted() throws {
        let database = database(memoryLimit: 8 << 20)
        // Nothing of this can be spilled: one value of all rows, of six million bytes.
        let statement = "select length(string_agg(repeat('x', 500) || n::text, '')) as n from generate_series(1, 12000) as t(n)"
        _ = try database.query(statement)
        var held: [QueryResult] = []
        for _ in 0..<6 { held.append(try database.keep("select repeat('y', 1000) || n::text as n from generate_series(1, 600) as t(n)")) }
        #expect(held.allSatisfy { $0.rowCount == 600 })
        let refused = #expect(throws: Diagnostic.self) { try database.query(statement) }
        #expect(refused?.kind == .busy)
        held = []
        _ = try database.query(statement)
    }
}
