import CSV
import Columns
import Diagnostics
import Parquet
import Storage

extension Database {
    /// What loading a file would do; nothing is stored, and a store need not be there.
    ///
    /// Keys are compared within the file, not with those of the store.
    /// - Parameters:
    ///   - path: As for `ingest`.
    ///   - planner: The one to load it with, by its headers.
    ///   - isPrivate: Whether a column with this header holds values of persons.
    /// - Throws: where not even the header can be read; what comes later is the report's refusal.
    package func sniff(
        _ path: String, planner: ([String]) throws -> any IngestPlanning, isPrivate: (String) -> Bool,
        options sniffing: SniffOptions
    ) throws -> FileReport {
        try FileSources.refuseAddress(path)
        let input = try IngestInput(path, isReadTwice: true, folder: nil, isCancelled: options.isCancelled)
        let parquet = ParquetFile.isParquet(path: input.path) ? try ParquetFile(path: input.path, name: path) : nil
        var ingest = sniffing.ingest
        if let parquet { ingest.csv = ParquetText.options(ingest.csv, columnCount: parquet.columns.count) }
        if let parquet, parquet.columns.isEmpty, let refusal = parquet.loadingRefusal { throw refusal }
        func openedReader() throws -> CSVReader {
            guard let parquet else { return try CSVReader(path: input.path, name: input.name, options: ingest.csv) }
            let text = ParquetText(parquet, size: SourceDigest.sizeOfFile(input.path) ?? 0, readsAll: false)
            return try CSVReader(path: path, source: text, options: ingest.csv)
        }
        let first = try openedReader()
        let givenPlanner = try planner(first.header)
        let planner = parquet.map { givenPlanner.knowing($0.storedTypes) } ?? givenPlanner
        let base = try snapshot()
        let folders = try takenFolders(path, parquet, for: planner, base: base, options: sniffing.ingest)
        var file = IngestFile(headers: first.header, hasHeader: first.dialect.hasHeader, folders: folders)
        func readTypes() throws {
            file.types = try TypingPass.run(
                openedReader(), workerCount: options.effectiveWorkerCount, options: ingest, isCancelled: options.isCancelled)
        }
        // As when it is loaded: into a table that is there the values decide.
        if planner.needsTypes || givenPlanner.needsTypes && base?.table(planner.table) != nil { try readTypes() }
        var refusal = parquet?.loadingRefusal
        var plan: IngestPlan
        do {
            plan = try planner.plan(file, stored: base.flatMap { ExistingTable(planner.table, in: $0) })
        } catch let error as any DiagnosableError {
            if refusal == nil { refusal = error.diagnostic }
            if refusal?.location.file == nil { refusal?.location.file = path }
            if file.types == nil { try readTypes() }
            file.folders = []
            plan = try InferredImport(table: planner.table).plan(file, stored: nil)
        }
        let reader = try openedReader()
        let target = SniffTarget(columnCount: plan.columns.count, rowLimit: sniffing.rowLimit)
        let run = try IngestRun(
            reader: reader, plan: plan, target: target, stored: nil, options: ingest, sourceName: path,
            shownRejectLimit: sniffing.rejectLimit, isCancelled: options.isCancelled)
        let state = try run.run(workerCount: options.effectiveWorkerCount)
        if refusal == nil, sniffing.ingest.rejectLimit.isExceeded(rejected: state.rejected, read: state.linesRead) {
            refusal = Database.tooManyRejects(state, limit: sniffing.ingest.rejectLimit, path: path)
        }
        let loaded = base.flatMap { alreadyLoaded(path, into: planner, base: $0, hashSuffix: FolderValue.hashSuffix(folders)) }
        let isMasked = plan.columns.map { column in
            !sniffing.revealsValues && (planner.hidesValues || column.fileIndex.map { isPrivate(first.header[$0]) } ?? false)
        }
        return FileReport(
            path: path, plan: plan, reader: reader, parquet: parquet, headers: first.header, state: state, target: target,
            isMasked: isMasked, loadedBatch: loaded?.id, refusal: refusal)
    }
}

extension FileReport {
    fileprivate init(
        path: String, plan: IngestPlan, reader: CSVReader, parquet: ParquetFile?, headers: [String], state: SequenceState, target: SniffTarget,
        isMasked: [Bool], loadedBatch: Int?, refusal: Diagnostic?
    ) {
        let statistics = target.statistics
        let order = plan.columns.indices.filter { plan.columns[$0].fileIndex != nil }
            .sorted { (plan.columns[$0].fileIndex ?? 0, $0) < (plan.columns[$1].fileIndex ?? 0, $1) }
        let shows = plan.columns.indices.map { !isMasked[$0] || $0 == plan.timeColumn }
        let columns = order.map { index in
            let place = plan.columns[index].fileIndex ?? 0
            let found = statistics[index]
            return Column(
                header: reader.dialect.hasHeader ? headers[place] : nil, name: plan.columns[index].field.name,
                type: plan.columns[index].field.type, fileType: parquet?.columns[place].typeText, nullCount: found.nullCount,
                minimum: shows[index] ? found.minimum : nil, maximum: shows[index] ? found.maximum : nil,
                example: isMasked[index] ? nil : found.example, dateForm: parquet == nil ? reader.dateForm(ofColumn: place) : nil,
                isMasked: isMasked[index])
        }
        let hidesRaw = isMasked.contains(true)
        self.init(
            path: path, table: plan.table, encoding: parquet == nil ? reader.encoding.rawValue : "Parquet",
            rowGroupCount: parquet?.rowGroupCount, dialect: reader.dialect,
            lineEnds: reader.lineEnds, linesRead: state.linesRead, loaded: state.loaded, rejected: state.rejected,
            rejectCauses: state.sortedCauses,
            rejects: state.firstRejects.map {
                Reject(
                    line: $0.line, column: $0.column, reason: $0.reason,
                    // A sentence may quote a number, which in a row out of step may be anything.
                    message: hidesRaw ? "" : $0.message, raw: hidesRaw ? nil : String(decoding: $0.raw, as: UTF8.self))
            },
            columns: columns, missingColumns: plan.columns.filter { $0.fileIndex == nil && $0.constant == .null }.map(\.field.name),
            firstRows: target.firstRows.map { row in
                order.map { index in row[index].map { isMasked[index] ? ValueShape.text($0) : $0 } }
            },
            notes: plan.notes, loadedBatch: loadedBatch, refusal: refusal)
    }
}
