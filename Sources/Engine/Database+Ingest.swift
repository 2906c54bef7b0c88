import CSV
import Columns
import Diagnostics
import Parquet
import Storage

extension Database {
    /// Loads one file as one batch: all of it or nothing.
    ///
    /// - Parameters:
    ///   - path: CSV, plain or compressed, or Parquet; `-` for standard input. Columns of the table that the file has not are taken
    ///     from the names of its folders, such as `region=330100`.
    ///   - name: What messages call the file, if not by its path.
    ///   - planner: Says, once the header is known, which column is what.
    /// - Throws: a diagnosable error; the store is then as it was before.
    package func ingest(
        _ path: String, named name: String? = nil, planner givenPlanner: any IngestPlanning, options ingestOptions: IngestOptions
    ) throws -> IngestSummary {
        try FileSources.refuseAddress(path)
        var parquet = path != "-" && ParquetFile.isParquet(path: path) ? try ParquetFile(path: path) : nil
        if let parquet { try Database.check(parquet) }
        let sourceName = path == "-" ? "standard input" : String((name ?? path).split(separator: "/").last ?? "")
        // A file that cannot be opened makes no store: the reader says why. Otherwise the lock comes first, as reading may wait
        // for whoever writes to a pipe.
        if path != "-", !SourceDigest.isReadable(path) { _ = try CSVReader(path: path, options: ingestOptions.csv) }
        try checkFolder()
        let transaction = try StoreTransaction.begin(self.path)
        var isCommitted = false
        defer { if !isCommitted { transaction.abort() } }
        let refusesRepeated = !ingestOptions.loadsRepeatedFiles
        let folders = try takenFolders(path, parquet, for: givenPlanner, base: transaction.base, options: ingestOptions)
        let hashSuffix = FolderValue.hashSuffix(folders)
        if refusesRepeated, let known = alreadyLoaded(path, into: givenPlanner, base: transaction.base, hashSuffix: hashSuffix) {
            return IngestSummary(alreadyLoaded: known, sourceName: sourceName, headHash: transaction.base.headHash)
        }
        let input = try IngestInput(
            path, isReadTwice: parquet == nil && givenPlanner.needsTypes, folder: self.path, isCancelled: options.isCancelled)
        if path == "-", ParquetFile.isParquet(path: input.path) {
            let piped = try ParquetFile(path: input.path, name: sourceName)
            try Database.check(piped)
            parquet = piped
        }
        let planner = parquet.map { givenPlanner.knowing($0.storedTypes) } ?? givenPlanner
        func parquetReader(_ file: ParquetFile) throws -> CSVReader {
            try CSVReader(
                path: path, source: ParquetText(file, size: SourceDigest.sizeOfFile(input.path) ?? 0),
                options: ParquetText.options(ingestOptions.csv, columnCount: file.columns.count))
        }
        var readOptions = ingestOptions
        let ownByteCount = SourceDigest.sizeOfFile(input.path) ?? 0
        // Read twice, and gone in between only if the file is that large itself.
        readOptions.csv.leavesNoPages = Database.outgrowsPageCache(ownByteCount)
        var types = try types(of: input, for: planner, options: readOptions)
        if let parquet, givenPlanner.needsTypes, transaction.base.table(planner.table) != nil {
            // Whether a stored column becomes wider depends on the values, not on what the file calls their type.
            types = try TypingPass.run(
                parquetReader(parquet), workerCount: options.effectiveWorkerCount, options: ingestOptions,
                isCancelled: options.isCancelled)
        }
        // A file was compared above; what comes through a pipe is known only when it has passed.
        let isKnownBySHA256 = SourceDigest.sizeOfFile(path) == nil && transaction.base.batches.contains { $0.isKnownBySHA256 && $0.table == planner.table }
        let digest = SourceDigest(withSHA256: ingestOptions.recordsSHA256 || isKnownBySHA256)
        let reader: CSVReader
        if let parquet {
            reader = try parquetReader(parquet)
        } else {
            readOptions.csv.leavesNoPages = Database.outgrowsPageCache(max(ownByteCount, ingestOptions.runByteCount ?? 0))
            reader = try CSVReader(path: input.path, name: name ?? input.name, head: input.head, options: readOptions.csv) {
                digest.update($0)
            }
        }
        let plan: IngestPlan
        do {
            guard types?.columns.count ?? reader.columnCount == reader.columnCount else {
                throw Diagnostic(.badData, "the file changed while it was read", mend: "load it again")
            }
            let file = IngestFile(headers: reader.header, hasHeader: reader.dialect.hasHeader, types: types, folders: folders)
            plan = try planner.plan(file, stored: ExistingTable(planner.table, in: transaction.base))
        } catch let error as any DiagnosableError {
            var diagnostic = error.diagnostic
            if diagnostic.location.file == nil { diagnostic.location.file = name ?? path }
            throw diagnostic
        }
        try prepareTable(plan, transaction: transaction)
        var runOptions = ingestOptions
        if let parquet { runOptions.csv = ParquetText.options(ingestOptions.csv, columnCount: parquet.columns.count) }
        let run = try IngestRun(
            reader: reader, plan: plan, target: transaction, stored: transaction.base.table(plan.table),
            options: runOptions, sourceName: sourceName, isCancelled: options.isCancelled)
        let state = try run.run(workerCount: options.effectiveWorkerCount)
        var source =
            parquet == nil ? digest.finish() : try Database.digests(ofParquet: input.path, withSHA256: ingestOptions.recordsSHA256)
        source.suffix = hashSuffix
        if refusesRepeated, let known = Database.batch(withHashes: source.hashes, into: planner, base: transaction.base) {
            return IngestSummary(alreadyLoaded: known, sourceName: sourceName, headHash: transaction.base.headHash)
        }
        if ingestOptions.rejectLimit.isExceeded(rejected: state.rejected, read: state.linesRead) {
            throw Database.tooManyRejects(state, limit: ingestOptions.rejectLimit, path: path)
        }
        if options.isCancelled() { throw Diagnostic(.interrupted, "interrupted") }
        var summary = IngestSummary(state: state, plan: plan, reader: reader, sourceName: sourceName, size: source.size)
        summary.batchID = transaction.batchID
        if parquet != nil {
            summary.encoding = "Parquet"
            // Its dates are numbers.
            summary.dateForms = []
        }
        let batch = BatchSummary(
            id: transaction.batchID, table: plan.table, sourceName: sourceName, sourceHash: source.hash + hashSuffix,
            sourceSize: source.size, rowsLoaded: state.loaded, rowsRejected: state.rejected,
            details: summary.details.merging(
                ingestOptions.recordsSHA256 ? source.sha256.map { ["sha256": $0] } ?? [:] : [:]) { $1 })
        let committed = try transaction.commit(batch: batch)
        isCommitted = true
        refresh()
        summary.headHash = committed.headHash
        summary.storedSize = committed.batches.last?.storedSize ?? 0
        return summary
    }

