import Columns
import Diagnostics
import Engine
import Storage

/// A table or a view.
public struct RelationDescription: Hashable, Sendable {
    /// As SQL calls it.
    public let name: String
    /// Rows of a table; nil for a view.
    public let rowCount: Int?

    /// Whether it is a view.
    public var isView: Bool { rowCount == nil }
}

/// A file that was loaded.
public struct BatchDescription: Hashable, Sendable {
    /// Counted from 1 in the order of commits.
    public let id: Int
    /// The table it went into.
    public let table: String
    /// The file's name without its folder.
    public let sourceName: String
    /// `xxh3:` or `sha256:` and hexadecimal digits.
    public let sourceHash: String
    /// Rows it brought.
    public let rowsLoaded: Int
    /// Rows that were left out.
    public let rowsRejected: Int
    /// Whether its rows were taken out again.
    public let isDropped: Bool
}

/// What the store holds.
extension FundStore {
    /// Tables and views sorted by name, those that every store has among them.
    public func relations() throws(FundError) -> [RelationDescription] {
        try FundError.saying {
            try session().relations().map { RelationDescription(name: $0.name, rowCount: $0.isView ? nil : $0.rowCount ?? 0) }
        }
    }

    /// The columns of a table or view.
    ///
    /// - Throws: ``FundError/Kind/query`` if there is no such table or view.
    public func columns(of relation: String) throws(FundError) -> [ColumnDescription] {
        try FundError.saying { try session().columns(of: relation).map { ColumnDescription($0) } }
    }

    /// The files that were loaded, in order; none if nothing was loaded yet.
    public func batches() throws(FundError) -> [BatchDescription] {
        try FundError.saying {
            (try session().snapshot()?.batches ?? []).map {
                BatchDescription(
                    id: $0.id, table: $0.table, sourceName: $0.sourceName, sourceHash: $0.sourceHash, rowsLoaded: $0.rowsLoaded,
                    rowsRejected: $0.rowsRejected, isDropped: $0.isDropped)
            }
        }
    }

    /// The number and SHA-256 of the newest commit, or of the one pinned; nil if nothing was loaded yet. Print the hash in reports: kept
    /// elsewhere, it shows later that nothing was altered.
    public func head() throws(FundError) -> (commit: Int, hash: String)? {
        try FundError.saying { try session().snapshot().map { ($0.commitNumber, $0.headHash) } }
    }

    /// Damage that was met on the way to the newest sound commit; empty for a sound store. Queries read that commit; figures are refused.
    public func damage() throws(FundError) -> [FundError] {
        try FundError.saying { (try session().snapshot()?.damage ?? []).map { FundError($0) } }
    }
}
