import Columns
import Diagnostics
import Glibc
import Parquet
import Spreadsheet
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
            var versions: [FileVersion?]
            var table: FileTable
            /// What is to be told whenever the table is read.
            var notice: Diagnostic?
        }

        struct State: Sendable {
            var entries: [String: Entry] = [:]
            var folder: TemporaryFolder?
            var count = 0
        }

        let sources = FileSources()
        private let state = Mutex(State())

        func entry(_ name: String, _ versions: [FileVersion?]) -> Entry? {
            state.withLock { $0.entries[name] }.flatMap { $0.versions == versions ? $0 : nil }
        }

        func keep(_ entry: Entry, _ name: String) { state.withLock { $0.entries[name] = entry } }

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
    /// Tables of which the statement in hand was told what is to be said.
    private let told = Mutex<Set<String>>([])
    private let loadedSize = Mutex(0)

    init() { loads = Loads() }

    /// For another session, which reads no file again that has been read.
    init(sharing other: FileTables) { loads = other.loads }

    /// A table that a plan of this session names, if it was read.
    func known(_ name: String) -> FileTable? { tables.withLock { $0[name] } }

    /// The next statement is to be told everything once more.
    func beginStatement() {
        told.withLock { $0 = [] }
        loadedSize.withLock { $0 = 0 }
    }

    /// Bytes of the files that were loaded for the statement in hand: CSV and workbooks, whole.
    var bytesLoaded: Int { loadedSize.withLock { $0 } }

    /// The rows of CSV files, one file after the other.
    ///
    /// - Parameter paths: Paths and patterns.
    /// - Returns: The name plans know the table by, and the table.
    func table(
        _ paths: [String], _ reading: FileReadingOptions, engine: EngineOptions
    ) throws -> (name: String, table: FileTable) {
        let name = "read_csv(\(FileTables.text(paths))\(reading.text))"
        return try table(name, paths, engine) { sources in
            let (folder, number) = try loads.newPlace()
            let load = FileLoad(sources: sources, reading: reading, engine: engine)
            let (table, rejects) = try load.run(store: folder.path + "/store\(number)", table: "file\(number)")
            return (.stored(table), rejects.notice)
        }
    }

    /// The rows of Parquet files, one file after the other.
    ///
    /// - Parameter paths: Paths and patterns.
    /// - Returns: The name plans know the table by, and the table.
    func parquetTable(
        _ paths: [String], _ reading: ParquetReadingOptions, engine: EngineOptions
    ) throws -> (name: String, table: FileTable) {
        let name = "read_parquet(\(FileTables.text(paths))\(reading.text))"
        return try table(name, paths, engine) { sources in
            let files = try sources.map { (name: $0.name, file: try ParquetFile(path: $0.path, name: $0.said)) }
            return (.parquet(try ParquetTable(files, layout: reading.layout, texts: engine.knownTextColumns)), nil)
        }
    }

    /// The rows of sheets of workbooks, one workbook after the other.
    ///
    /// - Parameter paths: Paths and patterns.
    /// - Returns: The name plans know the table by, and the table.
    func workbookTable(
        _ paths: [String], _ options: WorkbookReadingOptions, engine: EngineOptions
    ) throws -> (name: String, table: FileTable) {
        let name = "read_xlsx(\(FileTables.text(paths))\(options.reading.text))"
        return try table(name, paths, engine) { sources in
            let (folder, number) = try loads.newPlace()
            var written: [FileSource] = []
            var sheets: [WorkbookSheet] = []
            for source in sources {
                var sheet = try WorkbookSheet(try WorkbookReader.read(path: source.path, name: source.said), options.sheet, said: source.said)
                written.append(FileSource(name: source.name, input: try IngestInput(sheet.takeBytes(), name: source.said)))
                sheets.append(sheet)
            }
            let load = FileLoad(sources: written, sheets: sheets, reading: options.reading, engine: engine)
            let (table, rejects) = try load.run(store: folder.path + "/store\(number)", table: "file\(number)")
            return (.stored(table), rejects.notice)
        }
    }

    private func table(
        _ name: String, _ paths: [String], _ engine: EngineOptions,
        load: ([FileSource]) throws -> (table: FileTable, notice: Diagnostic?)
    ) throws -> (name: String, table: FileTable) {
        let sources = try loads.sources.sources(paths, engine)
        let versions = sources.map(\.version)
        let entry: Loads.Entry
        if let known = loads.entry(name, versions) {
            entry = known
        } else {
            let (table, notice) = try load(sources)
            if case .stored = table {
                let size = sources.reduce(0) { $0 + $1.size }
                loadedSize.withLock { $0 += size }
            }
            entry = Loads.Entry(versions: versions, table: table, notice: notice)
            loads.keep(entry, name)
        }
        if let notice = entry.notice { try tell(notice, of: name, engine) }
        tables.withLock { $0[name] = entry.table }
        return (name, entry.table)
    }

    /// Rows are left out only where somebody hears of it.
    private func tell(_ notice: Diagnostic, of name: String, _ engine: EngineOptions) throws(Diagnostic) {
        guard let tell = engine.onNotice else {
            throw Diagnostic(.badData, notice.message, mend: "set what is to be told of such lines, or mend them")
        }
        if told.withLock({ $0.insert(name).inserted }) { tell(notice) }
    }

    /// The paths as they are written.
    private static func text(_ paths: [String]) -> String {
        let quoted = paths.map { "'" + $0.replacing("'", with: "''") + "'" }
        return quoted.count == 1 ? quoted[0] : "array[\(quoted.joined(separator: ", "))]"
    }
}
