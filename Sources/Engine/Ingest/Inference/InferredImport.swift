import CSV
package import Columns
import Diagnostics

/// How a file becomes a table nobody has described: columns by the names in its header, types from all of its rows.
package struct InferredImport: IngestPlanning {
    package let table: String
    /// Types that are not to be found out, by column; `*` stands for every column that is not named.
    package let chosenTypes: [(column: String, type: LogicalType)]
    /// Types that the file itself says, by column; nil for a file of text.
    private var fileTypes: [(column: String, type: LogicalType)]?
    /// Throws if a file with these headers does not belong into this table.
    package let headerCheck: @Sendable ([String]) throws -> Void

    package var replacesTable: Bool { false }
    package var needsTypes: Bool { defaultType == nil && fileTypes == nil }

    package init(
        table: String, chosenTypes: [(column: String, type: LogicalType)] = [],
        headerCheck: @escaping @Sendable ([String]) throws -> Void = { _ in }
    ) {
        self.table = table
        self.chosenTypes = chosenTypes
        self.headerCheck = headerCheck
    }

    package func knowing(_ types: [(column: String, type: LogicalType)]) -> any IngestPlanning {
        var known = self
        known.fileTypes = types
        return known
    }

    package func plan(_ file: IngestFile, stored: ExistingTable?) throws -> IngestPlan {
        if file.hasHeader { try headerCheck(file.headers) }
        let names = ColumnNames.unique(file.headers) + file.folders.map(\.name)
        let chosen = try chosenTypesByPlace(names)
        let found = names.indices.map { place in
            FileColumn(
                place: place, name: names[place],
                type: chosen[place] ?? defaultType ?? InferredImport.type(place, in: file, fileTypes),
                isChosen: chosen[place] != nil || defaultType != nil,
                summary: place < file.headers.count ? file.types?.columns[place] : nil,
                folder: place < file.headers.count ? nil : file.folders[place - file.headers.count])
        }
        if let stored, !stored.hasUntriedTypes {
            var plan = try plan(adding: found, to: stored, hasHeader: file.hasHeader)
            plan.note(folders: file.folders)
            return plan
        }
        var plan = IngestPlan(table: table, columns: try found.map { try $0.column(Field(name: $0.name, type: $0.type)) })
        plan.replacesEmptyTable = stored != nil
        plan.notes = [("types", InferredImport.list(found.map { "\($0.name) \($0.type.name)" }))]
        if !file.hasHeader { plan.notes.append(("header", "none found; say --header yes if the first row has the names")) }
        plan.note(folders: file.folders)
        return plan
    }

    /// All that are no columns of the file: a table of its columns would lack what the folders say.
    package func takenFolders(_ folders: [FolderValue], besides headers: [String], stored: ExistingTable?) -> [FolderValue] {
        let own = Set(ColumnNames.unique(headers).map { ColumnNames.folded($0) })
        return folders.filter { !own.contains(ColumnNames.folded($0.name)) }
    }

    /// What folders say is text: those around the next file may say what is no number.
    private static func type(_ place: Int, in file: IngestFile, _ fileTypes: [(column: String, type: LogicalType)]?) -> LogicalType {
        guard place < file.headers.count else { return .text }
        return fileTypes?[place].type ?? file.types?.columns[place].type ?? .text
    }

    private struct FileColumn {
        var place: Int
        var name: String
        var type: LogicalType
        var isChosen: Bool
        var summary: ColumnTypeSummary?
        /// Set for one that is none of the file's own.
        var folder: FolderValue?

        /// The table's column of its values.
        func column(_ field: Field) throws -> IngestPlan.Column {
            if let folder { return .init(field: field, constant: try folder.value(of: field, isRequired: !field.isNullable)) }
            return .init(field: field, fileIndex: place, isRequired: !field.isNullable)
        }
    }

    private var defaultType: LogicalType? { chosenTypes.first { $0.column == "*" }?.type }

    private func chosenTypesByPlace(_ names: [String]) throws -> [Int: LogicalType] {
        var types: [Int: LogicalType] = [:]
        for choice in chosenTypes where choice.column != "*" {
            guard let place = InferredImport.place(of: choice.column, among: names) else {
                let near = EditDistance.nearest(to: choice.column, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
                throw Diagnostic(
                    .usage, "--types names a column \"\(choice.column)\", which the file does not have\(near)",
                    mend: "its columns are " + InferredImport.list(names))
            }
            types[place] = choice.type
        }
        return types
    }

    /// The place of a name: written the same, else the only one that differs in ASCII letters' case only.
    static func place(of name: String, among names: [String]) -> Int? {
        names.firstIndex(of: name)
            ?? names.firstIndex { ColumnNames.folded($0) == ColumnNames.folded(name) }
    }

    private func plan(adding found: [FileColumn], to stored: ExistingTable, hasHeader: Bool) throws -> IngestPlan {
        let names = stored.schema.fields.map(\.name)
        var fileColumn: [Int: FileColumn] = [:]
        var added: [FileColumn] = []
        for column in found {
            if let place = InferredImport.place(of: column.name, among: names), fileColumn[place] == nil {
                fileColumn[place] = column
            } else {
                added.append(column)
            }
        }
        guard !fileColumn.isEmpty else { throw noCommonColumn(found, names, hasHeader: hasHeader) }
        var columns: [IngestPlan.Column] = []
        var widened: [String] = []
        for (place, field) in stored.schema.fields.enumerated() {
            guard let column = fileColumn[place] else {
                columns.append(IngestPlan.Column(field: field, fileIndex: nil))
                continue
            }
            let type = try self.type(of: column, storedAs: field, place: place, stored)
            if type != field.type { widened.append("\(field.name) from \(field.type.name) to \(type.name)") }
            columns.append(try column.column(Field(name: field.name, type: type, isNullable: field.isNullable)))
        }
        columns += try added.map { try $0.column(Field(name: $0.name, type: $0.type)) }
        var plan = IngestPlan(table: table, columns: columns)
        let missing = names.indices.filter { fileColumn[$0] == nil }.map { names[$0] }
        if !widened.isEmpty { plan.notes.append(("widened", InferredImport.list(widened))) }
        if !added.isEmpty { plan.notes.append(("added", InferredImport.list(added.map { "\($0.name) \($0.type.name)" }))) }
        if !missing.isEmpty { plan.notes.append(("not in file", InferredImport.list(missing) + ": NULL")) }
        return plan
    }

    /// The type the stored column has after this file: its own, or a wider one that holds the file's values too.
    private func type(
        of column: FileColumn, storedAs field: Field, place: Int, _ stored: ExistingTable
    ) throws -> LogicalType {
        if column.isChosen {
            guard column.type == field.type else {
                throw Diagnostic(
                    .usage, "--types says \(column.type.name) for \"\(field.name)\", which is stored as \(field.type.name)",
                    mend: "say \(field.type.name), or load into another table with --table")
            }
            return field.type
        }
        guard let summary = column.summary, summary.hasValue else { return field.type }
        if let type = try StoredTypeFit.type(
            stored: field.type, storedDigits: { try stored.integerDigits(ofColumn: place) }, file: summary)
        {
            return type
        }
        throw Diagnostic(
            .badData,
            "column \"\(column.name)\" holds \(column.type.name), and \"\(field.name)\" of table \"\(table)\" is "
                + "\(field.type.name), which does not hold every such value",
            at: SourceLocation(line: 1),
            mend: "load into another table with --table, or let --types \(TypeNames.quoted(field.name)):"
                + "\(field.type.name) reject the rows that do not fit")
    }

    private func noCommonColumn(_ found: [FileColumn], _ names: [String], hasHeader: Bool) -> Diagnostic {
        let what =
            hasHeader ? "none of its columns (\(InferredImport.list(found.map(\.name)))) is one" : "no header row was found, and columns go by name: none is one"
        return Diagnostic(
            .badData, "\(what) of table \"\(table)\" (\(InferredImport.list(names)))", at: SourceLocation(line: 1),
            mend: hasHeader
                ? "name the columns alike, or load into another table with --table"
                : "say --header yes if the first row has the names, or load into another table with --table")
    }

    private static func list(_ items: [String]) -> String {
        items.prefix(12).joined(separator: ", ") + (items.count > 12 ? ", … (\(items.count))" : "")
    }
}
