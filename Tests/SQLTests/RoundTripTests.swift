import SQL
import Testing

@Suite("Printing a tree and parsing it again")
struct RoundTripTests {
    static let expressions = [
        "1", "-1", "0", "- 0", "-(2)", "- - 2", "2147483648", "-9223372036854775808", "9223372036854775807",
        "9223372036854775808", "1.50", "-.5", "1e10", "'it''s'", "''", "'中文'", "E'a\\n\\\\b'", "$$x'y$$", "true",
        "false", "null",
        "a", "t.a", "s.t.a", "\"A b\"", "\"select\"", "\"q\"\"q\"", "机构编码", "$1", "count(*)", "count(t.*)",
        "a + b * c - d / e % f ^ g", "(a + b) * c", "2 - -1", "(-1) ^ 2", "-1 ^ 2", "- a", "+ a", "- (a)", "~ a", "@ a",
        "a || 'x' || b", "a <> b", "a != b", "a <= b", "a >= b", "a ~ 'x'", "a ~* 'x'", "a !~ 'x'", "a !~* 'x'",
        "a & b | c # d << 1 >> 2", "a operator(pg_catalog.+) b",
        "a and b and c", "a and (b and c)", "a or b or c", "a and b or c and d", "not a", "not not a", "not (a and b)",
        "a is null", "a is not null", "a isnull", "a is true", "a is not true", "a is false", "a is not false",
        "a is unknown", "a is not unknown", "a is distinct from b", "a is not distinct from b", "(a is null) is true",
        "a between 1 and 2", "a not between 1 and 2", "a between symmetric 2 and 1", "a not between symmetric 2 and 1",
        "not a between 1 and 2", "a in (1, 2)", "a not in (-1, 'x', null)", "(a, b) in ((1, 2), (3, 4))",
        "a in (select b from t)",
        "a not in (select b from t)", "not (a in (select 1))", "(a, b) in (select 1, 2)", "exists (select 1)",
        "not exists (select 1)", "(select 1)", "array(select 1)", "a = any (array[1, 2])", "a <> all (b)",
        "a = any (select 1)", "a < all (select 1)", "a = some (select 1)", "a like any (array['x'])",
        "a like 'H33%'", "a not like 'x'", "a like 'x' escape '!'", "a like 'x' escape ''", "a ilike 'x'",
        "a not ilike b || '%'",
        "a similar to 'x'", "a not similar to 'x' escape '!'",
        "case when a then 1 end", "case a when 1 then 'x' when 2 then 'y' else 'z' end",
        "case when a then 1 else -1 end",
        "cast(a as integer)", "a::int", "a::bigint::text", "-1::int", "(-1)::int", "a::smallint", "a::real",
        "a::double precision",
        "a::float(10)", "a::numeric(16, 4)", "a::decimal(5, -2)", "a::dec", "a::varchar(10)", "a::character varying",
        "a::char",
        "a::char(3)", "a::bpchar", "a::\"char\"", "a::bit", "a::bit(3)", "a::varbit(3)", "a::boolean", "a::int[]",
        "a::text[][]",
        "a::timestamp", "a::timestamp(3)", "a::timestamp with time zone", "a::timestamptz(0)", "a::time(0)",
        "a::time with time zone", "a::json", "a::uuid", "a::interval", "a::interval(3)", "a::interval(0)",
        "a::interval year", "a::interval year to month", "a::interval day to second(3)", "a::interval second(0)",
        "a::interval hour to minute", "interval '1' day", "interval '1 month'", "date '2025-01-31'",
        "timestamp '2025-01-31 08:04:38'",
        "f()", "f(a, b => 1)", "f(a, b := 1)", "s.f(a)", "pg_catalog.lower(a)", "\"left\"(a, 1)", "left(a, 1)",
        "\"F\"(a)",
        "count(distinct a)", "string_agg(distinct a, ',' order by b desc nulls last, c nulls first)",
        "sum(a) filter (where b > 0)", "percentile_cont(0.5) within group (order by a desc)",
        "mode() within group (order by a) filter (where b)",
        "percentile_disc(array[0.1, 0.9]) within group (order by a)",
        "row_number() over ()", "sum(a) over w", "sum(a) over (w)", "sum(a) over (w rows 1 preceding)",
        "sum(a) over (partition by b, c order by d desc)", "sum(a) over (order by b rows 3 preceding)",
        "sum(a) over (order by b rows between 1 preceding and 1 following)",
        "sum(a) over (order by b rows between unbounded preceding and unbounded following)",
        "sum(a) over (order by b range between current row and interval '1' day following)",
        "sum(a) over (order by b groups between 2 following and 3 following exclude ties)",
        "sum(a) over (rows between 2 preceding and 1 preceding exclude current row)",
        "sum(a) over (range unbounded preceding exclude group)",
        "sum(a) over (order by b range current row exclude no others)",
        "extract(year from a)", "extract('epoch' from a - b)", "extract(DOW from a)", "a at time zone 'UTC'",
        "position('a' in b)", "position(a || 'x' in b)", "substring(a from 2)", "substring(a from 2 for 3)",
        "substring(a for 3)",
        "substring(a, 1, 2)", "substring(a similar 'x' escape '#')", "trim(a)", "trim(both 'x' from a)",
        "trim(leading from a)",
        "trim(trailing 'x' from a)", "ltrim(a)", "overlay(a placing 'x' from 1 for 2)", "overlay(a placing 'x' from 1)",
        "(a, b) overlaps (c, d)", "((a, b) overlaps (c, d)) is true", "coalesce(a, b, 1)", "nullif(a, 0)",
        "greatest(a, b)",
        "least(a, b, c)", "array[1, 2]", "array[[1, 2], [3, 4]]", "array[]::int[]", "row(1, 2)", "row()", "(1, 2)",
        "(a, b) = (c, d)", "a[1]", "a[1][2]", "a[1:2]", "a[:2]", "a[:]", "(f(a))[1]", "(a).b", "(a[1]).b.c",
        "grouping(a, b)",
        "current_date", "current_time", "current_time(3)", "current_timestamp", "current_timestamp(0)", "localtime",
        "localtimestamp(6)", "current_user", "user", "session_user", "current_role", "current_catalog", "current_schema",
        "a collate \"C\"", "a collate pg_catalog.\"C\"", "a || b collate \"C\"",
    ]

