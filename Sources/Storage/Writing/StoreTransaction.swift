package import Columns
import Diagnostics
import Synchronization

/// One writer's changes to a store: nothing is visible before `commit`, and nothing stays after `abort`.
///
/// Holds the store's lock until it is committed, aborted or released. Thread-safe.
package final class StoreTransaction: Sendable {
    /// The store as it was when the transaction began.
    package let base: StoreSnapshot
    let folder: StoreFolder
    private let lock: StoreLock
    let state: Mutex<State>

    struct State {
        var tables: [TableDraft]
        var views: [String: String]
        /// Tables of the base that are gone, whatever came under their names since.
        var droppedTables: Set<String> = []
        /// Files this transaction wrote, removed by `abort`.
        var writtenFiles: [String] = []
        var rejects: RejectsFile?
        /// Batches whose rows this transaction takes out.
        var droppedBatches: Set<Int> = []
        var isFinished = false
    }

    /// Number of the commit this transaction would make.
    package var commitNumber: Int { base.commitNumber + 1 }
    /// Number of the batch this transaction would record.
    package var batchID: Int { (base.batches.last?.id ?? 0) + 1 }

    private init(base: StoreSnapshot, folder: StoreFolder, lock: StoreLock) {
        self.base = base
        self.folder = folder
        self.lock = lock
        state = Mutex(State(tables: base.manifest.tables.map { TableDraft($0) }, views: base.views))
    }

    deinit { abort() }

    /// Takes the lock and cleans up after a writer that crashed. Throws `.busy`, naming the holder's process, if another
    /// writer is at work; `.noInput` if there is no store and `createIfMissing` is false.
    package static func begin(
        _ path: String, createIfMissing: Bool = true, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StorageError) -> StoreTransaction {
        let store =
            createIfMissing
            ? try Store.create(path, fileSystem: fileSystem) : try Store.open(path, fileSystem: fileSystem)
        let folder = store.folder
        let lock = try StoreLock(folder: folder)
        do throws(StorageError) {
            let head = try ManifestLog(folder: folder).head()
            guard head.newestNumber == head.manifest.commitNumber else {
                let name = "commits/" + Manifest.fileName(head.newestNumber)
                throw StorageError(
                    .badData, "the newest manifest is damaged; nothing can be written behind it", file: name,
                    mend: "restore it from a copy, or move it away to go on from commit \(head.manifest.commitNumber)")
            }
            let base = StoreSnapshot(
                head.manifest, hash: head.hash, damage: head.damage, storePath: path, fileSystem: fileSystem)
            try CrashCleanup.run(folder, newestCommit: base.commitNumber, newestBatch: base.batches.last?.id ?? 0)
            return StoreTransaction(base: base, folder: folder, lock: lock)
        } catch {
            lock.release()
            throw error
        }
    }

    /// The columns of a table as this transaction sees it, nil if there is no such table.
    package func schema(of table: String) -> Schema? {
        state.withLock { state in state.tables.first { $0.record.name == table }?.record.schema }
    }

    /// The text domain of a text column, the same object on every call.
    package func textDomain(of column: Int, in table: String) throws(StorageError) -> TextDomainBuilder {
        try withTable(table) { (draft) throws(StorageError) in
            if let builder = draft.builders[column] { return builder }
            let text = draft.record.columns[column].text
            let entries = try text.map { (text) throws(StorageError) in
                try DictionaryFile.loadEntries(text, folder: folder)
            }
            let builder = TextDomainBuilder(text, entries: entries ?? StringColumn())
            draft.builders[column] = builder
            return builder
        }
    }

    /// Writes a segment durably and checks what was written.
    ///
    /// - Parameter order: Place among the segments this transaction adds to the table, from 0, each used once; it names
    ///   the file and orders the rows, so that they are the same for any number of threads.
    package func add(_ segment: EncodedSegment, to table: String, order: Int) throws(StorageError) {
        let record = try write(segment, of: table, order: order)
        try withTable(table) { (draft) throws(StorageError) in
            precondition(!draft.added.contains { $0.order == order }, "Every place is used once.")
            draft.added.append((order, record))
        }
    }

    /// Writes a segment durably and checks what was written; the table does not have it yet.
    ///
    /// - Parameter parts: The batches of its rows; empty if all are of the batch this transaction loads.
    func write(
        _ segment: EncodedSegment, of table: String, order: Int, parts: [BatchPart] = []
    ) throws(StorageError) -> SegmentRecord {
        let (number, layout) = try withTable(table) { (draft) throws(StorageError) in
            draft.record.layout = draft.record.layout.filled(from: segment.layout)
            return (draft.number, draft.record.layout)
        }
        let name = "\(Manifest.padded(commitNumber))-\(number)-\(Manifest.padded(order)).seg"
        let path = "segments/" + name
        state.withLock { $0.writtenFiles.append(path) }
        try folder.writeDurably(path, segment.bytes)
        var record = SegmentRecord(
            fileName: name, sha256: segment.sha256, size: segment.bytes.count, rowCount: segment.rowCount,
            timeRange: segment.timeRange, checksum: SegmentFormat.checksum(of: segment.bytes))
        // The manifest tells ranges of one column only.
        if segment.layout.timeColumn != layout.timeColumn { record.timeRange = nil }
        record.parts = parts
        return record
    }

    /// Gives a table other segments in place of those it has.
    func setSegments(_ segments: [SegmentRecord], of table: String) throws(StorageError) {
        try withTable(table) { (draft) throws(StorageError) in draft.record.segments = segments }
    }

    /// Adds to `rejects/<batch>.csv`, which becomes durable with the commit.
    package func appendRejects(_ bytes: [UInt8]) throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in
            precondition(!state.isFinished, "The transaction is over.")
            if state.rejects == nil { state.rejects = try RejectsFile(folder: folder, batchID: batchID) }
            try state.rejects?.append(bytes)
        }
    }

    /// Removes what was written and releases the lock. Does nothing after a commit.
    package func abort() {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            state.rejects?.discard()
            for path in state.writtenFiles { folder.discard(path) }
            lock.release()
        }
    }

    /// Lets `abort` leave the files that were written; the next writer removes them if no manifest names them.
    func keepFiles() { state.withLock { $0.writtenFiles = [] } }

    func finish() {
        state.withLock { $0.isFinished = true }
        lock.release()
    }

    func withTable<Result>(
        _ name: String, _ body: (inout TableDraft) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        try state.withLock { (state) throws(StorageError) in
            precondition(!state.isFinished, "The transaction is over.")
            guard let index = state.tables.firstIndex(where: { $0.record.name == name }) else {
                throw StorageError(.query, "there is no table \"\(name)\"", file: folder.path)
            }
            if state.tables[index].number == 0 {
                // Tables are numbered as they are first changed; the number is part of their files' names.
                state.tables[index].number = (state.tables.map { $0.number }.max() ?? 0) + 1
            }
            return try body(&state.tables[index])
        }
    }
}
