import Foundation
import Testing

/// Any CSV into a table nobody described.
@Suite("Generic tables")
struct GenericTableTests {
    /// A file with a column of each type, and one of each that only looks like it.
    private static let sample = """
        flag,Count,price,ratio,day,moment,code,long,name,空
        true,1,2.50,1e3,2025-01-03,2025-01-03 08:00:00,007,1234567890123456789,中文,
        FALSE,-20,100,2.5,2025-12-31,2025-01-04,12,1,"a,b",
        ,300,0.125,-1E-2,2024-02-29,2025-01-05 23:59:59,8,2,"",
        """
    private static let types = [
        "boolean", "bigint", "numeric(6,3)", "double precision", "date", "timestamp", "text", "text", "text", "text",
    ]

    private static func types(_ store: StoreUnderTest, _ table: String) throws -> [String?] {
        let sheet = try CSVSheet(store.run("stats", table, "--format", "csv").outputBytes)
        return sheet.rows.dropLast().map { $0[2] }
    }

    @Test("types come from all rows, values come back exactly") func types() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let loaded = try store.run("ingest", folder.write("s.csv", Self.sample), "--table", "sample")
        #expect(loaded.output == "s.csv: batch 1, 3 rows into sample\n")
        #expect(loaded.errors.contains("price numeric(6,3)"))
        #expect(try Self.types(store, "sample") == Self.types)
        #expect(
            try store.rows("select * from sample order by count") == [
                ["false", "-20", "100.000", "2.5", "2025-12-31", "2025-01-04 00:00:00", "12", "1", "a,b", nil],
                ["true", "1", "2.500", "1000", "2025-01-03", "2025-01-03 08:00:00", "007", "1234567890123456789", "中文", nil],
                [nil, "300", "0.125", "-0.01", "2024-02-29", "2025-01-05 23:59:59", "8", "2", "", nil],
            ])
        #expect(try store.rows("select sum(PRICE), max(\"Count\") from Sample") == [["102.625", "300"]])
        try store.run("verify")
    }

    @Test("of several files those that cannot be read are named before anything is loaded") func missingAmongFiles() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let good = try folder.write("good.csv", "a,b\n1,x\n")
        let one = try store.run(["ingest", good, folder.path("none.csv"), "--table", "t"])
        #expect(one.ending == .exited(code: 66) && one.output.isEmpty && one.errors.contains("none.csv: no such file; nothing was loaded"), "\(one.errors)")
        let several = try store.run(["ingest", good, folder.path("none.csv"), folder.path(""), "--table", "t", "--lang", "zh"])
        #expect(several.ending == .exited(code: 66) && several.output.isEmpty, "\(several.errors)")
        #expect(several.errors.contains("none.csv") && several.errors.contains("3 个文件中有 2 个不能读取"), "\(several.errors)")
        #expect(!FileManager.default.fileExists(atPath: store.path))
    }

    @Test("after a file that cannot be loaded it is said which were, and which were not tried") func failureAmongFiles() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let files = [
            try folder.write("one.csv", "a,b\n1,x\n"), try folder.write("two.csv", "a,b\n1\n2\n3\n"), try folder.write("three.csv", "a,b\n2,y\n"),
        ]
        let outcome = try store.run(["ingest"] + files + ["--table", "t", "--quiet"])
        #expect(outcome.ending == .exited(code: 65) && outcome.output == "one.csv: batch 1, 1 row into t\n")
        #expect(outcome.errors.contains("\(files[1]) was not loaded; loaded before it: \(files[0]); not tried: \(files[2])"), "\(outcome.errors)")
        #expect(try store.count("select count(*) from t") == 1)
    }

    @Test("the last of very many rows still decides, for any number of threads") func allRows() throws {
        let folder = try TemporaryFolder()
        let body = (1...60_000).map { "\($0),\($0 % 100)\n" }.joined()
        let file = try folder.write("many.csv", "id,v\n" + body + "60001,12.5\n")
        for threads in ["1", "2", "3"] {
            let store = StoreUnderTest(folder.path("store" + threads), options: ["--threads", threads])
            try store.run("ingest", file, "--table", "many")
            #expect(try Self.types(store, "many") == ["bigint", "numeric(3,1)"])
            #expect(try store.rows("select count(*), sum(v) from many") == [["60001", "2970012.5"]])
        }
    }

    @Test("standard input, a pipe and packed files give the same table, and nothing of them stays behind") func inputs()
        throws
    {
        let folder = try TemporaryFolder()
        let bytes = Array(Self.sample.utf8)
        let file = try folder.write("s.csv", bytes)
        let temporary = try folder.makeFolder("temporary")
        let plain = StoreUnderTest(folder.path("plain"))
        try plain.run("ingest", file, "--table", "sample")
        let expected = try plain.rows("select * from sample order by count")
        func check(_ name: String, _ load: (StoreUnderTest) throws -> ProcessOutcome) throws {
            let store = StoreUnderTest(folder.path(name))
            let outcome = try load(store)
            #expect(outcome.ending == .exited(code: 0), "\(name): \(outcome.errors)")
            #expect(try store.rows("select * from sample order by count") == expected, "\(name)")
            #expect(FileContent.names(in: temporary).isEmpty, "\(name)")
            #expect(FileContent.names(in: store.path) == FileContent.names(in: plain.path), "\(name)")
        }
        let variables = ["TMPDIR": temporary]
        try check("input") { try $0.run(["ingest", "-", "--table", "sample"], environment: variables, input: .bytes(bytes)) }
        try check("pipe") {
            let process = try $0.start(["ingest", "-", "--table", "sample"], environment: variables, input: .pipe)
            for byte in bytes.prefix(100) { try process.feed([byte]) }
            try process.feed(Array(bytes.dropFirst(100)))
            process.closeInput()
            return try process.wait()
        }
        let packed = try folder.write("s.csv.zst", FileForms.zstdFrame(bytes))
        try check("packed") { try $0.run(["ingest", packed, "--table", "sample"], environment: variables) }
        // The same bytes are known again, from a pipe too.
        let again = try plain.run(["ingest", "-", "--table", "sample"], input: .bytes(bytes))
        #expect(again.output.contains("already loaded as batch 1"))
    }

    @Test("an interrupted pipe leaves no file and no table", arguments: [SIGINT, SIGTERM, SIGKILL]) func interrupted(signal: Int32)
        throws
    {
        let folder = try TemporaryFolder()
        let temporary = try folder.makeFolder("temporary")
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("a.csv", "a,b\n1,x\n"), "--table", "first")
        let files = FileContent.names(in: store.path)
        let process = try store.start(
            ["ingest", "-", "--table", "second"], environment: ["TMPDIR": temporary], input: .pipe)
        try process.feed(Array("a,b\n1,2\n".utf8))
        try Writers.waitUntilLocked(store.path)
        process.send(signal: signal)
        process.closeInput()
        let outcome = try process.wait()
        #expect(outcome.ending == (signal == SIGKILL ? .killed(signal: signal) : .exited(code: 128 + signal)))
        #expect(FileContent.names(in: temporary).isEmpty && FileContent.names(in: store.path) == files)
        #expect(try store.count("select count(*) from first") == 1)
        #expect(try store.run(["sql", "select * from second"]).ending == .exited(code: 1))
    }

    @Test("several files are several batches; columns go by name, types widen, the same file is known") func furtherFiles()
        throws
    {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let one = try folder.write("1.csv", "id,price,day\n1,2.5,2025-01-01\n2,3,2025-01-02\n")
        let two = try folder.write("2.csv", "Day;PRICE;id;note\n2025-01-03 12:00:00;1234.125;3;x\n")
        let loaded = try store.run("ingest", one, two, "--table", "prices")
        #expect(loaded.output.contains("batch 1, 2 rows into prices") && loaded.output.contains("batch 2, 1 row into prices"))
        #expect(loaded.errors.contains("price from numeric(2,1) to numeric(7,3), day from date to timestamp"))
        #expect(loaded.errors.contains("note text"))
        let three = try folder.write("3.csv", "id\n4\n")
        let third = try store.run("ingest", three, "--table", "prices")
        #expect(third.errors.contains("price, day, note: NULL"))
        #expect(
            try store.rows("select * from prices order by id") == [
                ["1", "2.500", "2025-01-01 00:00:00", nil], ["2", "3.000", "2025-01-02 00:00:00", nil],
                ["3", "1234.125", "2025-01-03 12:00:00", "x"], ["4", nil, nil, nil],
            ])
        #expect(try store.rows("select id from prices where price > 3 and day >= '2025-01-03'") == [["3"]])
        #expect(try store.run("ingest", one, "--table", "prices").output.contains("already loaded as batch 1"))
        #expect(try store.run("ingest", one, "--table", "other").output.contains("batch 4, 2 rows into other"))
        try store.run("verify")
    }

    @Test("a type the stored one does not hold is refused by name with the mend, which works") func refusedType() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("1.csv", "id,n\n1,10\n2,20\n"), "--table", "t")
        let second = try folder.write("2.csv", "id,n\n3,30\n4,x\n5,50\n")
        let refused = try store.run("ingest", second, "--table", "t", expecting: 65)
        for word in ["2.csv", "\"n\"", "text", "bigint", "--types n:bigint", "--table"] {
            #expect(refused.errors.contains(word), "\(word) in \(refused.errors)")
        }
        #expect(try store.count("select count(*) from t") == 2)
        try store.run("ingest", second, "--table", "t", "--types", "n:bigint", "--max-rejects", "1")
        #expect(try store.rows("select id, n from t order by id") == [["1", "10"], ["2", "20"], ["3", "30"], ["5", "50"]])
        let rejects = try FileContent.text(store.path + "/rejects/2.csv")
        #expect(rejects.contains("2.csv,3,n,not_a_number"))
    }

    @Test("headers as DuckDB takes them: repeated, blank, spaced, Chinese, none") func headers() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let file = try folder.write("h.csv", "编号,编号,,unit price,\"a\"\"b\"\n1,2,3,4,5\n")
        try store.run("ingest", file, "--table", "表")
        #expect(
            try store.rows("select 编号, 编号_1, column2, \"unit price\", \"a\"\"b\" from 表") == [["1", "2", "3", "4", "5"]])
        let bare = try folder.write("bare.csv", "1,x\n2,y\n")
        let loaded = try store.run("ingest", bare, "--table", "bare")
        #expect(loaded.errors.contains("--header yes"))
        #expect(try store.rows("select column0, column1 from bare order by 1") == [["1", "x"], ["2", "y"]])
        try store.run("ingest", folder.write("b2.csv", "1,x\n2,z\n"), "--table", "named", "--header", "yes")
        #expect(try store.rows("select \"1\", x from named") == [["2", "z"]])
        try store.run("ingest", folder.write("b3.csv", "a,b\nc,d\n"), "--table", "rows", "--header", "no")
        #expect(try store.count("select count(*) from rows") == 2)
    }

    @Test("the options say how a file is written and what is NULL") func options() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let file = try folder.write("o.csv", "a|b|c\n'x|y'|NA|0012\nNULL|5|13\n")
        try store.run(
            "ingest", file, "--table", "o", "--delimiter", "|", "--quote", "'", "--null", "NA", "--null", "NULL", "--types",
            "c:bigint")
        #expect(try store.rows("select a, b, c from o order by c") == [["x|y", nil, "12"], [nil, "5", "13"]])
        for arguments in [
            ["--types", "d:text", "--quote", "'"], ["--types", "a"], ["--types", "a:blob"], ["--quote", "''"], ["--header", "perhaps"],
            ["--delimiter", "||"], ["--delimiter", "\""],
        ] {
            let outcome = try store.run(["ingest", file, "--table", "o2"] + arguments)
            #expect(outcome.ending == .exited(code: 64), "\(arguments): \(outcome.errors)")
        }
        for (table, words) in [("live_claims", "view"), ("a\nb", "name"), ("", "name")] {
            #expect(try store.run("ingest", file, "--table", table, expecting: 64).errors.contains(words))
        }
        #expect(try store.run("ingest", file, "--types", "a:text", expecting: 64).errors.contains("claims"))
    }

    @Test("a header without rows makes a table whose types the first rows decide") func headerOnly() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("0.csv", "id,day\n"), "--table", "t")
        #expect(try store.count("select count(*) from t") == 0)
        try store.run("ingest", folder.write("1.csv", "id,day\n7,2025-01-01\n"), "--table", "t")
        #expect(try Self.types(store, "t") == ["bigint", "date"])
        #expect(try store.rows("select * from t") == [["7", "2025-01-01"]])
    }

    @Test("very wide files load") func wide() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let count = 1500
        let header = (0..<count).map { "c\($0)" }.joined(separator: ",")
        let rows = (1...3).map { row in (0..<count).map { "\($0 * row)" }.joined(separator: ",") }
        try store.run("ingest", folder.write("w.csv", ([header] + rows).joined(separator: "\n")), "--table", "wide")
        #expect(try store.rows("select sum(c1), sum(c1499) from wide") == [["6", "8994"]])
    }

    @Test("free text comes back with its missing values, few or many of them", arguments: [7, 2]) func remarks(step: Int) throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let rows = (0..<3000).map { row in
            (String(row), row % step == 0 ? nil : "remark \(row) of \(row * 31 % 1009), written by hand \(row * 7919 % 10_007)")
        }
        let text = rows.map { "\($0.0),\($0.1.map { "\"\($0)\"" } ?? "")\n" }.joined()
        try store.run("ingest", folder.write("notes.csv", "id,remark\n" + text), "--table", "notes")
        #expect(try store.rows("select id, remark from notes order by id") == rows.map { [$0.0, $0.1] })
        try store.run("verify")
    }

    @Test("a stored double takes whole numbers only as far as it gives them back") func doubleColumns() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("1.csv", "x\n1.5e3\n"), "--table", "numbers")
        try store.run("ingest", folder.write("2.csv", "x\n123456789012345\n"), "--table", "numbers")
        let refused = try store.run(["ingest", folder.write("3.csv", "x\n123456789012345678\n"), "--table", "numbers"])
        #expect(refused.ending != .exited(code: 0), "\(refused.errors)")
        #expect(try store.count("select count(*) from numbers") == 2)
    }
}
