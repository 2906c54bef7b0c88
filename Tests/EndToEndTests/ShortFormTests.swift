import Testing

/// What DuckDB writes shorter than PostgreSQL: each short form gives what the long one does.
@Suite("Short forms")
struct ShortFormTests {
    private static func store() throws -> (folder: TemporaryFolder, store: StoreUnderTest) {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let rows = "id,kind,Day,fee\n1,a,2025-01-03,1.50\n2,b,2025-01-03,2.50\n3,a,2025-01-04,\n4,,2025-01-03,2.50\n5,a,2025-01-03,7.00\n"
        try store.run("ingest", folder.write("visits.csv", rows), "--table", "visits")
        return (folder, store)
    }

    static let pairs = [
        ("select kind, count(*), sum(fee) from visits group by all order by 1", "select kind, count(*), sum(fee) from visits group by kind order by 1"),
        ("select sum(fee), upper(kind) as k, \"Day\" from visits group by all order by all desc", "select sum(fee), upper(kind) as k, \"Day\" from visits group by 2, 3 order by 1 desc, 2 desc, 3 desc"),
        ("select kind from visits GROUP  BY\nALL having count(*) > 1 order by kind", "select kind from visits group by kind having count(*) > 1 order by kind"),
        ("select count(*) from visits group by all", "select count(*) from visits"),
        ("select n from (select kind, count(*) as n from visits group by all) as q where kind = (select min(kind) from visits group by all)", "select 3::bigint as n"),
        ("select k from (select kind as k, min(id) from visits group by all) as q order by all nulls first", "select kind as k from visits group by 1 order by 1 nulls first"),
        ("select kind || 'x' || sum(fee)::text as t, kind from visits group by all order by 2", "select kind || 'x' || sum(fee)::text as t, kind from visits group by kind order by 2"),
        ("select id, kind from visits union all select 9, 'z' order by all desc limit 3", "select id, kind from visits union all select 9, 'z' order by 1 desc, 2 desc limit 3"),
        ("select distinct kind, fee from visits order by all", "select distinct kind, fee from visits order by 1, 2"),
        ("select *, row_number() over (order by id) as n from visits order by all", "select *, row_number() over (order by id) as n from visits order by 1, 2, 3, 4, 5"),
        ("select * exclude (fee) from visits order by id", "select id, kind, \"Day\" from visits order by id"),
        ("select * exclude fee from visits order by id", "select id, kind, \"Day\" from visits order by id"),
        ("select v.* exclude (id, \"Day\"), 1 as one from visits v order by all", "select kind, fee, 1 as one from visits order by 1, 2, 3"),
        ("select * exclude (DAY, ID) from visits order by all", "select kind, fee from visits order by 1, 2"),
        ("select a.* exclude (kind), b.* exclude (id, kind) from visits a join visits b using (id) order by all", "select a.id, a.\"Day\", a.fee, b.\"Day\", b.fee from visits a join visits b using (id) order by 1, 2, 3, 4, 5"),
        ("from visits", "select * from visits"),
        ("from visits where id in (select max(id) from visits) order by id;", "select * from visits where id in (select max(id) from visits) order by id"),
        ("  from visits v join visits w using (id) limit 0", "select * from visits v join visits w using (id) limit 0"),
    ]

    @Test("group by all, order by all, exclude and from give what is meant") func pairs() throws {
        let (_, store) = try Self.store()
        for (short, long) in Self.pairs {
            let outcome = try store.run(["sql", short, "--format", "csv"])
            let expected = try store.run(["sql", long, "--format", "csv"])
            #expect(expected.exitCode == 0, "\(long): \(expected.errors)")
            #expect(outcome.exitCode == 0 && outcome.output == expected.output, "\(short): \(outcome.errors)")
        }
    }

    @Test("a view keeps them as they are written") func views() throws {
        let (_, store) = try Self.store()
        try store.run("sql", "create view totals as select kind, sum(fee) as fee from visits group by all order by all")
        try store.run("sql", "create view slim as select * exclude (fee) from visits")
        #expect(try store.run("sql", "select * from totals", "--format", "csv").output == "kind,fee\na,8.50\nb,2.50\n,2.50\n")
        #expect(try store.run("sql", "select count(*), min(id) from slim", "--format", "csv").output == "count,min\n5,1\n")
    }

    static let mistakes = [
        ("select * exclude (fees) from visits", "1:19: column \"fees\" does not exist; did you mean \"fee\"?"),
        ("select * exclude (id, kind, \"Day\", fee) from visits", "EXCLUDE leaves no column"),
        ("select kind, fee + sum(fee) from visits group by all", "column \"visits.fee\" must appear in the GROUP BY clause"),
        ("select count(*) over (order by all) from visits", "a whole row as a value is not supported"),
        ("select kind, id from visits group by all, id", "write the columns, or their numbers"),
        ("select a from visits group by all", "column \"a\" does not exist"),
        ("select kind as k from visits where k = 'a'", "filter outside: select * from (…) as q where …"),
        ("select kind, sum(fee) as s from visits group by kind having s > 1", "filter outside"),
        ("select * from visits where kind = \"a\"", "text stands in single quotes"),
        ("select id, from visits", "remove the comma before it"), ("select top 3 * from visits", "`limit` and the number at the end"),
        ("select * from visits where id == 1", "write ="), ("select * from visits where \"Day\" = 2025-01-03", "write days in quotes: '2025-01-31'"),
        ("select id::string from visits", "write text"), ("select count(distinct id, kind) from visits", "select distinct a, b"),
        ("select `id` from visits", "names stand in double quotes"), ("show columns from visits", "write `describe` and the table"),
        ("select * from information_schema.columns", "`show tables` lists them"), ("select * from range(5)", "write generate_series(0, n - 1)"),
        ("select count() from visits", "write count(*)"), ("select 2 ** 3", "write ^"), ("select [1, 2]", "write array[1, 2, 3]"),
        ("select date '2025-01-01' + interval 1 month", "write interval '1 month'"),
        ("copy visits to 'out' (format parquet, partition_by (kind))", "fundwatch export --partition-by"),
        ("select count(*) filter (kind = 'a') from visits", "write filter (where …)"),
        ("from visits select id", "begin with `select … from …`"),
    ]

    @Test("what is wrong with them, and what hands write by habit, is said with the mend") func mistakes() throws {
        let (_, store) = try Self.store()
        for (statement, text) in Self.mistakes {
            let outcome = try store.run(["sql", statement])
            #expect(outcome.exitCode == 1 && outcome.errors.contains(text), "\(statement): \(outcome.errors)")
        }
    }
}
