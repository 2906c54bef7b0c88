package import Columns
import Diagnostics
import Execution
import Glibc
package import Planning
package import SQL
import Storage

extension Database {
    /// Runs every statement of a text in order and hands out what each gave.
    ///
    /// - Throws: `Diagnostic` of kind `query`, with the text and the place in it; statements before it have run.
    package func run(_ text: String, onOutcome: (StatementOutcome) throws -> Void) throws {
        for parsed in try Database.parse(text) {
            let start = ContinuousClock.now
            activity.begin()
            let content = try run(parsed, text: text)
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            try onOutcome(
                StatementOutcome(
                    content: content, nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000,
                    bytesRead: activity.bytesRead + (options.countsBytesRead ? fileTables.bytesLoaded : 0)))
        }
    }

    /// The rows of a single query.
    package func query(_ text: String) throws -> QueryResult {
        try query(text, reading: [])
    }

    /// The rows of a single query that reads earlier results as tables.
    ///
    /// - Parameter results: Results of `query` or `keep`, each with the name the text calls it by; stored tables and views come first.
    package func query(_ text: String, reading results: [(name: String, rows: QueryResult)]) throws -> QueryResult {
        try execute(text, .inMemory, reading: results)
    }

    /// The rows of a single query for statements to come and for whoever reads them in order: if they take more than a small part of
    /// the memory limit they lie in a file, else they are counted until nobody has them any more.
    ///
    /// - Parameter results: As for `query`.
    package func keep(_ text: String, reading results: [(name: String, rows: QueryResult)] = []) throws -> QueryResult {
        try execute(text, .answer, reading: results)
    }

    private func execute(
        _ text: String, _ place: ResultPlace, reading results: [(name: String, rows: QueryResult)]
    ) throws -> QueryResult {
        fileTables.beginStatement()
        let statements = try Database.parse(text)
        guard statements.count == 1, case .select(let query) = statements[0].statement else {
            throw Diagnostic(.internalError, "expected one query", statement: text)
        }
        var tables: [String: ResultTable] = [:]
        for result in results { tables[result.name] = ResultTable(result.rows) }
        var catalog = try catalog()
        catalog.results = tables
        let planned = try plan(query, text: text, catalog: catalog)
        return try execute(planned, text: text, in: place, reading: tables)
    }

    static func parse(_ text: String) throws -> [ParsedStatement] {
        do {
            return try PostgresParser.parse(text)
        } catch {
            throw error.diagnostic(in: text)
        }
    }

    /// Runs one statement.
    ///
    /// - Parameters:
    ///   - text: What it was parsed from, for the places in errors.
    ///   - parameters: Values of `$1` and so on, which only a query may have.
    package func run(
        _ parsed: ParsedStatement, text: String, parameters: [ParameterValue] = []
    ) throws -> StatementOutcome.Content {
        fileTables.beginStatement()
        switch parsed.statement {
        case .select(let query): return .rows(try rows(of: query, text: text, parameters: parameters, isShown: true))
        case .explain(let explain): return .rows(try explainRows(explain, parsed, text: text))
        case .showTables: return .rows(try tableRows())
        case .describe(let source): return .rows(try describeRows(source, text: text))
        case .summarize(let source): return .rows(try summaryRows(source, text: text))
        case .createView(let view): return .done(try create(view, text: text))
        case .createTableAs(let table): return .done(try create(table, text: text))
        case .drop(let drop): return .done(try self.drop(drop, text: text))
        case .copyTo(let copy): return try self.copy(copy, text: text)
        case .show(let name, let position): return .rows(try settingRows(name, position: position, text: text))
        case .set(let setting): return .done(try set(setting, text: text))
        }
    }

    static func unsupported(_ what: String, _ parsed: ParsedStatement, _ text: String) -> Diagnostic {
        let place = SourceLocation(byteOffset: parsed.range.lowerBound, in: text)
        return Diagnostic(.query, "\(what) is not supported", at: place, statement: text)
    }

