import Columns
import Diagnostics
import Execution

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
    /// - Throws: where folders are to be columns and the files have not the same ones, and where a value does not fit its type.
    init(_ paths: [String], besides names: [String], _ layout: FileLayoutOptions) throws(Diagnostic) {
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
            let texts = parts.map { $0[key] ?? nil }
            let type = types[key] ?? (layout.findsFolderTypes ? FolderColumns.type(of: texts) : .text)
            fields.append(Field(name: key, type: type))
            for file in texts.indices { values[file].append(try FolderColumns.value(texts[file], type, key, paths[file])) }
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

    private static func value(_ text: String?, _ type: LogicalType, _ key: String, _ path: String) throws(Diagnostic) -> ScalarValue {
        guard let text else { return .null }
        do throws(ExecutionError) {
            return try cast(text, type)
        } catch {
            throw Diagnostic(
                .badData, "the folder's \(key) \"\(text)\" is not \(type.name)", at: SourceLocation(file: path),
                mend: "say another type in hive_types, such as {'\(key)': 'text'}")
        }
    }
}
