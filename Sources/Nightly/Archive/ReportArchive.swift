package import Diagnostics
import FoundationEssentials
import Glibc
import Reporting

/// The folder of reports: one folder a report, never changed once it is there, and the link `latest` to the newest.
///
/// A report is written under a hidden name, made durable and renamed; then the link is switched. So `latest` always leads to a
/// whole report, the one before or the new one.
package struct ReportArchive: Sendable {
    package static let latestName = "latest"
    private static let unfinishedPrefix = ".unfinished-"
    package let path: String

    package init(path: String) { self.path = path }

    package func path(of name: String) -> String { path + "/" + name }

    /// The report that `latest` leads to; nil if there is none, or if somebody has taken it away.
    package func latest() -> ArchivedReport? { linkTarget(ReportArchive.latestName).flatMap(report) }

    /// The whole report of a name.
    package func report(_ name: String) -> ArchivedReport? {
        guard ReportArchive.isReportName(name), let bytes = content(ArchivedReport.fileName, of: name) else { return nil }
        return ArchivedReport(name: name, file: bytes)
    }

    /// A file of a report.
    package func content(_ file: String, of name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path(of: name) + "/" + file).map { Array($0) }
    }

    /// Removes what an earlier run has left unfinished.
    package func removeUnfinished() {
        for name in names() where name.hasPrefix(ReportArchive.unfinishedPrefix) { remove(name) }
    }

    /// Writes the files of a report and gives it its name.
    ///
    /// - Returns: The name: the label, or the label with a number if another report has it. A report that is whole already, because
    ///   a run ended between here and `publish`, is taken as it is.
    package func add(
        _ request: ReportRequest, comparedWith: String?, write: (_ folder: String) throws -> Void
    ) throws -> String {
        var name = request.label
        var number = 1
        while FileManager.default.fileExists(atPath: path(of: name)) {
            if let same = report(name), same.identity == request.identity, same.comparedWith == comparedWith { return name }
            number += 1
            name = "\(request.label)-\(number)"
        }
        let unfinished = path(of: ReportArchive.unfinishedPrefix + name)
        try AtomicFiles.createFolder(unfinished)
        try write(unfinished)
        guard unsafe rename(unfinished, path(of: name)) == 0 else {
            throw SystemFailure.diagnostic("cannot name the report", path(of: name), code: errno)
        }
        syncFolder(path)
        return name
    }

    /// Leads `latest` to a report, and the files' names beside it to those in `latest`.
    package func publish(_ name: String) throws(Diagnostic) {
        try link(ReportArchive.latestName, to: name)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: path(of: name))) ?? []
        for file in files.sorted() where file != ArchivedReport.fileName {
            let target = ReportArchive.latestName + "/" + file
            var status = stat()
            let isTaken = unsafe lstat(path(of: file), &status) == 0
            if !isTaken { try link(file, to: target) }
        }
    }

    /// Removes the oldest reports beyond the `count` newest by name; the one `latest` leads to stays.
    package func prune(keeping count: Int) -> [String] {
        let kept = linkTarget(ReportArchive.latestName)
        let reports = names().filter { report($0) != nil && $0 != kept }
        let excess = reports.sorted(by: ReportArchive.isOlder).prefix(max(0, reports.count + (kept == nil ? 0 : 1) - count))
        for name in excess { remove(name) }
        return Array(excess)
    }

    // MARK: -

    /// `2025-12-31-c000017` or `2025-12-31-c000017-2`.
    private static func isReportName(_ name: String) -> Bool {
        !name.hasPrefix(".") && !name.contains("/") && name.contains("-c")
    }

    /// By commit, then by number: a day without data may come back to an earlier day.
    private static func isOlder(_ left: String, _ right: String) -> Bool {
        func key(_ name: String) -> (Int, Int, String) {
            let parts = name.split(separator: "-").map(String.init)
            let place = parts.lastIndex { $0.hasPrefix("c") } ?? parts.endIndex
            let commit = place < parts.count ? Int(parts[place].dropFirst()) ?? 0 : 0
            return (commit, place + 1 < parts.count ? Int(parts[place + 1]) ?? 1 : 1, name)
        }
        return key(left) < key(right)
    }

    private func names() -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    private func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path(of: name)) }

    private func linkTarget(_ name: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 1024)
        // The buffer's own size is passed; readlink writes no NUL.
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe readlink(path(of: name), buffer.assumingMemoryBound(to: CChar.self).baseAddress!, buffer.count)
        }
        guard count > 0, count < bytes.count else { return nil }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// A link that is there is replaced in one step.
    private func link(_ name: String, to target: String) throws(Diagnostic) {
        let new = path(of: ReportArchive.unfinishedPrefix + "link")
        _ = unsafe unlink(new)
        guard unsafe symlink(target, new) == 0, unsafe rename(new, path(of: name)) == 0 else {
            let code = errno
            _ = unsafe unlink(new)
            throw SystemFailure.diagnostic(
                "cannot make the link to \"\(target)\"", path(of: name), code: code,
                mend: "--out must be a folder of a file system with links, and \"\(name)\" in it no folder")
        }
        syncFolder(path)
    }
}
