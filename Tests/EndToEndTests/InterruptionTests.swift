import Foundation
import Glibc
import Testing

/// Kills, Ctrl-C, full disks and a second writer: before or after, never between.
@Suite("Interrupted loads", .serialized)
struct InterruptionTests {
    /// A store with a first batch, and a larger second one to be interrupted.
    private struct Scene {
        let folder: TemporaryFolder
        let store: StoreUnderTest
        let pristine: String
        let file: String
        let lineCount: Int
        let firstCount: Int
        /// How long the whole load takes here.
        let seconds: Double

        init(lines: Int) throws {
            folder = try TemporaryFolder()
            store = StoreUnderTest(folder.path("store"))
            pristine = folder.path("pristine")
            lineCount = lines
            let data = folder.path("data")
            _ = try GeneratedClaims.generate(lines: lines, seed: 5, into: data)
            file = data + "/claims.csv"
            var claims = ClaimsByHand()
            for _ in 0..<50 { claims.add() }
            firstCount = 50
            try store.run("ingest", folder.write("first.csv", claims.sheet.text()))
            try FileContent.copyTree(store.path, to: pristine)
            let start = ContinuousClock.now
            try store.run("ingest", file)
            let (whole, attoseconds) = (ContinuousClock.now - start).components
            seconds = Double(whole) + Double(attoseconds) / 1e18
        }

        func reset() throws { try FileContent.copyTree(pristine, to: store.path) }

        /// Starts the load, sends a signal at a share of its usual time, and gives its end.
        func interrupt(after share: Double, signal number: Int32) throws -> ProcessOutcome {
            let load = try store.start(["ingest", file])
            if number != SIGKILL { load.waitUntilAtWork(on: number, ticks: 0) }
            usleep(UInt32(max(0, share * seconds * 1e6)))
            load.send(signal: number)
            return try load.wait()
        }

        /// The store is sound and holds the first batch, or both.
        func expectSound(_ what: String, holdsBoth: Bool?, sourceLocation: SourceLocation = #_sourceLocation) throws
            -> Bool
        {
            let checked = try store.run(["verify"])
            #expect(checked.ending == .exited(code: 0), "\(what): \(checked.errors)", sourceLocation: sourceLocation)
            let count = try store.count("select count(*) from claims", sourceLocation: sourceLocation)
            #expect(
                [firstCount, firstCount + lineCount].contains(count), "\(what): \(count) rows",
                sourceLocation: sourceLocation)
            if let holdsBoth {
                #expect((count != firstCount) == holdsBoth, "\(what): \(count) rows", sourceLocation: sourceLocation)
            }
            return count != firstCount
        }

        /// The load works now, and nothing is left of those that did not end.
        func expectLoads(_ what: String) throws {
            let loaded = try store.run(["ingest", file])
            #expect(loaded.ending == .exited(code: 0), "\(what): \(loaded.errors)")
            _ = try expectSound(what, holdsBoth: true)
            let segments = FileContent.names(in: store.path + "/segments")
            let needed = Set(try FileContent.text(newestManifest()).split { "\"/".contains($0) }.map(String.init))
            #expect(
                segments.allSatisfy { needed.contains($0) || needed.contains(String($0.dropLast(4))) },
                "\(what): \(segments)")
        }

        private func newestManifest() throws -> String {
            store.path + "/commits/" + (try #require(FileContent.names(in: store.path + "/commits").last))
        }
    }

    private static let lineCount = Torture.isAskedFor ? 200_000 : 15_000
    private static let rounds = Torture.isAskedFor ? 40 : 5

