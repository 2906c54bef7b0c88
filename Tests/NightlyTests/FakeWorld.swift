import Diagnostics
import Nightly
import Reporting
import Testing

/// Stops a run, as a kill does.
struct Killed: Error {}

/// A store, an inbox and an archive in memory. Every step that changes something counts, and the one that is told to may be the
/// last: the process ends just before or just after it.
final class FakeWorld: NightlyWorld {
    /// What outlives a process.
    struct Disk: Equatable {
        /// Name and content; a content that begins with "bad" cannot be loaded.
        var inbox: [String: String] = [:]
        var processed: [String: String] = [:]
        var failed: [String: String] = [:]
        /// The content of each batch.
        var batches: [String] = []
        var reports: [String: ArchivedReport] = [:]
        /// What each report was made from.
        var contents: [String: [String]] = [:]
        var latest: String?
        var unfinished = 0
    }

    var disk: Disk
    /// Names of files that are not complete.
    var growing: Set<String> = []
    private(set) var events: [String] = []
    private(set) var stepCount = 0
    private let lastStep: Int?
    private let endsAfter: Bool

    init(_ disk: Disk, killedAtStep lastStep: Int? = nil, after endsAfter: Bool = false) {
        self.disk = disk
        self.lastStep = lastStep
        self.endsAfter = endsAfter
    }

    private func step<Result>(_ body: () throws -> Result) throws -> Result {
        defer { stepCount += 1 }
        if stepCount == lastStep, !endsAfter { throw Killed() }
        let result = try body()
        if stepCount == lastStep { throw Killed() }
        return result
    }

    func prepare() throws { try step { disk.unfinished = 0 } }

    func scan() throws -> InboxScan {
        var scan = InboxScan()
        for (name, content) in disk.inbox.sorted(by: { $0.key < $1.key }) {
            let file = InboxFile(name: name, size: content.utf8.count, modified: 0)
            if growing.contains(name) { scan.waiting.append(file) } else { scan.complete.append(file) }
        }
        return scan
    }

    func load(_ file: InboxFile) throws -> FileOutcome {
        let content = try #require(disk.inbox[file.name])
        return try step {
            if content.hasPrefix("bad") { return .refused(Diagnostic(.badData, "refused: \(content)")) }
            if content.hasPrefix("changing") { return .changed }
            if let known = disk.batches.firstIndex(of: content) { return .known(batch: known + 1) }
            disk.batches.append(content)
            return .loaded(batch: disk.batches.count, members: [])
        }
    }

    func keep(_ file: InboxFile) throws -> String {
        try step {
            disk.processed[file.name] = disk.inbox.removeValue(forKey: file.name)
            return file.name
        }
    }

    func setAside(_ file: InboxFile, because reason: Diagnostic) throws -> String {
        try step {
            disk.failed[file.name] = disk.inbox.removeValue(forKey: file.name)
            return file.name
        }
    }

    func requestedReport() throws -> ReportRequest {
        ReportRequest(identity: disk.batches.joined(separator: "+"), label: "day-c\(disk.batches.count)")
    }

    func latestReport() throws -> ArchivedReport? { disk.latest.flatMap { disk.reports[$0] } }

    func makeReport(_ request: ReportRequest, comparedWith earlier: ArchivedReport?) throws -> MadeReport {
        if disk.reports[request.label] != nil { return MadeReport(name: request.label) }
        try step { disk.unfinished += 1 }
        try step {
            disk.unfinished -= 1
            disk.reports[request.label] = ArchivedReport(
                name: request.label, identity: request.identity, comparedWith: earlier?.name)
            disk.contents[request.label] = disk.batches
        }
        return MadeReport(name: request.label, members: earlier == nil ? [] : [("stability", .integer(1))])
    }

    func publish(_ name: String) throws { try step { disk.latest = name } }

    func prune() throws -> [String] { [] }

    func log(_ event: RunEvent) throws { events.append(event.line(time: "T")) }
}
