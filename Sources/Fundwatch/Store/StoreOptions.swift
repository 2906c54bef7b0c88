import Claims
import Diagnostics
import Engine

/// With what means a store is opened.
public struct StoreOptions: Sendable {
    /// Whether calls that write are refused. A reader never waits for a writer, nor a writer for a reader.
    public var isReadOnly = false
    /// Whether a path without a store is taken for a store that the first file makes; else opening it fails.
    public var createsMissingStore = false
    /// Threads that share the work of a call, 1 to 1024; nil for one a processor. Results are the same for any number.
    public var workerCount: Int?
    /// Bytes a query may hold; nil for three quarters of the machine's memory. Beyond it rows go to files in ``temporaryDirectory`` as far as the query
    /// allows, and the query fails with ``FundError/Kind/busy`` where it does not.
    public var memoryLimit: Int?
    /// How long a query may run, and the closure of ``FundStore/stream(_:parameters:cancellation:_:)`` with it; nil for as long
    /// as it takes. Beyond it the query fails with ``FundError/Kind/busy``.
    public var timeout: Duration?
    /// Most rows a query may give; nil for any number. It fails with ``FundError/Kind/busy`` where there are more.
    public var rowLimit: Int?
    /// Where rows go that memory has no room for; nil for `$TMPDIR`, else the store's folder, else `/var/tmp` or `/tmp`.
    public var temporaryDirectory: String?
    /// Whether statements may name files of this machine: `read_csv`, `read_parquet`, `from 'file.csv'`. Turn it off where
    /// statements come from strangers.
    public var readsFiles = true
    /// Told what is to be said besides a statement's rows, in a sentence: the lines of a file that `read_csv` left out because the statement
    /// says `ignore_errors` or `max_rejects`. Without it such a statement fails where it would leave one out.
    public var onNotice: (@Sendable (String) -> Void)?

    /// Read and write, no limits of one's own, a thread a processor; a path without a store is an error.
    public init() {}
}

extension StoreOptions {
    /// - Throws: `usage` for a value out of its range.
    func check() throws(FundError) {
        if let workerCount, !EngineOptions.workerCounts.contains(workerCount) {
            throw FundError(.usage, "workerCount \(workerCount) \(EngineOptions.workerCountRange)")
        }
        if let memoryLimit, memoryLimit < 1 { throw FundError(.usage, "memoryLimit \(memoryLimit) is not at least 1 byte") }
        if let timeout, timeout <= .zero { throw FundError(.usage, "timeout \(timeout) is not more than no time") }
        if let rowLimit, rowLimit < 0 || rowLimit == .max { throw FundError(.usage, "rowLimit \(rowLimit) is no number of rows") }
    }

    /// - Parameter cancellation: The switch of the call; nil if nothing stops it.
    func engineOptions(_ cancellation: Cancellation? = nil) -> EngineOptions {
        var engine = EngineOptions()
        engine.workerCount = workerCount
        engine.memoryLimit = memoryLimit
        engine.timeout = timeout
        engine.rowLimit = rowLimit
        engine.temporaryDirectory = temporaryDirectory
        engine.readsFiles = readsFiles
        if let onNotice { engine.onNotice = { onNotice(DiagnosticRenderer.oneLine($0)) } }
        engine.knowClaims()
        if let cancellation { engine.isCancelled = { cancellation.isCancelled } }
        return engine
    }
}
