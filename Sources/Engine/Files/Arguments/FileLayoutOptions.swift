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

    static let names = ["filename", "union_by_name"]

    /// - Returns: whether the argument is one of these.
    mutating func take(_ name: String, _ argument: FileArgument) throws(Diagnostic) -> Bool {
        switch name {
        case "union_by_name": unionByName = try argument.flag()
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
