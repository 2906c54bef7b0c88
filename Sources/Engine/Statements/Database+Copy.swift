import Columns
import Diagnostics
import Parquet
import SQL

/// `copy table|(query) to 'file' [(options)]`.
extension Database {
    func copy(_ copy: CopyTo, text: String) throws -> StatementOutcome.Content {
        let target = try CopyTarget(copy, text: text)
        let query: Query
        switch copy.source {
        case .table(let name) where !copy.columns.isEmpty: query = Database.query(of: name, columns: copy.columns)
        default: query = Database.query(of: copy.source)
        }
        return .file(target, try rows(of: query, text: text))
    }

    private static func query(of name: QualifiedName, columns: [String]) -> Query {
        let items = columns.map { column in
            SelectItem.expression(Expression(.column([column]), position: name.position), alias: nil)
        }
        return Query(
            body: .select(
                SelectCore(items: items, from: [.table(NamedTable(name: name))], position: name.position)),
            position: name.position)
    }
}

extension CopyTarget {
    /// The form comes from the option `format`, else from the file's ending, else it is PostgreSQL's text.
    init(_ copy: CopyTo, text: String) throws {
        path = copy.path
        let options = CopyOptions(copy.options, text: text)
        try options.check()
        filePacking = copy.path.flatMap { FilePacking(fileName: $0) }
        let ending = copy.path.flatMap { FilePacking.plainName($0).split(separator: ".").last?.lowercased() } ?? ""
        switch try options.text("format")?.lowercased() {
        case let name?:
            guard let known = Form(rawValue: ["tsv": "text", "md": "markdown"][name] ?? name) else {
                throw options.failure("COPY format \"\(name)\" is not supported", "format", mend: "choose \(Form.listing)")
            }
            form = known
        case nil:
            switch ending {
            case "csv": form = .csv
            case "json": form = .json
            case "jsonl", "ndjson": form = .jsonl
            case "parquet": form = .parquet
            case "html", "htm": form = .html
            case "xlsx": form = .xlsx
            case "md", "markdown": form = .markdown
            case "arrow", "feather": form = .feather
            case "arrows": form = .arrow
            case "xls":
                throw Diagnostic(
                    .query, "copy to a .\(ending) file is not supported",
                    mend: "write a .csv, .tsv, .json, .jsonl, .md, .html, .xlsx, .parquet or .arrow file", statement: text)
            default: form = .text
            }
        }
        // A file whose name says what it is has a header, as everywhere here; plain COPY has none, as in PostgreSQL.
        hasHeader = form == .csv && ending == "csv" || form == .text && ending == "tsv"
        if form == .csv { (delimiter, nullText) = (UInt8(ascii: ","), "") }
        if form == .xlsx, path == nil {
            throw options.failure("COPY of a workbook goes to a file", "format", mend: "write to 'x.xlsx', or choose another format")
        }
        if !form.isDelimited, let option = options.first(of: ["header", "delimiter", "null"]) {
            throw options.failure("COPY \(option) does not go with \(form.rawValue)", option, mend: "leave it out")
        }
        try choosePacking(options)
        if let flag = try options.flag("header") { hasHeader = flag }
        if let mark = try options.text("delimiter") {
            let bytes = Array((mark == "\\t" ? "\t" : mark).utf8)
            guard bytes.count == 1, bytes[0] < 0x80, ![0x0A, 0x0D, 0x22, 0x5C].contains(bytes[0]) else {
                throw options.failure("COPY delimiter must be a single one-byte character", "delimiter", mend: "such as ';'")
            }
            // What follows a backslash in the text form means something else.
            guard form != .text || !".abcdefghijklmnopqrstuvwxyz0123456789".utf8.contains(bytes[0]) else {
                throw options.failure("COPY delimiter cannot be \"\(mark)\"", "delimiter", mend: "such as ';'")
            }
            delimiter = bytes[0]
        }
        if let mark = try options.text("null") {
            guard !mark.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == delimiter || $0 == 0x22 }) else {
                throw options.failure(
                    "COPY null representation cannot hold a line end, a quote or the delimiter", "null", mend: "choose another")
            }
            nullText = mark
        }
    }
}

extension CopyTarget {
    /// The option `compression`: of the pages of Parquet, and of a file of text as a whole, which its ending may say, too.
    private mutating func choosePacking(_ options: CopyOptions) throws {
        if !form.isText, let filePacking {
            throw options.failure(
                "\(form.rawValue) is packed by itself and goes into no .\(filePacking.ending) file", "format", mend: "leave .\(filePacking.ending) out")
        }
        guard let name = try options.text("compression") else { return }
        guard form == .parquet || form.isText, path != nil else {
            throw options.failure("COPY compression does not go with \(path == nil ? "stdout" : form.rawValue)", "compression", mend: "leave it out")
        }
        let known = name.lowercased() == "uncompressed" ? "none" : name.lowercased()
        if form == .parquet, let found = PageCompression(rawValue: known) {
            packing = found
        } else if form.isText, known == "none" || FilePacking(rawValue: known) != nil {
            filePacking = FilePacking(rawValue: known)
        } else {
            let names = form == .parquet ? PageCompression.allCases.map(\.rawValue) : ["none"] + FilePacking.allCases.map(\.rawValue)
            throw options.failure(
                "COPY compression \"\(name)\" is not supported", "compression", mend: "choose one of \(names.joined(separator: ", "))")
        }
    }
}

extension CopyTarget.Form {
    /// Their names with commas between them.
    static var listing: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// The options of one COPY by their name in PostgreSQL.
struct CopyOptions {
    private static let aliases = ["delim": "delimiter", "sep": "delimiter", "nullstr": "null"]
    private static let known = ["format", "header", "delimiter", "null", "compression"]

    private let options: [CopyTo.Option]
    private let statement: String

    init(_ options: [CopyTo.Option], text: String) {
        self.options = options.map { option in
            var option = option
            option.name = CopyOptions.aliases[option.name] ?? option.name
            return option
        }
        statement = text
    }

    /// Refuses options that are not there, by name.
    func check() throws {
        var seen: Set<String> = []
        for option in options {
            guard CopyOptions.known.contains(option.name) else {
                throw failure(
                    "COPY option \"\(option.name)\" is not supported", option.name,
                    mend: "the options are \(CopyOptions.known.joined(separator: ", "))")
            }
            guard seen.insert(option.name).inserted else {
                throw failure("conflicting or redundant options", option.name, mend: "write \"\(option.name)\" once")
            }
        }
    }

    func first(of names: [String]) -> String? { options.first { names.contains($0.name) }?.name }

    func text(_ name: String) throws -> String? {
        guard let option = options.first(where: { $0.name == name }) else { return nil }
        guard case .string(let text)? = option.value else { throw failure("COPY \(name) expects a text", name) }
        return text
    }

    func flag(_ name: String) throws -> Bool? {
        guard let option = options.first(where: { $0.name == name }) else { return nil }
        switch option.value {
        case nil, .boolean(true), .integer(1): return true
        case .boolean(false): return false
        case .string(let text) where ["true", "on"].contains(text.lowercased()): return true
        case .string(let text) where ["false", "off"].contains(text.lowercased()): return false
        default: throw failure("COPY \(name) requires a Boolean value", name, mend: "write true or false")
        }
    }

    func failure(_ message: String, _ name: String, mend: String? = nil) -> Diagnostic {
        let position = options.first { $0.name == name }?.position ?? -1
        let place = position < 0 ? SourceLocation() : SourceLocation(byteOffset: position, in: statement)
        return Diagnostic(.query, message, at: place, mend: mend, statement: statement)
    }
}
