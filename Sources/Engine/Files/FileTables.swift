import CSV
import Columns
import Diagnostics
import Parquet
import Storage
import Synchronization

/// The files that statements of one session read as tables. CSV is loaded once into a private store, and again if it has
/// changed; Parquet is read where it lies. Sessions may share what they have loaded.
///
/// A name means what this session last read by it: a plan and the rows it is asked for fit together, whatever others find.
final class FileTables: Sendable {
    /// What has been loaded, for all sessions that share it.
    private final class Loads: Sendable {
        struct Entry: Sendable {
            var versions: [FileVersion]
            var table: FileTable
        }

        struct State: Sendable {
            var entries: [String: Entry] = [:]
            var folder: TemporaryFolder?
            var count = 0
        }

        let state = Mutex(State())

        func entry(_ name: String, _ versions: [FileVersion]) -> FileTable? {
            state.withLock { $0.entries[name] }.flatMap { $0.versions == versions ? $0.table : nil }
        }

        func keep(_ table: FileTable, _ name: String, _ versions: [FileVersion]) {
            state.withLock { $0.entries[name] = Entry(versions: versions, table: table) }
        }

        /// A place for one more file.
        func newPlace() throws -> (folder: TemporaryFolder, number: Int) {
            try state.withLock { state in
                let folder = try state.folder ?? TemporaryFolder(prefix: "fundwatch-")
                state.folder = folder
                state.count += 1
                return (folder, state.count)
            }
        }
    }

    private let loads: Loads
    private let tables = Mutex<[String: FileTable]>([:])

    init() { loads = Loads() }

    /// For another session, which reads no file again that has been read.
    init(sharing other: FileTables) { loads = other.loads }

    /// A table that a plan of this session names, if it was read.
    func known(_ name: String) -> FileTable? { tables.withLock { $0[name] } }

    private func named(_ name: String, _ table: FileTable) -> (name: String, table: FileTable) {
        tables.withLock { $0[name] = table }
        return (name, table)
    }

    /// The rows of all CSV files that match a pattern, one file after the other.
    ///
    /// - Returns: The name plans know the table by, and the table.
    func table(
        _ pattern: String, _ reading: FileReadingOptions, engine: EngineOptions
    ) throws -> (name: String, table: FileTable) {
        let name = "read_csv(\(FileTables.quoted(pattern))\(reading.text))"
        let paths = try FileTables.paths(pattern)
        var versions: [FileVersion] = []
        for path in paths {
            guard let version = FileVersion(path: path) else {
                if !SourceDigest.isReadable(path) { _ = try CSVReader(path: path, options: reading.csv) }
                throw Diagnostic(
                    .noInput, "it is no regular file, and read_csv reads a file twice", at: SourceLocation(file: path),
                    mend: "save the rows to a file first")
            }
            versions.append(version)
        }
        if let loaded = loads.entry(name, versions) { return named(name, loaded) }
        let (folder, number) = try loads.newPlace()
        let table = FileTable.stored(
            try FileTables.load(paths, reading, engine, store: folder.path + "/store\(number)", table: "file\(number)"))
        loads.keep(table, name, versions)
        return named(name, table)
    }

    /// The rows of all Parquet files that match a pattern, one file after the other.
    ///
    /// - Returns: The name plans know the table by, and the table.
    func parquetTable(_ pattern: String) throws -> (name: String, table: FileTable) {
        let name = "read_parquet(\(FileTables.quoted(pattern)))"
        let paths = try FileTables.paths(pattern)
        let versions = paths.compactMap { FileVersion(path: $0) }
        if let loaded = loads.entry(name, versions) { return named(name, loaded) }
        var files: [ParquetFile] = []
        for path in paths { files.append(try ParquetFile(path: path)) }
        let table = FileTable.parquet(try ParquetTable(files))
        loads.keep(table, name, versions)
        return named(name, table)
    }

    private static func quoted(_ pattern: String) -> String { "'" + pattern.replacing("'", with: "''") + "'" }

    private static func paths(_ pattern: String) throws(Diagnostic) -> [String] {
        let paths = FilePattern.files(pattern)
        if paths.isEmpty {
            throw Diagnostic(.noInput, "no file matches \"\(pattern)\"", mend: "check the path; it begins at the folder you are in")
        }
        return paths
    }

    private static func load(
        _ paths: [String], _ reading: FileReadingOptions, _ engine: EngineOptions, store: String, table: String
    ) throws -> TableSnapshot {
        var ingest = IngestOptions()
        ingest.csv = reading.csv
        ingest.rejectLimit = .rows(0)
        ingest.loadsRepeatedFiles = true
        var names: [String] = []
        var summary: TypeSummary?
        for path in paths {
            let reader = try CSVReader(path: path, options: reading.csv)
            if path == paths[0] {
                names = reader.header
            } else if reader.header != names {
                throw Diagnostic(
                    .badData, "its columns are not those of \(paths[0])", at: SourceLocation(file: path),
                    mend: "read the files one by one")
            }
            if reading.isAllText { continue }
            let own = try TypingPass.run(
                reader, workerCount: engine.effectiveWorkerCount, options: ingest, isCancelled: engine.isCancelled)
            summary?.merge(own)
            summary = summary ?? own
        }
        let types = summary?.types ?? names.map { _ in .text }
        let fields = zip(ColumnNames.unique(names), types).map { Field(name: $0, type: $1) }
        var options = EngineOptions()
        options.workerCount = engine.workerCount
        options.isCancelled = engine.isCancelled
        // A store of its own: several sessions may load files at the same time.
        let database = Database(path: store, options: options)
        for path in paths {
            do {
                _ = try database.ingest(path, planner: FileImport(table: table, fields: fields), options: ingest)
            } catch var diagnostic as Diagnostic where diagnostic.mend?.contains("--max-rejects") == true {
                diagnostic.mend = "mend the lines, or load the file with `fundwatch ingest`, which puts them aside"
                throw diagnostic
            }
        }
        guard let table = try database.requiredSnapshot().table(table) else {
            throw Diagnostic(.internalError, "a file that was read is not there", at: SourceLocation(file: paths[0]))
        }
        return table
    }
}
