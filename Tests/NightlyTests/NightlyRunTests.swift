import Diagnostics
import Nightly
import Testing

/// The order of the steps, and what a run that ended anywhere leaves for the next one.
@Suite("Steps of a nightly run")
struct NightlyRunTests {
    private static func code(_ kind: FailureKind) -> Int32 { kind == .badData ? 65 : 1 }

    private func run(_ world: FakeWorld) throws -> NightlyOutcome {
        try NightlyRun(world, exitCode: NightlyRunTests.code).run()
    }

    private static let delivered = FakeWorld.Disk(inbox: ["a.csv": "1", "b.csv": "2", "c.csv": "bad", "d.csv": "2"])

    @Test("files are loaded by name and moved, then the report is made and shown") func ordinary() throws {
        let world = FakeWorld(Self.delivered)
        let outcome = try run(world)
        #expect(world.disk.batches == ["1", "2"])
        #expect(world.disk.inbox.isEmpty)
        #expect(world.disk.processed.keys.sorted() == ["a.csv", "b.csv", "d.csv"])
        #expect(world.disk.failed.keys.sorted() == ["c.csv"])
        #expect(outcome.loaded.map(\.name) == ["a.csv", "b.csv"])
        #expect(outcome.known.map(\.name) == ["d.csv"] && outcome.known.map(\.batch) == [2])
        #expect(outcome.refused == ["c.csv"])
        #expect(world.disk.latest == "day-c2" && outcome.reportName == "day-c2" && outcome.isReportNew)
        #expect(world.disk.reports["day-c2"]?.comparedWith == nil)
    }

    @Test("a second run with nothing new makes nothing") func repeated() throws {
        let first = FakeWorld(Self.delivered)
        _ = try run(first)
        let second = FakeWorld(first.disk)
        let outcome = try run(second)
        #expect(second.disk == first.disk)
        #expect(!outcome.isReportNew && outcome.reportName == "day-c2")
        #expect(second.events.contains { $0.contains("report_current") })
    }

    @Test("the next delivery is compared with the report before") func nextDelivery() throws {
        let first = FakeWorld(Self.delivered)
        _ = try run(first)
        first.disk.inbox["e.csv"] = "3"
        let second = FakeWorld(first.disk)
        _ = try run(second)
        #expect(second.disk.latest == "day-c3")
        #expect(second.disk.reports["day-c3"]?.comparedWith == "day-c2")
        #expect(!first.events.contains { $0.contains("stability") })
        #expect(second.events.contains { $0.contains("report_written") && $0.contains("\"stability\": 1") })
    }

    @Test("a file that still grows, or changes while it is read, stays for the next run") func growing() throws {
        let world = FakeWorld(FakeWorld.Disk(inbox: ["a.csv": "1", "b.csv": "2", "c.csv": "changing"]))
        world.growing = ["b.csv"]
        let outcome = try run(world)
        #expect(world.disk.inbox.keys.sorted() == ["b.csv", "c.csv"])
        #expect(world.disk.batches == ["1"])
        #expect(outcome.waiting == ["b.csv", "c.csv"])
    }

    @Test("no line of the log says why a file was refused, for the reason may quote it") func logQuotesNothing() throws {
        let world = FakeWorld(Self.delivered)
        _ = try run(world)
        #expect(!world.events.isEmpty)
        #expect(world.events.allSatisfy { !$0.contains("refused: bad") })
        #expect(world.events.contains { $0.contains("file_refused") && $0.contains("65") })
        #expect(world.events.last?.contains("\"exit_code\": 65") == true)
    }

    @Test("a failure is logged with its code and stops the run") func failureIsLogged() throws {
        final class Failing: NightlyWorldBox {
            override func load(_ file: InboxFile) throws -> FileOutcome { throw Diagnostic(.cannotCreate, "disk full") }
        }
        let world = Failing(FakeWorld(Self.delivered))
        #expect(throws: Diagnostic.self) { try NightlyRun(world, exitCode: { $0 == .cannotCreate ? 73 : 1 }).run() }
        #expect(world.inner.disk.inbox.count == 4 && world.inner.disk.latest == nil)
        #expect(world.inner.events.last?.contains("\"exit_code\": 73") == true)
    }

    /// Every place where a run can end, counted over a whole run: from nothing, and with a report before.
    @Test("ended before or after any step, the last report is whole and the next run ends as if nothing had happened", arguments: [false, true])
    func endedAnywhere(hasReportBefore: Bool) throws {
        var start = Self.delivered
        if hasReportBefore {
            let earlier = FakeWorld(FakeWorld.Disk(inbox: ["0.csv": "0"]))
            _ = try run(earlier)
            start = earlier.disk
            start.inbox = Self.delivered.inbox
        }
        let whole = FakeWorld(start)
        _ = try run(whole)
        #expect(whole.stepCount >= 10)
        for step in 0..<whole.stepCount {
            for endsAfter in [false, true] {
                let what = "step \(step), \(endsAfter ? "after" : "before")"
                let killed = FakeWorld(start, killedAtStep: step, after: endsAfter)
                #expect(throws: Killed.self, "\(what)") { try run(killed) }
                let left = killed.disk
                // What readers see is whole, and the one before or the new one.
                if let latest = left.latest { #expect(left.reports[latest] != nil, "\(what)") }
                #expect(left.latest == start.latest || left.latest == whole.disk.latest, "\(what)")
                // Every delivery is in one place.
                let places = [left.inbox, left.processed, left.failed].flatMap(\.keys)
                #expect(places.sorted() == (Array(start.inbox.keys) + Array(start.processed.keys)).sorted(), "\(what)")
                let next = FakeWorld(left)
                _ = try run(next)
                #expect(next.disk == whole.disk, "\(what)")
            }
        }
    }

    @Test("ended twice in a row at any two steps, the third run ends as if nothing had happened") func endedTwice() throws {
        let whole = FakeWorld(Self.delivered)
        _ = try run(whole)
        for first in 0..<whole.stepCount {
            for second in 0..<whole.stepCount {
                let once = FakeWorld(Self.delivered, killedAtStep: first, after: true)
                _ = try? run(once)
                let twice = FakeWorld(once.disk, killedAtStep: second)
                _ = try? run(twice)
                let last = FakeWorld(twice.disk)
                _ = try run(last)
                #expect(last.disk == whole.disk, "steps \(first) and \(second)")
            }
        }
    }
}

/// Passes every step on, so that a test can replace one.
class NightlyWorldBox: NightlyWorld {
    let inner: FakeWorld
    init(_ inner: FakeWorld) { self.inner = inner }
    func prepare() throws { try inner.prepare() }
    func scan() throws -> InboxScan { try inner.scan() }
    func load(_ file: InboxFile) throws -> FileOutcome { try inner.load(file) }
    func keep(_ file: InboxFile) throws -> String { try inner.keep(file) }
    func setAside(_ file: InboxFile, because reason: Diagnostic) throws -> String { try inner.setAside(file, because: reason) }
    func requestedReport() throws -> ReportRequest { try inner.requestedReport() }
    func latestReport() throws -> ArchivedReport? { try inner.latestReport() }
    func makeReport(_ request: ReportRequest, comparedWith earlier: ArchivedReport?) throws -> MadeReport {
        try inner.makeReport(request, comparedWith: earlier)
    }
    func publish(_ name: String) throws { try inner.publish(name) }
    func prune() throws -> [String] { try inner.prune() }
    func log(_ event: RunEvent) throws { try inner.log(event) }
}
