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
    /// Tells when the statement's time is up; nil where rows are fetched by later statements.
    var delivery: ResultDelivery?

    /// Bytes of all rows it keeps, about, texts among them, however few of them are meant: takes a look at each row.
    var byteCount: Int {
        switch rows {
        case .engine(let batches): batches.reduce(0) { $0 + $1.columns.reduce(0) { $0 + $1.keptByteCount } }
        case .catalog(let rows): rows.reduce(0) { $0 + $1.reduce(RowSource.rowSize) { $0 + $1.byteCount } }
        }
    }

    init(_ result: QueryResult) {
        columns = result.schema.fields.map { WireColumn(name: $0.name, type: WireType($0.type)) }
        rows = .engine(result.batches)
        rowCount = result.rowCount
        delivery = result.delivery
    }

    init(_ relation: CatalogRelation) {
        columns = relation.columns
        rows = .catalog(relation.rows)
        rowCount = relation.rows.count
    }

    /// Bytes of a catalog's row besides its values.
    private static let rowSize = 32

    /// The same columns over nothing.
    var withoutRows: RowSource { RowSource(CatalogRelation(columns: columns)) }

    /// Rows from `first` on, `count` at most.
    func slice(from first: Int, count: Int) -> RowSource {
        var slice = self
        slice.delivery = nil
        let skipped = min(max(0, first), rowCount)
        slice.skippedCount = skippedCount + skipped
        slice.rowCount = min(max(0, count), rowCount - skipped)
        return slice
    }
}

extension Vector {
    /// Bytes it keeps from being given back: its values, and of a dictionary, which may be the store's, no more than the texts
    /// of its rows.
    fileprivate var keptByteCount: Int {
        switch values {
        case .dictionary(let codes, let dictionary):
            let entries = dictionary.entries
            var textSize = 0
            for row in 0..<codes.count where validity.isPresent(row) { textSize += entries.range(Int(codes[row])).count }
            return byteCount + min(textSize, entries.bytes.count)
        case .runs(let child, let map): return child.keptByteCount + map.starts.count * 4
        default: return byteCount
        }
    }
}
