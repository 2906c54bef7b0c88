import Foundation
import Glibc
import Testing

/// `serve`, asked by PostgreSQL's own client.
@Suite("Serving psql", .enabled(if: ServerUnderTest.client != nil, ServerUnderTest.missingClient))
struct ServeTests {
    private static func store() throws -> StoreUnderTest {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let rows = """
            region,day,at,fee,ratio,flag,note
            970101,2025-01-03,2025-01-03 08:04:38,1.50,1e3,true,a
            970101,2025-02-03,2025-02-03 23:59:59,2.50,2.5e-3,false,"b,c"
            970102,2025-01-31,,3.00,,,
            ,,,-0.05,,true,""
            云溪/市,2025-04-01,2025-04-01 00:00:00,5.00,1e300,false,"云 ""x\"""

            """
        try store.run("ingest", folder.write("visits.csv", rows), "--table", "visits", "--types", "region:text,ratio:double")
        return store
    }

    /// A value of our CSV as psql writes it.
    private static func asPsqlShows(_ value: String?) -> String {
        switch value {
        case nil: "\\N"
        case "true"?: "t"
        case "false"?: "f"
        case let text?: text
        }
    }

    @Test("rows are those of `fundwatch sql`") func rows() throws {
        let store = try Self.store()
        let server = try ServerUnderTest(store)
        for query in [
            "select * from visits order by fee", "select region, sum(fee), count(*), min(day), max(at) from visits group by 1 order by 1",
            "select fee / 3, ratio * 2, not flag, day + 1, note || '!' from visits order by fee", "select * from visits where false",
            "values (1, 'a'), (2, null)", "describe visits", "show tables",
        ] {
            let outcome = try server.psql(["--csv", "-P", "null=\\N", "-c", query])
            #expect(outcome.exitCode == 0, "\(query): \(outcome.errors)")
            let theirs = try CSVSheet(outcome.outputBytes).rows.map { $0.map { $0 ?? "" } }
            let ours = try store.rows(query).map { $0.map(Self.asPsqlShows) }
            #expect(theirs == ours, "\(query)")
        }
        #expect(try server.stop().exitCode == 0)
    }

    @Test("psql's commands about what a server has are answered", arguments: [
        ("\\dd", ""), ("\\drds", ""), ("\\dO", ""), ("\\sv live_claims", "VIEW public.live_claims"), ("\\dp visits", "ada=r/ada"), ("\\dt+ visits", " bytes"),
        ("\\encoding", "UTF8"),
    ])
    func describing(command: String, expected: String) throws {
        let server = try ServerUnderTest(Self.store())
        let outcome = try server.psql(["-c", command])
        #expect(outcome.exitCode == 0 && !outcome.errors.contains("ERROR") && (expected.isEmpty || outcome.output.contains(expected)), "\(outcome)")
        #expect(try server.stop().exitCode == 0)
    }

    @Test("psql may write GBK") func gbk() throws {
        let server = try ServerUnderTest(Self.store())
        let file = try TemporaryFolder()
        let statements = try file.write("q.sql", Array("select region from visits where region like '".utf8) + [0xD4, 0xC6] + Array("%';\n".utf8))
        let outcome = try server.psql(["-At", "-f", statements], environment: ["PGCLIENTENCODING": "GBK"])
        // 云溪/市
        #expect(outcome.outputBytes == [0xD4, 0xC6, 0xCF, 0xAA, 0x2F, 0xCA, 0xD0, 0x0A], "\(outcome)")
        #expect(try server.stop().exitCode == 0)
    }

    @Test("an address that cannot be had is refused with why, and a store that is not there is said to be none") func places() throws {
        let store = try Self.store()
        let server = try ServerUnderTest(store)
        let taken = try store.run("serve", "--pg", "127.0.0.1:\(server.port)", expecting: 73)
        #expect(taken.errors.contains("Address already in use; choose another port"), "\(taken.errors)")
        #expect(try server.stop().exitCode == 0)
        let passwords = try TemporaryFolder()
        let file = try passwords.write("p", "secret\n")
        _ = unsafe chmod(file, 0o600)
        let unknown = try store.run("serve", "--pg", "nowhere.invalid:0", "--password-file", file, expecting: 73)
        #expect(unknown.errors.contains("name an address of this machine"), "\(unknown.errors)")
        let empty = try ServerUnderTest(StoreUnderTest(passwords.path("none"), holding: passwords))
        #expect(empty.process.errorsSoFar.contains("there is no store at"), "\(empty.process.errorsSoFar)")
        #expect(try empty.stop().exitCode == 0)
    }

