import Foundation
import Glibc
import Testing

/// Files and standard input as tables, as a user's command line has them.
@Suite("Files as tables")
struct FileTableTests {
    private static let rows = "id,day\n1,2025-01-31\n2,\n"

    private static func csv(
        _ store: StoreUnderTest, _ statement: String, input: ProcessInput = .nothing, environment: [String: String] = [:]
    ) throws -> String {
        let outcome = try store.run(["sql", statement, "--format", "csv"], environment: environment, input: input)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        return outcome.output
    }

    /// Rows through a pipe, which can be read only once.
    private static func piped(_ store: StoreUnderTest, _ arguments: [String], _ text: String) throws -> ProcessOutcome {
        let process = try store.start(arguments, input: .pipe)
        try process.feed(Array(text.utf8))
        process.closeInput()
        return try process.wait()
    }

    private static func store() throws -> (TemporaryFolder, StoreUnderTest) {
        let folder = try TemporaryFolder()
        return (folder, StoreUnderTest(folder.path("store"), holding: folder))
    }

    @Test("standard input is a table under each of its names", arguments: ["read_csv('-')", "read_csv('/dev/stdin')", "'/dev/stdin'"])
    func standardInput(table: String) throws {
        let (_, store) = try Self.store()
        let statement = "select id + 1 as next, day from \(table) order by id"
        let expected = "next,day\n2,2025-01-31\n3,\n"
        #expect(try Self.csv(store, statement, input: .bytes(Array(Self.rows.utf8))) == expected)
        let outcome = try Self.piped(store, ["sql", statement, "--format", "csv"], Self.rows)
        #expect(outcome.output == expected, "\(outcome.errors)")
    }

    @Test("a pipe is read once, and is as many tables as a text of statements wants") func pipeTwice() throws {
        let (_, store) = try Self.store()
        let statement = """
            select a.id, b.id as other from read_csv('-') a join read_csv('/dev/stdin') b on b.id = a.id + 1;
            select count(*) from read_csv('-', all_varchar => true) where day > '2';
            select filename from read_csv('-', filename => true) group by 1
            """
        let outcome = try Self.piped(store, ["sql", statement, "--format", "csv"], Self.rows)
        #expect(outcome.output == "id,other\n1,2\ncount\n1\nfilename\n-\n", "\(outcome.errors)")
    }

    @Test("packed rows through a pipe are unpacked; many go through as well") func packedPipe() throws {
        let (_, store) = try Self.store()
        let packed = FileForms.zstdFrame(Array(Self.rows.utf8))
        #expect(try Self.csv(store, "select sum(id) from read_csv('-')", input: .bytes(packed)) == "sum\n3\n")
        let many = "n\n" + (1...200_000).map { "\($0)\n" }.joined()
        let outcome = try Self.piped(store, ["sql", "select count(*), sum(n) from read_csv('-')", "--format", "csv"], many)
        #expect(outcome.output == "count,sum\n200000,20000100000\n", "\(outcome.errors)")
    }

    @Test("Parquet through a pipe is read, too") func parquetPipe() throws {
        let (folder, store) = try Self.store()
        let file = folder.path("x.parquet")
        try store.run("sql", "copy (select 7 as n) to '\(file)'")
        let process = try store.start(["sql", "select n, filename from read_parquet('-', filename => true)", "--format", "csv"], input: .pipe)
        try process.feed(try FileContent.bytes(file))
        process.closeInput()
        let outcome = try process.wait()
        #expect(outcome.output == "n,filename\n7,-\n", "\(outcome.errors)")
    }

    @Test("where the statements come from standard input, no rows do; an empty one is said to be empty") func takenInput() throws {
        let (_, store) = try Self.store()
        let statements = Array("select * from read_csv('-');".utf8)
        for arguments in [["sql"], ["sql", "-f", "-"]] {
            let outcome = try store.run(arguments, input: .bytes(statements))
            #expect(outcome.exitCode == 64 && outcome.errors.contains("1:15: standard input has the statements"), "\(outcome.errors)")
        }
        let empty = try store.run(["sql", "select * from read_csv('-')"])
        #expect(empty.exitCode == 65 && empty.errors.contains("standard input: the file is empty"), "\(empty.errors)")
    }

    @Test("a bad row of standard input and of a named pipe is told with its place") func badRows() throws {
        let (folder, store) = try Self.store()
        let bad = "id,\"day\"\n1,\"2025\n-01\",3\n"
        let outcome = try Self.piped(store, ["sql", "select * from read_csv('-')"], bad)
        #expect(outcome.exitCode == 65 && outcome.errors.contains("standard input:3:6: expected 2 fields, found 3"), "\(outcome.errors)")
        let pipe = folder.path("pipe.csv")
        let made = unsafe mkfifo(pipe, 0o600)
        #expect(made == 0)
        let process = try store.start(["sql", "select * from '\(pipe)'; select sum(id) from '\(pipe)'", "--format", "csv"])
        try FileContent.write(pipe, Self.rows)
        #expect(try process.wait().output == Self.rows + "sum\n3\n")
    }