    /// Refuses a file that cannot be loaded as it is.
    private static func check(_ parquet: ParquetFile) throws(Diagnostic) {
        if let refusal = parquet.loadingRefusal { throw refusal }
    }

    /// What the folders around a file say of columns that the table has and the file has not.
    ///
    /// - Parameter parquet: The file, if it is Parquet.
    func takenFolders(
        _ path: String, _ parquet: ParquetFile?, for planner: any IngestPlanning, base: StoreSnapshot?, options ingestOptions: IngestOptions
    ) throws -> [FolderValue] {
        let folders = path == "-" ? [] : FolderColumns.said(by: path)
        if folders.isEmpty { return [] }
        let headers = try parquet.map { ColumnNames.unique($0.columns.map(\.name)) } ?? CSVReader(path: path, options: ingestOptions.csv).header
        return planner.takenFolders(folders, besides: headers, stored: base.flatMap { ExistingTable(planner.table, in: $0) })
    }

    /// A file that is read from its end is read once more for its hash.
    private static func digests(ofParquet path: String, withSHA256: Bool) throws(Diagnostic) -> SourceDigest.Digests {
        guard let digests = SourceDigest.ofFile(path, withSHA256: withSHA256) else {
            throw Diagnostic(.inputOutput, "the file cannot be read any more", at: SourceLocation(file: path), mend: "load it again")
        }
        return digests
    }

    /// Whether pages of files that are read once are better not kept: those of the first would be gone when the last is read, and to
    /// make room for each page costs more than to copy it.
    private static func outgrowsPageCache(_ byteCount: Int) -> Bool {
        guard let memory = [MachineMemory.total, MachineMemory.groupLimit].compactMap({ $0 }).min() else { return false }
        return byteCount > memory / 2
    }

    /// The types of the file's columns from all of its rows, for a planner that needs them.
    private func types(
        of input: IngestInput, for planner: any IngestPlanning, options ingestOptions: IngestOptions
    ) throws -> TypeSummary? {
        guard planner.needsTypes else { return nil }
        let reader = try CSVReader(path: input.path, name: input.name, options: ingestOptions.csv)
        return try TypingPass.run(
            reader, workerCount: options.effectiveWorkerCount, options: ingestOptions, isCancelled: options.isCancelled)
    }

    /// The batch that loaded the same bytes, if a file of this size was loaded before; the hash is computed only then.
    ///
    /// - Parameter hashSuffix: What the file's folders add to its hash.
    func alreadyLoaded(
        _ path: String, into planner: any IngestPlanning, base: StoreSnapshot, hashSuffix: String = ""
    ) -> BatchSummary? {
        guard path != "-", let size = SourceDigest.sizeOfFile(path) else { return nil }
        let alike = base.batches.filter { $0.sourceSize == size && $0.table == planner.table }
        guard !alike.isEmpty else { return nil }
        return SourceDigest.ofFile(path, withSHA256: alike.contains { $0.isKnownBySHA256 }).flatMap {
            var digests = $0
            digests.suffix = hashSuffix
            return Database.batch(withHashes: digests.hashes, into: planner, base: base)
        }
    }