    @Test("several statements of one text run in order, up to the first error") func statements() throws {
        let server = try ServerUnderTest(Self.store())
        #expect(try server.rows("select 1; select 'two'; begin; select count(*) from visits; commit") == "1\ntwo\n5\n")
        let failed = try server.psql(["-At", "-v", "VERBOSITY=verbose", "-c", "select 1; select nothing from visits; select 3"])
        #expect(failed.exitCode == 1 && failed.output == "1\n")
        #expect(failed.errors.contains("ERROR:  42703: column \"nothing\" does not exist\nLINE 1: select 1; select nothing from visits; select 3\n"))
        #expect(failed.errors.contains("\n                         ^\n"), "the caret stands under the name: \(failed.errors)")
        #expect(try server.stop().exitCode == 0)
    }

    @Test("psql's own commands are answered") func metaCommands() throws {
        let server = try ServerUnderTest(Self.store())
        func shown(_ command: String) throws -> String {
            let outcome = try server.psql(["-c", command])
            // psql itself says so where there is nothing to list.
            let isQuiet = outcome.errors.isEmpty || outcome.errors == "Did not find any relations.\n"
            #expect(outcome.exitCode == 0 && isQuiet, "\(command): \(outcome.errors)")
            return outcome.output
        }
        #expect(try shown("\\dt").contains(" public | visits       | table | ada"))
        #expect(try shown("\\dt v*").contains("(1 row)"))
        #expect(try shown("\\d").contains(" public | live_claims  | view  | ada"))
        #expect(try shown("\\dv").contains("settlements"))
        #expect(try shown("\\l").contains(" fund | ada   | UTF8"))
        #expect(try shown("\\dn").contains(" public | ada"))
        let table = try shown("\\d visits")
        #expect(table.contains("Table \"public.visits\"") && table.contains(" fee    | numeric(3,2)") && table.contains(" at     | timestamp without time zone"))
        #expect(try shown("\\d+ live_claims").contains("View definition:"))
        for command in ["\\du", "\\df", "\\dp", "\\dT", "\\di", "\\dx", "\\db", "\\dt+", "\\d+", "\\conninfo", "\\dC", "\\des"] { _ = try shown(command) }
        #expect(try shown("\\copy (select region, note from visits order by fee desc limit 2) to stdout csv header") == "region,note\n云溪/市,\"云 \"\"x\"\"\"\n970102,\n")
        #expect(try server.stop().exitCode == 0)
    }

    @Test("what writes is refused by name, and so are files of the server", arguments: [
        ("insert into visits values (1)", "25006", "INSERT"), ("delete from visits", "25006", "DELETE"), ("update visits set fee = 0", "25006", "UPDATE"),
        ("create table t (a int)", "25006", "CREATE TABLE"), ("create table t as select 1", "25006", "CREATE TABLE AS"),
        ("create view v as select 1", "25006", "CREATE VIEW"), ("drop table visits", "25006", "DROP TABLE"), ("truncate visits", "25006", "TRUNCATE"),
        ("copy visits to '/tmp/x.csv'", "42501", "COPY"), ("select * from read_csv('/etc/passwd')", "42501", "read_csv"),
        ("select * from '/etc/hosts.csv'", "42501", "read_csv"), ("copy visits from stdin", "25006", "COPY FROM"),
    ])
    func refusals(statement: String, state: String, name: String) throws {
        let server = try ServerUnderTest(Self.store())
        let outcome = try server.psql(["-v", "VERBOSITY=verbose", "-c", statement])
        #expect(outcome.exitCode == 1 && outcome.errors.contains("ERROR:  \(state): ") && outcome.errors.contains(name), "\(outcome.errors)")
        #expect(try server.rows("select count(*) from visits") == "5\n")
    }

