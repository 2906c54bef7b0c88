import CSV
import Claims
import Columns
package import Diagnostics
package import Engine
import Indicators
package import Reporting
import Storage

/// The steps of a nightly run on a store, an inbox and an archive of reports.
///
/// As long as it lives, no other run works with the same inbox or the same reports.
package final class StoreWorld: NightlyWorld {
    package let archive: ReportArchive
    let database: Database
    let settings: NightlySettings
    private let inbox: InboxFolder
    private let runLog: RunLog
    private let locks: [RunLock]
    /// Bytes of the files that the last look into the inbox found.
    private var scannedByteCount = 0
    /// What the newest request asks for.
    private var requested: DueReport?
    /// The report that was made, for whoever shows it.
    package private(set) var report: Report?

    /// The log's name in the folder of reports.
    package static let logName = "nightly.jsonl"

    /// Makes the folder of reports and takes the locks.
    ///
    /// - Throws: `busy` if another run is at work, `noInput` without an inbox.
    package init(_ settings: NightlySettings, database: Database) throws {
        self.settings = settings
        self.database = database
        inbox = InboxFolder(path: StoreWorld.withoutSlash(settings.inboxPath))
        archive = ReportArchive(path: StoreWorld.withoutSlash(settings.outPath))
        _ = try inbox.scan(settleSeconds: 0) { false }
        try AtomicFiles.createFolder(archive.path)
        locks = [try RunLock(folder: archive.path), try RunLock(folder: inbox.path)]
        runLog = try RunLog(path: archive.path + "/" + StoreWorld.logName)
    }

    package func log(_ event: RunEvent) throws { try runLog.write(event) }

    package func prepare() throws { archive.removeUnfinished() }

    package func scan() throws -> InboxScan {
        let scan = try inbox.scan(settleSeconds: settings.settleSeconds, isCancelled: database.options.isCancelled)
        scannedByteCount = scan.complete.reduce(0) { $0 + $1.size }
        return scan
    }

    // MARK: - Files

    package func load(_ file: InboxFile) throws -> FileOutcome {
        guard inbox.isUnchanged(file) else { return .changed }
        let path = inbox.path(of: file.name)
        let summary: IngestSummary
        do {
            guard let planner = ClaimImport(table: try table(of: path).name) else { return .changed }
            var options = settings.ingest
            options.csv.hasHeader = true
            options.runByteCount = scannedByteCount
            summary = try database.ingest(path, planner: planner, options: options)
        } catch let error as any DiagnosableError {
            guard StoreWorld.isOfTheFile(error) else { throw error }
            return error.diagnostic.kind == .noInput ? .changed : .refused(error.diagnostic)
        }
        if summary.isAlreadyLoaded { return .known(batch: summary.batchID) }
        guard inbox.isUnchanged(file) else {
            try takeBack(summary)
            return .changed
        }
        return .loaded(
            batch: summary.batchID,
            members: [
                ("table", .string(summary.table)), ("rows", .integer(Int64(summary.loaded))),
                ("rejected", .integer(Int64(summary.rejected))), ("bytes", .integer(Int64(summary.sourceSize))),
            ])
    }

    package func keep(_ file: InboxFile) throws -> String { try inbox.move(file.name, into: InboxFolder.processed) }

    package func setAside(_ file: InboxFile, because reason: Diagnostic) throws -> String {
        let folder = inbox.path(of: InboxFolder.failed)
        try inbox.makeFolder(folder)
        let name = inbox.freeName(for: file.name, in: InboxFolder.failed)
        // The reason comes first, so that no file is there without one.
        let text = DiagnosticRenderer.oneLine(settings.said(reason)) + "\n"
        try AtomicFiles.write([("\(name).reason.txt", Array(text.utf8))], to: folder)
        return try inbox.move(file.name, into: InboxFolder.failed)
    }

    /// The known table of the file's headers.
    private func table(of path: String) throws -> CanonicalTable {
        var options = settings.ingest.csv
        options.hasHeader = nil
        let reader = try CSVReader(path: path, options: options)
        if let table = TableGuess.table(for: reader.header) { return table }
        let known = CanonicalTable.all.map(\.name).joined(separator: ", ")
        throw Diagnostic(
            .badData, "the file has the headers of no known table", at: SourceLocation(file: path),
            mend: "known are \(known); `fundwatch sniff` shows what a file holds, `fundwatch ingest --table` loads others")
    }

    /// Whether a failure comes from the file alone: then no later run could load it either. What the store or the machine
    /// fails at leaves the file where it is.
    private static func isOfTheFile(_ error: any DiagnosableError) -> Bool {
        if error is StorageError { return false }
        switch error.diagnostic.kind {
        case .badData, .usage, .configuration, .noInput: return true
        case .permission: return error is CSVError
        default: return false
        }
    }

    /// Takes out again what was loaded of a file that changed meanwhile. A table that each file replaces is put right by the next one.
    private func takeBack(_ summary: IngestSummary) throws {
        guard let table = CanonicalTable.named(summary.table), !table.loading.replacesTable else { return }
        let transaction = try StoreTransaction.begin(database.path, createIfMissing: false)
        let dropped = try transaction.dropBatch(
            summary.batchID, layout: TableLayout(groupKey: table.groupKey, timeColumn: table.timeColumn, measures: table.measures))
        _ = try transaction.commit(batch: nil, note: dropped.note)
        database.refresh()
    }

    // MARK: - Reports

    package func requestedReport() throws -> ReportRequest {
        let found = try due()
        requested = found
        return found.request
    }

    package func latestReport() throws -> ArchivedReport? { archive.latest() }

    package func makeReport(_ request: ReportRequest, comparedWith earlier: ArchivedReport?) throws -> MadeReport {
        let name = try archive.add(request, comparedWith: earlier?.name) { folder in
            // What was looked up for this request need not be asked again.
            let due = try requested.flatMap { $0.request == request ? $0 : nil } ?? due()
            let (report, facts) = try build(due, comparedWith: earlier)
            try ReportBuilder.write(report, to: folder, runner: database)
            try AtomicFiles.write([(ArchivedReport.fileName, Array(facts.utf8))], to: folder)
            self.report = report
        }
        let stability = report?.comparison.map { ("stability", ChangeFiles.stability($0.stability)) }
        return MadeReport(name: name, members: stability.map { [$0] } ?? [])
    }

    package func publish(_ name: String) throws { try archive.publish(name) }

    package func prune() throws -> [String] {
        settings.keptReportCount.map { archive.prune(keeping: $0) } ?? []
    }

    private static func withoutSlash(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? withoutSlash(String(path.dropLast())) : path
    }
}