    /// The batch of the same bytes whose rows the table holds: any for a table that grows, the last for one that is replaced,
    /// so that an earlier file can be brought back. A batch that was dropped does not count.
    private static func batch(
        withHashes hashes: [String], into planner: any IngestPlanning, base: StoreSnapshot
    ) -> BatchSummary? {
        let own = base.batches.filter { $0.table == planner.table }
        let candidates = planner.replacesTable ? own.suffix(1) : own[...]
        return candidates.first { !$0.isDropped && hashes.contains($0.sourceHash) }
    }

    private func checkFolder() throws {
        guard SourceDigest.sizeOfFile(self.path) != nil else { return }
        throw Diagnostic(
            .cannotCreate, "the store is a folder, and this is a file", at: SourceLocation(file: self.path),
            mend: "name another folder with --store")
    }

    private func prepareTable(_ plan: IngestPlan, transaction: StoreTransaction) throws {
        if plan.replacesTable || plan.replacesEmptyTable {
            try transaction.replaceTable(plan.table, schema: plan.schema)
        } else if let stored = transaction.schema(of: plan.table) {
            for (column, field) in stored.fields.enumerated() where plan.columns[column].field.type != field.type {
                try transaction.widenColumn(column, of: plan.table, to: plan.columns[column].field.type)
            }
            let added = plan.schema.fields.dropFirst(stored.fields.count)
            if !added.isEmpty { try transaction.addColumns(Array(added), to: plan.table) }
        } else {
            try transaction.createTable(plan.table, schema: plan.schema)
        }
    }

    static func tooManyRejects(_ state: SequenceState, limit: RejectLimit, path: String) -> Diagnostic {
        let causes = state.sortedCauses.map { "\($0.reason) \($0.count)" }.joined(separator: ", ")
        let examples = state.firstRejects.map { reject in
            "line \(reject.line)" + (reject.column.map { ", \($0)" } ?? "") + ": " + reject.message
        }
        return Diagnostic(
            .badData,
            "\(state.rejected) of \(state.linesRead) lines were rejected (\(causes)), more than the limit of \(limit.text); "
                + "nothing was loaded. " + examples.joined(separator: " · "),
            at: SourceLocation(file: path), mend: "mend the lines, or allow more with --max-rejects")
    }
}

extension SequenceState {
    var sortedCauses: [(reason: String, count: Int)] {
        causes.map { (reason: $0.key, count: $0.value) }.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }
}

extension IngestSummary {
    fileprivate init(alreadyLoaded batch: BatchSummary, sourceName: String, headHash: String) {
        self.init(
            table: batch.table, sourceName: sourceName, encoding: "", dateForms: [], linesRead: 0, loaded: 0, rejected: 0,
            rejectCauses: [], sums: [], timeColumn: nil, firstTime: .null, lastTime: .null, sourceSize: batch.sourceSize,
            storedSize: 0, extraColumns: [], batchID: batch.id, isAlreadyLoaded: true, headHash: headHash)
    }

    fileprivate init(state: SequenceState, plan: IngestPlan, reader: CSVReader, sourceName: String, size: Int) {
        let dateColumns = plan.columns.compactMap { column -> (column: String, form: String)? in
            guard let index = column.fileIndex, column.field.type == .date || column.field.type == .timestamp else { return nil }
            return reader.dateForm(ofColumn: index).map { (column: column.field.name, form: $0.example) }
        }
        let sums = zip(plan.sumColumns, state.sums).map { index, sum in
            Sum(
                column: plan.columns[index].field.name,
                value: .numeric(unscaled: sum, scale: plan.columns[index].field.type.scale ?? 0))
        }
        self.init(
            table: plan.table, sourceName: sourceName, encoding: reader.encoding.rawValue, dateForms: dateColumns,
            linesRead: state.linesRead, loaded: state.loaded, rejected: state.rejected, rejectCauses: state.sortedCauses,
            sums: sums, timeColumn: plan.timeColumn.map { plan.columns[$0].field.name },
            firstTime: state.firstTime.map { .timestamp($0) } ?? .null,
            lastTime: state.lastTime.map { .timestamp($0) } ?? .null, sourceSize: size, storedSize: 0,
            extraColumns: plan.extraColumnNames, notes: plan.notes, batchID: 0, isAlreadyLoaded: false, headHash: "",
            firstRejects: state.firstRejects)
    }

    /// What the manifest keeps of the summary.
    fileprivate var details: [String: String] {
        var details = ["encoding": encoding]
        for sum in sums {
            if case .numeric(let unscaled, let scale) = sum.value {
                details["sum_" + sum.column] = DecimalText.string(unscaled: unscaled, scale: scale)
            }
        }
        return details
    }
}
