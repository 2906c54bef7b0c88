import Foundation
import Testing

/// Parquet written and read by the finished tool.
@Suite("Parquet files")
struct ParquetFileTests {
    private static let rows = #"""
        id,name,fee,day,seen,rate,open
        1,"a, ""b""",1.50,2025-01-03,2025-01-03 08:04:38,0.5,true
        2,,,,,,
        3,"",-2.25,2025-12-31,1969-12-31 23:59:59.999999,-1e300,false
        4,费用,100.00,2024-02-29,2025-06-30 00:00:00,3,true

        """#

    private static func store() throws -> (store: StoreUnderTest, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", try folder.write("visits.csv", rows), "--table", "visits")
        return (store, folder)
    }

    private static func csv(_ store: StoreUnderTest, _ query: String) throws -> String {
        try store.run("sql", query, "--format", "csv").output
    }

    @Test("rows written in each packing come back as they were", arguments: ["zstd", "snappy", "gzip", "none"])
    func thereAndBack(packing: String) throws {
        let (store, folder) = try Self.store()
        let file = folder.path("visits.parquet")
        let written = try store.run("sql", "copy (select * from visits order by id) to '\(file)' (compression \(packing))")
        #expect(written.errors == "COPY 4\n")
        let expected = try Self.csv(store, "select * from visits order by id")
        #expect(try Self.csv(store, "select * from '\(file)' order by id") == expected)
        #expect(try Self.csv(store, "select * from read_parquet('\(file)') order by id") == expected)
        #expect(
            try Self.csv(store, "select name, fee from '\(file)' where day >= '2025-01-01' and fee < 0") == "name,fee\n\"\",-2.25\n")
        let types = try Self.csv(store, "describe '\(file)'")
        #expect(types == (try Self.csv(store, "describe visits")), "\(types)")
    }

    @Test("-o by its ending, --format in a pipe, and export by parts give the same rows") func writers() throws {
        let (store, folder) = try Self.store()
        let query = "select * from visits order by id"
        let file = folder.path("a.parquet")
        try store.run("sql", query, "-o", file)
        try store.run("sql", query, "--format", "parquet", "-o", folder.path("b.out"))
        #expect(try FileContent.bytes(file) == FileContent.bytes(folder.path("b.out")))
        try store.run("sql", query, "--threads", "1", "-o", folder.path("c.parquet"))
        #expect(try FileContent.bytes(file) == FileContent.bytes(folder.path("c.parquet")))
        let out = folder.path("out")
        try store.run("export", "--table", "visits", "--partition-by", "year(day)", "--format", "parquet", "--out", out)
        #expect(FileContent.names(in: out) == ["year=2024", "year=2025", "year=__HIVE_DEFAULT_PARTITION__"])
        let expected = try Self.csv(store, query)
        let parts = "\(out)/*/visits.parquet"
        #expect(try Self.csv(store, "select * from read_parquet('\(parts)', hive_partitioning => false) order by id") == expected)
        // The folders' column stands behind the files' own.
        let withYear = try Self.csv(store, "select *, extract(year from day) as year from visits order by id")
        #expect(try Self.csv(store, "select * from read_parquet('\(parts)') order by id") == withYear)
    }

    @Test("a Parquet file is loaded as the CSV file of its rows") func ingest() throws {
        let (store, folder) = try Self.store()
        let file = folder.path("visits.parquet")
        try store.run("sql", "select * from visits order by id", "-o", file)
        let loaded = try store.run("ingest", file, "--table", "copied")
        #expect(loaded.output == "visits.parquet: batch 2, 4 rows into copied\n")
        #expect(loaded.errors.contains("read (Parquet)"), "\(loaded.errors)")
        #expect(try Self.csv(store, "select * from copied order by id") == Self.csv(store, "select * from visits order by id"))
        #expect(try Self.csv(store, "describe copied") == Self.csv(store, "describe visits"))
        #expect(try store.run("ingest", file, "--table", "copied").output == "visits.parquet: already loaded as batch 2\n")
        try store.run("sql", "select 'x' as word union all select null union all select ''", "-o", folder.path("one.parquet"))
        try store.run("ingest", folder.path("one.parquet"), "--table", "single")
        #expect(try Self.csv(store, "select count(*), count(word), max(word) from single") == "count,count,max\n3,2,x\n")
    }

    @Test("a wider Parquet file widens the stored column") func widening() throws {
        let (store, folder) = try Self.store()
        try store.run("sql", "select 5 as n", "-o", folder.path("a.parquet"))
        try store.run("sql", "select 5000000000 as n", "-o", folder.path("b.parquet"))
        try store.run("ingest", folder.path("a.parquet"), "--table", "numbers")
        try store.run("ingest", folder.path("b.parquet"), "--table", "numbers")
        #expect(try Self.csv(store, "select sum(n) from numbers") == "sum\n5000000005\n")
    }

    @Test("claims out and in again: the same claims, from typed columns") func claims() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let made = try GeneratedClaims.generate(lines: 3000, seed: 5, into: folder.path("data"))
        #expect(made.ending == .exited(code: 0), "\(made.errors)")
        try store.run("ingest", folder.path("data/claims.csv"))
        try store.run("export", "--table", "claims", "--format", "parquet", "--out", folder.path("out"))
        let second = StoreUnderTest(folder.path("second"), holding: folder)
        try second.run("ingest", folder.path("out/claims.parquet"))
        let query = "select * from claims order by claim_id, line_id"
        #expect(try Self.csv(second, query) == Self.csv(store, query))
        let file = folder.path("out/claims.parquet")
        for part in ["count(*), sum(fund_amount), count(distinct patient_id)", "min(settled_at), max(item_name), count(original_claim_id)"] {
            #expect(try Self.csv(store, "select \(part) from '\(file)'") == Self.csv(store, "select \(part) from claims"))
        }
        let grouped = "select region, item_category, count(*), sum(amount) from % group by 1, 2 order by 1, 2"
        #expect(
            try Self.csv(store, grouped.replacingOccurrences(of: "%", with: "'\(file)'"))
                == Self.csv(store, grouped.replacingOccurrences(of: "%", with: "claims")))
    }

    @Test("row groups that cannot match are not read, and only the columns named are") func pruning() throws {
        let (store, folder) = try Self.store()
        let file = folder.path("many.parquet")
        try store.run("sql", "select i as n, 'text ' || i as t from generate_series(1, 400000) as s(i) order by i", "-o", file)
        let plan = try store.run("sql", "explain analyze select count(t) from '\(file)' where n between 300001 and 300010").output
        #expect(plan.contains("2 blocks of") && plan.contains("6 skipped"), "\(plan)")
        #expect(try Self.csv(store, "select count(*), sum(n) from '\(file)' where n > 399990") == "count,sum\n10,3999955\n")
    }

    @Test("what is wrong with a file is said with its name and place") func damage() throws {
        let (store, folder) = try Self.store()
        let file = folder.path("visits.parquet")
        try store.run("sql", "select * from visits", "-o", file)
        var bytes = try FileContent.bytes(file)
        bytes[40] ^= 1
        let broken = folder.path("broken.parquet")
        try Data(bytes).write(to: URL(fileURLWithPath: broken))
        let outcome = try store.run("sql", "select * from '\(broken)'", expecting: 65)
        #expect(outcome.errors.contains("broken.parquet: column \"id\", row group 0, page 0: "), "\(outcome.errors)")
        #expect(try Self.csv(store, "select count(name) from '\(broken)'") == "count\n3\n")
        try Data(bytes.dropLast(3)).write(to: URL(fileURLWithPath: broken))
        #expect(try store.run("sql", "select 1 from '\(broken)'", expecting: 65).errors.contains("cut off"))
        #expect(try store.run("ingest", broken, "--table", "t", expecting: 65).errors.contains("cut off"))
        try store.run("sql", "select 1 from 'none.parquet'", expecting: 66)
        try store.run("sql", "select 1 from read_parquet('\(file)', header => true)", expecting: 1)
    }

    @Test("what Parquet cannot hold is refused by name, and leaves nothing") func refusals() throws {
        let (store, folder) = try Self.store()
        let file = folder.path("x.parquet")
        for (query, code, text) in [
            ("select interval '1 day' as i", 1, "interval"), ("select 1; select 2", 64, "one statement"),
            ("set threads = 2", 64, "no statement gave rows"),
        ] as [(String, Int32, String)] {
            let outcome = try store.run("sql", query, "-o", file, expecting: code)
            #expect(outcome.errors.contains(text), "\(query): \(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: file), "\(query)")
        }
        let outcome = try store.run("sql", "copy (select 1) to '\(file)' (compression lzo)", expecting: 1)
        #expect(outcome.errors.contains("zstd"), "\(outcome.errors)")
    }

    private static let nested = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("ParquetTests/Files/arrow-nested.parquet").path

    @Test("columns that are not read are described by their types, and refused at their place") func unread() throws {
        let (store, folder) = try Self.store()
        let types = try Self.csv(store, "describe '\(Self.nested)'")
        for line in ["id,bigint,YES", "tags,list (not read),YES"] { #expect(types.contains(line), "\(types)") }
        #expect(try Self.csv(store, "describe select t as other, id from (select tags as t, id from '\(Self.nested)') as q").contains("other,list (not read)"))
        #expect(try Self.csv(store, "select id from (select * from '\(Self.nested)') as q order by id") == "id\n1\n2\n")
        for (query, place) in [("select tags from '\(Self.nested)'", "1:8"), ("select id, \n tags is null from '\(Self.nested)'", "2:2"), ("select * from '\(Self.nested)'", "1:8")] {
            let outcome = try store.run("sql", query, expecting: 1)
            #expect(outcome.errors.contains("\(place): ") && outcome.errors.contains("column \"tags\" is a list, which is not read"), "\(outcome.errors)")
            #expect(outcome.errors.contains("^"), "\(outcome.errors)")
        }
        let loaded = try store.run("ingest", Self.nested, "--table", "t", expecting: 65)
        #expect(loaded.errors.contains("column \"tags\" is a list"), "\(loaded.errors)")
        let sniffed = try store.run("sniff", Self.nested, "--format", "table", expecting: 65)
        #expect(sniffed.output.contains("list (not read)") && sniffed.errors.contains("column \"tags\" is a list"), "\(sniffed.output)")
        _ = folder
    }

    @Test("sniff shows of Parquet what loading it would do") func sniffing() throws {
        let (store, folder) = try Self.store()
        let file = folder.path("my visits.parquet")
        try store.run("sql", "select id, name, fee, day, fee * 1e18 as wide from visits order by id", "-o", file)
        let page = try store.run("sniff", file, "--format", "table").output
        for words in [
            "format       Parquet, 1 row group", "lines read   4 = 4 rows + 0 rejected", "in the file", "First rows", "2024-02-29",
            "fundwatch ingest '\(file)' --table my_visits",
        ] { #expect(page.contains(words), "\(words) in \(page)") }
        for words in ["delimiter", "encoding", "dates"] { #expect(!page.contains(words), "\(words) in \(page)") }
        let document = try store.run("sniff", file, "--format", "json").output
        for words in ["\"encoding\": \"Parquet\"", "\"row_groups\": 1", "\"file_type\": \"date\", \"type\": \"date\"", "\"rows\": 4"] {
            #expect(document.contains(words), "\(words) in \(document)")
        }
        let made = try GeneratedClaims.generate(lines: 300, seed: 5, into: folder.path("data"))
        #expect(made.ending == .exited(code: 0), "\(made.errors)")
        try store.run("sql", "select * from '\(folder.path("data/claims.csv"))'", "-o", folder.path("claims.parquet"))
        let claims = try store.run("sniff", folder.path("claims.parquet"), "--format", "json").output
        #expect(claims.contains("\"table\": \"claims\"") && claims.contains("\"masked\": true"))
        let piped = try store.run("sniff", "-", "--format", "json", input: .bytes(try FileContent.bytes(file))).output
        #expect(piped.contains("\"rows\": 4") && piped.contains("\"row_groups\": 1"))
    }

    @Test("what comes through a pipe may be Parquet, or CSV of any length") func pipes() throws {
        let (store, folder) = try Self.store()
        let file = folder.path("visits.parquet")
        try store.run("sql", "select * from visits order by id", "-o", file)
        let bytes = try FileContent.bytes(file)
        let loaded = try store.run("ingest", "-", "--table", "piped", input: .bytes(bytes))
        #expect(loaded.output == "standard input: batch 2, 4 rows into piped\n")
        #expect(try Self.csv(store, "select * from piped order by id") == Self.csv(store, "select * from visits order by id"))
        #expect(try store.run("ingest", "-", "--table", "piped", input: .bytes(bytes)).output.contains("already loaded as batch 2"))
        // The same bytes as a file are the same.
        #expect(try store.run("ingest", file, "--table", "piped").output.contains("already loaded as batch 2"))
        let cut = try store.run("ingest", "-", "--table", "cut", expecting: 65, input: .bytes(Array(bytes.dropLast(5))))
        #expect(cut.errors.contains("standard input") && cut.errors.contains("cut off"), "\(cut.errors)")
        for (text, rows) in [("a\n1\n", 1), ("a", 0), ("PAR1,b\n1,2\n", nil)] as [(String, Int?)] {
            let outcome = try store.run(["ingest", "-", "--table", "short", "--types", "*:text"], input: .bytes(Array(text.utf8)))
            #expect((outcome.exitCode == 0) == (rows != nil), "\(text): \(outcome.errors)")
        }
        let claims = "claim_id,line_id,patient_id\n"
        #expect(try store.run(["ingest", "-"], input: .bytes(Array(claims.utf8))).errors.contains("no column for"))
    }

    @Test("extremes and counts of columns come from the footer where it has them") func extremes() throws {
        let (store, folder) = try Self.store()
        let file = folder.path("many.parquet")
        try store.run(
            "sql",
            "select i as n, nullif(i % 10, 0) as part, 't' || i as t, date '2025-01-01' + i % 100 as d, -i * 0.01 as amount, i / 4.0::float8 as x, null::bigint as none"
                + " from generate_series(1, 200000) as s(i) order by i", "-o", file)
        let known = "min(n), max(n), count(part), min(part), max(part), min(t), max(t), min(d), max(d), min(amount), max(amount), count(none), max(none)"
        let expected = try Self.csv(store, "select \(known) from '\(file)' where n > 0")
        #expect(try Self.csv(store, "select \(known) from '\(file)'") == expected)
        #expect(expected.hasSuffix("\n1,200000,180000,1,9,t1,t99999,2025-01-01,2025-04-10,-2000.00,-0.01,0,\n"), "\(expected)")
        let plan = try store.run("sql", "explain analyze select \(known) from '\(file)'").output
        #expect(!plan.contains("bytes read") || plan.contains("0 blocks of 0 bytes"), "\(plan)")
        // Doubles, sums and what is asked under a condition are read, and nothing else is.
        let mixed = "max(n), sum(part), max(x), count(*), max(n) filter (where part = 3), count(distinct part), max(n + 1)"
        #expect(
            try Self.csv(store, "select \(mixed) from '\(file)'") == Self.csv(store, "select \(mixed) from '\(file)' where n > 0"))
        #expect(try Self.csv(store, "select max(n) as a, max(x) as b, min(n) as c from '\(file)'") == "a,b,c\n200000,50000,1\n")
        let long = folder.path("long.parquet")
        try store.run("sql", "select repeat('x', 100) || i as t, 'NaN'::float8 as x from generate_series(1, 3) as s(i)", "-o", long)
        #expect(try Self.csv(store, "select min(t) = repeat('x', 100) || 1 as a, max(t) = repeat('x', 100) || 3 as b, max(x) as c from '\(long)'") == "a,b,c\ntrue,true,NaN\n")
        #expect(try Self.csv(store, "select min(n), count(t) from '\(file)' where false") == "min,count\n,0\n")
        // Over several files, whose names are values, too.
        try store.run("sql", "select 7 as n, 't' as t from generate_series(1, 2) as s(i)", "-o", folder.path("a.parquet"))
        try store.run("sql", "select 5000000000 as n, null::text as t", "-o", folder.path("b.parquet"))
        let both = "read_parquet(['\(folder.path("a.parquet"))', '\(folder.path("b.parquet"))'], union_by_name => true, filename => 'f')"
        #expect(try Self.csv(store, "select min(n), max(n), max(t), count(f), right(max(f), 9) as f from \(both)") == "min,max,max,count,f\n7,5000000000,t,3,b.parquet\n")
    }

    @Test("a folder, an address and a file of another kind are called what they are") func otherNames() throws {
        let (store, folder) = try Self.store()
        let place = folder.path("parts")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let refused = try store.run("sql", "select * from read_parquet('\(place)/')", expecting: 66)
        #expect(refused.errors.contains("this is a folder") && refused.errors.contains("'\(place)/**/*.parquet'"), "\(refused.errors)")
        for arguments in [["sql", "select * from 'https://example.org/y.csv'"], ["sql", "select * from read_parquet('s3://fund/*.parquet')"], ["ingest", "http://example.org/y.csv"], ["sniff", "https://example.org/y.csv"]] {
            let outcome = try store.run(arguments)
            #expect(outcome.ending == .exited(code: 66), "\(arguments)")
            #expect(outcome.errors.contains("nothing is read over the network"), "\(arguments): \(outcome.errors)")
        }
        let arrow = try store.run("sql", "select * from 'x.arrow'", expecting: 1)
        #expect(arrow.errors.contains("CSV, Parquet and workbooks (.xlsx) are read"), "\(arrow.errors)")
    }
}
