import CSV
import Diagnostics
package import Engine
import FoundationEssentials

/// Brings imported points into the store, as one batch.
package enum KnowledgeLoad {
    package struct Outcome: Sendable {
        package var summary: IngestSummary
        /// Rows of other lists that stay, and of the same lists that gave way.
        package var keptCount: Int
        package var replacedCount: Int
    }

    /// - Parameter name: What the store calls the source of the batch.
    /// - Throws: a `Diagnostic` if too many rows are rejected; the store's errors.
    package static func load(
        _ imported: ImportedKnowledge, named name: String, into database: Database, rejectLimit: RejectLimit
    ) throws -> Outcome {
        let total = imported.rejected.count + imported.lists.reduce(0) { $0 + $1.pointCount }
        if rejectLimit.isPassed(rejected: imported.rejected.count, of: total) {
            let examples = imported.rejected.prefix(5).map { "\($0.source): \($0.cause): \($0.message)" }
            throw Diagnostic(
                .badData,
                "\(imported.rejected.count) of \(total) rows were not understood, more than the limit of \(rejectLimit.text); nothing was loaded. "
                    + examples.joined(separator: " · "), mend: "mend the sheets, or allow more with --max-rejects")
        }
        guard let plan = KnowledgeTablePlan() else { throw Diagnostic(.internalError, "the table knowledge is not known") }
        let stored = try database.snapshot() == nil ? nil : try database.query("select * from knowledge")
        let file = KnowledgeFile.text(stored: stored, imported: imported)
        let folder = try TemporaryFolder(prefix: "fundwatch-knowledge-")
        let path = folder.path + "/" + name
        guard FileManager.default.createFile(atPath: path, contents: Data(file.text.utf8)) else {
            throw Diagnostic(.cannotCreate, "cannot write a temporary file", at: SourceLocation(file: path), mend: "name a folder with space in $TMPDIR")
        }
        var options = IngestOptions()
        // The limit was held above: the stored rows do not count.
        options.rejectLimit = .partsPerHundredThousand(100_000)
        options.csv.encoding = .utf8
        options.csv.delimiter = 0x2C
        options.csv.hasHeader = true
        options.csv.skippedLineCount = 0
        let summary = try database.ingest(path, planner: plan, options: options)
        return Outcome(summary: summary, keptCount: file.kept, replacedCount: file.replaced)
    }
}

extension RejectLimit {
    fileprivate func isPassed(rejected: Int, of total: Int) -> Bool {
        switch self {
        case .rows(let limit): rejected > limit
        case .partsPerHundredThousand(let parts): rejected * 100_000 > total * parts
        }
    }
}
