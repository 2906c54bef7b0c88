/// A CSV file read in the plainest way: a header and rows of fields, nil for an unquoted empty field.
struct CSVSheet: Equatable {
    struct Malformed: Error, CustomStringConvertible {
        let line: Int
        var description: String { "line \(line) is no CSV" }
    }

    var header: [String]
    var rows: [[String?]]

    init(header: [String], rows: [[String?]]) {
        self.header = header
        self.rows = rows
    }

    init(_ bytes: [UInt8]) throws {
        let records = try CSVSheet.records(bytes)
        header = (records.first ?? []).map { $0 ?? "" }
        rows = Array(records.dropFirst())
    }

    init(file: String) throws { try self.init(FileContent.bytes(file)) }

    func column(_ name: String) -> Int? { header.firstIndex(of: name) }

    /// Rows as dictionaries; NULL is missing.
    var records: [[String: String]] {
        rows.map { row in
            var record: [String: String] = [:]
            for (name, value) in zip(header, row) { if let value { record[name] = value } }
            return record
        }
    }

    /// RFC 4180 with LF, or another line end: NULL as an empty field, an empty string quoted.
    func text(lineEnd: String = "\n", quotingAll: Bool = false) -> String {
        let lines = [header.map { Optional($0) }] + rows
        return lines.map { $0.map { CSVSheet.field($0, quoted: quotingAll) }.joined(separator: ",") + lineEnd }.joined()
    }

    static func field(_ value: String?, quoted: Bool = false) -> String {
        guard let value else { return "" }
        let special = value.isEmpty || value.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        guard special || quoted else { return value }
        return "\"" + String(decoding: value.utf8.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] }, as: UTF8.self) + "\""
    }

    private static func records(_ bytes: [UInt8]) throws -> [[String?]] {
        var records: [[String?]] = []
        var record: [String?] = []
        var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var line = 1
        while position < bytes.count {
            var field: [UInt8] = []
            let isQuoted = bytes[position] == 0x22
            if isQuoted {
                position += 1
                while true {
                    guard position < bytes.count else { throw Malformed(line: line) }
                    let byte = bytes[position]
                    position += 1
                    if byte == 0x22 {
                        guard position < bytes.count, bytes[position] == 0x22 else { break }
                        position += 1
                    }
                    if byte == 0x0A { line += 1 }
                    field.append(byte)
                }
            } else {
                while position < bytes.count, bytes[position] != 0x2C, bytes[position] != 0x0A, bytes[position] != 0x0D
                {
                    field.append(bytes[position])
                    position += 1
                }
            }
            record.append(field.isEmpty && !isQuoted ? nil : String(decoding: field, as: UTF8.self))
            if position < bytes.count, bytes[position] == 0x2C {
                position += 1
                // A comma at the very end is followed by one more empty field.
                if position == bytes.count || bytes[position] == 0x0A || bytes[position] == 0x0D {
                    record.append(nil)
                } else {
                    continue
                }
            }
            if position < bytes.count, bytes[position] == 0x0D { position += 1 }
            if position < bytes.count {
                guard bytes[position] == 0x0A else { throw Malformed(line: line) }
                position += 1
                line += 1
            }
            records.append(record)
            record = []
        }
        return records
    }
}
