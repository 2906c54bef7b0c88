import Engine
import Testing
import Wire

/// What a query of the catalogs may cost, whatever a client makes of it.
@Suite("The work of catalog queries")
struct CatalogBudgetTests {
    private static let type = "pg_catalog.pg_type"

    /// `count` common tables, each made of the one before.
    private static func chain(_ first: String, _ next: String, count: Int) -> String {
        let steps = (1...count).map { "t\($0) as (select \(next) as x from t\($0 - 1))" }
        return "with t0 as (select \(first) as x from pg_catalog.pg_am), \(steps.joined(separator: ", ")) select x from t\(count)"
    }

    /// A text of a million bytes, `x` of `l`.
    private static let long = "with l as (select string_agg('aaaaaaaaaaaaaaaaaaaa', '') as x from generate_series(1, 50000), pg_catalog.pg_am)"

    @Test("what would make too much is refused", arguments: [
        chain("array[1]", "array[x]", count: 40), chain("array[1]", "array[x, x, x, x, x, x, x, x, x, x]", count: 8),
        chain("'a'", "x || x", count: 40), chain("'a'", "concat(x, x, x, x)", count: 20),
        chain("array[1]", "x || x", count: 40), chain("'ab'", "replace(x, 'a', x)", count: 40),
        "\(long) select replace(x, 'a', x) from l",
        "\(long) select array_to_string(array_agg(1), max(x)) from l, generate_series(1, 1000)",
        "\(long) select string_agg('x', x) from l, generate_series(1, 1000)",
    ])
    func tooLarge(query: String) {
        #expect { try CatalogProbe.rows(query) } throws: { ($0 as? WireError)?.state == .limitExceeded }
    }

    @Test("what would take too long is refused", arguments: [
        "select count(*) from \(type) a, \(type) b, \(type) c where a.typname || b.typname = c.typname",
        "select 1 from \(type) a, \(type) b, \(type) c",
        "select 1 from \(type) a cross join \(type) b cross join \(type) c",
        "select (select count(*) from \(type) b, \(type) c) from \(type) a",
        "select row_number() over (order by a.typname || b.typname) from \(type) a, \(type) b, \(type) c",
        "select count(*) from \(type) a where a.typname in (select b.typname || c.typname from \(type) b, \(type) c)",
        chain("1", "(select count(*) from generate_series(1, 100000)) + x", count: 10),
        "\(long) select x like '%a%a%a%a%a%a%a%a%a%b' from l", "\(long) select x ~ '(a|a)*b' from l",
        "\(long) select split_part(x, x || 'b', 1) from l", "\(long) select count(*) from l a, l b, generate_series(1, 100) where a.x = b.x || 'b'",
    ])
    func tooLong(query: String) {
        #expect { try CatalogProbe.rows(query, stepLimit: 400_000) } throws: { ($0 as? WireError)?.state == .limitExceeded }
    }

    @Test("a query that is cancelled or whose time is over ends", arguments: [true, false])
    func ending(isCancelled: Bool) {
        let query = "select count(*) from \(Self.type) a, \(Self.type) b, \(Self.type) c, \(Self.type) d"
        #expect {
            try CatalogProbe.rows(query) { options in
                if isCancelled { options.isCancelled = { true } } else { options.timeout = .zero }
            }
        } throws: {
            ($0 as? WireError)?.state == .queryCanceled
        }
    }

    @Test("a memory limit holds for catalogs too") func memory() throws {
        let query = "select count(*) from \(Self.type) a, \(Self.type) b"
        #expect(try CatalogProbe.rows(query).count == 1)
        #expect { try CatalogProbe.rows(query) { $0.memoryLimit = 100_000 } } throws: { ($0 as? WireError)?.state == .limitExceeded }
    }

    @Test("a LIKE pattern that ends with its escape is refused") func escape() {
        #expect { try CatalogProbe.rows("select relname like 'a\\' from pg_catalog.pg_class") } throws: { ($0 as? WireError)?.state == .invalidEscape }
    }
}
