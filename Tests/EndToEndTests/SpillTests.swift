import Foundation
import Testing

/// Queries that need more than `--memory` finish with the help of private files, of which nothing is left.
@Suite("Spilled queries", .serialized)
struct SpillTests {
    /// As many rows as there are numbers of so many digits to the base 10; each number `k` once, in a scrambled order.
    private static func numbers(digits: Int) -> String {
        let names = (0..<digits).map { "d\($0)" }
        let sum = names.enumerated().map { index, name in "\(name).x * \(Int(pow(10, Double(index))))" }.joined(separator: " + ")
        let from = names.map { "digit \($0)" }.joined(separator: ", ")
        return "with digit(x) as (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), "
            + "numbers as (select \(sum) as k from \(from))"
    }

    private static let groups = numbers(digits: 5) + " select k, count(*) as n, sum(k) as s, min(k::text) as t from numbers group by k"

    @Test("the answer is the same byte for byte, and the files are counted", arguments: [1, 2])
    func sameAnswer(threads: Int) throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), options: ["--threads", "\(threads)", "--format", "csv"])
        for query in [Self.groups, Self.groups + " order by t desc"] {
            let expected = try store.run("sql", query)
            let spilled = try store.run("sql", query, "--memory", "1M")
            #expect(spilled.outputBytes == expected.outputBytes)
        }
        let plan = try store.run("sql", "explain analyze " + Self.groups, "--memory", "1M")
        #expect(plan.output.contains("bytes spilled"), "\(plan.output)")
        #expect(!plan.output.contains("actual 200000"), "rows given in vain are not counted: \(plan.output)")
        let roomy = try store.run("sql", "explain analyze " + Self.groups)
        #expect(!roomy.output.contains("bytes spilled"), "\(roomy.output)")
    }

    @Test("files lie where they are told to and leave no name") func place() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), options: ["--memory", "1M", "--format", "csv"], holding: folder)
        let place = folder.path("place")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try store.run("sql", Self.groups, "--temp-dir", place)
        try store.run("sql", "set temp_directory = '\(place)'; " + Self.groups)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        let missing = try store.run(["sql", Self.groups, "--temp-dir", place + "/none"])
        #expect(missing.ending == .exited(code: 73) && missing.errors.contains(place + "/none"), "\(missing.errors)")
        let missingVariable = try store.run(["sql", Self.groups], environment: ["TMPDIR": place + "/none"])
        #expect(missingVariable.ending == .exited(code: 73), "\(missingVariable.errors)")
    }

    @Test("Ctrl-C and a time-out end it at once and leave nothing") func stopped() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("place")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let store = StoreUnderTest(
            folder.path("store"), options: ["--memory", "1M", "--format", "csv", "--temp-dir", place], holding: folder)
        let query = Self.numbers(digits: 7) + " select k, count(*) from numbers group by k"
        let process = try store.start(["sql", query])
        process.waitUntilAtWork(on: SIGINT)
        process.send(signal: SIGINT)
        #expect(try process.wait().ending == .exited(code: 130))
        #expect(try store.run(["sql", query, "--timeout", "1s"]).ending == .exited(code: 75))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
    }

    @Test("a report, and evidence, with more findings than memory has room for have the same bytes") func report() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let data = try GeneratedClaims.small().dataFolder
        for table in ["institutions", "knowledge", "deaths"] { try store.run("ingest", data + "/\(table).csv", "--table", table) }
        // Under ids of their own the same claims again and again: stays overlap, bills are identical, trace codes come once more.
        let lines = try String(contentsOfFile: data + "/claims.csv", encoding: .utf8).split(separator: "\n")
        var text = lines[0] + "\n"
        for copy in 10..<25 {
            func renamed(_ id: Substring) -> Substring { id.isEmpty ? id : "\(copy)\(id.dropFirst(2))" }
            for line in lines.dropFirst() {
                var fields = line.split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false)
                (fields[0], fields[2]) = (renamed(fields[0]), renamed(fields[2]))
                text += fields.joined(separator: ",") + "\n"
            }
        }
        try text.write(toFile: folder.path("copies.csv"), atomically: true, encoding: .utf8)
        try store.run("ingest", folder.path("copies.csv"))
        let (roomy, tight) = (folder.path("roomy"), folder.path("tight"))
        try store.run("report", "--out", roomy)
        try store.run("report", "--out", tight, "--memory", "4M")
        for name in FileContent.names(in: roomy) {
            #expect(FileManager.default.contents(atPath: roomy + "/" + name) == FileManager.default.contents(atPath: tight + "/" + name), "\(name)")
        }
        #expect(FileContent.names(in: roomy) == FileContent.names(in: tight))
        let figures = try CSVSheet(file: roomy + "/indicators.csv").records
        let most = try #require(figures.max { (Int($0["events"] ?? "") ?? 0) < (Int($1["events"] ?? "") ?? 0) })
        let question = ["evidence", try #require(most["indicator"]), try #require(most["institution_id"]), "--format", "csv"]
        let evidence = try store.run(question)
        #expect(evidence.outputBytes.count > 10_000)
        #expect(try store.run(question + ["--memory", "1M"]).outputBytes == evidence.outputBytes)
    }

    @Test("a full disk is said with 73 and the mend") func fullDisk() throws {
        guard let disk = try SmallDisk(sizeMebibytes: 1) else {
            print("skipped: mounting a small disk needs root")
            return
        }
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(
            folder.path("store"), options: ["--memory", "1M", "--format", "csv"], holding: folder)
        let outcome = try store.run(["sql", Self.groups, "--temp-dir", disk.path])
        #expect(outcome.ending == .exited(code: 73), "\(outcome.ending) \(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("is full") && outcome.errors.contains("--temp-dir"), "\(outcome.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
    }
}
