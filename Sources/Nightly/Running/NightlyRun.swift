package import Diagnostics
import Reporting

/// The order of the steps of a nightly run.
///
/// Files are loaded and moved one by one in the order of their names; then the report is made, if what it would be made from has
/// changed, then shown. A run may end between any two steps: the next one finds by the store, the inbox and the archive alone
/// what is still to be done.
package struct NightlyRun<World: NightlyWorld> {
    private let world: World
    private let exitCode: (FailureKind) -> Int32

    /// - Parameter exitCode: The process's exit code of a failure, for the log.
    package init(_ world: World, exitCode: @escaping (FailureKind) -> Int32) {
        self.world = world
        self.exitCode = exitCode
    }

    /// - Throws: What stopped the run. Refused files stop nothing; they are in the outcome.
    package func run() throws -> NightlyOutcome {
        var outcome = NightlyOutcome()
        do {
            try world.log(RunEvent("run_started"))
            try world.prepare()
            try takeIn(&outcome)
            try report(&outcome)
        } catch let error as any DiagnosableError {
            try? world.log(RunEvent("run_ended", [("exit_code", .integer(Int64(exitCode(error.diagnostic.kind))))]))
            throw error
        }
        let code = outcome.refused.isEmpty ? 0 : exitCode(.badData)
        try world.log(
            RunEvent(
                "run_ended",
                [
                    ("loaded", .integer(Int64(outcome.loaded.count))), ("known", .integer(Int64(outcome.known.count))),
                    ("refused", .integer(Int64(outcome.refused.count))), ("waiting", .integer(Int64(outcome.waiting.count))),
                    ("exit_code", .integer(Int64(code))),
                ]))
        return outcome
    }

    private func takeIn(_ outcome: inout NightlyOutcome) throws {
        let scan = try world.scan()
        for file in scan.waiting { try wait(for: file, &outcome) }
        for name in scan.ignored { try world.log(RunEvent("file_ignored", [("file", .string(name))])) }
        for file in scan.complete {
            let name = ("file", JSONValue.string(file.name))
            switch try world.load(file) {
            case .loaded(let batch, let members):
                let kept = try world.keep(file)
                outcome.loaded.append((file.name, batch))
                try world.log(
                    RunEvent("file_loaded", [name, ("kept_as", .string(kept)), ("batch", .integer(Int64(batch)))] + members))
            case .known(let batch):
                let kept = try world.keep(file)
                outcome.known.append((file.name, batch))
                try world.log(
                    RunEvent("file_known", [name, ("kept_as", .string(kept)), ("batch", .integer(Int64(batch)))]))
            case .refused(let reason):
                let aside = try world.setAside(file, because: reason)
                outcome.refused.append(aside)
                // The message may quote the file, so it stays with the file.
                try world.log(
                    RunEvent(
                        "file_refused",
                        [name, ("kept_as", .string(aside)), ("exit_code", .integer(Int64(exitCode(reason.kind))))]))
            case .changed: try wait(for: file, &outcome)
            }
        }
    }

    private func wait(for file: InboxFile, _ outcome: inout NightlyOutcome) throws {
        outcome.waiting.append(file.name)
        try world.log(RunEvent("file_waiting", [("file", .string(file.name)), ("bytes", .integer(Int64(file.size)))]))
    }

    private func report(_ outcome: inout NightlyOutcome) throws {
        let request = try world.requestedReport()
        let latest = try world.latestReport()
        if let latest, latest.identity == request.identity {
            outcome.reportName = latest.name
            // A run that ended just after it had switched the link may have left the names beside it undone.
            try world.publish(latest.name)
            try world.log(RunEvent("report_current", [("report", .string(latest.name))]))
        } else {
            let made = try world.makeReport(request, comparedWith: latest)
            outcome.reportName = made.name
            outcome.isReportNew = true
            try world.publish(outcome.reportName)
            try world.log(
                RunEvent(
                    "report_written",
                    [("report", .string(outcome.reportName)), ("compared_with", .optional(latest?.name))] + made.members))
        }
        for name in try world.prune() { try world.log(RunEvent("report_removed", [("report", .string(name))])) }
    }
}
