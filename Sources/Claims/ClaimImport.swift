import Columns
import Diagnostics
package import Engine

/// How a file becomes a canonical table: headers by any of their names, codes as canonical words, rows checked.
package struct ClaimImport: IngestPlanning {
    private let canonical: CanonicalTable
    private let vocabulary: CodeVocabulary

    package var table: String { canonical.name }
    package var replacesTable: Bool { canonical.loading.replacesTable }

    /// - Returns: nil if the table is not a canonical one.
    package init?(table: String, vocabulary: CodeVocabulary = CodeVocabulary()) {
        guard let canonical = CanonicalTable.named(table) else { return nil }
        self.canonical = canonical
        self.vocabulary = vocabulary
    }

    package var needsTypes: Bool { false }

    package var hidesValues: Bool { canonical.index(of: "patient_id") != nil }

    package func plan(_ file: IngestFile, stored: ExistingTable?) throws -> IngestPlan {
        let mapping = try HeaderMapping.resolve(headers: file.headers, folders: file.folders.map(\.name), table: canonical)
        var columns = try zip(canonical.columns, mapping.fileIndexes).map { column, fileIndex in
            if let fileIndex, fileIndex >= file.headers.count {
                return IngestPlan.Column(field: column.field, constant: try constant(file.folders[fileIndex - file.headers.count], column))
            }
            return IngestPlan.Column(
                field: column.field, fileIndex: fileIndex, isRequired: column.isRequired,
                rejectsScientificNotation: column.isIdentifier, namesMany: column.isNameOfMany, translate: translation(of: column))
        }
        columns += try extraColumns(mapping, file.folders, stored: stored?.schema)
        var plan = IngestPlan(table: canonical.name, columns: columns)
        plan.replacesTable = canonical.loading.replacesTable
        if case .rejected = canonical.loading.repetition {
            plan.keyColumns = canonical.loading.keyColumns.compactMap { canonical.index(of: $0) }
        }
        plan.extraColumnNames = mapping.extras.map(\.name)
        plan.groupKeyColumn = canonical.groupKey.flatMap { canonical.index(of: $0) }
        plan.sumColumns = ["amount", "fund_amount"].compactMap { canonical.index(of: $0) }
        plan.measureColumns = canonical.measures.compactMap { canonical.index(of: $0) }
        plan.timeColumn = canonical.timeColumn.flatMap { canonical.index(of: $0) }
        plan.rowCheck = rowCheck()
        plan.note(folders: file.folders)
        return plan
    }

    package func takenFolders(_ folders: [FolderValue], besides headers: [String], stored: ExistingTable?) -> [FolderValue] {
        let headerNames = Set(headers.map(HeaderName.normalized))
        let missing = canonical.columns.map { Set($0.namesInOrder.map(HeaderName.normalized)) }.filter { $0.isDisjoint(with: headerNames) }
        let extras = storedExtras(stored?.schema).map(\.name).filter { !headers.map(HeaderName.identifier).contains($0) }
        return folders.filter { folder in
            missing.contains { $0.contains(HeaderName.normalized(folder.name)) } || extras.contains(folder.name)
        }
    }

    /// What a folder says of a column, in the table's words.
    private func constant(_ folder: FolderValue, _ column: CanonicalColumn) throws -> ScalarValue {
        var folder = folder
        if let translate = translation(of: column) { folder.text = folder.text.flatMap(translate) }
        return try folder.value(of: column.field, isRequired: column.isRequired)
    }

    private func translation(of column: CanonicalColumn) -> (@Sendable (String) -> String?)? {
        guard let kind = column.vocabulary else { return nil }
        return { [vocabulary] in vocabulary.canonical($0, of: kind) }
    }

    private func storedExtras(_ stored: Schema?) -> [Field] {
        canonical.loading.replacesTable ? [] : stored.map { Array($0.fields.dropFirst(canonical.columns.count)) } ?? []
    }

    /// Extra columns already stored keep their place; those neither the file nor its folders have are NULL, new ones follow.
    private func extraColumns(_ mapping: HeaderMapping, _ folders: [FolderValue], stored: Schema?) throws -> [IngestPlan.Column] {
        let known = storedExtras(stored)
        var columns = try known.map { field in
            let fileIndex = mapping.extras.first { $0.name == field.name }?.fileIndex
            if fileIndex == nil, let folder = folders.first(where: { $0.name == field.name }) {
                return IngestPlan.Column(field: field, constant: try folder.value(of: field, isRequired: false))
            }
            return IngestPlan.Column(field: field, fileIndex: fileIndex)
        }
        for extra in mapping.extras where !known.contains(where: { $0.name == extra.name }) {
            columns.append(IngestPlan.Column(field: Field(name: extra.name, type: .text), fileIndex: extra.fileIndex))
        }
        return columns
    }

    private func rowCheck() -> (@Sendable ([String?]) -> (column: Int, reason: String)?)? {
        if canonical.name == CanonicalTable.feedback.name, let result = canonical.index(of: "result") {
            return { texts in
                let found = texts[result] ?? ""
                if ReviewWord.canonical(found.lowercased()) != nil { return nil }
                return (column: result, reason: "result \"\(found)\" is neither confirmed, rejected nor pending")
            }
        }
        guard canonical.name == CanonicalTable.knowledge.name, let attribute = canonical.index(of: "attribute"),
            let value = canonical.index(of: "value")
        else { return nil }
        return { texts in
            RowCheck.knowledgeRejection(attribute: texts[attribute] ?? "", value: texts[value] ?? "")
                .map { (column: value, reason: $0) }
        }
    }
}
