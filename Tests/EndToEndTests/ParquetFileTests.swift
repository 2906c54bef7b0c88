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
}
