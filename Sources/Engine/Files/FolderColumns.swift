package import Columns
import Diagnostics
import Execution
import Storage

/// Columns that the folders of files say, as Hive, Spark and DuckDB name them: `region=330100/month=2025-01/claims.csv`.
struct FolderColumns {
    /// In the order of their names.
    private(set) var fields: [Field] = []
    /// For each file what each of the columns says.
    private(set) var values: [[ScalarValue]]

    /// - Parameters:
    ///   - paths: Of the files.
    ///   - names: The columns that the files have themselves. A folder does not speak for one of them: what was written into a file
    ///     has its type, and all of its value.
    ///   - texts: Columns that are text whatever the folders say: codes of known tables, whose digits are no numbers.
    /// - Throws: where folders are to be columns and the files have not the same ones, and where a value does not fit its type.
    init(_ paths: [String], besides names: [String], texts: Set<String>, _ layout: FileLayoutOptions) throws(Diagnostic) {
        values = paths.map { _ in [] }
        if layout.folderColumns == false { return }
        let parts = paths.map { FolderColumns.parts(of: $0) }
        guard let first = parts.first else { return }
        let keys = Set(first.keys)
        if let other = parts.firstIndex(where: { Set($0.keys) != keys }) {
            if layout.folderColumns == nil { return }
            throw Diagnostic(
                .badData,
                "its folders say \(FolderColumns.list(parts[other])), and those of \(paths[0]) \(FolderColumns.list(first))",
                at: SourceLocation(file: paths[other]), mend: "name files whose folders have the same keys, or say hive_partitioning = false")
        }
        let own = Set(names.map { ColumnNames.folded($0) })
        let types = try layout.chosenFolderTypes(among: first.keys.sorted())
        for key in first.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !own.contains(ColumnNames.folded(key)) {
            let said = parts.map { $0[key] ?? nil }
            let type = types[key] ?? (layout.findsFolderTypes && !texts.contains(ColumnNames.folded(key)) ? FolderColumns.type(of: said) : .text)
            fields.append(Field(name: key, type: type))
            for file in said.indices {
                let mend = "say another type in hive_types, such as {'\(key)': 'text'}"
                values[file].append(try FolderColumns.value(said[file], type, key, paths[file], mend: mend))
            }
        }
    }

    /// What the folders of a path say; nil for no value.
    private static func parts(of path: String) -> [String: String?] {
        var parts: [String: String?] = [:]
        for folder in path.split(separator: "/").dropLast() {
            guard let mark = folder.firstIndex(of: "="), mark > folder.startIndex else { continue }
            let value = String(folder[folder.index(after: mark)...])
            parts.updateValue(value == FolderName.noValue ? nil : FolderName.decoded(value), forKey: FolderName.decoded(String(folder[..<mark])))
        }
        return parts
    }

    private static func list(_ parts: [String: String?]) -> String { parts.isEmpty ? "nothing" : parts.keys.sorted().joined(separator: ", ") }

    /// Whole numbers and days, if all values are; as everywhere digits with a leading zero are text.
    private static func type(of texts: [String?]) -> LogicalType {
        let present = texts.compactMap { $0 }
        if present.isEmpty { return .text }
        if present.allSatisfy({ text in text.utf8.count <= 18 && Int64(text).map { "\($0)" == text } == true }) { return .bigint }
        return present.allSatisfy { isDay($0) } ? .date : .text
    }

    private static func isDay(_ text: String) -> Bool {
        let marks = Array(text.utf8)
        guard marks.count == 10, marks[4] == UInt8(ascii: "-"), marks[7] == UInt8(ascii: "-") else { return false }
        return (try? cast(text, .date)) != nil
    }

    private static func cast(_ text: String, _ type: LogicalType) throws(ExecutionError) -> ScalarValue {
        try Cast.vector(.constant(.text(text), type: .text, count: 1), to: type, position: -1).scalar(at: 0)
    }

    fileprivate static func value(
        _ text: String?, _ type: LogicalType, _ key: String, _ path: String, mend: String
    ) throws(Diagnostic) -> ScalarValue {
        guard let text else { return .null }
        do throws(ExecutionError) {
            return try cast(text, type)
        } catch {
            throw notOf(type, text, key, path, mend: mend)
        }
    }

    fileprivate static func notOf(_ type: LogicalType, _ text: String, _ key: String, _ path: String, mend: String) -> Diagnostic {
        Diagnostic(.badData, "the folder's \(key) \"\(text)\" is not \(type.name)", at: SourceLocation(file: path), mend: mend)
    }

    // MARK: - Loading

    /// What the folders of one file say, in the order of their names; nothing of what comes through a pipe.
    static func said(by path: String) -> [FolderValue] {
        parts(of: path).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { FolderValue(name: $0.key, text: $0.value, path: path) }
    }
}

/// What a folder such as `region=330100` says of the rows of a file in it.
package struct FolderValue: Hashable, Sendable {
    /// As the folder is named.
    package var name: String
    /// nil for no value.
    package var text: String?
    /// The file.
    var path: String

    package init(name: String, text: String?, path: String) {
        self.name = name
        self.text = text
        self.path = path
    }

    /// The value for a column of a table.
    ///
    /// - Parameter isRequired: Whether it must be one.
    /// - Throws: where it is not of the column's type, or not all of it would be kept.
    package func value(of field: Field, isRequired: Bool) throws -> ScalarValue {
        let mend = "rename the folder, or load into another table with --table"
        guard let text else {
            guard isRequired else { return .null }
            throw Diagnostic(.badData, "the folder's \(name) is NULL, and \(field.name) must have a value", at: SourceLocation(file: path), mend: mend)
        }
        // Digits with a zero before them are a code: as a number they would lose it.
        let isNumber = field.type == .integer || field.type == .bigint
        if isNumber, Int64(text).map({ "\($0)" == text }) != true {
            throw FolderColumns.notOf(field.type, text, name, path, mend: mend)
        }
        return try FolderColumns.value(text, field.type, name, path, mend: mend)
    }

    /// What the values of a file's folders add to what tells it from others: files of the same bytes in other folders are others.
    static func hashSuffix(_ values: [FolderValue]) -> String {
        if values.isEmpty { return "" }
        var hash = StreamHash()
        let text = values.map { FolderName.escaped($0.name) + "=" + ($0.text.map { FolderName.escaped($0) } ?? FolderName.noValue) }.joined(separator: "/")
        let bytes = Array(text.utf8)
        // The array outlives the call.
        unsafe hash.update(bytes.span.bytes)
        return "+" + hash.text
    }
}
