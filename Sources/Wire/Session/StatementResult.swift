import Columns
import Engine
import NIOCore

/// What one statement gave, for a client to be told.
struct StatementResult: Sendable {
    enum Content: Sendable {
        case empty
        /// Nothing but a tag.
        case done(tag: String)
        case rows(RowSource, tag: String)
        case copy(RowSource, CopyTarget)
    }

    var content: Content
    var notices: [WireError] = []
    /// Settings that clients are told of.
    var changedSettings: [SessionSettings.Entry] = []
    /// Statements and portals are to be forgotten.
    var forgets: Forgetting?

    enum Forgetting: Sendable {
        case everything
        /// nil for all.
        case statement(String?)
        case portal(String?)
    }
}

/// Rows to be sent, of the engine or of the catalogs.
struct RowSource: Sendable {
    enum Rows: Sendable {
        case engine([Batch])
        case catalog([[CatalogValue]])
    }

    var columns: [WireColumn]
    var rows: Rows
    /// Rows before those that are meant.
    private(set) var skippedCount = 0
    private(set) var rowCount: Int

    init(_ result: QueryResult) {
        columns = result.schema.fields.map { WireColumn(name: $0.name, type: WireType($0.type)) }
        rows = .engine(result.batches)
        rowCount = result.rowCount
    }

    init(_ relation: CatalogRelation) {
        columns = relation.columns
        rows = .catalog(relation.rows)
        rowCount = relation.rows.count
    }

    /// Bytes of the rows, about; what their texts take comes on top.
    var byteCount: Int { rowCount.multipliedReportingOverflow(by: 16 * (columns.count + 1)).partialValue }

    /// The same columns over nothing.
    var withoutRows: RowSource { RowSource(CatalogRelation(columns: columns)) }

    /// Rows from `first` on, `count` at most.
    func slice(from first: Int, count: Int) -> RowSource {
        var slice = self
        let skipped = min(max(0, first), rowCount)
        slice.skippedCount = skippedCount + skipped
        slice.rowCount = min(max(0, count), rowCount - skipped)
        return slice
    }
}
