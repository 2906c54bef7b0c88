import Columns
import Diagnostics
import Engine
import Planning
import SQL
import Synchronization

/// What the statements of one session run on. One job at a time uses it; the session's channel asks for its status between jobs.
final class SessionCore: Sendable {
    let database: Database
    let processID: Int32
    let databaseName: String
    let user: String
    /// Set by a cancel request, the end of the connection, or the end of the server.
    let cancellation = SharedFlag()
    private let limits: EngineOptions
    private let keptByteLimit: Int
    let state: Mutex<State>

    /// The rows of `declare … cursor` and how many of them were taken.
    struct OpenCursor {
        var source: RowSource
        var isHeld: Bool
        let byteCount: Int
        var position = 0
    }

    struct State {
        var settings: SessionSettings
        var transaction = TransactionStatus.idle
        /// What settings go back to while a block is open.
        var block: SettingsBlock?
        var savepoints: [(name: String, block: SettingsBlock)] = []
        var cursors: [String: OpenCursor] = [:]
        /// The rules of the zone that `TimeZone` names, once they were looked up; nil rules if it is none that is known here.
        var zone: (name: String, rules: ZoneRules?) = ("UTC", .utc)
    }

    init(sharing origin: Database, options server: ServerOptions, user: String, databaseName: String, processID: Int32) {
        var options = server.engine
        let flag = cancellation
        options.isCancelled = { flag.isSet }
        limits = options
        keptByteLimit = server.keptByteLimit
        options.session = SessionIdentity(user: user, database: databaseName)
        options.clock = LocalClock(.utc)
        database = Database(sharing: origin, options: options)
        state = Mutex(State(settings: SessionSettings(user: user)))
        self.user = user
        self.databaseName = databaseName
        self.processID = processID
    }

    var transaction: TransactionStatus { state.withLock { $0.transaction } }
    var reportedSettings: [SessionSettings.Entry] { state.withLock { $0.settings.reported } }

    /// Takes the settings of a startup packet.
    func begin(_ parameters: [String: String]) throws {
        for (name, value) in parameters.sorted(by: { $0.key < $1.key })
        where !["user", "database", "replication", "options"].contains(name) && !name.hasPrefix("_pq_.") {
            _ = try change(name, value)
        }
        for (name, value) in StartupOptions.settings(parameters["options"] ?? "") { _ = try change(name, value) }
        state.withLock { $0.settings.fixInitialValues() }
    }

    /// A transaction block that met an error takes nothing but its end.
    func noteFailure() {
        state.withLock { if $0.transaction == .open { $0.transaction = .failed } }
    }

    func value(ofSetting name: String) -> String? {
        if SessionSettings.engineNames.contains(name.lowercased()) { return try? database.setting(name.lowercased()) }
        return state.withLock { $0.settings.value(name) }
    }

    var settingEntries: [(name: String, value: String)] {
        let own = state.withLock { $0.settings.sorted.map { (name: $0.name, value: $0.value) } }
        let engine = SessionSettings.engineNames.map { (name: $0, value: (try? database.setting($0)) ?? "") }
        return (own + engine).sorted { $0.name.lowercased() < $1.name.lowercased() }
    }

    /// Changes one setting; limits of the server can be lowered, not raised.
    ///
    /// - Parameter isLocal: Whether the end of the transaction block takes it back also if that is a commit.
    func change(_ name: String, _ value: String?, isLocal: Bool = false) throws -> SessionSettings.Entry? {
        let key = name.lowercased()
        try state.withLock { state -> Void in
            let count = state.savepoints.count
            try state.block?.countChange(savepointCount: count)
        }
        guard SessionSettings.engineNames.contains(key) else {
            return try state.withLock { state in
                let entry = try state.settings.set(name, value)
                if !isLocal { _ = try state.block?.lasting.own.set(name, value) }
                return entry
            }
        }
        if let value {
            do {
                try database.set(key, to: value)
            } catch let error as any DiagnosableError {
                throw DiagnosticStates.error(error.diagnostic, offset: 0)
            }
        } else {
            let limits = limits
            database.changeOptions { options in
                switch key {
                case "statement_timeout": options.timeout = limits.timeout
                case "memory_limit": options.memoryLimit = limits.memoryLimit
                case "threads": options.workerCount = limits.workerCount
                default: options.disabledRules = limits.disabledRules
                }
            }
        }
        let limits = limits
        database.changeOptions { options in
            if let most = limits.timeout { options.timeout = min(options.timeout ?? most, most) }
            if let most = limits.memoryLimit { options.memoryLimit = min(options.memoryLimit ?? most, most) }
            options.workerCount = min(options.workerCount ?? limits.effectiveWorkerCount, limits.effectiveWorkerCount)
        }
        if !isLocal {
            let options = database.options
            state.withLock { state -> Void in state.block?.lasting.takeEngineSetting(key, of: options) }
        }
        return nil
    }

