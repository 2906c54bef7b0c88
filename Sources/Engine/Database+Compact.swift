import Diagnostics
import Execution
package import Storage

extension Database {
    /// Merges the small segments of tables, all in one commit; the store is then as it was, or compacted.
    ///
    /// - Parameters:
    ///   - names: The tables; nil for all.
    ///   - layout: Of a table by its name, where the manifest does not tell it.
    /// - Returns: One report a table, and the commit if anything was written.
    package func compact(
        tables names: [String]?, layout: (String) -> TableLayout, targetRowCount: Int = Compaction.defaultTargetRowCount
    ) throws -> (reports: [CompactionReport], snapshot: StoreSnapshot?) {
        let transaction = try StoreTransaction.begin(path, createIfMissing: false)
        var isCommitted = false
        defer { if !isCommitted { transaction.abort() } }
        let known = transaction.base.tables.map(\.name)
        for name in names ?? [] where !known.contains(name) {
            let near = EditDistance.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
            throw Diagnostic(.noInput, "no table \"\(name)\" in the store", mend: near)
        }
        var reports: [CompactionReport] = []
        for name in known where names?.contains(name) ?? true {
            let compaction = try Compaction(
                transaction, table: name, layout: layout(name), targetRowCount: targetRowCount)
            try inParallel(count: compaction.segmentCount) { (index) throws(StorageError) in try compaction.survey(index) }
            try inParallel(count: compaction.plan()) { (step) throws(StorageError) in try compaction.write(step) }
            reports.append(try compaction.finish())
        }
        let changed = reports.filter(\.hasChanged)
        guard !changed.isEmpty else { return (reports, nil) }
        if options.isCancelled() { throw Diagnostic(.interrupted, "interrupted") }
        let snapshot = try transaction.commit(batch: nil, note: changed.map(\.note).joined(separator: "; "))
        isCommitted = true
        refresh()
        return (reports, snapshot)
    }

    /// Runs `0..<count` on all workers; the first failure stops them and is thrown.
    private func inParallel(
        count: Int, _ body: @escaping @Sendable (Int) throws(StorageError) -> Void
    ) throws(ExecutionError) {
        let isCancelled = options.isCancelled
        _ = try WorkerThreads.map(count: count, workerCount: options.effectiveWorkerCount) {
            (index) throws(ExecutionError) -> Bool in
            if isCancelled() { throw ExecutionError(.diagnosed(Diagnostic(.interrupted, "interrupted"))) }
            do throws(StorageError) { try body(index) } catch { throw ExecutionError(.diagnosed(error.diagnostic)) }
            return true
        }
    }
}
