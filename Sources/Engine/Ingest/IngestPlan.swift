package import CSV
package import Columns

/// How the columns of one file become the columns of one table. Made by whoever knows what the table means.
package struct IngestPlan: Sendable {
    /// One column of the table.
    package struct Column: Sendable {
        package var field: Field
        /// 0-based place in the file; nil where the file has none, then every row is NULL.
        package var fileIndex: Int?
        /// The value of every row of a column that the file has not.
        package var constant = ScalarValue.null
        package var isRequired: Bool
        /// Whether a value like `1.23E+19` is an identifier a spreadsheet has destroyed.
        package var rejectsScientificNotation: Bool
        /// Whether a text column names claims, persons or packs: there will be many, however few come first.
        package var namesMany: Bool
        /// Turns a text value into the one to store, nil for NULL; called once for each distinct value.
        package var translate: (@Sendable (String) -> String?)?

        package init(
            field: Field, fileIndex: Int?, isRequired: Bool = false, rejectsScientificNotation: Bool = false,
            namesMany: Bool = false, translate: (@Sendable (String) -> String?)? = nil
        ) {
            self.field = field
            self.fileIndex = fileIndex
            self.isRequired = isRequired
            self.rejectsScientificNotation = rejectsScientificNotation
            self.namesMany = namesMany
            self.translate = translate
        }

        /// A column with the same value on every row, one of its type.
        package init(field: Field, constant: ScalarValue) {
            self.init(field: field, fileIndex: nil)
            self.constant = constant
        }
    }

    package var table: String
    /// In the order of the table's schema; columns new to the table come last.
    package var columns: [Column]
    /// At most two columns whose values together name a row; a repeated key is a rejected row.
    package var keyColumns: [Int] = []
    /// The column whose neighbouring equal values belong together and are stored once.
    package var groupKeyColumn: Int?
    /// Whether the file takes the place of what the table held.
    package var replacesTable = false
    /// Columns whose sums the summary gives.
    package var sumColumns: [Int] = []
    /// Numeric columns that are asked for by whole runs: their signs and sums are stored for each.
    package var measureColumns: [Int] = []
    /// The column whose first and last value the summary gives.
    package var timeColumn: Int?
    /// A check of a whole row after parsing, for small tables: texts of all columns → column and reason of a rejection.
    package var rowCheck: (@Sendable ([String?]) -> (column: Int, reason: String)?)?

    package init(table: String, columns: [Column]) {
        self.table = table
        self.columns = columns
    }

    package var schema: Schema { Schema(columns.map(\.field)) }

    /// Columns of the file that the table's maker did not know; said in the summary.
    package var extraColumnNames: [String] = []
    /// What else the summary says: a title of at most 12 characters and a sentence.
    package var notes: [(title: String, text: String)] = []
    /// Says which columns are those of folders.
    package mutating func note(folders: [FolderValue]) {
        let names = folders.map(\.name).joined(separator: ", ")
        if !names.isEmpty { notes.append(("folders", "\(names) by the names of the file's folders")) }
    }

    /// Whether a stored table without rows gives way to one with this plan's columns.
    package var replacesEmptyTable = false
}

/// What is known of a file before its rows are loaded.
package struct IngestFile: Sendable {
    /// The names in the header row, or names by place if it has none.
    package var headers: [String]
    package var hasHeader = true
    /// What the values of each column have in common, over all rows; nil if nobody asked for it.
    package var types: TypeSummary?
    /// Columns that the folders around the file say, which it has not itself: those of `IngestPlanning.takenFolders`.
    package var folders: [FolderValue]

    package init(headers: [String], hasHeader: Bool = true, types: TypeSummary? = nil, folders: [FolderValue] = []) {
        self.headers = headers
        self.hasHeader = hasHeader
        self.types = types
        self.folders = folders
    }
}

/// Makes the plan for a file once its header is known.
package protocol IngestPlanning: Sendable {
    /// The table the file goes into.
    var table: String { get }
    /// Whether a file takes the place of what the table held.
    var replacesTable: Bool { get }
    /// Whether the plan depends on the values of the file, so that it must be read twice.
    var needsTypes: Bool { get }

    /// Whether the table's values are of persons, so that nobody is shown them unasked.
    var hidesValues: Bool { get }

    /// The same for a file whose columns have types of their own.
    func knowing(_ types: [(column: String, type: LogicalType)]) -> any IngestPlanning

    /// Those of a file's folders that are columns of the table and not of the file.
    ///
    /// - Parameter stored: The table if it exists already.
    func takenFolders(_ folders: [FolderValue], besides headers: [String], stored: ExistingTable?) -> [FolderValue]

    /// - Parameter stored: The table if it exists already.
    func plan(_ file: IngestFile, stored: ExistingTable?) throws -> IngestPlan
}

extension IngestPlanning {
    /// Most tables have types of their own, which the file's values must fit.
    package func knowing(_ types: [(column: String, type: LogicalType)]) -> any IngestPlanning { self }

    package var hidesValues: Bool { false }

    package func takenFolders(_ folders: [FolderValue], besides headers: [String], stored: ExistingTable?) -> [FolderValue] { [] }
}
