import Columns
import Diagnostics
import Engine
import Planning
import SQL

extension FundStore {
    /// Runs one statement that gives rows, and keeps all of them.
    ///
    ///     let answer = try store.query(
    ///         "select claim_id, fund_amount from live_claims where institution_id = $1", parameters: ["H33010000012"])
    ///     let money = try answer.column("fund_amount").decimals()
    ///
    /// - Parameters:
    ///   - text: A query in PostgreSQL's SQL, or `explain`, `show tables`, `describe`, `summarize`.
    ///   - parameters: What `$1`, `$2`, … stand for; never put texts from outside into the statement itself. A text also stands for a
    ///     value of another type, as a quoted literal does.
    ///   - cancellation: Stops the query when it is turned.
    /// - Throws: ``FundError/Kind/query`` with the place in the text; ``FundError/Kind/busy`` beyond a limit; others as they come.
    public func query(
        _ text: String, parameters: [FundValue] = [], cancellation: Cancellation? = nil
    ) throws(FundError) -> QueryAnswer {
        try FundError.saying {
            let session = self.session(cancellation)
            let parsed = try FundStore.single(text)
            guard parsed.statement.givesRows else {
                throw FundError(.usage, "the statement gives no rows", mend: "run it with execute(_:)")
            }
            let values = try FundStore.values(parameters, of: parsed, text: text, session: session)
            guard case .rows(let rows) = try session.run(parsed, text: text, parameters: values) else {
                throw FundError(.internalError, "a statement that gives rows gave none")
            }
            return QueryAnswer(rows)
        }
    }

    /// Runs one query and hands over its rows while they are made: no more than a few batches are held, whatever their number.
    ///
    /// Sorting and grouping need all their input before the first row; other queries begin at once. The closure runs on the caller's
    /// thread.
    ///
    /// - Parameters:
    ///   - text: A query.
    ///   - parameters: As of ``query(_:parameters:cancellation:)``.
    ///   - cancellation: Stops the query when it is turned.
    ///   - body: Throw from it to see no more. Its time counts towards ``StoreOptions/timeout``.
    /// - Throws: What `body` throws; ``FundError`` as for ``query(_:parameters:cancellation:)``. Rows may have been handed over by then.
    public func stream(
        _ text: String, parameters: [FundValue] = [], cancellation: Cancellation? = nil,
        _ body: (AnswerBatch) throws -> Void
    ) throws {
        let (session, parsed, values) = try FundError.saying {
            let session = self.session(cancellation)
            let parsed = try FundStore.single(text)
            return (session, parsed, try FundStore.values(parameters, of: parsed, text: text, session: session))
        }
        guard case .select(let query) = parsed.statement else {
            throw FundError(.usage, "only a query is streamed", mend: "run it with query(_:) or execute(_:)")
        }
        var handover = BatchHandover()
        do {
            try session.stream(query, text: text, parameters: values) { schema, batch in
                try handover.give(batch, of: schema, to: body)
            }
        } catch {
            throw handover.said(error)
        }
    }

    /// Runs the statements of a text in order, those that change the store among them: `create view`, `create table as`, `drop`.
    ///
    /// Settings (`set memory_limit = '1GB'`) hold for the statements behind them in the same text.
    ///
    /// - Returns: What each statement gave.
    /// - Throws: As ``query(_:parameters:cancellation:)``; statements before the one that fails have run. ``FundError/Kind/usage``, before
    ///   any has run, for `copy`, and in a store for reading only for statements that write.
    @discardableResult
    public func execute(_ text: String, cancellation: Cancellation? = nil) throws(FundError) -> [StatementAnswer] {
        try FundError.saying {
            let statements = try FundStore.parse(text)
            for parsed in statements { try refuse(parsed.statement) }
            // A store for reading is shared with other calls; what writes sees its own commits.
            let session =
                options.isReadOnly
                ? self.session(cancellation) : Database(path: path, options: options.engineOptions(cancellation))
            defer { if !options.isReadOnly { database.refresh() } }
            return try statements.map { parsed -> StatementAnswer in
                switch try session.run(parsed, text: text) {
                case .rows(let rows): return .rows(QueryAnswer(rows))
                case .done(let word): return .done(word)
                case .file: throw FundError(.internalError, "a statement that was refused has run")
                }
            }
        }
    }

    private func refuse(_ statement: Statement) throws(FundError) {
        if let name = statement.writingName { try refuseIfReadOnly(name.lowercased()) }
        if case .copyTo = statement {
            throw FundError(.usage, "copy is a statement of the program", mend: "take the rows with stream(_:) and write them")
        }
    }

    private static func parse(_ text: String) throws -> [ParsedStatement] {
        do { return try PostgresParser.parse(text) } catch { throw error.diagnostic(in: text) }
    }

    private static func single(_ text: String) throws -> ParsedStatement {
        let statements = try parse(text)
        guard let first = statements.first else {
            throw Diagnostic(.query, "no statement found", mend: "write one, such as `select 1`", statement: text)
        }
        if statements.count > 1 {
            throw Diagnostic(
                .query, "found \(statements.count) statements, expected one",
                at: SourceLocation(byteOffset: statements[1].range.lowerBound, in: text),
                mend: "run several with execute(_:)", statement: text)
        }
        return first
    }

    /// Values of the types that the query asks for.
    private static func values(
        _ parameters: [FundValue], of parsed: ParsedStatement, text: String, session: Database
    ) throws -> [Planning.ParameterValue] {
        if parameters.isEmpty { return [] }
        let shape = try session.describe(parsed, text: text, declared: parameters.map(\.declaredType))
        guard shape.parameterTypes.count == parameters.count else {
            throw FundError(
                .usage, "the statement has \(shape.parameterTypes.count) parameters, and \(parameters.count) were given")
        }
        return try zip(parameters, shape.parameterTypes).enumerated().map { place, pair in
            let (value, type) = pair
            if type.isArray {
                throw FundError(.usage, "parameter $\(place + 1) is a list", mend: "write `in ($1, $2)` with a parameter each")
            }
            return value.parameter(of: type)
        }
    }
}

extension FundValue {
    /// The type it comes with; nil where the query decides.
    var declaredType: ParameterType? {
        switch self {
        case .null, .text: nil
        case .boolean: ParameterType(.boolean)
        case .integer: ParameterType(.bigint)
        case .decimal(let value): ParameterType(.numeric(precision: LogicalType.maximumPrecision, scale: value.scale))
        case .double: ParameterType(.double)
        case .date: ParameterType(.date)
        case .timestamp: ParameterType(.timestamp)
        case .interval: ParameterType(.interval)
        }
    }

    func parameter(of type: ParameterType) -> Planning.ParameterValue {
        if case .text(let text) = self, type.element != .text { return .text(text, type) }
        return .value(scalar, type)
    }
}
