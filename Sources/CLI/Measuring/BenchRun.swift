import Claims
import Columns
import Diagnostics
import Engine
import Glibc
import Indicators

/// Generates claims, loads them, and times what analysts and the nightly batch ask of them.
struct BenchRun {
    let lines: Int
    let seed: UInt64
    let runs: Int
    /// An empty folder for the data.
    let folder: TemporaryFolder
    let options: EngineOptions
    /// Told what is being done.
    var progress: ((String) -> Void)?

    init(lines: Int, seed: UInt64, runs: Int, folder: TemporaryFolder, options: EngineOptions) {
        self.lines = lines
        self.seed = seed
        self.runs = runs
        self.folder = folder
        self.options = options
    }

    /// - Throws: what generating, loading and asking throw; `interrupted` after a signal.
    func measure() throws -> BenchReport {
        var report = BenchReport()
        let files = try generate(&report)
        let (database, store) = try ingest(files, &report)
        defer { withExtendedLifetime(store) {} }
        try ask(database, &report)
        try indicators(database, &report)
        report.add("memory", "peak", nanoseconds: [], detail: ByteSize.text(peakSize))
        return report
    }

    private var data: String { folder.path + "/data" }

    /// Paths of the claim files.
    private func generate(_ report: inout BenchReport) throws -> [String] {
        progress?("generating \(CountText.text(lines)) lines")
        let generator = try ClaimGenerator(GeneratorOptions(lines: lines, seed: seed, directory: data))
        let (summary, time) = try timed {
            try generator.run { _ in
                // Leaving removes the folder.
                if let number = Interruption.signalNumber { Glibc.exit(128 + number) }
            }
        }
        report.add(
            "generate", "all files", nanoseconds: [time],
            detail: "\(CountText.text(summary.lines)) lines, \(ByteSize.text(summary.bytes))")
        return summary.files.filter { $0.hasPrefix("claims") }.map { data + "/" + $0 }
    }

    /// Loads the claims once for each run, each time into a new store; the last one, with the reference tables, is returned.
    private func ingest(_ files: [String], _ report: inout BenchReport) throws -> (Database, TemporaryFolder) {
        var store = try TemporaryFolder(prefix: "fundwatch-bench-")
        var database = Database(path: store.path, options: options)
        var times: [Int64] = []
        var stored = 0
        var size = 0
        for number in 0..<runs {
            progress?("loading, run \(number + 1) of \(runs)")
            // The one before is removed.
            if number > 0 { store = try TemporaryFolder(prefix: "fundwatch-bench-") }
            database = Database(path: store.path, options: options)
            let (summaries, time) = try timed { try files.map { try load($0, table: "claims", into: database) } }
            times.append(time)
            stored = summaries.reduce(0) { $0 + $1.storedSize }
            size = summaries.reduce(0) { $0 + $1.sourceSize }
        }
        let seconds = Double(BenchReport.middle(times) ?? 1) / 1e9
        report.add(
            "ingest", "claims", nanoseconds: times,
            detail: "\(ByteSize.text(size)), \(ByteSize.text(Int(Double(size) / seconds))) a second")
        report.add("store", "claims", nanoseconds: [], detail: "\(ByteSize.text(stored)), \(size / max(1, stored)) times smaller")
        for table in ["institutions", "knowledge", "deaths"] { _ = try load("\(data)/\(table).csv", table: table, into: database) }
        return (database, store)
    }

    private func load(_ file: String, table: String, into database: Database) throws -> IngestSummary {
        guard let planner = ClaimImport(table: table) else {
            throw Diagnostic(.internalError, "the table \"\(table)\" is not one of ours")
        }
        return try database.ingest(file, planner: planner, options: IngestOptions())
    }

    private func ask(_ database: Database, _ report: inout BenchReport) throws {
        for query in BenchQuery.all {
            progress?(query.name)
            var rowCount = 0
            let times = try repeated { rowCount = try database.query(query.sql).rowCount }
            report.add("query", query.name, nanoseconds: times, detail: "\(CountText.text(rowCount)) rows")
        }
    }

    private func indicators(_ database: Database, _ report: inout BenchReport) throws {
        var total: Int64 = 0
        for indicator in try IndicatorCatalog.builtIn().indicators {
            progress?(indicator.id)
            let bound = try BoundIndicator(indicator, period: .all)
            var events: Int64 = 0
            let times = try repeated {
                events = try IndicatorRun.figures(of: bound, runner: database).reduce(0) { $0 + $1.events }
            }
            total += BenchReport.middle(times) ?? 0
            report.add("indicator", indicator.id, nanoseconds: times, detail: "\(CountText.text(Int(events))) events")
        }
        report.add("indicator", "total", nanoseconds: [total], detail: "")
    }

    /// The times of `runs` runs after one that warms up.
    private func repeated(_ body: () throws -> Void) throws -> [Int64] {
        try body()
        return try (0..<runs).map { _ in try timed(body).nanoseconds }
    }

    private func timed<Value>(_ body: () throws -> Value) throws -> (value: Value, nanoseconds: Int64) {
        if options.isCancelled() { throw Diagnostic(.interrupted, "interrupted") }
        let start = ContinuousClock.now
        let value = try body()
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return (value, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// Most bytes the process had resident at a time.
    private var peakSize: Int {
        var usage = rusage()
        // Writes the structure it is given.
        _ = unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss * 1024
    }
}
