import CSV
import Columns
import Diagnostics
import Planning

/// The named arguments of `read_csv`, under DuckDB's names; those of `read_xlsx` that are the same.
struct FileReadingOptions {
    /// What the user calls the function.
    let function: String
    private(set) var csv = CSVOptions()
    /// Types that are not to be found out, by column.
    private(set) var types: [(column: String, type: LogicalType)] = []
    /// The same for the first columns, by their place.
    private(set) var leadingTypes: [LogicalType] = []
    /// The type of all other columns; nil to find out.
    private(set) var defaultType: LogicalType?
    /// The names of the first columns, in place of those in the file.
    private(set) var names: [String] = []
    /// Whether `names` must be all columns.
    private(set) var namesAll = false
    /// Rows that may be left out; the user is told of them.
    private(set) var rejectLimit = RejectLimit.rows(0)
    private(set) var layout = FileLayoutOptions()
    /// Where the types stand in the statement, for what is wrong with them.
    private var typesArgument: FileArgument?
    /// The arguments as a plan shows them, in the order of their names.
    let text: String

    static let names = FileArgumentNames(
        function: "read_csv",
        names: [
            "all_varchar", "columns", "delim", "encoding", "header", "ignore_errors", "max_rejects", "names", "nullstr", "quote", "skip",
            "types",
        ] + FileLayoutOptions.names,
        aliases: ["sep": "delim", "delimiter": "delim", "dtypes": "types", "column_types": "types", "null": "nullstr"],
        missing: [
            "auto_detect": "leave it out: what is not said is found out", "sample_size": "leave it out: types are found from all rows",
            "files_to_sniff": "leave it out: types are found from all rows of all files",
            "compression": "leave it out: gzip and zstd are told by a file's first bytes",
            "escape": "leave it out: a quote within quotes is doubled",
            "store_rejects": "say ignore_errors = true or max_rejects = 100, and read what is said of the rows left out",
            "rejects_limit": "say max_rejects = 100, the rows that may be left out",
            "dateformat": "leave it out if dates are written as 2025-01-31, else read text and use to_date",
            "timestampformat": "leave it out if times are written as 2025-01-31 08:00:00, else read text and use to_timestamp",
            "null_padding": "leave rows that are too short out with ignore_errors = true",
        ])

    /// - Parameter other: Arguments that somebody else reads.
    init(
        _ given: [(name: String, value: TableFunctionArgument)], of names: FileArgumentNames = names, besides other: [String] = []
    ) throws(Diagnostic) {
        function = names.function
        let arguments = try names.resolve(given)
        text = arguments.sorted { $0.name < $1.name }.map { ", " + $0.argument.text }.joined()
        for (name, argument) in arguments {
            if other.contains(name) { continue }
            if try takeForm(name, argument) { continue }
            if try layout.take(name, argument) { continue }
            switch name {
            case "all_varchar": defaultType = try argument.flag() ? .text : defaultType
            case "types", "columns": try takeTypes(argument, isAll: name == "columns", given: arguments.map(\.name))
            case "names":
                if self.names.isEmpty { self.names = try argument.strings("a list of names, such as ['code', 'price']") }
            case "max_rejects": rejectLimit = try FileReadingOptions.limit(argument)
            default:
                if arguments.contains(where: { $0.name == "max_rejects" }) {
                    throw argument.failure("ignore_errors and max_rejects say different things", mend: "leave one of them out")
                }
                rejectLimit = try argument.flag() ? .partsPerHundredThousand(100_000) : .rows(0)
            }
        }
        let folded = self.names.map { ColumnNames.folded($0) }
        if let repeated = self.names.indices.first(where: { folded[..<$0].contains(folded[$0]) }) {
            throw Diagnostic(.query, "\(function) is to name two columns \"\(self.names[repeated])\"", mend: "give each its own name")
        }
    }

    /// How a sheet is written out as text.
    mutating func readsSheet(hasHeader: Bool) {
        csv.delimiter = UInt8(ascii: ",")
        csv.quote = UInt8(ascii: "\"")
        csv.encoding = TextEncoding(named: "utf-8")
        csv.hasHeader = hasHeader
    }