    func rows(of query: Query, text: String, parameters: [ParameterValue] = [], isShown: Bool = false) throws -> QueryResult {
        var planned = try plan(query, text: text, catalog: try catalog(), parameters: parameters, isShown: isShown)
        let place: ResultPlace = options.holdsResults ? .inMemory : .anywhere
        guard let limit = options.rowLimit else { return try execute(planned, text: text, in: place) }
        // One row more tells that there are too many.
        planned.plan = .limit(planned.plan, limit: limit + 1, offset: 0)
        let result = try execute(planned, text: text, in: place)
        guard result.rowCount <= limit else { throw Database.tooManyRows(limit) }
        return result
    }

    func plan(_ query: Query, text: String) throws -> PlannedQuery {
        try plan(query, text: text, catalog: try catalog())
    }

    func catalog() throws -> StoredCatalog { StoredCatalog(snapshot: try snapshot(), options: options, files: fileTables) }

    func plan(
        _ query: Query, text: String, catalog: StoredCatalog, parameters: [ParameterValue] = [], isShown: Bool = false
    ) throws -> PlannedQuery {
        var plannerOptions = options.planning
        plannerOptions.showsLongNumbers = isShown
        if !parameters.isEmpty { plannerOptions.parameters = .given(parameters) }
        // Binding recurses as deep as the statement is nested; the parser has bounded that.
        let finalOptions = plannerOptions
        let outcome = LargeStack.run { () -> Result<PlannedQuery, PlanningError> in
            do throws(PlanningError) {
                return .success(try Planner.plan(query, catalog: catalog, options: finalOptions))
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case .success(let planned): return planned
        case .failure(let error): throw error.diagnostic(in: text)
        case nil: throw Diagnostic(.busy, "the system refused a thread", mend: "raise the limit on threads")
        }
    }

    /// Where the rows of a result lie.
    enum ResultPlace {
        /// In memory; they are refused where there is no room.
        case inMemory
        /// In a file where memory has no room.
        case anywhere
        /// As `keep` says.
        case answer
    }

    /// - Parameters:
    ///   - place: Where the rows are to lie.
    ///   - remembers: Whether it may use what statements before have found out.
    ///   - results: Rows of other statements that the plan was told of, by name.
    func execute(
        _ planned: PlannedQuery, text: String, profile own: QueryProfile? = nil, in place: ResultPlace = .anywhere, remembers: Bool = true,
        reading results: [String: ResultTable] = [:]
    ) throws -> QueryResult {
        try Database.refuseUnread(planned, in: text)
        let profile = own ?? QueryProfile(countsBlocks: options.countsBytesRead)
        if options.countsBytesRead { activity.add(profile) }
        let source = StoredTableSource(
            snapshot: try snapshot(), options: options, files: fileTables, results: results, missingStore: missingStore)
        let executionOptions = try beginExecution(remembers: remembers)
        do throws(ExecutionError) {
            let schema = Schema(planned.columns.map { Field(name: $0.name, type: $0.type, isNullable: $0.isNullable) })
            var result: QueryResult
            switch place {
            case .inMemory:
                let batches = try Executor.run(
                    plan: planned.plan, output: planned.columns, source: source, options: executionOptions, profile: profile)
                result = QueryResult(schema: schema, batches: batches)
            case .answer:
                let rows = try Executor.answer(
                    plan: planned.plan, output: planned.columns, source: source, options: executionOptions, profile: profile)
                result = QueryResult(schema: schema, kept: rows, countedIn: heldAnswers)
            case .anywhere:
                let rows = try Executor.rows(
                    plan: planned.plan, output: planned.columns, source: source, options: executionOptions, profile: profile)
                result = QueryResult(schema: schema, kept: rows)
            }
            result.delivery = ResultDelivery(executionOptions, activity)
            return result
        } catch {
            throw Database.located(error, in: text)
        }
    }

    /// Runs a query and hands over its batches in order while they are made, on the caller's thread: no more than a few are held.
    ///
    /// - Throws: what `body` throws, after which no more is made; `Diagnostic` as `run`.
    package func stream(
        _ query: Query, text: String, parameters: [ParameterValue] = [], _ body: (Schema, Batch) throws -> Void
    ) throws {
        fileTables.beginStatement()
        var planned = try plan(query, text: text, catalog: try catalog(), parameters: parameters, isShown: true)
        try Database.refuseUnread(planned, in: text)
        let limit = options.rowLimit
        if let limit { planned.plan = .limit(planned.plan, limit: limit + 1, offset: 0) }
        let schema = Schema(planned.columns.map { Field(name: $0.name, type: $0.type, isNullable: $0.isNullable) })
        let source = StoredTableSource(
            snapshot: try snapshot(), options: options, files: fileTables, missingStore: missingStore)
        let executionOptions = try beginExecution(remembers: true)
        var rowCount = 0
        var failure: (any Error)?
        do throws(ExecutionError) {
            try Executor.stream(
                plan: planned.plan, output: planned.columns, source: source, options: executionOptions
            ) { batch throws(ExecutionError) in
                do {
                    rowCount += batch.rowCount
                    if let limit, rowCount > limit { throw Database.tooManyRows(limit) }
                    try body(schema, batch)
                } catch {
                    failure = error
                    throw ExecutionError(.unsupported("the reader stopped"))
                }
            }
        } catch {
            throw failure ?? Database.located(error, in: text)
        }
    }

    /// With what means the next plan runs; its time begins.
    ///
    /// - Parameter remembers: Whether it may use what statements before have found out.
    private func beginExecution(remembers: Bool) throws -> ExecutionOptions {
        // A limit holds for what the system sees: freed memory goes back to it.
        if options.memoryLimit != nil { ProcessMemory.returnLargeAllocations() }
        var result = ExecutionOptions(
            workerCount: options.effectiveWorkerCount, memoryLimitBytes: options.memoryLimit ?? options.usualMemoryLimit,
            deadline: options.timeout.map { ContinuousClock.now + $0 },
            timeLimit: options.timeout, cancellation: CancellationToken(polling: options.isCancelled), temporaryDirectories: temporaryDirectories)
        result.isUsualLimit = options.memoryLimit == nil
        result.heldByteCount = heldAnswers.byteCount
        if remembers, options.memoryLimit == nil, !options.disabledRules.contains(FilterMemory.name) { result.filterMemory = try filterMemory() }
        return result
    }

    /// - Throws: where a plan scans a column that cannot be read, at the place where the statement asks for it.
    private static func refuseUnread(_ planned: PlannedQuery, in text: String) throws(Diagnostic) {
        guard let column = planned.scannedUnread else { return }
        let place = column.position < 0 ? SourceLocation() : SourceLocation(byteOffset: column.position, in: text)
        throw Diagnostic(.query, column.field.message, at: place, mend: column.field.mend, statement: text)
    }

    /// A failure with its place in the text of the statement.
    private static func located(_ error: ExecutionError, in text: String) -> Diagnostic {
        var diagnostic = error.diagnostic
        if let offset = diagnostic.location.byteOffset {
            diagnostic.location = SourceLocation(byteOffset: offset, in: text)
            diagnostic.statement = text
        }
        return diagnostic
    }

    private static func tooManyRows(_ limit: Int) -> Diagnostic {
        Diagnostic(.busy, "the query gives more than \(limit) rows, the limit", mend: "write `limit`, or ask for less")
    }

    /// Folders to try for rows that memory has no room for.
    private var temporaryDirectories: [String] {
        if let own = options.temporaryDirectory { return [own] }
        let fromEnvironment = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
        if !fromEnvironment.isEmpty { return [fromEnvironment] }
        return [path, "/var/tmp", "/tmp"]
    }
}
