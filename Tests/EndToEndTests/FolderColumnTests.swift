import Foundation
import Testing

/// Files in folders such as `region=330100/month=2025-01`: the folders' columns, as DuckDB reads them.
@Suite("Columns of folders")
struct FolderColumnTests {
    private static func ask(_ store: StoreUnderTest, _ statement: String) throws -> String {
        let outcome = try store.run(["sql", statement, "--format", "csv"])
        #expect(outcome.exitCode == 0, "\(statement): \(outcome.errors)")
        return outcome.output
    }

    private static func failure(_ store: StoreUnderTest, _ statement: String) throws -> String {
        let outcome = try store.run(["sql", statement])
        #expect(outcome.exitCode != 0, "\(statement)")
        return outcome.errors
    }

    /// Three files of two columns; where names of folders hold what they may: no value, escaped marks, other digits.
    private static func store() throws -> (folder: TemporaryFolder, store: StoreUnderTest) {
        let folder = try TemporaryFolder()
        for (place, rows) in [
            ("a/year=2024/kind=x%2Fy", "id,fee\n1,1.50\n2,2.50\n"), ("a/year=2025/kind=云", "id,fee\n3,3.00\n"),
            ("a/year=2025/kind=__HIVE_DEFAULT_PARTITION__", "id,fee\n4,\n"),
        ] {
            try FileManager.default.createDirectory(atPath: folder.path(place), withIntermediateDirectories: true)
            _ = try folder.write(place + "/part.csv", rows)
        }
        return (folder, StoreUnderTest(folder.path("store"), holding: folder))
    }

    // The values are those that DuckDB 2.0.1 gives for the same files.
    @Test("folders are columns where all files have the same, by their names, whole numbers as numbers") func columns() throws {
        let (folder, store) = try Self.store()
        let all = "id,fee,kind,year\n1,1.50,x/y,2024\n2,2.50,x/y,2024\n3,3.00,云,2025\n4,,,2025\n"
        let pattern = folder.path("a/**/*.csv")
        for table in ["'\(pattern)'", "read_csv('\(pattern)')", "read_csv('\(folder.path("a"))/*/*/part.csv', hive_partitioning = true)"] {
            #expect(try Self.ask(store, "select * from \(table) order by id") == all, "\(table)")
        }
        #expect(try Self.ask(store, "select * from read_csv('\(pattern)', hive_partitioning = false) order by id") == "id,fee\n1,1.50\n2,2.50\n3,3.00\n4,\n")
        #expect(
            try Self.ask(store, "select kind, sum(fee) from '\(pattern)' where year > 2024 group by kind order by kind") == "kind,sum\n云,3.00\n,\n")
        #expect(
            try Self.ask(store, "describe select kind, year from '\(pattern)'")
                == "column_name,column_type,null\nkind,text,YES\nyear,bigint,YES\n")
        #expect(
            try Self.ask(store, "describe select year from read_csv('\(pattern)', hive_types_autocast = false)").contains("year,text"))
        #expect(
            try Self.ask(store, "describe select year, filename from read_csv('\(pattern)', hive_types = {'year': 'int'}, filename = true)")
                .contains("year,integer"))
    }

    @Test("Parquet files the same, and files of folders that do not fit are not read") func parquet() throws {
        let (folder, store) = try Self.store()
        for (place, value) in [("p/day=2025-01-31/code=007", "1"), ("p/day=2025-02-01/code=010", "2")] {
            try FileManager.default.createDirectory(atPath: folder.path(place), withIntermediateDirectories: true)
            _ = try Self.ask(store, "copy (select \(value) as n) to '\(folder.path(place))/x.parquet'")
        }
        let pattern = folder.path("p/*/*/x.parquet")
        #expect(try Self.ask(store, "select * from '\(pattern)' order by n") == "n,code,day\n1,007,2025-01-31\n2,010,2025-02-01\n")
        #expect(try Self.ask(store, "describe select code, day from '\(pattern)'").hasSuffix("code,text,YES\nday,date,YES\n"))
        let condition = "where day >= date '2025-02-01'"
        #expect(try Self.ask(store, "select n, day + 1 as next from '\(pattern)' \(condition)") == "n,next\n2,2025-02-02\n")
        // A broken file that the filter leaves out is not missed; one that it does not leave out is.
        let broken = folder.path("p/day=2025-01-31/code=007/x.parquet")
        var bytes = try FileContent.bytes(broken)
        bytes[20] ^= 0xFF
        try Data(bytes).write(to: URL(fileURLWithPath: broken))
        #expect(try Self.ask(store, "select sum(n) from '\(pattern)' \(condition)") == "sum\n2\n")
        #expect(try Self.ask(store, "select sum(n) from '\(pattern)' where code = '010'") == "sum\n2\n")
        #expect(try Self.failure(store, "select sum(n) from '\(pattern)'").contains("x.parquet"))
    }

    @Test("what export writes by parts comes back with the columns the folders are named by") func exported() throws {
        let (folder, store) = try Self.store()
        let rows = "id,region,day\n1,330100,2025-01-03\n2,330100,2025-02-03\n3,0330,2025-02-28\n4,,2025-02-01\n"
        try store.run("ingest", folder.write("visits.csv", rows), "--table", "visits", "--types", "region:text")
        for format in ["csv", "parquet"] {
            try store.run("export", "--table", "visits", "--format", format, "--partition-by", "region,month(day)", "--out", folder.path(format))
            let table = "'\(folder.path(format))/**/visits.\(format)'"
            #expect(
                try Self.ask(store, "select id, region, day, month from \(table) order by id")
                    == Self.ask(store, "select id, region, day, to_char(day, 'YYYY-MM') as month from visits order by id"), "\(format)")
            #expect(try Self.ask(store, "select count(*) from \(table) where month = '2025-02' and region = '330100'") == "count\n1\n")
        }
        // A column that the files have stays as it was written: digits are text where they were.
        #expect(try Self.ask(store, "describe select region from '\(folder.path("parquet"))/**/visits.parquet'").hasSuffix("region,text,YES\n"))
    }

    @Test("folders that differ are columns of nothing, and refused where they are asked for") func refusals() throws {
        let (folder, store) = try Self.store()
        let other = try folder.write("other.csv", "id,fee\n9,9.00\n")
        let list = "['\(folder.path("a"))/year=2025/kind=云/part.csv', '\(other)']"
        #expect(try Self.ask(store, "select * from read_csv(\(list)) order by id") == "id,fee\n3,3.00\n9,9.00\n")
        let mixed = try Self.failure(store, "select * from read_csv(\(list), hive_partitioning = true)")
        #expect(mixed.contains("other.csv") && mixed.contains("nothing") && mixed.contains("kind, year"), "\(mixed)")
        let pattern = folder.path("a/**/*.csv")
        let type = try Self.failure(store, "select * from read_csv('\(pattern)', hive_types = {'kind': 'bigint'})")
        #expect(type.contains("kind \"x/y\" is not bigint"), "\(type)")
        let name = try Self.failure(store, "select * from read_csv('\(pattern)', hive_types = {'yeer': 'bigint'})")
        #expect(name.contains("did you mean \"year\"?"), "\(name)")
        let same = try Self.failure(store, "select * from read_csv('\(pattern)', filename = 'kind')")
        #expect(same.contains("a column \"kind\" already"), "\(same)")
    }
}