    @Test("a transaction block with an error takes nothing but its end") func transactions() throws {
        let server = try ServerUnderTest(Self.store())
        let script = "begin;\nselect 1/0;\nselect 2;\nrollback;\nsavepoint a;\nbegin;\nsavepoint a;\nselect x;\nrollback to a;\nselect 4;\ncommit;\n"
        let outcome = try server.psql(["-At", "-v", "VERBOSITY=sqlstate"], input: .bytes(Array(script.utf8)))
        #expect(outcome.output == "BEGIN\nROLLBACK\nBEGIN\nSAVEPOINT\nROLLBACK\n4\nCOMMIT\n")
        #expect(outcome.errors.split(separator: "\n").map { $0.suffix(5) } == ["22012", "25P02", "25P01", "42703"], "\(outcome.errors)")
    }

    @Test("settings are kept for the session, limits of the server can only be lowered") func settings() throws {
        let server = try ServerUnderTest(Self.store(), ["--timeout", "20s", "--max-rows", "3"])
        #expect(try server.rows("set statement_timeout = '5s'; show statement_timeout") == "5s\n")
        #expect(try server.rows("set statement_timeout = '1h'; show statement_timeout") == "20s\n")
        #expect(try server.rows("set statement_timeout = 0; show statement_timeout") == "20s\n")
        #expect(try server.rows("set application_name to 'x'; show application_name; reset all; show server_version_num") == "x\n150000\n")
        let many = try server.psql(["-v", "VERBOSITY=sqlstate", "-c", "select * from visits"])
        #expect(many.exitCode == 1 && many.output.isEmpty && many.errors.contains("54000"), "\(many.errors)")
        #expect(try server.rows("select count(*) from (select * from visits limit 3) x") == "3\n")
    }

    @Test("a long statement is cancelled by its client, and ends with its time") func cancelling() throws {
        let server = try ServerUnderTest(Self.store())
        let long = "select count(*) from generate_series(1, 30000) a(n), generate_series(1, 30000) b(n) where a.n % 7 = b.n % 11"
        let client = try server.start(["-v", "VERBOSITY=sqlstate", "-c", long])
        usleep(700_000)
        client.send(signal: SIGINT)
        #expect(try client.wait().errors.contains("57014"))
        let timed = try server.psql(["-v", "VERBOSITY=sqlstate", "-c", "set statement_timeout = '300ms'", "-c", long])
        #expect(timed.errors.contains("57014"), "\(timed.errors)")
        #expect(try server.rows("select 1") == "1\n")
        #expect(try server.stop().exitCode == 0)
    }

    @Test("asked to end, it lets running statements end, and cancels what goes on") func ending() throws {
        let server = try ServerUnderTest(Self.store(), ["--grace", "300ms"])
        let long = "select count(*) from generate_series(1, 30000) a(n), generate_series(1, 30000) b(n) where a.n % 7 = b.n % 11"
        let client = try server.start(["-c", long])
        usleep(700_000)
        #expect(try server.stop().exitCode == 0)
        #expect(try client.wait().exitCode != 0)
    }

