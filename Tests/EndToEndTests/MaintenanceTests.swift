import Foundation
import Testing

/// A store over its life: many small files, one taken out again, compacted, checked in shares, cleaned up.
@Suite("Maintenance", .serialized)
struct MaintenanceTests {
    /// The generated claims as one file a day of settlement, in the order of the days.
    private static func daily(in folder: TemporaryFolder, dayCount: Int) throws -> [(path: String, rowCount: Int)] {
        let sheet = try GeneratedClaims.small().sheet("claims")
        let time = try #require(sheet.column("settled_at"))
        let days = Dictionary(grouping: sheet.rows) { String(($0[time] ?? "").prefix(10)) }
        return try days.keys.sorted().prefix(dayCount).map { day in
            let rows = days[day] ?? []
            return (try folder.write("claims-\(day).csv", CSVSheet(header: sheet.header, rows: rows).text()), rows.count)
        }
    }

    private static func load(_ files: [(path: String, rowCount: Int)], into store: StoreUnderTest) throws {
        let loaded = try store.run(["ingest"] + files.map(\.path))
        try #require(loaded.ending == .exited(code: 0), "\(loaded.errors)")
    }

    private static let questions = [
        "select count(*), count(distinct claim_id), sum(amount), sum(fund_amount), min(settled_at), max(settled_at) from claims",
        "select * from claims order by claim_id, line_id",
        "select visit_type, item_category, count(*), sum(amount) from live_claims group by 1, 2 order by 1, 2",
        "select claim_id, line_count, amount from settlements order by 1",
        "select count(*) from claims where settled_at >= '2025-01-03' and settled_at < '2025-01-05'",
    ]

    private static func answers(_ store: StoreUnderTest) throws -> [[UInt8]] {
        try questions.map { try store.run("sql", $0, "--format", "csv").outputBytes }
    }

