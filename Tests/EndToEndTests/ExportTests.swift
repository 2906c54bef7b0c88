import Foundation
import Testing

/// `export`: tables and queries into folders of files.
@Suite("Export")
struct ExportTests {
    private static func store() throws -> (store: StoreUnderTest, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let rows = """
            region,day,fee,note
            970101,2025-01-03,1.50,a
            970101,2025-02-03,2.50,"b,c"
            970102,2025-01-31,3.00,
            ,2025-01-31,4.00,""
            云溪/市,2025-04-01,5.00,云
            970101,,6.00,f

            """
        try store.run("ingest", folder.write("visits.csv", rows), "--table", "visits", "--types", "region:text")
        return (store, folder)
    }

    @Test("a whole table is one file, the same as a query for it writes") func wholeTable() throws {
        let (store, folder) = try Self.store()
        for (format, ending) in [("csv", "csv"), ("tsv", "tsv"), ("json", "json"), ("jsonl", "jsonl"), ("markdown", "md"), ("html", "html")] {
            let outcome = try store.run("export", "--table", "visits", "--format", format, "--out", folder.path("out"))
            #expect(outcome.output.isEmpty && outcome.errors.contains("6 rows in 1 file"), "\(outcome.errors)")
            #expect(
                try FileContent.bytes(folder.path("out/visits.\(ending)"))
                    == store.run("sql", "select * from visits", "--format", format).outputBytes, "\(format)")
        }
        try store.run("export", "--query", "select fee from visits where fee > 4; -- large", "--out", folder.path("out"))
        #expect(try FileContent.text(folder.path("out/query.csv")) == "fee\n5.00\n6.00\n")
    }

    @Test("parts hold every row once, in folders named by their values") func parts() throws {
        let (store, folder) = try Self.store()
        let out = folder.path("out")
        try store.run("export", "--table", "visits", "--partition-by", "region,month(day)", "--out", out)
        let files = try FileContent.tree(out)
        #expect(
            files.keys.sorted() == [
                "region=970101/month=2025-01/visits.csv", "region=970101/month=2025-02/visits.csv",
                "region=970101/month=__HIVE_DEFAULT_PARTITION__/visits.csv", "region=970102/month=2025-01/visits.csv",
                "region=__HIVE_DEFAULT_PARTITION__/month=2025-01/visits.csv", "region=云溪%2F市/month=2025-04/visits.csv",
            ])
        // A column that folders are named by is in no file; what a part of it is taken of stays.
        func expectRows(_ files: [String: [UInt8]], of query: String) throws {
            let lines = files.values.flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n") }.map(String.init)
            let whole = try store.run("sql", query, "--format", "csv").output.split(separator: "\n").map(String.init)
            #expect(lines.filter { $0 == whole[0] }.count == files.count)
            #expect(lines.filter { $0 != whole[0] }.sorted() == whole.dropFirst().sorted())
        }
        try expectRows(files, of: "select day, fee, note from visits")
        try store.run("export", "--table", "visits", "--partition-by", "region,month(day)", "--keep-partition-columns", "--out", folder.path("kept"))
        let kept = try FileContent.tree(folder.path("kept"))
        #expect(kept.keys.sorted() == files.keys.sorted())
        try expectRows(kept, of: "select * from visits")
        try store.run("export", "--table", "visits", "--partition-by", "quarter(day)", "--out", folder.path("quarters"))
        #expect(
            FileContent.names(in: folder.path("quarters")) == [
                "quarter=2025-Q1", "quarter=2025-Q2", "quarter=__HIVE_DEFAULT_PARTITION__",
            ])
    }

    @Test("what cannot be exported is said by name, and leaves nothing") func refusals() throws {
        let (store, folder) = try Self.store()
        let out = folder.path("out")
        for (arguments, code, text) in [
            (["--table", "visits", "--format", "orc"], 64, "orc"), (["--table", "visits", "--format", "table"], 64, "table"),
            (["--table", "visits", "--keep-partition-columns"], 64, "--partition-by"),
            (["--query", "select region from visits", "--partition-by", "region"], 64, "--keep-partition-columns"),
            (["--table", "visits", "--query", "select 1"], 64, "--query"),
            (["--table", "visit"], 1, "visits"), (["--table", "visits", "--partition-by", "regon"], 64, "region"),
            (["--table", "visits", "--partition-by", "month(fee)"], 64, "fee"), (["--query", "select 1; select 2"], 64, "one query"),
        ] as [([String], Int32, String)] {
            let outcome = try store.run(["export", "--out", out] + arguments)
            #expect(outcome.ending == .exited(code: code), "\(arguments): \(outcome.ending) \(outcome.errors)")
            #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
            #expect(FileContent.names(in: out).isEmpty, "\(arguments)")
        }
    }

    @Test("without a table and a query it is the claims") func claims() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let made = try GeneratedClaims.generate(lines: 300, seed: 5, into: folder.path("data"))
        #expect(made.ending == .exited(code: 0), "\(made.errors)")
        try store.run("ingest", folder.path("data/claims.csv"))
        try store.run("export", "--out", folder.path("out"))
        #expect(
            try FileContent.bytes(folder.path("out/claims.csv")) == store.run("sql", "select * from claims", "--format", "csv").outputBytes)
    }
}