    static let statements = [
        "select", "select 1", "select *", "select t.*, s.t.*, a as b, a \"B c\", 1 as \"select\" from t",
        "select distinct a from t", "select distinct on (a, b + 1) a from t", "select all a from t",
        "table t", "values (1, 'a'), (2, 'b')", "values (1) order by 1 limit 1",
        "select a from t, u where t.a = u.a", "select a from s.t as x", "select a from t x(b, c)",
        "select * from a join b on a.x = b.x left join c using (x, y) right join d on true full join e on false cross join f",
        "select * from a natural join b natural left join c",
        "select * from a join (b join c on b.x = c.x) on a.x = b.x",
        "select * from (a join b using (x)) as j", "select * from a join b using (x) as m",
        "select * from a cross join (b cross join c)", "select * from (select 1) q(x), lateral (select q.x) r",
        "select * from read_csv('x.csv')", "select * from read_csv('x.csv', delimiter => ';') as c(a, b)",
        "select * from read_csv(['a.csv', 'it''s.csv'], union_by_name = true)",
        "select * from read_csv('x.csv', types => {'a': 'text', b: 'numeric(4,2)', \"c,d\": 'date'}, null => 'NA')",
        "select * from read_parquet(['x.parquet']) as p(a), '/dev/stdin', 'y.csv.zst'", "summarize read_csv(['a.csv'])",
        "select * from generate_series(1, 3) with ordinality as g(v, i)", "select * from t, lateral unnest(t.a) u",
        "select a, count(*) from t group by a having count(*) > 1", "select 1 from t group by ()",
        "select 1 from t group by a, b + 1, 1", "select 1 from t group by (a, b), (c)",
        "select 1 from t group by rollup (a, (b, c))",
        "select 1 from t group by cube (a, b), grouping sets ((), a, (a, b), rollup (a), grouping sets (b, ()))",
        "select 1 from t group by row(a, b)",
        "select sum(a) over w, sum(b) over (w order by c) from t window w as (partition by a), v as (w rows 1 preceding)",
        "select a from t order by a, b desc, c asc nulls first, d desc nulls last limit 10 offset 5",
        "select a from t limit all", "select a from t limit null offset 1 + 1", "select a from t limit -1",
        "select a from t fetch first row only", "select a from t offset 2 rows fetch next 5 rows only",
        "select 1 limit $1",
        "select a, count(*) from t group by all having true order by all desc nulls last", "select a from t union select b from u order by all",
        "select t.* exclude (a, \"B c\"), * exclude b, 1 from t", "from t where a in (select 1) order by a", "from a join b using (x)",
        "select 1 union select 2 union all select 3", "select 1 union (select 2 union all select 3)",
        "select 1 intersect all select 2 except select 3 except all select 4",
        "(select 1 order by 1 limit 1) union all (select 2) order by 1 desc limit 3", "(values (1)) union all table t",
        "with a as (select 1), b(x, y) as materialized (select 2, 3), c as not materialized (select 4) select * from a, b, c",
        "select a from t order by a offset 1 fetch first (2) rows with ties",
        "with recursive n(i) as (values (1) union all select i + 1 from n where i < 9) select * from n",
        "select * from (with a as (select 1) select * from a) q",
        "(with a as (select 1) select * from a) union select 2",
        "with a as (with b as (select 1) select * from b) select * from a",
        "create view v as select 1", "create or replace view s.v(a, b) as select 1, 2", "create view v as values (1)",
        "create recursive view r(i) as select 1",
        "create table t as select 1", "create table if not exists s.t(a) as with x as (select 1) select * from x",
        "drop table t", "drop table if exists s.t, u", "drop view if exists v",
        "explain select 1", "explain analyze select 1", "explain (analyze, format json) select 1",
        "explain (analyze off) select 1",
        "explain (format text) select 1", "explain create table t as select 1",
        "copy (select 1) to 'x.parquet'",
        "copy (select 1) to 'x.parquet' (format parquet, compression 'zstd', level 3)",
        "copy t to 'x.csv' with (format csv, header, delimiter ';')", "copy s.t(a, b) to stdout csv header",
        "copy t to 'x.csv' (header false, null '')",
        "describe claims", "desc s.t", "describe select 1", "DESCRIBE (select 1)", "summarize claims",
        "summarize with a as (select 1) select * from a",
        "describe read_csv('x.csv')", "describe \"Odd name\"", "show tables", "describe", "show threads", "show all",
        "set threads = 4", "set threads to -4", "set memory = '1GB'", "set a.b = 1.5", "set x = on",
        "set time zone 'UTC'", "set x = 0",
    ]

