import Foundation
import Glibc
import Testing

/// The codes that scripts and timers act on, one test each.
@Suite("Exit codes")
struct ExitCodeTests {
    private static func store() throws -> StoreUnderTest {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n"), "--table", "deaths")
        return store
    }

    /// Runs until somebody stops it, and says on standard error when the long statement begins.
    private static let endless = [
        "sql", "select 1; select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b", "--timing",
    ]

    /// Sends a signal to a command in the middle of its work.
    private static func ending(of arguments: [String], on number: Int32, environment: [String: String] = [:]) throws -> ProcessOutcome {
        let process = try RunningProcess(ProductBinary.path(), arguments, environment: environment)
        let start = ContinuousClock.now
        while !process.errorsSoFar.contains("Time:"), ContinuousClock.now - start < .seconds(60) { usleep(5000) }
        process.send(signal: number)
        return try process.wait()
    }

    @Test("0: done") func done() throws {
        #expect(try Self.store().run(["sql", "select count(*) from deaths"]).ending == .exited(code: 0))
    }

    @Test("1: the query failed") func query() throws {
        let outcome = try Self.store().run(["sql", "select 1 / 0"])
        #expect(outcome.ending == .exited(code: 1) && outcome.output.isEmpty && outcome.errors.contains("division by zero"))
    }

    @Test("1: the check found a violation") func check() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let rules = "rule_id,item_code,attribute,value,result\nR1,000202,sex,female,violation\n"
        try store.run("ingest", folder.write("k.csv", rules), "--table", "knowledge")
        let claim = #"{"item_code": "000202", "sex": "male", "service_time": "2025-03-10"}"#
        #expect(try store.run(["check"], input: .bytes(Array(claim.utf8))).ending == .exited(code: 1))
        let other = claim.replacing("\"male\"", with: "\"female\"")
        #expect(try store.run(["check"], input: .bytes(Array(other.utf8))).ending == .exited(code: 0))
    }

    @Test("64: called wrongly") func usage() throws {
        let outcome = try Self.store().run(["sql", "select 1", "--no-such-option"])
        #expect(outcome.ending == .exited(code: 64) && outcome.errors.contains("--no-such-option"))
    }

    @Test("65: bad data") func badData() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("d.csv", "patient_id,death_date\nP2,tomorrow\n")
        let outcome = try Self.store().run(["ingest", file, "--table", "deaths"])
        #expect(outcome.ending == .exited(code: 65) && outcome.errors.contains("nothing was loaded"), "\(outcome.errors)")
    }

    @Test("65: a damaged store") func damage() throws {
        let store = try Self.store()
        let name = try #require(FileContent.names(in: store.path + "/segments").first)
        #expect(unsafe truncate(store.path + "/segments/" + name, 100) == 0)
        for arguments in [["verify"], ["sql", "select patient_id from deaths"]] {
            let outcome = try store.run(arguments)
            #expect(outcome.ending == .exited(code: 65) && outcome.errors.contains(name), "\(arguments): \(outcome.errors)")
        }
    }

    @Test("66: no such input") func noInput() throws {
        let folder = try TemporaryFolder()
        let outcome = try Self.store().run(["ingest", folder.path("nothing.csv")])
        #expect(outcome.ending == .exited(code: 66) && outcome.errors.contains("nothing.csv"), "\(outcome.errors)")
    }

    @Test("70: our bug, and it says so", arguments: [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV])
    func fault(number: Int32) throws {
        // What a trap of the program sends itself.
        let outcome = try Self.ending(of: Self.endless, on: number)
        #expect(outcome.ending == .exited(code: 70) && outcome.errors.contains("a bug of fundwatch"), "\(outcome.ending) \(outcome.errors)")
    }

    @Test("70 too where the runtime's own report is declined") func faultWithoutBacktrace() throws {
        let outcome = try Self.ending(of: Self.endless, on: SIGSEGV, environment: ["SWIFT_BACKTRACE": "enable=no"])
        #expect(outcome.ending == .exited(code: 70) && outcome.errors.contains("a bug of fundwatch"), "\(outcome.ending) \(outcome.errors)")
    }

    @Test("73: a file cannot be made") func cannotCreate() throws {
        let folder = try TemporaryFolder()
        for place in ["no/such/folder/x.csv", "."] {
            let outcome = try Self.store().run(["sql", "select 1", "-o", folder.path(place)])
            #expect(outcome.ending == .exited(code: 73) && outcome.errors.contains(folder.url.path), "\(outcome.errors)")
        }
    }

    @Test("73: the disk is full") func diskFull() throws {
        let outcome = try Self.store().run(["sql", "select 1"], output: "/dev/full")
        #expect(outcome.ending == .exited(code: 73), "\(outcome.ending) \(outcome.errors)")
    }

    @Test("74: reading failed") func inputOutput() throws {
        // The first page of a process is never there: reading it is an error of input.
        let outcome = try Self.store().run(["sql", "-f", "/proc/self/mem"])
        #expect(outcome.ending == .exited(code: 74) && outcome.errors.contains("/proc/self/mem"), "\(outcome.ending) \(outcome.errors)")
    }

    @Test("75: out of time") func timeOut() throws {
        let outcome = try ToolUnderTest.run(Self.endless + ["--timeout", "100ms"])
        #expect(outcome.ending == .exited(code: 75) && outcome.errors.contains("ran out of time"), "\(outcome.ending) \(outcome.errors)")
    }

    @Test("75: another writer is at work") func busy() throws {
        let folder = try TemporaryFolder()
        let store = try Self.store()
        let first = try store.start(["ingest", "-", "--table", "deaths"], input: .pipe)
        try Writers.waitUntilLocked(store.path)
        try first.feed(Array("patient_id,death_date\nP2,2025-01-01\n".utf8))
        let second = try store.run(["ingest", folder.write("d.csv", "patient_id,death_date\nP3,2025-01-01\n"), "--table", "deaths"])
        #expect(second.ending == .exited(code: 75) && second.errors.contains("another writer"), "\(second.ending) \(second.errors)")
        first.closeInput()
        #expect(try first.wait().ending == .exited(code: 0))
    }

    @Test("77: not permitted") func permission() throws {
        // A list of passwords that others can read is refused to everybody, the superuser included.
        let folder = try TemporaryFolder()
        let file = try folder.write("passwords", "ada:sesame\n")
        #expect(unsafe chmod(file, 0o644) == 0)
        let outcome = try Self.store().run(["serve", "--pg", "127.0.0.1:0", "--password-file", file])
        #expect(outcome.ending == .exited(code: 77) && outcome.errors.contains(file), "\(outcome.ending) \(outcome.errors)")
    }

    @Test("78: a setting is wrong") func configuration() throws {
        let outcome = try ToolUnderTest.run(["sql", "select 1"], environment: ["FUNDWATCH_THREADS": "many"])
        #expect(outcome.ending == .exited(code: 78) && outcome.errors.contains("$FUNDWATCH_THREADS"), "\(outcome.errors)")
    }

    @Test("130 and 143: stopped by a signal", arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func signals(number: Int32, code: Int32) throws {
        let outcome = try Self.ending(of: Self.endless, on: number)
        #expect(outcome.ending == .exited(code: code) && outcome.errors.contains("nothing was changed"), "\(outcome.ending) \(outcome.errors)")
    }
}