    @Test("rows left out are told of for each statement, quiet or not, in the language asked for") func leftOut() throws {
        let (folder, store) = try Self.store()
        let file = try folder.write("bad.csv", "a,b\n" + (11...30).map { "\($0),x\n" }.joined() + "2,y,z\n3\n" + (4...10).map { "\($0),x,,\n" }.joined())
        let query = "select count(*) from read_csv('\(file)', ignore_errors => true)"
        let outcome = try store.run(["sql", "\(query); \(query)", "--format", "csv", "--quiet"])
        #expect(outcome.exitCode == 0 && outcome.output == "count\n20\ncount\n20\n")
        let told = outcome.errors.split(separator: "\n")
        #expect(told.count == 2 && told.first == told.last, "\(outcome.errors)")
        #expect(
            told.first
                == "fundwatch: read_csv left out 9 of 29 lines (field_count 9): \(file):22:5: expected 2 fields, found 3 · \(file):23:2: expected 2 fields, found 1 · \(file):24:5: expected 2 fields, found 4 · \(file):25:5: expected 2 fields, found 4 · \(file):26:5: expected 2 fields, found 4 · and 4 more"
        )
        let chinese = try store.run(["sql", query, "--lang", "zh"])
        #expect(chinese.errors.contains("read_csv 略去了 29 行中的 9 行"), "\(chinese.errors)")
        let refused = try store.run(["sql", "select count(*) from read_csv('\(file)', max_rejects => 8)"])
        #expect(refused.exitCode == 65 && refused.errors.contains("bad.csv:22:5: ") && refused.errors.contains("9 of 29 lines"), "\(refused.errors)")
        try store.run("sql", "create table t as select *, filename as source from read_csv('\(file)', max_rejects => 9, filename => true)")
        #expect(try store.rows("select count(*), min(source), count(distinct filename) from t") == [["20", file, "1"]])
    }

    @Test("two statements of one text, with a file that changes its columns between them") func changes() throws {
        let (folder, store) = try Self.store()
        let (first, second) = (try folder.write("a.csv", "x\n1\n"), folder.path("b.csv"))
        let statement = "copy (select 2 as y) to '\(second)'; select * from read_csv(['\(first)', '\(second)'], union_by_name => true) order by x"
        #expect(try Self.csv(store, statement) == "x,y\n1,\n,2\n")
        #expect(try store.rows("select count(*) from read_csv('\(folder.path(""))/[ab].csv', union_by_name => true)") == [["2"]])
    }

    @Test("a path begins at the user's folder where it begins with ~/") func home() throws {
        let (folder, store) = try Self.store()
        try folder.write("own.csv", Self.rows)
        let home = folder.path("")
        #expect(try Self.csv(store, "select count(*) from '~/own.csv'", environment: ["HOME": home]) == "count\n2\n")
        #expect(try Self.csv(store, "select count(*) from '~/o*.csv'", environment: ["HOME": home]) == "count\n2\n")
    }

    @Test("nothing of what was read stays behind") func leavesNothing() throws {
        let (folder, store) = try Self.store()
        let temporary = try folder.makeFolder("tmp")
        let process = try store.start(["sql", "select count(*) from read_csv('-')"], environment: ["TMPDIR": temporary], input: .pipe)
        try process.feed(Array(Self.rows.utf8))
        process.closeInput()
        #expect(try process.wait().exitCode == 0)
        #expect(FileContent.names(in: temporary).isEmpty)
    }

    @Test("a number below zero is the value of the option before it", arguments: [
        (["generate", "--lines", "-5", "--out", "x"], "cannot generate -5 lines: expected 1 to"),
        (["generate", "--lines=-5", "--out", "x"], "cannot generate -5 lines: expected 1 to"),
        (["ingest", "none.csv", "--table", "t", "--skip", "-1"], "skip cannot be \"-1\""),
        (["sql", "select 1", "--threads", "-2"], "--threads \"-2\" is not between 1 and 1024"),
        (["sql", "select 1", "--timeout", "-5s"], "--timeout"),
        (["generate", "--lines", "--out", "x"], "Missing value for '--lines <n>'"),
    ])
    func negativeNumbers(arguments: [String], message: String) throws {
        let outcome = try ToolUnderTest.run(arguments)
        #expect(outcome.exitCode == 64, "\(outcome.ending)")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
}
