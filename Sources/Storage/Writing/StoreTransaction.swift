package import Columns

/// One writer's changes to a store: nothing is visible before `commit`, and nothing stays after `abort`.
///
/// Holds the store's lock until it is committed, aborted or released. Thread-safe.
package final class StoreTransaction: Sendable {
    /// The store as it was when the transaction began.
    package var base: StoreSnapshot { preconditionFailure() }
    /// Number of the commit this transaction would make.
    package var commitNumber: Int { preconditionFailure() }
    /// Number of the batch this transaction would record.
    package var batchID: Int { preconditionFailure() }

    /// Takes the lock and cleans up after a writer that crashed. Throws `.busy`, naming the holder's process, if another
    /// writer is at work; `.noInput` if there is no store and `createIfMissing` is false.
    package static func begin(
        _ path: String, createIfMissing: Bool = true, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StorageError) -> StoreTransaction { preconditionFailure() }

    /// The columns of a table as this transaction sees it, nil if there is no such table.
    package func schema(of table: String) -> Schema? { preconditionFailure() }

    package func createTable(_ name: String, schema: Schema) throws(StorageError) { preconditionFailure() }
    /// Adds columns behind the last one; rows already stored have NULL there.
    package func addColumns(_ fields: [Field], to table: String) throws(StorageError) { preconditionFailure() }
    /// Empties a table, or makes it: its rows and text domains start anew.
    package func replaceTable(_ name: String, schema: Schema) throws(StorageError) { preconditionFailure() }
    package func dropTable(_ name: String) throws(StorageError) { preconditionFailure() }
    package func setView(_ name: String, sql: String) throws(StorageError) { preconditionFailure() }
    package func dropView(_ name: String) throws(StorageError) { preconditionFailure() }

    /// The text domain of a text column, the same object on every call.
    package func textDomain(of column: Int, in table: String) throws(StorageError) -> TextDomainBuilder {
        preconditionFailure()
    }

    /// Writes a segment durably and checks what was written.
    ///
    /// - Parameter order: Place among the segments this transaction adds to the table, from 0, each used once; it names
    ///   the file and orders the rows, so that they are the same for any number of threads.
    package func add(_ segment: EncodedSegment, to table: String, order: Int) throws(StorageError) { preconditionFailure() }

    /// Adds to `rejects/<batch>.csv`, which becomes durable with the commit.
    package func appendRejects(_ bytes: [UInt8]) throws(StorageError) { preconditionFailure() }

    /// Makes everything durable, then visible, and releases the lock.
    ///
    /// - Parameters:
    ///   - batch: What was loaded; its id must be `batchID`. nil for a change that loads nothing, such as a view.
    ///   - time: Microseconds since 1970-01-01 00:00 UTC; nil for now.
    @discardableResult
    package func commit(batch: BatchSummary?, time: Int64? = nil) throws(StorageError) -> StoreSnapshot {
        preconditionFailure()
    }

    /// Removes what was written and releases the lock. Does nothing after a commit.
    package func abort() { preconditionFailure() }
}
