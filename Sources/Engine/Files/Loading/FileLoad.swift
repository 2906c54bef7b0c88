import CSV
import Columns
import Diagnostics
import Storage

/// Loads CSV files, or sheets of workbooks, as one table of a private store.
struct FileLoad {
    let sources: [FileSource]
    /// For each source the sheet it was written from, if it was.
    var sheets: [WorkbookSheet]?
    let reading: FileReadingOptions
    let engine: EngineOptions

    /// One file, and where its columns are.
    private struct Part {
        var source: FileSource
        var dialect: CSVDialect
        var columnCount: Int
        /// For each column of the table its place in the file; shorter where later files have added columns.
        var places: [Int?]
        var types: TypeSummary?
        var sheet: WorkbookSheet?

        func place(ofColumn column: Int) -> Int? { column < places.count ? places[column] : nil }
    }

    /// - Parameter store: The store's folder, which nothing else uses.
    /// - Returns: The table, and the rows that were left out.
    /// - Throws: beyond the limit of rows that may be left out, among others.
    func run(store: String, table: String) throws -> (table: TableSnapshot, rejects: FileRejects) {
        do {
            return try load(store: store, table: table)
        } catch let error as any DiagnosableError {
            throw FileLoad.saidOfArguments(error.diagnostic)
        }
    }

    /// What the reader says of the options of `ingest`, as arguments of `read_csv`.
    private static func saidOfArguments(_ diagnostic: Diagnostic) -> Diagnostic {
        var diagnostic = diagnostic
        diagnostic.mend = diagnostic.mend?.replacing("give --skip the", with: "give skip the").replacing("--skip ", with: "skip = ")
            .replacing("--encoding utf-16le or utf-16be", with: "encoding = 'utf-16le' or 'utf-16be'")
        return diagnostic
    }

    private func load(store: String, table: String) throws -> (table: TableSnapshot, rejects: FileRejects) {
        let (parts, names) = try look()
        let folders = try FolderColumns(sources.map(\.name), besides: names, texts: engine.knownTextColumns, reading.layout)
        try reading.layout.checkFileNameColumn(among: names + folders.fields.map(\.name))
        let chosen = try reading.chosenTypes(names)
        let fields = names.indices.map { column in
            Field(name: names[column], type: chosen[column] ?? FileLoad.type(ofColumn: column, parts))
        }
        var options = EngineOptions()
        options.workerCount = engine.workerCount
        options.isCancelled = engine.isCancelled
        // A store of its own: several sessions may load files at the same time.
        let database = Database(path: store, options: options)
        var rejects = FileRejects(function: reading.function)
        for (number, part) in parts.enumerated() {
            var columns = columns(of: part, fields)
            for (field, value) in zip(folders.fields, folders.values[number]) { columns.append(.init(field: field, constant: value)) }
            let planner = FileImport(table: table, columns: columns)
            let summary = try database.ingest(part.source.path, named: part.source.said, planner: planner, options: ingestOptions(number))
            rejects.add(summary, of: part.source.said, rows: part.sheet?.rowOfLine) { reject in
                RecordPlace.column(
                    of: reject, field: reject.column.flatMap { name in fields.firstIndex { $0.name == name } }.flatMap { part.place(ofColumn: $0) },
                    fieldCount: part.columnCount, dialect: part.dialect)
            }
            if case .rows = reading.rejectLimit { try rejects.check(reading.rejectLimit) }
        }
        try rejects.check(reading.rejectLimit)
        guard let loaded = try database.requiredSnapshot().table(table) else {
            throw Diagnostic(.internalError, "a file that was read is not there", at: SourceLocation(file: sources[0].said))
        }
        return (loaded, rejects)
    }

    /// Rows that do not fit are counted over all files, and so here.
    private func ingestOptions(_ number: Int) -> IngestOptions {
        var ingest = IngestOptions()
        ingest.csv = csvOptions(number)
        ingest.rejectLimit = .partsPerHundredThousand(100_000)
        ingest.loadsRepeatedFiles = true
        return ingest
    }

    private func csvOptions(_ number: Int) -> CSVOptions {
        guard let sheet = sheets?[number] else { return reading.csv }
        var own = reading
        own.readsSheet(hasHeader: sheet.hasHeader)
        return own.csv
    }

    /// The files with their columns, and the names of all columns.
    private func look() throws -> (parts: [Part], names: [String]) {
        var parts: [Part] = []
        var names: [String] = []
        for (number, source) in sources.enumerated() {
            let reader = try CSVReader(path: source.path, name: source.said, options: csvOptions(number))
            let places = try reading.layout.place(
                reading.names(inFile: reader.header, path: source.said), among: &names, of: source.said, first: sources[0].said)
            var part = Part(
                source: source, dialect: reader.dialect, columnCount: reader.columnCount, places: places, sheet: sheets?[number])
            if !reading.saysAllTypes(columnCount: names.count) {
                part.types = try TypingPass.run(
                    reader, workerCount: engine.effectiveWorkerCount, options: ingestOptions(number), isCancelled: engine.isCancelled)
            }
            parts.append(part)
        }
        return (parts, names)
    }

    /// The narrowest type that holds the values of all files.
    private static func type(ofColumn column: Int, _ parts: [Part]) -> LogicalType {
        var summary = ColumnTypeSummary()
        var isOfNumbers = true
        for part in parts {
            guard let place = part.place(ofColumn: column), let types = part.types else { continue }
            // Text that looks like a number was made text by somebody: an id.
            if part.sheet?.texts.contains(place) == true { return .text }
            isOfNumbers = isOfNumbers && part.sheet?.numbers.contains(place) == true
            summary.merge(types.columns[place])
        }
        // Numbers with more digits than an exact type has, as formulas give them.
        return summary.type == .text && summary.hasValue && isOfNumbers ? .double : summary.type
    }

    private func columns(of part: Part, _ fields: [Field]) -> [IngestPlan.Column] {
        var columns = fields.enumerated().map { index, field in
            IngestPlan.Column(field: field, fileIndex: part.place(ofColumn: index))
        }
        if let name = reading.layout.fileNameColumn {
            columns.append(.init(field: Field(name: name, type: .text), constant: .text(part.source.name)))
        }
        return columns
    }
}
