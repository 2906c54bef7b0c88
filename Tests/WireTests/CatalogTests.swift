import Columns
import Engine
import Testing
import Wire

/// A store with the tables' names and nothing in them.
enum CatalogProbe {
    static func rows(
        _ query: String, parameters: [CatalogValue] = [], stepLimit: Int? = nil, _ change: (inout EngineOptions) -> Void = { _ in }
    ) throws -> [[String?]] {
        var options = EngineOptions()
        change(&options)
        for name in ["claims", "deaths", "institutions", "knowledge"] {
            options.knownTables[name] = Schema([
                Field(name: "claim_id", type: .text, isNullable: false),
                Field(name: "amount", type: .numeric(precision: 16, scale: 2), isNullable: false),
                Field(name: "settled_at", type: .timestamp),
            ])
        }
        options.knownViews["live_claims"] = "select * from claims"
        return try CatalogAnswer.rows(
            of: query, database: Database(path: "/nothing/here", options: options), parameters: parameters, stepLimit: stepLimit)
    }
}

/// Queries of the catalogs as clients send them, over a store that has never been loaded.
@Suite("Queries of the catalogs")
struct CatalogTests {
    private func rows(_ query: String, _ parameters: [CatalogValue] = []) throws -> [[String?]] {
        try CatalogProbe.rows(query, parameters: parameters)
    }

    @Test("operators, functions and casts give what PostgreSQL gives", arguments: [
        ("select 'claims' ~ '^(cl.*)$', 'x' !~ '^pg_', 'A' ~* 'a'", ["t", "t", "t"]),
        ("select 'a_b' like 'a\\_b', 'axb' like 'a\\_b', 'abc' like '%c', 'abc' like 'a%b%c%'", ["t", "f", "t", "t"]),
        ("select 'ABC' ilike 'a_c', 'a%c' like 'a#%c' escape '#', 'abc' like 'a\\%c', 'abcd' like 'abc', '医保' like '医_'", ["t", "t", "f", "f", "t"]),
        ("select array_to_string(array['a', null, 'b'], ', '), array_to_string('{1,2}'::int2[], '-')", ["a, b", "1-2"]),
        ("select format_type(1700, 1048582), format_type(25, null), format_type(1009, -1)", ["numeric(16,2)", "text", "text[]"]),
        ("select format_type(20, -1), format_type(1114, -1), format_type(99, -1)", ["bigint", "timestamp without time zone", "???"]),
        ("select quote_ident('Total'), quote_ident('claims'), quote_literal('it''s')", ["\"Total\"", "claims", "'it''s'"]),
        ("select 2 = any(array[1, 2]), 3 = any('{1,2}'::int4[]), 1 <> all(array[2, 3])", ["t", "f", "t"]),
        ("select null = any(array[1]), 1 in (2, null), coalesce(null, 'x')", [nil, nil, "x"]),
        ("select case 'v' when 'r' then 'table' when 'v' then 'view' end, nullif('a', 'a')", ["view", nil]),
        ("select current_schema(), current_schemas(true), pg_table_is_visible(1)", ["public", "{pg_catalog,public}", "t"]),
        ("select split_part('a.b.c', '.', 2), substring('gyneco' from 2 for 3), trim(both 'x' from 'xax')", ["b", "yne", "a"]),
        ("select (select count(*) from pg_catalog.pg_class where relkind = 'r')", ["4"]),
        ("select format('%I.%I', 'public', 'Claims'), format('%2$s-%s%%', 'a', 'b', 'c'), format('%L', 'it''s'), format('%s', null)", ["public.\"Claims\"", "b-c%", "'it''s'", ""]),
        ("select format('%I.%I', 'public', 'claims')::regclass, 'pg_class'::regclass", ["claims", "pg_class"]),
        ("select count(*) from pg_class where oid = format('%s', 'claims')::regclass and oid::regclass::text = 'claims'", ["1"]),
        ("select string_agg(word, ',' order by word) from pg_get_keywords() where word like 'sel%' and catcode = 'R'", ["select"]),
        ("select count(*) > 400, count(*) filter (where catcode = 'R') from pg_get_keywords()", ["t", "77"]),
        ("select has_table_privilege('claims', 'INSERT'), has_table_privilege('claims', 'insert, select'), has_schema_privilege('public', 'CREATE')", ["f", "t", "f"]),
        ("select relacl from pg_class where relname = 'claims'", ["{ada=r/ada}"]),
        ("select row_to_json(t) from (select 1 as n, 'a\"b' as s, null as x, true as b) t where pg_backend_pid() > 0", ["{\"n\":1,\"s\":\"a\\\"b\",\"x\":null,\"b\":true}"]),
        ("select pg_size_pretty(10239), pg_size_pretty(10240), pg_size_pretty(123456789), pg_size_pretty(5000000000)", ["10239 bytes", "10 kB", "118 MB", "4768 MB"]),
        ("select (select count(*) from pg_show_all_settings()), (select count(*) from pg_stat_gssapi), (select count(*) from pg_stat_all_tables)", ["0", "1", "4"]),
    ] as [(String, [String?])])
    func values(query: String, expected: [String?]) throws {
        #expect(try rows(query) == [expected])
    }

