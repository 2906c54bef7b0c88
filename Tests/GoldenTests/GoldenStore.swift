import Claims
import Columns
import Diagnostics
import Engine
import Foundation
import Synchronization

/// A store of its own for one run of a script, and the way results are written down.
final class GoldenStore {
    let path: String
    private var base = EngineOptions()

    /// - Parameter segmentRowCount: Rows of a stored segment; few of them make many segments.
    init(segmentRowCount: Int? = nil) {
        path = NSTemporaryDirectory() + "fundwatch-golden-" + UUID().uuidString
        base.knownTables = Dictionary(uniqueKeysWithValues: CanonicalTable.all.map { ($0.name, $0.schema) })
        base.knownViews = Dictionary(uniqueKeysWithValues: ClaimViews.all.map { ($0.name, $0.query) })
        if let segmentRowCount { base.segmentRowCount = segmentRowCount }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private static let files = GoldenScript.folder.deletingLastPathComponent().appendingPathComponent("Files").path

    /// What a statement gives, as lines; `{files}` in it stands for the folder of files beside the scripts.
    func run(_ statement: String, workers: Int = 2, disabledRules: Set<String> = []) -> [String] {
        var options = base
        options.workerCount = workers
        options.disabledRules = disabledRules
        let notices = Mutex<[String]>([])
        options.onNotice = { notice in notices.withLock { $0.append("note: " + notice.message) } }
        var lines: [String] = []
        do {
            try Database(path: path, options: options).run(statement.replacingOccurrences(of: "{files}", with: GoldenStore.files)) { outcome in
                switch outcome.content {
                case .rows(let result): lines += GoldenStore.lines(result)
                case .done(let message): lines.append("ok: " + message)
                case .file(let target, let result):
                    lines.append("file: \(target.path ?? "standard output"), \(target.form.rawValue), \(result.rowCount) rows")
                }
            }
        } catch let error as any DiagnosableError {
            lines += GoldenStore.lines(error.diagnostic, of: statement)
        } catch {
            lines.append("error: \(error)")
        }
        return (notices.withLock { $0 } + lines).map { $0.replacingOccurrences(of: GoldenStore.files, with: "{files}") }
    }

    private static func lines(_ diagnostic: Diagnostic, of statement: String) -> [String] {
        var head = "error"
        if diagnostic.kind != .query { head += " (\(diagnostic.kind.rawValue))" }
        if let line = diagnostic.location.line, let column = diagnostic.location.column {
            head += " \(line):\(written(column, inLine: line, of: statement))"
        }
        return [head + ": " + diagnostic.message] + (diagnostic.mend.map { ["mend: " + $0] } ?? [])
    }

    /// A column of the statement that was run as one of the statement that is written, whatever folder stands for `{files}`.
    private static func written(_ column: Int, inLine line: Int, of statement: String) -> Int {
        let lines = statement.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return column }
        var column = column
        var searched = lines[line - 1][...]
        while let place = searched.firstRange(of: "{files}") {
            let start = lines[line - 1].distance(from: lines[line - 1].startIndex, to: place.lowerBound) + 1
            guard column >= start + files.count else { break }
            column -= files.count - "{files}".count
            searched = searched[place.upperBound...]
        }
        return column
    }

    /// A header line and one line a row; NULL is `NULL`, an empty string `""`.
    private static func lines(_ result: QueryResult) -> [String] {
        let header = result.schema.fields.map(\.name).joined(separator: " | ")
        return [header.isEmpty ? "(no columns)" : header]
            + result.rows().map { row in
                row.isEmpty ? "(row)" : row.map(text).joined(separator: " | ")
            }
    }

    private static func text(_ value: ScalarValue) -> String {
        guard let text = ResultText.string(value) else { return "NULL" }
        if text.isEmpty { return "\"\"" }
        return text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\n", with: "\\n")
    }
}
