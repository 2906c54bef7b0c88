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
        #expect(try Self.ask(store, "describe select region from '\(folder.path("parquet"))/**/visits.parquet'").hasSuffix("region,text,YES\n"))
        // What the files keep is theirs, type and value.
        try store.run(
            "export", "--table", "visits", "--format", "parquet", "--partition-by", "id", "--keep-partition-columns", "--out", folder.path("kept"))
        #expect(try Self.ask(store, "select sum(id) from '\(folder.path("kept"))/*/visits.parquet'") == "sum\n10\n")
        #expect(try Self.ask(store, "describe '\(folder.path("kept"))/*/visits.parquet'").contains("id,bigint,YES\nregion,text,YES"))
    }

    @Test("a code of the known tables is text, whatever its digits") func codes() throws {
        let (folder, store) = try Self.store()
        for place in ["r/region=330100/code=1", "r/region=330200/code=2"] {
            try FileManager.default.createDirectory(atPath: folder.path(place), withIntermediateDirectories: true)
            _ = try folder.write(place + "/x.csv", "n\n1\n")
        }
        let types = try Self.ask(store, "describe '\(folder.path("r"))/**/x.csv'")
        #expect(types.hasSuffix("code,bigint,YES\nregion,text,YES\n"), "\(types)")
        #expect(try Self.ask(store, "describe select region from read_csv('\(folder.path("r"))/**/x.csv', hive_types = {'region': 'bigint'})").contains("region,bigint"))
    }

    @Test("claims exported by parts are loaded as they were, from their folders' names, too", arguments: ["csv", "parquet"])
    func claims(format: String) throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let made = try GeneratedClaims.generate(lines: 2000, seed: 8, into: folder.path("data"))
        #expect(made.ending == .exited(code: 0), "\(made.errors)")
        try store.run("ingest", folder.path("data/claims.csv"))
        try store.run("export", "--partition-by", "region,month", "--format", format, "--out", folder.path("parts"))
        let files = try FileContent.tree(folder.path("parts")).keys.sorted().map { folder.path("parts/" + $0) }
        #expect(files.count > 4)
        let query = "select * from claims order by claim_id, line_id"
        let expected = try Self.ask(store, query)
        // The parts where they lie: the region is text, and the files have none.
        let table = "'\(folder.path("parts"))/**/claims.\(format)'"
        #expect(try Self.ask(store, "select region, count(*), sum(amount) from \(table) group by 1 order by 1")
            == Self.ask(store, "select region, count(*), sum(amount) from claims group by 1 order by 1"))
        #expect(try Self.ask(store, "describe select region from \(table)").contains("region,text"))
        #expect(!(try Self.ask(store, "describe '\(files[0])'").contains("medical_type,text,YES\nregion")))
        let reader = format == "csv" ? "read_csv" : "read_parquet"
        #expect(!(try Self.ask(store, "describe select * from \(reader)('\(files[0])', hive_partitioning = false)").contains("region,")))
        // And loaded: all rows, by the path of each file, and not once more.
        let second = StoreUnderTest(folder.path("second"), holding: folder)
        let loaded = try second.run(["ingest"] + files)
        #expect(loaded.output.split(separator: "\n").count == files.count)
        for file in files { #expect(loaded.output.contains("\(file): batch"), "\(file)") }
        #expect(loaded.errors.contains("folders      region by the names of the file's folders"), "\(loaded.errors)")
        #expect(loaded.errors.contains("dates ") == (format == "csv"))
        #expect(try Self.ask(second, query) == expected)
        let again = try second.run(["ingest"] + files)
        #expect(!again.output.contains("rows into") && again.output.contains("already loaded"))
        #expect(try second.run("sniff", files[0], "--format", "json").output.contains("\"loaded_as_batch\": 1"))
    }

    @Test("a table of any name takes all that its folders say; files of the same bytes in other folders are others") func loading() throws {
        let (folder, store) = try Self.store()
        for place in ["t/code=007", "t/code=008", "t/code=__HIVE_DEFAULT_PARTITION__"] {
            try FileManager.default.createDirectory(atPath: folder.path(place), withIntermediateDirectories: true)
            try store.run("ingest", folder.write(place + "/x.csv", "n\n1\n"), "--table", "t")
        }
        #expect(try Self.ask(store, "select n, code from t order by code") == "n,code\n1,007\n1,008\n1,\n")
        let again = try store.run("ingest", folder.path("t/code=008/x.csv"), "--table", "t")
        #expect(again.output == "x.csv: already loaded as batch 2\n")
        // A column that the file has is the file's.
        let own = try folder.write("t/code=007/own.csv", "n,code\n2,9\n")
        try store.run("ingest", own, "--table", "t")
        #expect(try Self.ask(store, "select code from t where n = 2") == "code\n9\n")
        // A number that would not be written as the folder is named is none.
        try store.run("ingest", folder.write("u.csv", "n,code\n1,5\n"), "--table", "u")
        let refused = try store.run("ingest", folder.path("t/code=007/x.csv"), "--table", "u", expecting: 65)
        #expect(refused.errors.contains("the folder's code \"007\" is not bigint"), "\(refused.errors)")
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
