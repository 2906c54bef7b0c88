import Foundation
import Glibc
import Testing

/// A night's run as an office has it: an inbox, a store, a folder of reports.
@Suite("Nightly", .serialized)
struct NightlyTests {
    /// An inbox with generated deliveries: the reference tables, and the claims cut into files.
    private struct Office {
        let folder: TemporaryFolder
        let store: StoreUnderTest
        let inbox: String
        let out: String
        var names: [String] = ["institutions.csv", "knowledge.csv", "deaths.csv"]

        init(lines: Int, files: Int) throws {
            folder = try TemporaryFolder()
            store = StoreUnderTest(folder.path("store"))
            inbox = try folder.makeFolder("inbox")
            out = folder.path("reports")
            let data = folder.path("data")
            _ = try GeneratedClaims.generate(lines: lines, seed: 11, into: data)
            for name in names { try FileContent.copyApart(data + "/" + name, to: inbox + "/" + name) }
            let rows = try FileContent.text(data + "/claims.csv").split(separator: "\n")
            let share = (rows.count + files - 2) / files
            for file in 0..<files {
                let part = rows.dropFirst(1 + file * share).prefix(share)
                let name = "claims-\(file + 1).csv"
                try FileContent.write(inbox + "/" + name, ([rows[0]] + part).joined(separator: "\n") + "\n")
                names.append(name)
            }
            names.sort()
        }

        func arguments(_ more: [String] = []) -> [String] { ["nightly", "--inbox", inbox, "--out", out, "--settle", "0"] + more }

        func run(_ more: [String] = [], expecting code: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation) throws
            -> ProcessOutcome
        {
            let outcome = try store.run(arguments(more))
            try #require(outcome.ending == .exited(code: code), "\(outcome.ending): \(outcome.errors)", sourceLocation: sourceLocation)
            return outcome
        }

        /// Every file of the reports but the log, which tells the time.
        func reports() throws -> [String: [UInt8]] { try FileContent.tree(out).filter { !$0.key.hasPrefix("nightly.jsonl") && !$0.key.hasPrefix(".nightly") } }

        func latest(_ name: String) throws -> [UInt8] { try FileContent.bytes(out + "/latest/" + name) }
    }

    @Test("new files are loaded and moved, the report is that of `report`, and a second run changes nothing") func mainJob() throws {
        var office = try Office(lines: 600, files: 2)
        try FileContent.write(office.inbox + "/late.csv.part", "not yet")
        try FileContent.write(office.inbox + "/broken.csv", "claim_id,line_id,institution_id,patient_id,visit_type,item_code\nC1,1,H1,97010100000009999999,11,1\n")
        try FileContent.write(office.inbox + "/other.csv", "a,b\n1,97010100000009999999\n")
        let first = try office.run(["--window", "all"], expecting: 65)
        #expect(FileContent.names(in: office.inbox).filter { !$0.hasPrefix(".") } == ["failed", "late.csv.part", "processed"])
        #expect(FileContent.names(in: office.inbox + "/processed") == office.names)
        #expect(FileContent.names(in: office.inbox + "/failed") == ["broken.csv", "broken.csv.reason.txt", "other.csv", "other.csv.reason.txt"])
        #expect(try FileContent.text(office.inbox + "/failed/broken.csv.reason.txt").contains("settled_at"))
        #expect(first.errors.contains("failed/broken.csv.reason.txt"))
        try office.store.run("report", "--out", office.folder.path("beside"))
        for name in ["ranking.csv", "ranking.json", "indicators.csv"] {
            #expect(try office.latest(name) == FileContent.bytes(office.folder.path("beside") + "/" + name), "\(name)")
        }
        // The names beside `latest` lead to the newest report too.
        #expect(try FileContent.bytes(office.out + "/ranking.csv") == office.latest("ranking.csv"))
        let before = try office.reports()
        let second = try office.run(["--window", "all"])
        #expect(second.errors.contains("nothing new"))
        #expect(try office.reports() == before)
        // The log names no patient and quotes no file.
        let log = try FileContent.text(office.out + "/nightly.jsonl")
        #expect(!log.contains("9701010000000"))
        let events = try log.split(separator: "\n").map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        #expect(events.count { $0?["event"] as? String == "file_loaded" } == 5)
        #expect(events.count { $0?["event"] as? String == "file_refused" } == 2)
        #expect(events.last??["exit_code"] as? Int == 0)
        #expect(!first.errors.contains("97010100000009999999") && !first.output.contains("97010100000009999999"))
        // The file that was not complete arrives, and one that was there before.
        let claims = try FileContent.bytes(office.inbox + "/processed/claims-1.csv")
        try FileContent.write(office.inbox + "/again.csv", String(decoding: claims, as: UTF8.self))
        var more = ClaimsByHand()
        for number in 0..<40 { more.add(["institution_id": "H97010100001", "patient_id": "PX", "claim_id": "N\(number)", "settled_at": "2025-12-31 10:00:00"]) }
        try FileContent.write(office.inbox + "/late.csv", more.sheet.text())
        office.names.append("late.csv")
        let third = try office.run(["--window", "all"])
        #expect(third.errors.contains("again.csv: already loaded as batch"))
        let facts = try #require(JSONSerialization.jsonObject(with: Data(office.latest("nightly.json"))) as? [String: Any])
        let earlier = try #require(facts["compared_with"] as? String)
        #expect(before.keys.contains(earlier + "/run.json"))
        #expect((facts["new_batches"] as? [[String: Any]])?.map { $0["file"] as? String } == ["late.csv"])
        let changes = try CSVSheet(office.latest("changes.csv"))
        #expect(changes.header.prefix(3) == ["status", "institution_id", "name"])
        #expect(Set(changes.records.compactMap { $0["status"] }).isSubset(of: ["new", "risen", "fallen", "resolved", "unchanged"]))
        // The report before is as it was.
        for (name, bytes) in before where name.hasPrefix(earlier + "/") {
            #expect(try FileContent.bytes(office.out + "/" + name) == bytes, "\(name)")
        }
    }