    @Test("compacted files give the same answers, and their batches can still be dropped and loaded again") func compact() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let files = try Self.daily(in: folder, dayCount: 20)
        try Self.load(files, into: store)
        let before = try Self.answers(store)
        let batches = try store.run("batches").output
        let compacted = try store.run("compact")
        #expect(compacted.output.contains("claims: 20 segments into 1"), "\(compacted.output)")
        #expect(try Self.answers(store) == before)
        #expect(try store.run("batches").output == batches)
        #expect(try store.run("compact").output.contains("nothing to compact"))
        try store.run("verify")
        // The seventh file goes and comes back.
        let dropped = try store.run("drop-batch", "7")
        #expect(dropped.output.contains("batch 7 dropped"), "\(dropped.output)")
        let total = files.reduce(0) { $0 + $1.rowCount }
        #expect(try store.count("select count(*) from claims") == total - files[6].rowCount)
        #expect(try store.run("batches").output.contains("dropped"))
        let again = try store.run("ingest", files[6].path)
        #expect(again.output.contains("batch 21") && again.errors.contains(" 0 rejected"), "\(again.output)\(again.errors)")
        #expect(try Self.answers(store) == before)
        #expect(try store.run("ingest", files[6].path).output.contains("already loaded as batch 21"))
        try store.run("compact", "claims")
        #expect(try Self.answers(store) == before)
        try store.run("verify")
    }

    @Test("a query for one time opens the segments of that time only") func pruning() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let files = try Self.daily(in: folder, dayCount: 3)
        try Self.load(files, into: store)
        let day = files[1].path.dropLast(4).suffix(10)
        let question = "select count(*) from claims where settled_at < '\(day)'"
        #expect(try store.count(question) == files[0].rowCount)
        // Lost, and not missed by a query that does not need it.
        for segment in ["00000002-1-00000000.seg", "00000003-1-00000000.seg"] {
            try FileManager.default.removeItem(atPath: store.path + "/segments/" + segment)
        }
        #expect(try store.count(question) == files[0].rowCount)
        try store.run("sql", "select count(*), min(amount) from claims", expecting: 65)
    }

    @Test("one thread and two write the same bytes") func threads() throws {
        let folder = try TemporaryFolder()
        let files = try Self.daily(in: folder, dayCount: 12)
        var stores: [[String: [UInt8]]] = []
        for threads in ["1", "2"] {
            let store = StoreUnderTest(folder.path("store" + threads), options: ["--threads", threads])
            try Self.load(files, into: store)
            try store.run("compact")
            stores.append(try FileContent.tree(store.path).filter { $0.key.hasPrefix("segments/") || $0.key.hasPrefix("dictionaries/") })
        }
        #expect(stores[0] == stores[1])
    }

    @Test("what is out of use is listed, kept while it is young, and removed when it is old enough") func garbage() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try Self.load(Self.daily(in: folder, dayCount: 5), into: store)
        try store.run("compact")
        let before = try Self.answers(store)
        let files = FileContent.names(in: store.path + "/segments")
        let listed = try store.run("gc", "--dry-run", "--older-than", "0s").output
        for file in files.filter({ $0.hasPrefix("0000000") && !$0.hasPrefix("00000006") }) {
            #expect(listed.contains("segments/" + file))
        }
        #expect(try store.run("gc").output.isEmpty)
        #expect(FileContent.names(in: store.path + "/segments") == files)
        #expect(try store.run("gc", "--older-than", "0s").output == listed)
        #expect(FileContent.names(in: store.path + "/segments").count == 1)
        #expect(try Self.answers(store) == before)
        try store.run("verify")
        #expect(try store.run("gc", "--older-than", "0s").output.isEmpty)
        try store.run("gc", "--older-than", "soon", expecting: 64)
    }

    @Test("what cannot be dropped is refused by name") func refusals() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("drop-batch", "1", expecting: 66)
        let old = try folder.write("old.csv", "institution_id,name\nH1,old\n")
        let new = try folder.write("new.csv", "institution_id,name\nH1,new\n")
        for file in [old, new] { try store.run("ingest", file, "--table", "institutions") }
        #expect(try store.run("drop-batch", "1", expecting: 1).errors.contains("batch 2 has taken the place"))
        #expect(try store.run("drop-batch", "3", expecting: 66).errors.contains("there is no batch 3"))
        #expect(try store.run("batches", "--format", "csv").output.contains("1,institutions,old.csv,1,0,27,replaced"))
        try store.run("drop-batch", "2")
        #expect(try store.count("select count(*) from institutions") == 0)
        #expect(try store.run("drop-batch", "2", expecting: 1).errors.contains("dropped already"))
        try store.run("ingest", old, "--table", "institutions")
        #expect(try store.rows("select name from institutions") == [["old"]])
    }

    @Test("a share of the store is checked, and the head is held against what is expected") func verify() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let files = try Self.daily(in: folder, dayCount: 2)
        try Self.load([files[0]], into: store)
        let first = try Self.head(store)
        try Self.load([files[1]], into: store)
        let second = try Self.head(store)
        try store.run("verify", "--expect-head", second.uppercased())
        let gone = try store.run("verify", "--expect-head", first, expecting: 1)
        #expect(gone.errors.contains("commit 1 of the same chain, 1 before it"), "\(gone.errors)")
        let foreign = try store.run("verify", "--expect-head", String(repeating: "a", count: 64), expecting: 1)
        #expect(foreign.errors.contains("no commit of this store has"))
        try store.run("verify", "--expect-head", "abc", expecting: 64)
        #expect(try store.run("verify", "--subset", "2/2").output.contains("(share 2/2)"))
        try store.run("verify", "--subset", "3/2", expecting: 64)
    }

    private static func head(_ store: StoreUnderTest) throws -> String {
        let lines = try store.run("verify").output.split(separator: "\n")
        return try #require(lines.first { $0.hasPrefix("head: ") }?.split(separator: " ")[1]).description
    }

    @Test("a file loaded when manifests gave its SHA-256 alone is known again, from a file and from a pipe") func oldHash() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        for _ in 0..<3 { claims.add() }
        let text = claims.sheet.text()
        let file = try folder.write("claims.csv", text)
        try store.run("ingest", file)
        let manifest = store.path + "/commits/00000001.json"
        var lines = try FileContent.text(manifest).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let hash = try Self.sha256(Array(text.utf8))
        for index in lines.indices where lines[index].hasPrefix("\"batches\"") {
            lines[index] = lines[index].replacing(#/"source_hash":"[^"]*"/#, with: "\"source_sha256\":\"\(hash)\"")
            #expect(lines[index].contains("source_sha256"))
        }
        let body = lines.dropLast(2).joined(separator: "\n") + "\n"
        try Data((body + "\"sha256\":\"\(try Self.sha256(Array(body.utf8)))\"}\n").utf8).write(to: URL(fileURLWithPath: manifest))
        try store.run("verify")
        #expect(try store.run("ingest", file).output.contains("already loaded as batch 1"))
        #expect(try store.run("ingest", "-", input: .bytes(Array(text.utf8))).output.contains("already loaded as batch 1"))
        claims.add()
        try store.run("ingest", folder.write("more.csv", claims.sheet.text()), "--max-rejects", "100%")
        #expect(try store.count("select count(*) from claims") == 4)
        try store.run("verify")
    }

    private static func sha256(_ bytes: [UInt8]) throws -> String {
        let outcome = try RunningProcess("/usr/bin/sha256sum", [], input: .bytes(bytes)).wait()
        return String(outcome.output.prefix(64))
    }

    @Test("a compaction that is killed leaves the store as it was, and the next one works") func killed() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let pristine = folder.path("pristine")
        try Self.load(Self.daily(in: folder, dayCount: 30), into: store)
        let before = try Self.answers(store)
        try FileContent.copyTree(store.path, to: pristine)
        let start = ContinuousClock.now
        try store.run("compact")
        let whole = (ContinuousClock.now - start) / .microseconds(1)
        for round in 0..<(Torture.isAskedFor ? 60 : 6) {
            try FileContent.copyTree(pristine, to: store.path)
            let compacting = try store.start(["compact"])
            usleep(UInt32(whole * Double(round + 1) / Double(Torture.isAskedFor ? 60 : 6)))
            compacting.send(signal: SIGKILL)
            _ = try compacting.wait()
            try store.run("verify")
            #expect(try Self.answers(store) == before, "round \(round)")
            try store.run("compact")
            #expect(try Self.answers(store) == before, "round \(round)")
        }
    }
}
