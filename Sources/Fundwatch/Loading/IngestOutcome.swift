import Columns
import Engine

/// What loading one file did. The figures reconcile: lines read = rows loaded + rows rejected.
public struct IngestOutcome: Hashable, Sendable {
    /// A reason for which rows were rejected.
    public struct RejectCause: Hashable, Sendable {
        /// Its code, such as `missing_required`.
        public let reason: String
        /// Rows rejected for it.
        public let count: Int
    }

    /// The sum of a money column over the rows loaded.
    public struct ColumnTotal: Hashable, Sendable {
        /// The column's name.
        public let column: String
        /// Exact.
        public let total: ExactDecimal
    }

    /// The table the rows are in.
    public let table: String
    /// The file's name without its folder.
    public let sourceName: String
    /// The batch of this load, counted from 1 in a store; or, if the file was loaded before, the batch of that load.
    public let batchID: Int
    /// Whether the table held the same bytes already; then nothing was loaded, and the figures are 0.
    public let isAlreadyLoaded: Bool
    /// Lines of data in the file.
    public let linesRead: Int
    /// Rows now in the table because of this file.
    public let rowsLoaded: Int
    /// Rows left out; they are in the store's `rejects/<batch>.csv` with their lines and reasons.
    public let rowsRejected: Int
    /// Why, most frequent first.
    public let rejectCauses: [RejectCause]
    /// Sums of the money columns of a known table.
    public let totals: [ColumnTotal]
    /// The first and last settlement, of claims; nil for other tables or without rows.
    public let firstTime: LocalTimestamp?, lastTime: LocalTimestamp?
    /// How the file's characters are written, as the program says it: `UTF-8`, `GB18030`, `Parquet`.
    public let encoding: String
    /// Bytes of the file.
    public let sourceSize: Int
    /// Bytes the batch takes in the store.
    public let storedSize: Int
    /// Columns the known table has not, kept as text.
    public let extraColumns: [String]
    /// What else there is to say, a sentence each: types found out, columns that became wider.
    public let notes: [String]
    /// SHA-256 of the commit, 64 hexadecimal digits. Kept elsewhere, it shows later that nothing was altered.
    public let headHash: String

    init(_ summary: IngestSummary) {
        table = summary.table
        sourceName = summary.sourceName
        batchID = summary.batchID
        isAlreadyLoaded = summary.isAlreadyLoaded
        linesRead = summary.linesRead
        rowsLoaded = summary.loaded
        rowsRejected = summary.rejected
        rejectCauses = summary.rejectCauses.map { RejectCause(reason: $0.reason, count: $0.count) }
        totals = summary.sums.compactMap { sum in
            guard case .numeric(let unscaled, let scale) = sum.value else { return nil }
            return ColumnTotal(column: sum.column, total: ExactDecimal(unscaled: unscaled, scale: scale))
        }
        firstTime = IngestOutcome.time(summary.firstTime)
        lastTime = IngestOutcome.time(summary.lastTime)
        encoding = summary.encoding
        sourceSize = summary.sourceSize
        storedSize = summary.storedSize
        extraColumns = summary.extraColumns
        notes = summary.notes.map { "\($0.title): \($0.text)" }
        headHash = summary.headHash
    }

    private static func time(_ value: ScalarValue) -> LocalTimestamp? {
        guard case .timestamp(let time) = value else { return nil }
        return LocalTimestamp(microsecondsSince1970: time)
    }
}
