package import Columns
import Diagnostics
import Synchronization

extension StoreTransaction {
    /// Makes an empty table.
    package func createTable(_ name: String, schema: Schema) throws(StorageError) {
        try check(schema, of: name)
        try change { (state) throws(StorageError) in
            guard !state.tables.contains(where: { $0.record.name == name }), state.views[name] == nil else {
                throw StorageError(.query, "\"\(name)\" exists already", file: folder.path)
            }
            state.tables.append(TableDraft(name: name, schema: schema))
        }
    }

    /// Adds columns behind the last one; rows already stored have NULL there.
    package func addColumns(_ fields: [Field], to table: String) throws(StorageError) {
        try withTable(table) { (draft) throws(StorageError) in
            let all = Schema(draft.record.schema.fields + fields)
            try check(all, of: table)
            draft.record.columns += fields.map { ColumnRecord(field: $0) }
        }
    }

    /// Gives a column a wider type; see `TypeWidening`. Every stored value must fit it.
    package func widenColumn(_ column: Int, of table: String, to type: LogicalType) throws(StorageError) {
        try withTable(table) { (draft) throws(StorageError) in
            let field = draft.record.columns[column].field
            guard TypeWidening.isPossible(from: field.type, to: type) else {
                throw StorageError(
                    .query, "type \(field.type.name) cannot be widened to \(type.name)", file: folder.path, column: field.name)
            }
            draft.record.columns[column].field.type = type
        }
    }

    /// Empties a table, or makes it: its rows and text domains start anew.
    package func replaceTable(_ name: String, schema: Schema) throws(StorageError) {
        try check(schema, of: name)
        try change { (state) throws(StorageError) in
            let draft = TableDraft(name: name, schema: schema)
            if let index = state.tables.firstIndex(where: { $0.record.name == name }) {
                precondition(state.tables[index].added.isEmpty, "A table is replaced before rows are added.")
                state.tables[index] = draft
            } else {
                state.tables.append(draft)
            }
        }
    }

    /// Forgets a table and its rows; what was loaded into it may be loaded again.
    package func dropTable(_ name: String) throws(StorageError) {
        try change { (state) throws(StorageError) in
            guard let index = state.tables.firstIndex(where: { $0.record.name == name }) else {
                throw StorageError(.query, "there is no table \"\(name)\"", file: folder.path)
            }
            state.tables.remove(at: index)
            state.droppedTables.insert(name)
        }
    }

    /// Makes a view or gives it a new text.
    package func setView(_ name: String, sql: String) throws(StorageError) {
        try change { (state) throws(StorageError) in
            guard !state.tables.contains(where: { $0.record.name == name }) else {
                throw StorageError(.query, "\"\(name)\" is a table", file: folder.path)
            }
            state.views[name] = sql
        }
    }

    /// Forgets a view.
    package func dropView(_ name: String) throws(StorageError) {
        try change { (state) throws(StorageError) in
            guard state.views.removeValue(forKey: name) != nil else {
                throw StorageError(.query, "there is no view \"\(name)\"", file: folder.path)
            }
        }
    }

    private func change(_ body: (inout State) throws(StorageError) -> Void) throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in
            precondition(!state.isFinished, "The transaction is over.")
            try body(&state)
        }
    }

    private func check(_ schema: Schema, of table: String) throws(StorageError) {
        guard schema.fields.count <= SegmentFormat.maximumColumnCount else {
            throw StorageError(
                .badData,
                "table \"\(table)\" would have \(schema.fields.count) columns; at most "
                    + "\(SegmentFormat.maximumColumnCount) fit", file: folder.path, mend: "leave out columns")
        }
        var names: Set<String> = []
        for field in schema.fields {
            guard TypeFormat.isStorable(field.type) else {
                throw StorageError(
                    .query, "type \(field.type.name) cannot be stored", file: folder.path, column: field.name,
                    mend: "cast the column to text or bigint")
            }
            guard names.insert(field.name).inserted else {
                throw StorageError(
                    .query, "the table would have two columns of this name", file: folder.path, column: field.name,
                    mend: "give one of them another name")
            }
        }
    }
}
