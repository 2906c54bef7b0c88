import Foundation
import Testing

/// Statements that read and write files, and those that are told to be quick.
@Suite("Statements and files")
struct StatementFileTests {
    private static let sheet = "id,name,fee,day\n1,\"a, \"\"b\"\"\",1.50,2025-01-03\n2,,,\n3,\"\",-2.25,2025-12-31\n"

    @Test("rows written as CSV come back as they were") func thereAndBack() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let source = try folder.write("in.csv", Self.sheet)
        let copy = folder.path("out.csv")
        let written = try store.run("sql", "copy (select * from '\(source)' order by id) to '\(copy)'")
        #expect(written.output.isEmpty)
        #expect(written.errors == "COPY 3\n")
        #expect(try FileContent.bytes(copy) == Array(Self.sheet.utf8))
        #expect(try store.run("sql", "select * from read_csv('\(copy)') order by id", "--format", "csv").output == Self.sheet)
    }

    @Test("each form of COPY has its own marks") func forms() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let rows = "select * from (values (1, 'x;y'), (2, null), (3, ''), (4, E'tab\\there')) as r(id, text)"
        func copied(_ name: String, _ options: String = "") throws -> String {
            let path = folder.path(name)
            try store.run("sql", "copy (\(rows)) to '\(path)' \(options)")
            return String(decoding: try FileContent.bytes(path), as: UTF8.self)
        }
        #expect(try copied("a.csv") == "id,text\n1,x;y\n2,\n3,\"\"\n4,tab\there\n")
        #expect(try copied("b.csv", "(header false, delimiter ';', null 'NULL')") == "1;\"x;y\"\n2;NULL\n3;\"\"\n4;tab\there\n")
        #expect(try copied("c.tsv") == "id\ttext\n1\tx;y\n2\t\\N\n3\t\n4\ttab\\there\n")
        #expect(try copied("d") == "1\tx;y\n2\t\\N\n3\t\n4\ttab\\there\n")
        #expect(try copied("e.jsonl").split(separator: "\n").last == "{\"id\": 4, \"text\": \"tab\\there\"}")
        #expect(try copied("f.out", "(format csv, header)").hasPrefix("id,text\n"))
        #expect(try store.run("sql", "copy (select 1, null) to stdout").output == "1\t\\N\n")
    }

    @Test("workbooks and pages: the bytes of -o, refused by name where they cannot go") func workbooks() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("t.csv", "id,f\n007,=1+1\n008,<b>x</b>\n"), "--table", "t")
        for ending in ["xlsx", "html"] {
            let (copied, whole, written) = (folder.path("copy.\(ending)"), folder.path("whole.\(ending)"), folder.path("out.\(ending)"))
            #expect(try store.run("sql", "copy (select * from t order by id) to '\(copied)'").errors == "COPY 2\n")
            try store.run("sql", "copy t to '\(whole)'")
            try store.run("sql", "select * from t order by id", "-o", written)
            let bytes = try FileContent.bytes(copied)
            #expect(try bytes == FileContent.bytes(written) && bytes == FileContent.bytes(whole))
        }
        #expect(try FileContent.bytes(folder.path("copy.xlsx")).starts(with: [0x50, 0x4B, 0x03, 0x04]))
        let page = try FileContent.text(folder.path("copy.html"))
        #expect(page.contains("=1+1") && page.contains("&lt;b&gt;x&lt;/b&gt;") && !page.contains("<b>"))
        try store.run("sql", "copy t to '\(folder.path("named.out"))' (format xlsx)")
        #expect(try FileContent.bytes(folder.path("named.out")) == FileContent.bytes(folder.path("copy.xlsx")))
        for (statement, word) in [
            ("copy t to stdout (format xlsx)", "goes to a file"), ("copy t to 'x.xlsx' (header false)", "header does not go with xlsx"),
            ("copy t to 'x.html' (delimiter ';')", "delimiter does not go with html"), ("copy t to 'x.xls'", ".xls file is not supported"),
        ] {
            let refused = try store.run(["sql", statement])
            #expect(refused.exitCode == 1 && refused.errors.contains(word), "\(refused.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: "x.xlsx"))
    }

    @Test("text that reads as NULL is marked, and a letter is no delimiter of the text form") func textForm() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let path = folder.path("a")
        let rows = "select * from (values ('null'), (null), (E'n\\\\x'), (E'\\\\N')) as r(text)"
        try store.run("sql", "copy (\(rows)) to '\(path)' (null 'null')")
        #expect(try FileContent.text(path) == "\\x6eull\nnull\nn\\\\x\n\\\\N\n")
        let refused = try store.run(["sql", "copy (select 1, 'nn') to '\(path)' (delimiter 'n')"])
        #expect(refused.exitCode == 1 && refused.errors.contains("delimiter"), "\(refused.errors)")
    }

    @Test("a file that cannot be written leaves nothing, and the right exit code") func unwritable() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let outcome = try store.run(["sql", "copy (select 1) to '\(folder.path("none/x.csv"))'"])
        #expect(outcome.exitCode == 73)
        let failed = try store.run(["sql", "copy (select 1 / 0) to '\(folder.path("y.csv"))'"])
        #expect(failed.exitCode == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.path("y.csv")))
    }

    @Test("what is wrong with a file is said with its name and line, and nothing of it is kept") func damagedFiles() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let ragged = try folder.write("ragged.csv", "a,b\n1,x\n2\n")
        let outcome = try store.run(["sql", "select * from '\(ragged)'"], environment: ["TMPDIR": folder.path("")])
        #expect(outcome.exitCode == 65)
        #expect(outcome.errors.contains("ragged.csv:3:2: expected 2 fields, found 1"), "\(outcome.errors)")
        #expect(try store.run(["sql", "select * from read_csv('\(folder.path("no.csv"))')"]).exitCode == 66)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(left.filter { $0.hasPrefix("fundwatch-") }.isEmpty, "\(left)")
    }

    @Test("commands of the shell stand among statements, and errors name the line") func scripts() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let inner = try folder.write("inner.sql", "select 'inner' as a;\n\\q\nselect 'never';\n")
        let script = try folder.write(
            "outer.sql",
            """
            \\echo first
            select 1 as a, null as b; -- \\x is no command here
            \\pset null ∅
            .mode table
            select 1 as a, null as b;
            \\x on
            select 'a
            \\x off
            .mode csv' as text;
            \\x off
            .mode jsonl
            select 2
            \\timing on
              as a;
            \\timing off
            \\ir inner.sql
            \\o \(folder.path("o.csv"))
            select 3 as a; select 4 as a;
            \\o
            \\copy (select 5 as a) to \(folder.path("copied.csv"))
            .once \(folder.path("once.json"))
            select 6 as a;
            select 7 as a
            """)
        let outcome = try store.run("sql", "-f", script)
        #expect(outcome.output == """
            first
            a,b
            1,
            a  b
            -  -
            1  ∅
            (1 row)
            -[ row 1 ]-
            text | a\u{5C}n\\x off\u{5C}n.mode csv
            {"a": 2}
            {"a": "inner"}
            {"a": 7}

            """)
        #expect(outcome.errors.split(separator: "\n").filter { $0.hasPrefix("Time: ") }.count == 1, "\(outcome.errors)")
        #expect(try FileContent.text(folder.path("o.csv")) == "a\n3\na\n4\n" && FileContent.text(folder.path("copied.csv")) == "a\n5\n")
        #expect(try FileContent.text(folder.path("once.json")) == "[\n  {\"a\": 6}\n]\n")
        for (text, code, place) in [
            ("\\timing\nselect 1;\n.mode json\n\nselect x;\n", 1, "query:5:8: column \"x\" does not exist"),
            ("\\x\nselect 1; select 2 +\n\\pset null -\n;\n", 1, "query:2:21: syntax error"),
            ("select 1;\n.mode nonsense\n", 64, "query:2: format \"nonsense\" is not known"),
            ("select 1;\n\\i \(folder.path("none.sql"))\n", 66, "none.sql: cannot read the file"),
            ("\\timing\n\\d visits\n", 1, "query:2:1: syntax error"), ("select 1;\n\\o \(folder.path("none/x.csv"))\nselect 2\n", 73, "none/x.csv"),
        ] as [(String, Int32, String)] {
            let refused = try store.run(["sql"], input: .bytes(Array(text.utf8)))
            #expect(refused.exitCode == code && refused.errors.contains(place), "\(text): \(refused.exitCode) \(refused.errors)")
        }
        #expect(try store.run("sql", "-c", "\\x").output.isEmpty)
        let windows = try folder.write("windows.sql", "\\x on\r\nselect 'a' as a;\r\n\\x off\r\nselect 'b' as a;\r\n")
        #expect(try store.run("sql", "-f", windows).output == "-[ row 1 ]-\na | a\na\nb\n")
        #expect(try store.run("sql", "-c", "\\i \(inner)").output == "a\ninner\n")
    }

    @Test("pg_sleep waits, and ends with its statement's time") func sleeping() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        #expect(try store.run("sql", "select pg_sleep(0.001), pg_sleep(-1) as b, pg_sleep(null) as c").output == "pg_sleep,b,c\n\"\",\"\",\n")
        let timed = try store.run(["sql", "select pg_sleep(1e30)", "--timeout", "200ms"])
        #expect(timed.exitCode == 75 && timed.errors.contains("the statement ran out of time after 200ms"), "\(timed.errors)")
        for statement in ["select 1 where pg_sleep(0) = ''", "select max(pg_sleep(0))", "select * from generate_series(1, 2) as g order by pg_sleep(g)"] {
            let refused = try store.run(["sql", statement])
            #expect(refused.exitCode == 1 && refused.errors.contains("pg_sleep is not allowed in"), "\(refused.errors)")
        }
    }

    @Test("a statement that runs out of time ends with exit code 75; the next has its own time") func timeout() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("sql", "create table n as select g as a from generate_series(1, 3000) as g")
        let heavy = "select count(*) from n a, n b, n c where a.a + b.a + c.a = 0"
        let outcome = try store.run(["sql", heavy, "--timeout", "200ms"])
        #expect(outcome.exitCode == 75)
        #expect(outcome.errors.contains("out of time"))
        #expect(try store.run(["sql", "set statement_timeout = '200ms'; \(heavy)"]).exitCode == 75)
        #expect(try store.run("sql", "select 1 as a", "--timeout", "1min", "--format", "csv").output == "a\n1\n")
        #expect(try store.run(["sql", "select 1", "--timeout", "soon"]).exitCode == 64)
        #expect(try store.run(["sql", "select 1", "--disable-rules", "Nothing"]).exitCode == 64)
    }

    @Test("EXPLAIN ANALYZE counts rows and blocks, and its JSON parses") func explain() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("sql", "create table n as select g as a, g % 7 as b from generate_series(1, 1000) as g")
        let statement = "explain (analyze, format json) select b, count(*) from n where a > 990 group by b"
        let text = try store.run("sql", statement, "--format", "jsonl").output
        let row = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
        let plan = try #require(row["plan"])
        let report = try #require(JSONSerialization.jsonObject(with: Data(plan.utf8)) as? [String: Any])
        #expect(report["rows"] as? Int == 7)
        var node = try #require(report["plan"] as? [String: Any])
        while let inputs = node["inputs"] as? [[String: Any]], let input = inputs.first { node = input }
        #expect(node["operator"] as? String == "Scan")
        #expect(node["actual_rows"] as? Int == 10)
        #expect(node["blocks_read"] as? Int == 2)
        let bytes = try #require(node["bytes_read"] as? Int)
        #expect(bytes > 0)
        let skipping = try store.run("sql", "explain analyze select b from n where a > 5000", "--format", "csv").output
        #expect(skipping.contains("0 blocks of 0 bytes read, 2 skipped"), "\(skipping)")
    }
}
