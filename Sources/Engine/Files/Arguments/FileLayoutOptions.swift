import Columns
import Diagnostics
import Planning

/// How several files become one table: arguments that all functions have which read files.
struct FileLayoutOptions: Sendable {
    /// Whether files may have different columns: those of one name are one, and those a file lacks are NULL.
    private(set) var unionByName = false
    /// The name of one more column, which says for each row the file it comes from.
    private(set) var fileNameColumn: String?
    /// Where `filename` stands in the statement.
    private var fileNameArgument: FileArgument?
    /// Whether folders such as `region=330100` are columns; nil if they are where all files have the same ones.
    private(set) var folderColumns: Bool?
    /// Whether their types are found out: else they are text.
    private(set) var findsFolderTypes = true
    /// Types of them that are not to be found out.
    private var folderTypes: [(column: String, type: LogicalType)] = []
    /// Where these stand in the statement.
    private var folderTypesArgument: FileArgument?

    static let names = ["filename", "hive_partitioning", "hive_types", "hive_types_autocast", "union_by_name"]

    /// - Returns: whether the argument is one of these.
    mutating func take(_ name: String, _ argument: FileArgument) throws(Diagnostic) -> Bool {
        switch name {
        case "union_by_name": unionByName = try argument.flag()
        case "hive_partitioning": folderColumns = try argument.flag()
        case "hive_types_autocast": findsFolderTypes = try argument.flag()
        case "hive_types":
            folderTypesArgument = argument
            do throws(Diagnostic) {
                folderTypes = try TypeNames.parse(
                    try argument.string("columns with their types, such as {'month': 'text'}"), option: argument.name)
            } catch {
                throw argument.failure(error.message, mend: error.mend)
            }
            // Whoever says their types wants them.
            folderColumns = folderColumns ?? true
        case "filename":
            fileNameArgument = argument
            // A word that is no flag names the column.
            if case .scalar(.text(let word)) = argument.content, !["true", "false", "yes", "no", ""].contains(word.lowercased()) {
                fileNameColumn = word
            } else {
                guard let isWanted = try? argument.flag() else { throw argument.wrong("true, false, or the column's name") }
                fileNameColumn = isWanted ? "filename" : nil
            }
        default: return false
        }
        return true
    }

    /// - Throws: if the files have a column of that name.
    func checkFileNameColumn(among names: [String]) throws(Diagnostic) {
        guard let column = fileNameColumn, let same = names.first(where: { ColumnNames.folded($0) == ColumnNames.folded(column) })
        else { return }
        let message = "the files have a column \"\(same)\" already"
        let mend = "name the added column otherwise, such as filename = 'source_file'"
        throw fileNameArgument?.failure(message, mend: mend) ?? Diagnostic(.query, message, mend: mend)
    }

    /// The types that were given for columns of folders.
    ///
    /// - Throws: if there is no folder of such a name.
    func chosenFolderTypes(among keys: [String]) throws(Diagnostic) -> [String: LogicalType] {
        var chosen: [String: LogicalType] = [:]
        for (column, type) in folderTypes {
            guard let key = keys.first(where: { ColumnNames.folded($0) == ColumnNames.folded(column) }) else {
                let message = "hive_types names a column \"\(column)\", and no folder is named so"
                let near = EditDistance.nearest(to: column, among: keys).map { "did you mean \"\($0)\"?" }
                let mend = near ?? (keys.isEmpty ? "name files in folders such as region=330100" : "the folders say \(keys.joined(separator: ", "))")
                throw folderTypesArgument?.failure(message, mend: mend) ?? Diagnostic(.query, message, mend: mend)
            }
            chosen[key] = type
        }
        return chosen
    }

    /// Puts the columns of one more file in their places among those of the files before it.
    ///
    /// - Parameter columns: The names so far; grows by what is new if that may be.
    /// - Returns: For each of `columns` its place in the file, nil where the file has none.
    func place(
        _ names: [String], among columns: inout [String], of file: String, first: String
    ) throws(Diagnostic) -> [Int?] {
        if columns.isEmpty { columns = names }
        if unionByName {
            var places = [String: Int](names.enumerated().map { (ColumnNames.folded($1), $0) }) { first, _ in first }
            var found = columns.map { places.removeValue(forKey: ColumnNames.folded($0)) }
            for (place, name) in names.enumerated() where places[ColumnNames.folded(name)] == place {
                columns.append(name)
                found.append(place)
            }
            return found
        }
        if names == columns { return Array(names.indices) }
        let mend = "say union_by_name = true to have what a file lacks as NULL, or read the files one by one"
        let known = Set(columns)
        if let missing = columns.first(where: { !names.contains($0) }) {
            throw Diagnostic(.badData, "column \"\(missing)\" of \(first) is missing", at: SourceLocation(file: file), mend: mend)
        }
        if let extra = names.first(where: { !known.contains($0) }) {
            throw Diagnostic(.badData, "column \"\(extra)\" is not in \(first)", at: SourceLocation(file: file), mend: mend)
        }
        return columns.map { names.firstIndex(of: $0) }
    }
}