    /// How the bytes are to be read.
    private mutating func takeForm(_ name: String, _ argument: FileArgument) throws(Diagnostic) -> Bool {
        switch name {
        case "delim": csv.delimiter = try argument.byte()
        case "quote":
            let expected = "one ASCII character, or '' for none"
            csv.quote = try argument.string(expected).isEmpty ? CSVDialect.noQuote : argument.byte(expected)
        case "header": csv.hasHeader = try argument.flag()
        case "skip": csv.skippedLineCount = try argument.count("the number of lines above the header")
        case "nullstr": csv.nullTokens = try argument.strings("a text or a list of texts")
        case "encoding":
            let expected = "utf-8, gb18030, utf-16le or utf-16be"
            guard let encoding = TextEncoding(named: try argument.string(expected)) else { throw argument.wrong(expected) }
            csv.encoding = encoding
        default: return false
        }
        return true
    }

    private mutating func takeTypes(_ argument: FileArgument, isAll: Bool, given: [String]) throws(Diagnostic) {
        let expected = isAll ? "columns with their types, such as {'code': 'text', 'price': 'numeric(12,2)'}"
            : "columns with their types, such as {'code': 'text'}, or types in the order of the columns"
        typesArgument = argument
        if case .list = argument.content, !isAll {
            for word in try argument.strings(expected) {
                guard let type = TypeNames.type(named: word) else { throw argument.failure(TypeNames.noType(word), mend: TypeNames.choice) }
                leadingTypes.append(type)
            }
            return
        }
        let list: [(column: String, type: LogicalType)]
        do throws(Diagnostic) {
            list = try TypeNames.parse(try argument.string(expected), option: argument.name)
        } catch {
            throw argument.failure(error.message, mend: error.mend)
        }
        guard isAll else {
            types = list.filter { $0.column != "*" }
            defaultType = list.first { $0.column == "*" }?.type ?? defaultType
            return
        }
        if let other = given.first(where: { ["types", "names", "all_varchar"].contains($0) }) {
            throw argument.failure("columns says all names and types, and \(other) says others", mend: "leave one of them out")
        }
        names = list.map(\.column)
        leadingTypes = list.map(\.type)
        namesAll = true
    }

    private static func limit(_ argument: FileArgument) throws(Diagnostic) -> RejectLimit {
        let expected = "a number of rows, or a share such as '0.1%'"
        switch argument.content {
        case .scalar(.text(let text)):
            guard let limit = RejectLimit(text) else { throw argument.wrong(expected) }
            return limit
        default: return .rows(try argument.count(expected))
        }
    }

    /// Whether no column's type is to be found out.
    func saysAllTypes(columnCount: Int) -> Bool { defaultType != nil || leadingTypes.count >= columnCount }

    /// The columns' names in one file: those of its header, or those that were given.
    func names(inFile header: [String], path: String) throws(Diagnostic) -> [String] {
        var own = header
        guard namesAll ? names.count == header.count : names.count <= header.count else {
            throw Diagnostic(
                .badData, "it has \(header.count) columns, and \(function) is to name \(names.count)", at: SourceLocation(file: path),
                mend: "give as many names as there are columns: \(header.prefix(12).joined(separator: ", "))")
        }
        for (place, name) in names.enumerated() { own[place] = name }
        return ColumnNames.unique(own)
    }

    /// For each column the type that was given.
    func chosenTypes(_ columns: [String]) throws(Diagnostic) -> [LogicalType?] {
        var chosen = [LogicalType?](repeating: defaultType, count: columns.count)
        guard leadingTypes.count <= columns.count else {
            throw mistaken("there are \(leadingTypes.count) types for \(columns.count) columns", mend: "give at most as many types as there are columns")
        }
        for (place, type) in leadingTypes.enumerated() { chosen[place] = type }
        for (column, type) in types {
            guard let place = InferredImport.place(of: column, among: columns) else {
                throw mistaken(
                    "types names a column \"\(column)\", which is not there",
                    mend: EditDistance.nearest(to: column, among: columns).map { "did you mean \"\($0)\"?" }
                        ?? "the columns are \(columns.prefix(12).joined(separator: ", "))")
            }
            chosen[place] = type
        }
        return chosen
    }

    private func mistaken(_ message: String, mend: String) -> Diagnostic {
        typesArgument?.failure(message, mend: mend) ?? Diagnostic(.query, message, mend: mend)
    }
}
