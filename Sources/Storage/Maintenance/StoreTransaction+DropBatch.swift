import Columns
import Diagnostics
import Synchronization

/// What `StoreTransaction.dropBatch` did.
package struct DroppedBatch: Sendable {
    package var batch: BatchSummary
    /// Segments that held rows of other batches too and were written anew without those of this one.
    package var rewrittenSegmentCount: Int
    /// What the history says of it.
    package var note: String
}

extension StoreTransaction {
    /// Takes the rows of a batch out of its table; the commit that follows says so. Strings stay in the dictionaries.
    ///
    /// - Parameter layout: Of the table, where the manifest does not tell it.
    /// - Throws: `.noInput` if there is no such batch, `.query` if its rows are out already or another batch has taken their
    ///   place, `.badData` if the rows cannot be told from others.
    package func dropBatch(_ id: Int, layout: TableLayout = TableLayout()) throws(StorageError) -> DroppedBatch {
        let batch = try batchInPlace(id)
        var rewritten = 0
        if batch.rowsLoaded > 0, let table = base.table(batch.table) {
            var provenance = BatchProvenance(folder: folder)
            var kept: [SegmentRecord] = []
            var removedRowCount = 0
            for (index, segment) in table.record.segments.enumerated() {
                let parts = try provenance.parts(of: segment)
                let own = parts.filter { $0.batchID == id }.totalRowCount
                removedRowCount += own
                guard own > 0 else {
                    kept.append(segment)
                    continue
                }
                guard own < segment.rowCount else { continue }
                var rest = try RowCollector(table, layout: table.record.layout.filled(from: layout))
                try rest.append(
                    table.readSegment(index, columns: Array(table.schema.fields.indices)), segment: index,
                    rows: StoreTransaction.rows(of: parts, without: id), parts: parts)
                kept.append(try write(rest.encoded(), of: table.name, order: rewritten, parts: rest.parts))
                rewritten += 1
            }
            try check(batch, removedRowCount: removedRowCount)
            try setSegments(kept, of: table.name)
        } else {
            try check(batch, removedRowCount: 0)
        }
        _ = state.withLock { $0.droppedBatches.insert(id) }
        return DroppedBatch(
            batch: batch, rewrittenSegmentCount: rewritten,
            note: "batch \(id) dropped: \(batch.rowsLoaded) rows taken out of \(batch.table)")
    }

    private func batchInPlace(_ id: Int) throws(StorageError) -> BatchSummary {
        guard let batch = base.batches.first(where: { $0.id == id }) else {
            let known = base.batches.last.map { "the last one is batch \($0.id)" } ?? "nothing was loaded yet"
            throw StorageError(
                .noInput, "there is no batch \(id); \(known)", file: folder.path, mend: "`fundwatch batches` lists them")
        }
        guard !batch.isDropped else {
            let commit = batch.droppedInCommit.map { ", by commit \($0)" } ?? ""
            throw StorageError(.query, "batch \(id) was dropped already\(commit)", file: folder.path)
        }
        return batch
    }

    private func check(_ batch: BatchSummary, removedRowCount: Int) throws(StorageError) {
        guard removedRowCount != batch.rowsLoaded else { return }
        if removedRowCount == 0 {
            let later = base.batches.last { $0.table == batch.table && $0.id > batch.id && !$0.isDropped }
            let reason = later.map { "batch \($0.id) has taken the place of its rows" } ?? "its rows are not there any more"
            throw StorageError(
                .query, "batch \(batch.id) cannot be dropped: \(reason)", file: folder.path,
                mend: "load the file that the table \(batch.table) shall hold")
        }
        throw StorageError(
            .badData, "table \(batch.table) has \(removedRowCount) rows of batch \(batch.id), which loaded \(batch.rowsLoaded)",
            file: folder.path, mend: "check the store with `fundwatch verify`")
    }

    /// Numbers of the rows of other batches.
    private static func rows(of parts: [BatchPart], without id: Int) -> [Int32] {
        var rows: [Int32] = []
        var first = 0
        for part in parts {
            if part.batchID != id { rows.append(contentsOf: Int32(first)..<Int32(first + part.rowCount)) }
            first += part.rowCount
        }
        return rows
    }
}
