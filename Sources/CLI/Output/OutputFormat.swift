import ArgumentParser

/// The formats of a result.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table, csv, tsv, json, jsonl, markdown, vertical, xlsx

    /// The format a file name asks for by its ending, nil if it does not.
    init?(fileName: String) {
        let ending = fileName.split(separator: ".").last.map { $0.lowercased() } ?? ""
        switch ending {
        case "csv": self = .csv
        case "tsv": self = .tsv
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "md", "markdown": self = .markdown
        case "txt": self = .table
        case "xlsx": self = .xlsx
        default: return nil
        }
    }
}