    @Test("kill -9 at any moment leaves the state before or after, and the next load works") func killed() throws {
        let scene = try Scene(lines: Self.lineCount)
        var random = SeededRandom(seed: 97)
        for round in 0..<Self.rounds {
            try scene.reset()
            let share = round == Self.rounds - 1 ? 0.95 : random.fraction() * 1.1
            let outcome = try scene.interrupt(after: share, signal: SIGKILL)
            let what = "round \(round), killed at \(share)"
            let ended = outcome.ending == .exited(code: 0)
            #expect(ended || outcome.ending == .killed(signal: SIGKILL), "\(what): \(outcome.ending)")
            let holdsBoth = try scene.expectSound(what, holdsBoth: ended ? true : nil)
            // What was acknowledged is there.
            if outcome.output.contains("batch 2") { #expect(holdsBoth, "\(what)") }
            if round % 2 == 0, !holdsBoth { try scene.expectLoads(what) }
        }
    }

    @Test("Ctrl-C and the terminate signal stop with 130 and 143 and change nothing") func interrupted() throws {
        let scene = try Scene(lines: Self.lineCount)
        var random = SeededRandom(seed: 101)
        var stopped = 0
        for round in 0..<Self.rounds {
            try scene.reset()
            let number = round % 3 == 2 ? SIGTERM : SIGINT
            // Early enough that most rounds meet the load at work, late enough that the handler is there.
            let share = 0.1 + random.fraction() * 0.7
            let outcome = try scene.interrupt(after: share, signal: number)
            let what = "round \(round), signal \(number) at \(share)"
            if outcome.ending == .exited(code: 0) {
                _ = try scene.expectSound(what, holdsBoth: true)
                continue
            }
            stopped += 1
            #expect(outcome.ending == .exited(code: 128 + number), "\(what): \(outcome.ending) \(outcome.errors)")
            #expect(outcome.output.isEmpty, "\(what)")
            // A signal that comes after the commit cannot take it back, and then nothing else is said.
            let isUnchanged = outcome.errors.contains("nothing was changed")
            _ = try scene.expectSound(what, holdsBoth: isUnchanged ? false : nil)
            let left = FileContent.names(in: scene.store.path + "/segments")
            // A load that could not stop in time ends like a crash: the next one cleans up.
            if isUnchanged {
                #expect(left == FileContent.names(in: scene.pristine + "/segments"), "\(what) left \(left)")
            }
            if round % 2 == 0 { try scene.expectLoads(what) }
        }
        #expect(stopped > 0, "no round met the load at work")
    }

    @Test("Ctrl-C while reading a pipe that is still open stops at once") func interruptedPipe() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        try store.run("ingest", folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n"), "--table", "deaths")
        let load = try store.start(["ingest", "-"], input: .pipe)
        try load.feed(Array("claim_id,line_id\n".utf8))
        try Writers.waitUntilLocked(store.path)
        load.send(signal: SIGINT)
        let outcome = try load.wait(limitSeconds: 20)
        #expect(outcome.ending == .exited(code: 130), "\(outcome.ending)")
        load.closeInput()
        try store.run("verify")
    }

    @Test("a second writer is refused as busy, readers are not, and the first ends well") func twoWriters() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        var claims = ClaimsByHand()
        for _ in 0..<20 { claims.add() }
        let bytes = Array(claims.sheet.text().utf8)
        try store.run("ingest", folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n"), "--table", "deaths")
        let first = try store.start(["ingest", "-"], input: .pipe)
        try Writers.waitUntilLocked(store.path)
        try first.feed(Array(bytes[..<(bytes.count / 2)]))
        let second = try store.run(["ingest", folder.write("i.csv", "institution_id\nH1\n"), "--table", "institutions"])
        #expect(second.ending == .exited(code: 75), "\(second.ending) \(second.errors)")
        #expect(second.errors.contains(store.path) || second.errors.contains("LOCK"))
        #expect(try store.count("select count(*) from deaths") == 1)
        try store.run("verify")
        try first.feed(Array(bytes[(bytes.count / 2)...]))
        first.closeInput()
        let outcome = try first.wait()
        #expect(outcome.ending == .exited(code: 0), "\(outcome.errors)")
        #expect(try store.count("select count(*) from claims") == 20)
    }

    @Test("readers during a load see the state before it or after it, in this order") func readersMeanwhile() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        var claims = ClaimsByHand()
        for _ in 0..<50 { claims.add() }
        try store.run("ingest", folder.write("first.csv", claims.sheet.text()))
        let load = try store.start(["ingest", GeneratedClaims.loaded().dataFolder + "/claims.csv"])
        var counts: [Int] = []
        while load.isRunning {
            counts.append(try store.count("select count(*) from claims"))
            counts.append(try store.count("select count(distinct claim_id || '/' || line_id) from claims"))
        }
        #expect(try load.wait().ending == .exited(code: 0))
        counts.append(try store.count("select count(*) from claims"))
        let after = 50 + GeneratedClaims.lineCount
        #expect(counts == counts.sorted(), "\(counts)")
        #expect(Set(counts).isSubset(of: [50, after]) && counts.last == after, "\(counts)")
    }

    @Test("a full disk is said with 73, the state before is intact, and with room the load works") func fullDisk()
        throws
    {
        guard let disk = try SmallDisk(sizeMebibytes: 8) else {
            print("skipped: mounting a small disk needs root")
            return
        }
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(disk.path + "/store")
        var claims = ClaimsByHand()
        for _ in 0..<50 { claims.add() }
        try store.run("ingest", folder.write("first.csv", claims.sheet.text()))
        let data = folder.path("data")
        _ = try GeneratedClaims.generate(lines: 5_000, seed: 6, into: data)
        for room in [0, 4, 16, 32] {
            try disk.fill(leaving: room << 10)
            let outcome = try store.run(["ingest", data + "/claims.csv"])
            #expect(outcome.ending == .exited(code: 73), "\(room) KiB left: \(outcome.ending) \(outcome.errors)")
            #expect(outcome.output.isEmpty)
            #expect(try store.count("select count(*) from claims") == 50)
            try store.run("verify")
        }
        try disk.fill(leaving: 0)
        let report = try store.run(["sql", "select * from claims", "-o", disk.path + "/answer.csv"])
        #expect(report.ending == .exited(code: 73), "\(report.ending) \(report.errors)")
        #expect(!FileManager.default.fileExists(atPath: disk.path + "/answer.csv"))
        disk.makeRoom()
        try store.run("ingest", data + "/claims.csv")
        #expect(try store.count("select count(*) from claims") == 5_050)
        try store.run("verify")
    }
}