    @Test("passwords are asked for by SCRAM") func passwords() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("passwords", "ada:sesame\n")
        #expect(unsafe chmod(file, 0o600) == 0)
        let server = try ServerUnderTest(Self.store(), ["--password-file", file])
        #expect(try server.psql(["-Atc", "select 1"], environment: ["PGPASSWORD": "sesame"]).output == "1\n")
        for (user, password) in [("ada", "Sesame"), ("eve", "sesame"), ("ada", "")] {
            let outcome = try server.psql(["-w", "-Atc", "select 1"], environment: ["PGUSER": user, "PGPASSWORD": password])
            #expect(outcome.exitCode == 2, "\(outcome.output)\(outcome.errors)")
        }
        #expect(unsafe chmod(file, 0o644) == 0)
        let store = try Self.store()
        #expect(try store.run(["serve", "--pg", "127.0.0.1:0", "--password-file", file]).exitCode == 77)
        #expect(try store.run(["serve", "--pg", "0.0.0.0:0"]).exitCode == 64)
        let pipe = folder.path("pipe")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        for (path, code) in [(pipe, 78), (folder.path("none"), 66), (folder.path("."), 78)] as [(String, Int32)] {
            #expect(try store.run(["serve", "--pg", "127.0.0.1:0", "--password-file", path]).exitCode == code, "\(path)")
        }
        let errors = try server.stop().errors
        #expect(!errors.contains("sesame") && errors.contains(", eve: error 28P01"), "\(errors)")
    }

    @Test("each client has a token of its own, which is taken back without a new start") func tokens() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("tokens", "# two desks and a report\nada:desk-one\nada:desk-two\nreport\n")
        #expect(unsafe chmod(file, 0o600) == 0)
        let server = try ServerUnderTest(Self.store(), ["--token-file", file])
        func isLetIn(_ user: String, _ token: String) throws -> Bool {
            let outcome = try server.psql(["-w", "-Atc", "select 1"], environment: ["PGUSER": user, "PGPASSWORD": token])
            #expect(outcome.exitCode == 0 || outcome.exitCode == 2, "\(outcome.errors)")
            return outcome.output == "1\n"
        }
        #expect(try isLetIn("ada", "desk-one") && isLetIn("ada", "desk-two") && isLetIn("ada", "report") && isLetIn("eve", "report"))
        #expect(try !isLetIn("eve", "desk-one") && !isLetIn("ada", "desk-three"))
        // Another file in its place, as an editor leaves one.
        let next = try folder.write("tokens.new", "ada:desk-two\n")
        #expect(unsafe chmod(next, 0o600) == 0 && rename(next, file) == 0)
        #expect(try !isLetIn("ada", "desk-one") && isLetIn("ada", "desk-two") && !isLetIn("eve", "report"))
        #expect(unsafe chmod(file, 0o644) == 0)
        #expect(try !isLetIn("ada", "desk-two"), "what others can read lets nobody in")
        let errors = try server.stop().errors
        #expect(!errors.contains("desk-") && errors.contains("the file of secrets cannot be used"), "\(errors)")
        #expect(try Self.store().run(["serve", "--pg", "127.0.0.1:0", "--token-file", file]).exitCode == 77)
        #expect(try Self.store().run(["serve", "--token-file", file, "--password-file", file]).exitCode == 64)
    }

    @Test("pg_sleep waits until it is over, cancelled or out of time") func sleeping() throws {
        let server = try ServerUnderTest(Self.store(), ["--timeout", "20s"])
        #expect(try server.rows("select pg_sleep(0.01), count(*) from visits").hasPrefix("|"))
        let timed = try server.psql(["-v", "VERBOSITY=verbose", "-c", "set statement_timeout = '200ms'", "-c", "select pg_sleep(1e9)"])
        #expect(timed.exitCode == 1 && timed.errors.contains("57014") && timed.errors.contains("after 200ms"), "\(timed.errors)")
        let client = try server.start(["-c", "select pg_sleep('infinity')"])
        usleep(500_000)
        client.send(signal: SIGINT)
        #expect(try client.wait().errors.contains("canceling statement due to user request"))
    }

    @Test("beyond this machine without TLS it warns, however quiet it is") func unencrypted() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("passwords", "sesame\n")
        #expect(unsafe chmod(file, 0o600) == 0)
        let server = try ServerUnderTest(Self.store(), ["--pg", "0.0.0.0:0", "--password-file", file])
        #expect(try server.stop().errors.contains("warning: 0.0.0.0 can be reached from other machines, and rows travel unencrypted"))
    }

    @Test("the log has neither statements nor values") func log() throws {
        let server = try ServerUnderTest(Self.store(), ["--max-clients", "1"])
        _ = try server.psql(["-c", "select 'secret-value'::integer from visits", "-c", "select * from \"secret-name\""])
        _ = try server.psql(["-c", "select * from visits where note = 'secret-value'"])
        let outcome = try server.stop()
        #expect(outcome.exitCode == 0 && !outcome.errors.contains("secret"), "\(outcome.errors)")
    }
}
