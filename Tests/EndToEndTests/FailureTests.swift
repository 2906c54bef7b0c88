import Foundation
import Glibc
import Testing

/// Every error says where, what was found, what was expected and the mend, and ends with its code.
@Suite("Failures")
struct FailureTests {
    @Test("a store that is not there is 66, for every verb that needs one") func missingStore() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("nowhere"))
        for arguments in [
            ["sql", "select count(*) from claims"], ["stats"], ["verify"], ["indicators", "run", "visit_frequency"],
            ["evidence", "visit_frequency", "H1"], ["report", "--out", folder.path("report")],
        ] {
            let outcome = try store.run(arguments)
            #expect(outcome.ending == .exited(code: 66), "\(arguments): \(outcome.ending) \(outcome.errors)")
            #expect(outcome.errors.contains("nowhere"), "\(arguments): \(outcome.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: store.path), "a reader makes no store")
        #expect(!FileManager.default.fileExists(atPath: folder.path("report")))
    }

    @Test("what the command line does not know is 64") func usage() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let file = try folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n")
        try store.run("ingest", file, "--table", "deaths")
        for arguments in [
            ["inggest", file], ["ingest", file, "--tabel", "deaths"], ["ingest"],
            ["sql", "select 1", "--format", "xml"],
            ["sql", "select 1", "--threads", "0"], ["sql", "select 1", "--threads", "many"],
            ["sql", "select 1", "--memory", "lots"],
            ["ingest", file, "--max-rejects", "few"], ["ingest", file, "--encoding", "latin9"], ["indicators", "run"],
            ["indicators", "run", "visit_frequency", "--from", "2025-13-01"],
            ["indicators", "run", "visit_frequency", "--set", "x"],
            ["generate", "--lines", "-5", "--out", folder.path("x")], ["sql", "select 1", "-f", file],
        ] {
            let outcome = try ToolUnderTest.run(arguments, environment: ["FUNDWATCH_STORE": store.path])
            #expect(outcome.ending == .exited(code: 64), "\(arguments): \(outcome.ending) \(outcome.errors)")
            #expect(!outcome.errors.isEmpty && outcome.output.isEmpty, "\(arguments)")
        }
        let unknown = try store.run("indicators", "run", "visit_frequencies", expecting: 64)
        #expect(unknown.errors.contains("visit_frequency"))
        #expect(try store.run("inggest", file, expecting: 64).errors.contains("did you mean \"ingest\"?"))
        #expect(try store.run("ingest", file, "--tabel", "deaths", expecting: 64).errors.contains("--table"))
        #expect(try store.run("ingest", file, "--table", "death", expecting: 64).errors.contains("deaths"))
    }

    @Test("help is no failure and starts with examples") func help() throws {
        for arguments in [
            ["--help"], ["ingest", "--help"], ["sql", "--help"], ["report", "--help"], ["indicators", "--help"],
        ] {
            let outcome = try ToolUnderTest.run(arguments)
            #expect(outcome.ending == .exited(code: 0))
            let first = outcome.output.split(separator: "\n").prefix(3).joined(separator: "\n")
            #expect(first.contains("Examples"), "\(arguments): \(first)")
        }
        #expect(try ToolUnderTest.run(["--version"]).output.contains("."))
    }

    @Test(
        "an SQL error ends with 1 and a caret under the fault, Chinese text before it counted as wide",
        arguments: [
            ("select '中文医院', nope from claims", "nope"), ("select nope from claims", "nope"),
            ("select '第一\n行' as a,\n  '云溪' || nope2 as b from claims", "nope2"), ("select count(* from claims", "from"),
            ("select 医院 from claims", "医院"), ("select * from 理赔", "理赔"),
            ("select nofunction('中') from claims", "nofunction"),
        ])
    func caret(query: String, fault: String) throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        try store.run("ingest", folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n"), "--table", "deaths")
        let outcome = try store.run("sql", query, expecting: 1)
        #expect(outcome.output.isEmpty)
        let lines = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let caretLine = try #require(
            lines.lastIndex { $0.trimmingCharacters(in: .whitespaces) == "^" }, "\(outcome.errors)")
        let shown = lines[caretLine - 1]
        let place = try #require(shown.range(of: fault), "\(outcome.errors)")
        #expect(Cells.width(String(shown[..<place.lowerBound])) == lines[caretLine].utf8.count - 1, "\(outcome.errors)")
        if fault == "nope" { #expect(outcome.errors.contains("nope")) }
    }

    @Test("a near miss is suggested") func suggestions() throws {
        let store = try GeneratedClaims.loaded().store
        #expect(try store.run("sql", "select fund_amuont from claims", expecting: 1).errors.contains("fund_amount"))
        #expect(try store.run("sql", "select 1 from clams", expecting: 1).errors.contains("claims"))
    }

    @Test("statements that are not supported are refused by name, never answered") func unsupported() throws {
        let store = try GeneratedClaims.loaded().store
        for (query, name) in [
            ("insert into claims values (1)", "insert"), ("delete from claims", "delete"),
            ("update claims set amount = 0", "update"),
            ("select * from claims for update", "for update"),
        ] {
            let outcome = try store.run("sql", query, expecting: 1)
            #expect(outcome.errors.lowercased().contains(name), "\(outcome.errors)")
        }
        #expect(try store.count("select count(*) from claims") == GeneratedClaims.lineCount)
    }

    @Test("values out of range are errors, not wrong numbers") func arithmetic() throws {
        let store = try GeneratedClaims.loaded().store
        for query in [
            "select 1 / 0", "select 9223372036854775807 + 1", "select 'x'::bigint", "select '2025-02-30'::date",
        ] {
            let outcome = try store.run(["sql", query])
            #expect(outcome.ending == .exited(code: 1), "\(query): \(outcome.ending) \(outcome.output)")
        }
    }

    @Test("a full output device is an error, and a reader that goes away is no crash") func outputFailures() throws {
        let store = try GeneratedClaims.loaded().store
        let full = try store.run(["sql", "select * from claims"], output: "/dev/full")
        #expect(full.ending == .exited(code: 73), "\(full.ending) \(full.errors)")
        let folder = try TemporaryFolder()
        let nowhere = try store.run(["sql", "select 1", "-o", folder.path("no/such/folder/x.csv")])
        #expect(nowhere.ending == .exited(code: 73), "\(nowhere.ending) \(nowhere.errors)")
        let script =
            "'\(try ProductBinary.path())' sql 'select * from claims' --store '\(store.path)' | head -n 2; echo ${PIPESTATUS[0]}"
        let piped = try RunningProcess("/bin/bash", ["-c", script]).wait()
        let lines = piped.output.split(separator: "\n")
        #expect(lines.count == 3, "\(piped.output.suffix(300))")
        #expect(["0", "74", "141"].contains(lines.last ?? ""), "\(lines.last ?? ""): \(piped.errors)")
    }

    @Test("a store that may not be entered is 77, not a missing one") func permission() throws {
        let folder = try TemporaryFolder()
        // The superuser may enter everything: only somebody else meets the closed door.
        guard geteuid() != 0 else { return }
        let store = StoreUnderTest(folder.path("closed/store"))
        try store.run("ingest", folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n"), "--table", "deaths")
        #expect(unsafe chmod(folder.path("closed"), 0) == 0)
        defer { unsafe _ = chmod(folder.path("closed"), 0o700) }
        for arguments in [["sql", "select count(*) from deaths"], ["stats"], ["verify"]] {
            let outcome = try store.run(arguments)
            #expect(outcome.ending == .exited(code: 77), "\(arguments): \(outcome.ending) \(outcome.errors)")
        }
    }

    @Test("the store is the option, else the variable, else a folder here") func storePlaces() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n")
        let here = try folder.makeFolder("here")
        for (arguments, variables, place) in [
            (["--store", folder.path("a")], ["FUNDWATCH_STORE": folder.path("b")], "a"),
            ([], ["FUNDWATCH_STORE": folder.path("b")], "b"),
            ([], [:], "here/fundwatch-store"),
        ] as [([String], [String: String], String)] {
            let outcome = try ToolUnderTest.run(
                ["ingest", file, "--table", "deaths"] + arguments, environment: variables, workingFolder: here)
            #expect(outcome.ending == .exited(code: 0), "\(outcome.errors)")
            #expect(FileManager.default.fileExists(atPath: folder.path(place) + "/commits"), "\(place)")
        }
    }
}