    @Test("an expression keeps its tree", arguments: expressions)
    func expressionRoundTrip(text: String) throws {
        try expectSameTree("select " + text)
        try expectSameTree("select x where (" + text + ") is not null and true")
    }

    @Test("a statement keeps its tree", arguments: statements)
    func statementRoundTrip(text: String) throws {
        try expectSameTree(text)
    }

    @Test("the comparison sees every difference") func shapeDiffers() throws {
        let texts = [
            "select 1", "select -1", "select 0", "select a", "select a as a", "select \"A\"", "select 1 + 2",
            "select 2 + 1",
        ]
        #expect(Set(try texts.map { shape(of: try parsed($0)) }).count == texts.count)
    }

    @Test("every keyword is a name when quoted") func keywordsAsNames() throws {
        for keyword in Identifier.keywords.sorted() {
            try expectSameTree(
                "select \"\(keyword)\".\"\(keyword)\" as \"\(keyword)\", \"\(keyword)\"(1) from \"\(keyword)\" as \"\(keyword)\""
            )
        }
    }

    @Test("a damaged statement is refused, or keeps its tree all the same", arguments: [UInt64(20250131)])
    func damagedStatements(seed: UInt64) throws {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let texts = Self.statements + Self.expressions.map { "select " + $0 }
        let words = texts.joined(separator: " ").split(separator: " ").map { String($0) }
        var accepted = 0
        var refused = 0
        for _ in 0..<2000 {
            var parts = texts[random(texts.count)].split(separator: " ").map { String($0) }
            for _ in 0...random(2) where !parts.isEmpty {
                let place = random(parts.count)
                switch random(3) {
                case 0: parts.remove(at: place)
                case 1: parts[place] = words[random(words.count)]
                default: parts.insert(words[random(words.count)], at: place)
                }
            }
            let text = parts.joined(separator: " ")
            if let error = failure(text) {
                // Whatever the grammar accepts, the reader must understand or refuse by name.
                #expect(!error.message.contains("grammar's tree"), "\(text)")
                refused += 1
            } else if try PostgresParser.parse(text).count == 1 {
                try expectSameTree(text)
                accepted += 1
            }
        }
        #expect(accepted > 200 && refused > 200, "accepted \(accepted), refused \(refused)")
    }

    @Test("functions beside each other in FROM keep their tree")
    func rowsFrom() throws {
        try expectSameTree("select * from rows from (generate_series(1, 3), unnest(a, b)) with ordinality as g(v, a, b, i)")
    }

    private func expectSameTree(_ text: String) throws {
        let first = try parsed(text)
        let printed = SyntaxPrinter.text(of: first)
        let second = try #require(try? parsed(printed), "does not parse: \(printed)")
        #expect(shape(of: first) == shape(of: second), "\(text) printed as \(printed)")
        #expect(SyntaxPrinter.text(of: second) == printed)
    }
}
