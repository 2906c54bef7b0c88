import Columns
import Diagnostics
import Encodings
import Glibc
import Synchronization

extension StoreTransaction {
    /// Recorded in every manifest.
    static let tool = "fundwatch"

    /// Makes everything durable, then visible, and releases the lock. A failure aborts: the store stays as it was.
    ///
    /// - Parameters:
    ///   - batch: What was loaded; its id must be `batchID`. nil for a change that loads nothing, such as a view.
    ///   - note: What the commit does beside loading, in words, for whoever reads the history.
    ///   - time: Microseconds since 1970-01-01 00:00 UTC; nil for now.
    @discardableResult
    package func commit(
        batch: BatchSummary?, note: String? = nil, time: Int64? = nil
    ) throws(StorageError) -> StoreSnapshot {
        precondition(batch == nil || batch!.id == batchID, "Batches are numbered by the transaction.")
        do throws(StorageError) {
            var manifest = try prepare(batch: batch, time: time ?? StoreTransaction.now())
            manifest.note = note
            let hash = try publish(manifest)
            finish()
            return StoreSnapshot(
                manifest, hash: hash, damage: base.damage, storePath: folder.path, fileSystem: folder.fileSystem)
        } catch {
            abort()
            throw error
        }
    }

    /// Writes dictionaries and rejects, makes their folders durable, and says what the commit will say.
    private func prepare(batch: BatchSummary?, time: Int64) throws(StorageError) -> Manifest {
        var manifest = base.manifest
        manifest.commitNumber = commitNumber
        manifest.previousHash = base.headHash
        manifest.time = time
        manifest.tool = StoreTransaction.tool
        manifest.batchID = batch?.id
        let (drafts, views, droppedTables, droppedBatches) = state.withLock { state in
            precondition(!state.isFinished, "The transaction is over.")
            return (state.tables, state.views, state.droppedTables, state.droppedBatches)
        }
        for index in manifest.batches.indices where !manifest.batches[index].isDropped {
            let batch = manifest.batches[index]
            guard droppedTables.contains(batch.table) || droppedBatches.contains(batch.id) else { continue }
            manifest.batches[index].details[BatchSummary.droppedKey] = String(commitNumber)
        }
        manifest.tables = []
        var storedSize = 0
        for draft in drafts {
            let (record, size) = try finished(draft, batchID: batch?.id)
            manifest.tables.append(record)
            storedSize += size
        }
        manifest.tables.sort { $0.name < $1.name }
        manifest.views = views
        if var batch {
            batch.storedSize = storedSize
            manifest.batches.append(batch)
        }
        try finishRejects()
        for name in ["segments", "dictionaries", "rejects"] { try folder.synchronizeFolder(name) }
        return manifest
    }

    /// The table's record with its new segments and dictionary files, and their bytes.
    private func finished(_ draft: TableDraft, batchID: Int?) throws(StorageError) -> (TableRecord, Int) {
        var record = draft.record
        var size = 0
        for (_, added) in draft.added.sorted(by: { $0.order < $1.order }) {
            var segment = added
            if let batchID, segment.parts.isEmpty { segment.parts.append(batchID: batchID, rowCount: segment.rowCount) }
            record.segments.append(segment)
            size += segment.size
        }
        for (column, builder) in draft.builders.sorted(by: { $0.key < $1.key }) {
            let (text, newEntries) = builder.changes(stored: record.columns[column].text)
            record.columns[column].text = text
            guard let newEntries, var dictionaries = text?.dictionaries else { continue }
            let merged = StoreTransaction.takeSmall(&dictionaries, behindThem: newEntries.count)
            let firstEntry = merged.first?.firstEntry ?? builder.storedCount
            let entries = merged.isEmpty ? newEntries : builder.entries(from: firstEntry)
            let dictionary = try writeDictionary(
                entries, firstEntry: firstEntry, column: (column, record.columns[column].field.name), tableNumber: draft.number)
            record.columns[column].text?.dictionaries = dictionaries + [dictionary]
            size += max(0, dictionary.size - merged.reduce(0) { $0 + $1.size })
        }
        return (record, size)
    }

