import Columns

/// A table while a transaction changes it.
struct TableDraft {
    var record: TableRecord
    /// From 1 in the order of first change; 0 for a table not changed.
    var number = 0
    /// By column.
    var builders: [Int: TextDomainBuilder] = [:]
    var added: [(order: Int, record: SegmentRecord)] = []

    init(_ record: TableRecord) { self.record = record }

    init(name: String, schema: Schema) {
        record = TableRecord(name: name, columns: schema.fields.map { ColumnRecord(field: $0) })
    }
}
