import Diagnostics
import Engine
import Storage

/// A store of claims and other tables: load files, ask SQL, run indicators, rank institutions.
///
/// A store is a folder. Many programs and threads may read it at once while one of them writes: each call sees the newest
/// commit as it was when the call began. A store may be shared between threads freely; its calls block the thread they are made
/// on, and ``background(_:)`` makes them from asynchronous code.
public final class FundStore: Sendable {
    /// The folder.
    public let path: String
    /// With what means its calls run.
    public let options: StoreOptions
    /// Holds the snapshot that the calls' own sessions share.
    let database: Database
    /// Whether it stays with one commit.
    let isPinned: Bool

    /// Opens the store in a folder.
    ///
    /// - Throws: ``FundError/Kind/noInput`` if there is none and the options do not say that it will be made,
    ///   ``FundError/Kind/usage`` for an option out of its range, ``FundError/Kind/badData`` if no commit of it can be read.
    public convenience init(at path: String, options: StoreOptions = StoreOptions()) throws(FundError) {
        try options.check()
        let database = Database(path: path, options: options.engineOptions())
        let exists = try FundError.saying { try database.snapshot() != nil }
        guard exists || (options.createsMissingStore && !options.isReadOnly) else {
            throw FundError(
                .noInput, "there is no store", file: path,
                mend: "name another folder, or set createsMissingStore and load a file")
        }
        self.init(database, options: options, isPinned: false)
    }

    private init(_ database: Database, options: StoreOptions, isPinned: Bool) {
        path = database.path
        self.options = options
        self.database = database
        self.isPinned = isPinned
    }

    /// The same store with other limits; both may be used side by side.
    ///
    /// - Throws: ``FundError/Kind/usage`` for an option out of its range, or for writing through a pinned or read-only store.
    public func changing(_ change: (inout StoreOptions) -> Void) throws(FundError) -> FundStore {
        var changed = options
        change(&changed)
        try changed.check()
        guard changed.isReadOnly || !options.isReadOnly else {
            throw FundError(.usage, "the store was opened for reading only", file: path, mend: "open it anew to write")
        }
        return FundStore(database, options: changed, isPinned: isPinned)
    }

    /// The store as it is now, for reading: its calls agree with each other whatever is loaded meanwhile.
    ///
    /// - Throws: ``FundError/Kind/noInput`` if nothing was loaded yet.
    public func pinned() throws(FundError) -> FundStore {
        let frozen = session()
        _ = try FundError.saying { try frozen.requiredSnapshot() }
        var reading = options
        reading.isReadOnly = true
        return FundStore(frozen, options: reading, isPinned: true)
    }

    /// What one call runs in: settings of its own, the newest commit or the one pinned.
    func session(_ cancellation: Cancellation? = nil) -> Database {
        if !isPinned { database.refreshIfChanged() }
        return Database(sharing: database, options: options.engineOptions(cancellation))
    }

    /// A session for figures that people act on.
    ///
    /// - Throws: `badData` for damage on the way to the newest commit, `noInput` if nothing was loaded yet.
    func soundSession(_ cancellation: Cancellation?) throws -> Database {
        let session = self.session(cancellation)
        if let damage = try session.requiredSnapshot().damage.first { throw damage }
        return session
    }

    func refuseIfReadOnly(_ what: String) throws(FundError) {
        if options.isReadOnly {
            throw FundError(.usage, "\(what) writes, and the store was opened for reading only", file: path)
        }
    }
}
