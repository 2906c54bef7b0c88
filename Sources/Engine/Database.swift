import Diagnostics
import Execution
package import Storage
import Synchronization

/// The one door to a store: open, query, ingest, explain.
package final class Database: Sendable {
    package let path: String
    /// What holds for the next statement: `set` changes it.
    package var options: EngineOptions { settings.withLock { $0 } }
    private let settings: Mutex<EngineOptions>
    private let opened = Mutex<Opened?>(nil)
    /// Files that statements read.
    let fileTables: FileTables
    /// What `keep` keeps in memory.
    let heldAnswers: HeldAnswers
    /// What the statement in hand does.
    package let activity = StatementActivity()

    /// Whose snapshot this one takes, so that many sessions hold one.
    private let origin: Database?

    /// A state of the store, and what statements over it have found out that others may use.
    private struct Opened {
        let snapshot: StoreSnapshot
        let filterMemory: FilterMemory
    }

    /// Opens nothing yet: a missing store shows itself at the first statement that needs one.
    package init(path: String, options: EngineOptions) {
        self.path = path
        settings = Mutex(options)
        fileTables = FileTables()
        heldAnswers = HeldAnswers()
        origin = nil
    }

    /// A session of its own over the same store: its settings are its own, the snapshot is the other's newest, and files that
    /// either has read need not be read again.
    package init(sharing origin: Database, options: EngineOptions) {
        path = origin.path
        settings = Mutex(options)
        fileTables = FileTables(sharing: origin.fileTables)
        heldAnswers = origin.heldAnswers
        self.origin = origin
    }

    /// The newest commit, read once and kept until `refresh`; nil if there is no store.
    package func snapshot() throws -> StoreSnapshot? { try newest()?.snapshot }

    /// What statements over the newest commit have found out; nil if there is no store.
    func filterMemory() throws -> FilterMemory? { try newest()?.filterMemory }

    private func newest() throws -> Opened? {
        if let known = opened.withLock({ $0 }) { return known }
        if let origin {
            let newest = try origin.newest()
            opened.withLock { $0 = newest }
            return newest
        }
        guard Store.exists(path) else {
            try Store.checkAccess(path)
            return nil
        }
        let snapshot = try Store.open(path).snapshot()
        if snapshot.commitNumber == 0 {
            if let damage = snapshot.damage.first { throw damage }
            return nil
        }
        let newest = Opened(snapshot: snapshot, filterMemory: FilterMemory())
        opened.withLock { $0 = newest }
        return newest
    }

    /// The newest commit.
    ///
    /// - Throws: `noInput` if there is no store.
    package func requiredSnapshot() throws -> StoreSnapshot {
        if let snapshot = try snapshot() { return snapshot }
        throw missingStore
    }

    var missingStore: Diagnostic {
        Diagnostic(
            .noInput, "there is no store", at: SourceLocation(file: path),
            mend: "load a file with `fundwatch ingest`, or name the folder with --store")
    }

    /// Forgets the snapshot, and that of whoever it is shared with, so that the next statement sees what was committed since.
    package func refresh() {
        origin?.refresh()
        opened.withLock { $0 = nil }
    }

    /// Forgets the snapshot if there is another commit by now.
    package func refreshIfChanged() {
        if let origin {
            origin.refreshIfChanged()
            return opened.withLock { $0 = nil }
        }
        guard let known = opened.withLock({ $0 }) else { return }
        if (try? Store.open(path).newestCommitNumber()) != known.snapshot.commitNumber { refresh() }
    }

    package func changeOptions(_ change: (inout EngineOptions) -> Void) { settings.withLock { change(&$0) } }
}