    /// The zone that the session's clocks show, nil for one that is not known here.
    var zone: ZoneRules? {
        state.withLock { state in
            let name = state.settings.value("TimeZone") ?? "UTC"
            if name != state.zone.name { state.zone = (name, ZoneRules(named: name)) }
            return state.zone.rules
        }
    }

    /// Sees what was committed since, unless a transaction block reads one commit.
    func refresh() {
        let clock = zone.map { LocalClock($0) }
        database.changeOptions { $0.clock = clock }
        if transaction == .idle { database.refreshIfChanged() }
    }

    func resetSettings() -> [SessionSettings.Entry] {
        for name in SessionSettings.engineNames { _ = try? change(name, nil) }
        return state.withLock { state in
            _ = state.block?.lasting.own.resetAll()
            return state.settings.resetAll()
        }
    }
}

extension SessionCore {
    private static let cursorLimit = 100

    /// Runs a query whose rows are taken later.
    func declare(_ name: String, isHeld: Bool, _ run: () throws -> StatementResult) throws -> StatementResult {
        let (isOpen, isKnown, count) = state.withLock { ($0.transaction != .idle, $0.cursors[name] != nil, $0.cursors.count) }
        guard isOpen || isHeld else {
            throw WireError(.noActiveTransaction, "DECLARE CURSOR can only be used in transaction blocks")
        }
        guard !isKnown else { throw WireError(.duplicateCursor, "cursor \"\(name)\" already exists") }
        guard count < SessionCore.cursorLimit else {
            throw WireError(.limitExceeded, "a session has \(SessionCore.cursorLimit) cursors at most")
        }
        if case .rows(let source, _) = try run().content {
            let kept = state.withLock { $0.cursors.values.reduce(0) { $0 + $1.byteCount } }
            let byteCount = try requireRoom(for: source, beside: kept)
            state.withLock { $0.cursors[name] = OpenCursor(source: source, isHeld: isHeld, byteCount: byteCount) }
        }
        return StatementResult(content: .done(tag: "DECLARE CURSOR"))
    }

    /// - Returns: the bytes of the result.
    /// - Throws: `54000` if a first result, whatever its size, is not the only one and there is no room for another.
    func requireRoom(for source: RowSource, beside kept: Int) throws -> Int {
        let byteCount = source.byteCount
        guard kept == 0 || kept + byteCount <= keptByteLimit else {
            throw WireError(
                .limitExceeded, "a session keeps rows of \(keptByteLimit) bytes at most for later",
                hint: "close the cursors and portals that are not needed any more")
        }
        return byteCount
    }

    func fetch(_ name: String, count: Int?, isMove: Bool) throws -> StatementResult {
        let taken = state.withLock { state -> RowSource? in
            guard let cursor = state.cursors[name] else { return nil }
            let slice = cursor.source.slice(from: cursor.position, count: count ?? .max)
            state.cursors[name]?.position += slice.rowCount
            return slice
        }
        guard let taken else { throw WireError(.unknownPortal, "cursor \"\(name)\" does not exist") }
        return StatementResult(content: isMove ? .done(tag: "MOVE \(taken.rowCount)") : .rows(taken, tag: "FETCH"))
    }

    /// nil for all.
    func closeCursor(_ name: String?) {
        state.withLock { state in
            if let name { state.cursors[name] = nil } else { state.cursors = [:] }
        }
    }

    /// Sorted by name.
    var openCursors: [(name: String, isHeld: Bool)] {
        state.withLock { $0.cursors.map { (name: $0.key, isHeld: $0.value.isHeld) }.sorted { $0.name < $1.name } }
    }

    func cursorColumns(_ name: String) -> [WireColumn]? { state.withLock { $0.cursors[name]?.source.columns } }
}