    /// Bytes of dictionary files that are written anew with the entries behind them.
    private static let maximumMergedSize = 1 << 26

    /// Files of one dictionary that are left as they are.
    private static let dictionaryFileCount = 8

    /// Of many files, takes away the last ones that have no more entries than what comes behind them.
    ///
    /// Written anew with it, they leave a column with a handful of files after any number of loads, and each entry is written
    /// a handful of times.
    private static func takeSmall(_ dictionaries: inout [DictionaryRecord], behindThem newCount: Int) -> [DictionaryRecord] {
        guard dictionaries.count >= dictionaryFileCount else { return [] }
        var taken: [DictionaryRecord] = []
        var (entryCount, size) = (newCount, 0)
        while let last = dictionaries.last, last.entryCount <= entryCount, size + last.size <= maximumMergedSize {
            entryCount += last.entryCount
            size += last.size
            taken.insert(dictionaries.removeLast(), at: 0)
        }
        return taken
    }

    /// Writes the entries of a column's dictionary from `firstEntry` on durably.
    func writeDictionary(
        _ entries: StringColumn, firstEntry: Int, column: (index: Int, name: String), tableNumber: Int
    ) throws(StorageError) -> DictionaryRecord {
        let name = "\(Manifest.padded(commitNumber))-\(tableNumber)-\(column.index).dict"
        let bytes = DictionaryFile.bytes(entries, firstEntry: firstEntry)
        try check(entries, fileSize: bytes.count, column: column.name)
        let path = "dictionaries/" + name
        state.withLock { $0.writtenFiles.append(path) }
        try folder.writeDurably(path, bytes)
        return DictionaryRecord(
            fileName: name, sha256: Checksum.sha256(bytes), size: bytes.count, firstEntry: firstEntry,
            entryCount: entries.count, checksum: DictionaryFile.checksum(of: bytes))
    }

    /// What a reader would refuse is not written.
    private func check(_ entries: StringColumn, fileSize: Int, column: String) throws(StorageError) {
        guard entries.bytes.count <= StringEncoding.maximumSize,
            entries.count <= DictionaryFile.maximumEntryCount(fileSize: fileSize)
        else {
            throw StorageError(
                .busy, "\(entries.count) new texts of \(entries.bytes.count) bytes in one batch; at most "
                    + "\(StringEncoding.maximumSize) bytes fit", file: folder.path, column: column,
                mend: "load the file in parts")
        }
    }

    private func finishRejects() throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in
            guard let rejects = state.rejects else { return }
            try rejects.finish()
            state.rejects = nil
            state.writtenFiles.append(rejects.relativePath)
        }
    }

    /// The moment of truth: the manifest appears under its name, and its folder is made durable.
    private func publish(_ manifest: Manifest) throws(StorageError) -> String {
        let (bytes, hash) = manifest.fileBytes()
        let name = Manifest.fileName(manifest.commitNumber)
        do throws(StorageError) {
            try folder.writeDurably("commits/" + name, bytes, isNew: true)
            try folder.synchronizeFolder("commits")
        } catch {
            throw takeBack(name, bytes, after: error)
        }
        return hash
    }

    /// Makes sure that no manifest of a commit whose writer reports failure is left, whatever the failed call did. If that
    /// cannot be made sure, the files the manifest names must stay, and the error says that the commit may be there.
    private func takeBack(_ name: String, _ bytes: [UInt8], after failure: StorageError) -> StorageError {
        do throws(StorageError) {
            if try folder.list("commits").contains(name) {
                // Anything else of this name is not ours to remove.
                guard try folder.read("commits/" + name, limit: bytes.count) == bytes else { return failure }
                try folder.remove("commits/" + name)
            }
            try folder.synchronizeFolder("commits")
            return failure
        } catch {
            keepFiles()
            return StorageError(
                failure.kind, "the commit could be neither finished nor taken back, so that it may be there or not: \(failure.message)",
                file: "commits/" + name, mend: "run the command again: what is loaded already is not loaded twice")
        }
    }

    /// Microseconds since 1970-01-01 00:00 UTC.
    static func now() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
