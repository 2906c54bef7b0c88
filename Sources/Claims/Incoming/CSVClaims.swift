import CSV
import Columns
package import Diagnostics

/// Reads incoming claims from CSV with any of the names that `claims` accepts; only the item's code must be there.
package struct CSVClaims {
    private let reader: CSVReader
    private let places: [String: Int]
    private let name: String

    /// - Parameter name: What messages call the file, if not by its path.
    /// - Throws: an error with the place, such as a missing `item_code`.
    package init(path: String, name: String? = nil) throws {
        var options = CSVOptions()
        options.hasHeader = true
        reader = try CSVReader(path: path, name: name, options: options)
        self.name = name ?? path
        places = IncomingHeaders().places(of: reader.header)
        guard places["item_code"] != nil else {
            throw Diagnostic(
                .badData, "no column \"item_code\" among \(reader.header.count) columns", at: SourceLocation(file: self.name, line: 1),
                mend: "name the columns as in the table claims; `fundwatch sniff` shows what a file holds")
        }
    }

    /// Hands out every line, or why one cannot be read.
    ///
    /// - Parameter pause: Called when what was there to read has been handed out.
    package func read(atPause pause: () throws -> Void = {}, _ body: (Result<IncomingLine, Diagnostic>) throws -> Void) throws {
        let columns = places.sorted { $0.value < $1.value }
        let requests = columns.map { CSVColumnRequest(fileColumn: $0.value, name: $0.key, type: .text) }
        var number: [String: Int] = [:]
        for (index, column) in columns.enumerated() { number[column.key] = index }
        while let chunk = try reader.nextChunk() {
            let parsed = try chunk.parse(requests)
            let texts = parsed.columns.map { CSVClaims.texts($0.expanded(), count: parsed.rowCount) }
            var rejects = parsed.rejects[...]
            for row in 0..<parsed.rowCount {
                let line = parsed.line(row: row)
                while let reject = rejects.first, reject.line < line {
                    try body(.failure(failure(reject)))
                    rejects.removeFirst()
                }
                let read = Result { () throws(Diagnostic) -> IncomingLine in
                    try IncomingLine(at: SourceLocation(file: name, line: line)) { column in
                        number[column].flatMap { texts[$0][row] }
                    }
                }
                try body(read)
            }
            for reject in rejects { try body(.failure(failure(reject))) }
            try pause()
        }
    }

    private func failure(_ reject: RejectedRow) -> Diagnostic {
        Diagnostic(.badData, reject.message, at: SourceLocation(file: name, line: reject.line))
    }

    private static func texts(_ column: ParsedColumn, count: Int) -> [String?] {
        guard case .text(let codes, let entries, _) = column.values else { return Array(repeating: nil, count: count) }
        let strings = (0..<entries.count).map { entries[$0] }
        return (0..<count).map { column.validity.isPresent($0) ? strings[Int(codes[$0])] : nil }
    }
}