    @Test("joins of every kind meet the rows they must") func joins() throws {
        let base = "from (values (1, 'a'), (2, 'b')) l(n, x)"
        #expect(try rows("select l.n, r.y \(base) join (values (2, 'c'), (3, 'd')) r(n, y) on l.n = r.n where pg_backend_pid() > 0") == [["2", "c"]])
        #expect(try rows("select l.n, r.y \(base) left join (values (2, 'c')) r(n, y) using (n) order by pg_backend_pid(), 1") == [["1", nil], ["2", "c"]])
        #expect(try rows("select l.n, r.n \(base) full join (values (2, 'c'), (3, 'd')) r(n, y) on l.n = r.n order by 1, 2") == [
            ["1", nil], ["2", "2"], [nil, "3"],
        ])
        #expect(try rows("select l.n, s \(base), generate_series(1, l.n) s order by 1, 2") == [["1", "1"], ["2", "1"], ["2", "2"]])
    }

    @Test("groups, orders, windows and sets work") func groups() throws {
        let values = "(values ('a', 1), ('b', 2), ('a', 3)) v(k, n)"
        #expect(try rows("select k, count(*), string_agg(n::text, '+' order by n desc) from \(values) group by k order by 1") == [
            ["a", "2", "3+1"], ["b", "1", "2"],
        ])
        #expect(try rows("select k from \(values) group by k having count(*) > 1") == [["a"]])
        #expect(try rows("select n, row_number() over (partition by k order by n desc) from \(values) order by n") == [["1", "2"], ["2", "1"], ["3", "1"]])
        #expect(try rows("select k from \(values) union select 'c' order by 1 desc limit 2") == [["c"], ["b"]])
        #expect(try rows("select distinct k from \(values) order by 1 offset 1") == [["b"]])
    }

    @Test("what psql asks for `\\d claims` is answered") func describe() throws {
        let found = try rows("""
            SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c
                 LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relname OPERATOR(pg_catalog.~) '^(claims)$' COLLATE pg_catalog.default
              AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 2, 3
            """)
        #expect(found.count == 1 && found[0][1...] == ["public", "claims"])
        let oid = try #require(found[0][0])
        let columns = try rows("""
            SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
              (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef d
               WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef), a.attnotnull
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = '\(oid)' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """)
        #expect(columns.first == ["claim_id", "text", nil, "t"])
        #expect(columns.contains(["amount", "numeric(16,2)", nil, "t"]))
    }

    @Test("parameters are values") func parameters() throws {
        #expect(try rows("select relname from pg_catalog.pg_class where relname = $1", [.text("deaths")]) == [["deaths"]])
        #expect(try rows("select relname from pg_class where relname = any($1) order by 1", [.array([.text("deaths"), .text("claims")])]) == [
            ["claims"], ["deaths"],
        ])
    }

    @Test("what is not known is refused by name", arguments: [
        ("select nothing from pg_class", SQLState.unknownColumn), ("select * from pg_nothing", .unknownRelation),
        ("select nothing() from pg_class", .unknownFunction), ("select relname @@ 'x' from pg_class", .notSupported),
        ("select * from claims, pg_class", .notSupported), ("select relname ~ '[[:alpha:]]' from pg_class", .notSupported),
        ("select (select relname from pg_class)", .cardinality), ("select 'nothing'::regclass", .unknownRelation),
    ])
    func refused(query: String, state: SQLState) {
        #expect { try CatalogProbe.rows(query) } throws: { ($0 as? WireError)?.state == state }
    }

    @Test("patterns over names are matched in linear time", arguments: [
        ("^(a|b)+c$", "ababc", true), ("^a?b*$", "bbb", true), ("^[a-c_]+$", "ab_c", true), ("^[^a]$", "a", false), ("a.c", "xabcx", true),
        ("^x\\.y$", "x.y", true), ("^x\\.y$", "xzy", false), ("^(?:ab)*$", "abab", true), ("^$", "", true), ("b|^c", "abc", true), ("医.", "城镇医保", true),
        ("^(((((((a+)+)+)+)+)+)+)+$", String(repeating: "a", count: 60) + "b", false),
    ])
    func patterns(pattern: String, text: String, isFound: Bool) throws {
        let found = try CatalogProbe.rows("select $1 ~ $2 from pg_catalog.pg_am", parameters: [.text(text), .text(pattern)])
        #expect(found == [[isFound ? "t" : "f"]])
    }
}