    @Test("the window ends with the last day of the data and leaves out what is older") func window() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let inbox = try folder.makeFolder("inbox")
        var claims = ClaimsByHand()
        for (id, day) in [("A", "2024-01-31"), ("B", "2024-12-31"), ("C", "2025-01-15"), ("D", "2025-03-31"), ("E", "2099-01-01")] {
            claims.add(["claim_id": id, "settled_at": "\(day) 10:00:00"])
        }
        try FileContent.write(inbox + "/claims.csv", claims.sheet.text())
        let out = folder.path("out")
        try store.run("nightly", "--inbox", inbox, "--out", out, "--settle", "0", "--window", "3m", "--as-of", "2025-04-02")
        let run = try #require(JSONSerialization.jsonObject(with: FileContent.data(out + "/latest/run.json")) as? [String: Any])
        #expect(run["period"] as? [String: String] == ["from": "2025-01-01", "to": "2025-04-01"])
        #expect(run["lines"] as? Int == 2)
        #expect(FileContent.names(in: out).contains("2025-03-31-c000001"))
        try store.run("nightly", "--inbox", inbox, "--out", out, "--window", "3w", expecting: 64)
        try store.run("nightly", "--inbox", folder.path("none"), "--out", out, expecting: 66)
    }

    @Test("a second run at the same time is refused as busy and touches nothing") func twoRuns() throws {
        let office = try Office(lines: 300, files: 1)
        // A young file that breaks off is watched for the whole time, so the first run waits.
        try FileContent.write(office.inbox + "/young.csv", "x,y\n1,2")
        let first = try office.store.start(Array(office.arguments().dropLast(2)) + ["--settle", "3600"])
        let start = ContinuousClock.now
        while !FileManager.default.fileExists(atPath: office.out + "/nightly.jsonl"), ContinuousClock.now - start < .seconds(30) { usleep(2000) }
        let second = try office.store.run(office.arguments())
        #expect(second.ending == .exited(code: 75), "\(second.ending) \(second.errors)")
        let elsewhere = try office.store.run(["nightly", "--inbox", office.inbox, "--out", office.folder.path("other"), "--settle", "0"])
        #expect(elsewhere.ending == .exited(code: 75), "\(elsewhere.ending) \(elsewhere.errors)")
        first.send(signal: SIGTERM)
        #expect(try first.wait().ending == .exited(code: 143))
        try FileManager.default.removeItem(atPath: office.inbox + "/young.csv")
        #expect(FileContent.names(in: office.inbox).filter { !$0.hasPrefix(".") } == office.names)
        _ = try office.run()
    }

    private static let rounds = Torture.isAskedFor ? 40 : 3

    @Test("killed at any moment, the last report is whole and the next run ends as if nothing had happened") func killed() throws {
        let lines = Torture.isAskedFor ? 20_000 : 300
        let office = try Office(lines: lines, files: 4)
        // A first report, then the second half of the deliveries is what the killed runs have before them.
        let held = office.folder.path("held")
        try FileManager.default.createDirectory(atPath: held, withIntermediateDirectories: false)
        for name in ["claims-3.csv", "claims-4.csv"] { try FileManager.default.moveItem(atPath: office.inbox + "/" + name, toPath: held + "/" + name) }
        _ = try office.run()
        for name in ["claims-3.csv", "claims-4.csv"] { try FileManager.default.moveItem(atPath: held + "/" + name, toPath: office.inbox + "/" + name) }
        try FileContent.write(office.inbox + "/zz.csv", "x,y\n1,2\n")
        let folders = [(office.inbox, "inbox"), (office.out, "out"), (office.store.path, "store")]
        for (path, name) in folders { try FileContent.copyApart(path, to: office.folder.path("pristine-" + name)) }
        func reset() throws { for (path, name) in folders { try FileContent.copyApart(office.folder.path("pristine-" + name), to: path) } }
        let start = ContinuousClock.now
        _ = try office.run(expecting: 65)
        let (whole, attoseconds) = (ContinuousClock.now - start).components
        let seconds = Double(whole) + Double(attoseconds) / 1e18
        let old = try FileManager.default.destinationOfSymbolicLink(atPath: office.folder.path("pristine-out") + "/latest")
        let new = try FileManager.default.destinationOfSymbolicLink(atPath: office.out + "/latest")
        #expect(old != new)
        let compared = ["ranking.csv", "ranking.json", "indicators.csv", "changes.csv", "changes.json"]
        let expected = try compared.map { try office.latest($0) }
        let lineCount = try office.store.count("select count(*) from claims")
        let whole1 = FileContent.names(in: office.out + "/" + new)
        var random = SeededRandom(seed: 409)
        for round in 0..<Self.rounds {
            try reset()
            let share = random.fraction() * 1.05
            let number = round % 3 == 2 ? SIGTERM : SIGKILL
            let what = "round \(round), signal \(number) at \(share)"
            let process = try office.store.start(office.arguments())
            usleep(UInt32(share * seconds * 1e6))
            process.send(signal: number)
            let outcome = try process.wait()
            let endings: [ProcessOutcome.Ending] = [.killed(signal: number), .exited(code: 128 + number), .exited(code: 65)]
            #expect(endings.contains(outcome.ending), "\(what): \(outcome.ending) \(outcome.errors)")
            let seen = try FileManager.default.destinationOfSymbolicLink(atPath: office.out + "/latest")
            #expect([old, new].contains(seen), "\(what)")
            let files = FileContent.names(in: office.out + "/" + seen)
            #expect(files == (seen == new ? whole1 : whole1.filter { !$0.hasPrefix("changes") }), "\(what): \(files)")
            #expect(try !CSVSheet(office.latest("ranking.csv")).rows.isEmpty, "\(what)")
            let next = try office.store.run(office.arguments())
            #expect([.exited(code: 65), .exited(code: 0)].contains(next.ending), "\(what): \(next.ending) \(next.errors)")
            #expect(try compared.map { try office.latest($0) } == expected, "\(what)")
            #expect(try office.store.count("select count(*) from claims") == lineCount, "\(what)")
            #expect(FileContent.names(in: office.inbox + "/processed") == office.names, "\(what)")
            #expect(FileContent.names(in: office.inbox + "/failed") == ["zz.csv", "zz.csv.reason.txt"], "\(what)")
            #expect(FileContent.names(in: office.out).filter { $0.hasPrefix(".unfinished") }.isEmpty, "\(what)")
            try office.store.run("verify")
        }
    }
}
