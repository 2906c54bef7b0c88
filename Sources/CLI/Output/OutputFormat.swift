import ArgumentParser
import Diagnostics
import Engine

/// The formats of a result.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table, csv, tsv, json, jsonl, markdown, vertical, html, xlsx, parquet, arrow, feather

    /// The format a file name asks for by its ending, nil if it does not.
    init?(fileName: String) {
        let ending = FilePacking.plainName(fileName).split(separator: ".").last.map { $0.lowercased() } ?? ""
        switch ending {
        case "csv": self = .csv
        case "tsv": self = .tsv
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "md", "markdown": self = .markdown
        case "txt": self = .table
        case "html", "htm": self = .html
        case "xlsx": self = .xlsx
        case "parquet": self = .parquet
        case "arrows": self = .arrow
        case "arrow", "feather": self = .feather
        default: return nil
        }
    }

    /// Whether values are written as they are, control characters among them.
    var isForPrograms: Bool {
        switch self {
        case .csv, .tsv, .json, .jsonl: true
        case .table, .markdown, .vertical, .html, .xlsx, .parquet, .arrow, .feather: false
        }
    }

    /// Whether people read it, in their language; names in other forms stay the same in all.
    var isForPeople: Bool {
        switch self {
        case .table, .markdown, .vertical, .html, .xlsx: true
        case .csv, .tsv, .json, .jsonl, .parquet, .arrow, .feather: false
        }
    }

    /// The ending of its files.
    var ending: String {
        switch self {
        case .markdown: "md"
        case .table, .vertical: "txt"
        case .arrow: "arrows"
        case .feather: "arrow"
        case .csv, .tsv, .json, .jsonl, .html, .xlsx, .parquet: rawValue
        }
    }

    /// Those that a screen can show.
    static let ofScreens = allCases.filter { !$0.isBinary }

    /// Whether its bytes are no text.
    var isBinary: Bool { self == .xlsx || holdsOneResult }

    /// Whether what is written is the rows of one statement, and no more fits behind them.
    var holdsOneResult: Bool { self == .parquet || self == .arrow || self == .feather }

    /// Refuses a form that a terminal cannot show.
    func checkForTerminal() throws {
        switch self {
        case .xlsx:
            throw Diagnostic(.usage, "a workbook cannot be shown on a terminal", mend: "name a file with -o, such as -o result.xlsx")
        case .parquet, .arrow, .feather:
            throw Diagnostic(
                .usage, "\(rawValue) cannot be shown on a terminal", mend: "name a file with -o, such as -o result.\(ending)")
        default: break
        }
    }

    /// Refuses to pack a file of it as a whole, as its name asks for, where it is packed by itself.
    func checkPacking(of fileName: String) throws {
        guard isBinary, let packing = FilePacking(fileName: fileName) else { return }
        throw Diagnostic(
            .usage, "\(rawValue) is packed by itself and goes into no .\(packing.ending) file", at: SourceLocation(file: fileName),
            mend: "leave .\(packing.ending) out")
    }

    /// Their names with commas between them.
    static var listing: String { ofScreens.map(\.rawValue).joined(separator: ", ") }

    /// The format a file name asks for by its ending; `known` for a name without an ending.
    ///
    /// - Throws: a usage error for an ending that stands for no format.
    static func of(fileName: String, else known: OutputFormat) throws -> OutputFormat {
        if let named = OutputFormat(fileName: fileName) { return named }
        let name = FilePacking.plainName(fileName).split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return known }
        throw Diagnostic(
            .usage, "the ending \(name[dot...]) stands for no format", at: SourceLocation(file: fileName),
            mend: "use .csv, .tsv, .json, .jsonl, .md, .html, .xlsx, .parquet, .arrow, .arrows or .txt, or name a format with --format")
    }
}
