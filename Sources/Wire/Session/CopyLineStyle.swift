import Columns
import Engine

/// How `copy … to stdout` writes a row: PostgreSQL's text, or CSV.
struct CopyLineStyle: Sendable {
    let isCSV: Bool
    let delimiter: UInt8
    let nullText: [UInt8]

    /// - Throws: `0A000` for a form that is for files.
    init(_ target: CopyTarget) throws {
        guard target.form == .csv || target.form == .text else {
            throw WireError(.notSupported, "COPY format \"\(target.form.rawValue)\" is not supported here", hint: "choose csv or text")
        }
        isCSV = target.form == .csv
        delimiter = target.delimiter
        nullText = Array(target.nullText.utf8)
    }

    func header(_ names: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, name) in names.enumerated() {
            if index > 0 { line.append(delimiter) }
            append(Array(name.utf8), to: &line)
        }
        line.append(0x0A)
        return line
    }

    func append(_ columns: [Vector], row: Int, to line: inout [UInt8]) {
        for (index, column) in columns.enumerated() {
            if index > 0 { line.append(delimiter) }
            guard column.validity.isPresent(row) else {
                line += nullText
                continue
            }
            if case .boolean(let rows) = column.values {
                line.append(rows[row] != 0 ? UInt8(ascii: "t") : UInt8(ascii: "f"))
                continue
            }
            var field: [UInt8] = []
            ResultText.append(column, row: row, to: &field)
            append(field, to: &line)
        }
        line.append(0x0A)
    }

    private func append(_ field: [UInt8], to line: inout [UInt8]) {
        isCSV ? appendQuoted(field, to: &line) : appendEscaped(field, to: &line)
    }

    /// A field is quoted where it would be read as something else, as NULL among them.
    private func appendQuoted(_ field: [UInt8], to line: inout [UInt8]) {
        let needsQuotes = field == nullText || field.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            || field == [0x5C, 0x2E]
        guard needsQuotes else {
            line += field
            return
        }
        line.append(0x22)
        for byte in field {
            if byte == 0x22 { line.append(0x22) }
            line.append(byte)
        }
        line.append(0x22)
    }

    private func appendEscaped(_ field: [UInt8], to line: inout [UInt8]) {
        for byte in field {
            switch byte {
            case 0x08: line += [0x5C, UInt8(ascii: "b")]
            case 0x09: line += [0x5C, UInt8(ascii: "t")]
            case 0x0A: line += [0x5C, UInt8(ascii: "n")]
            case 0x0B: line += [0x5C, UInt8(ascii: "v")]
            case 0x0C: line += [0x5C, UInt8(ascii: "f")]
            case 0x0D: line += [0x5C, UInt8(ascii: "r")]
            case 0x5C: line += [0x5C, 0x5C]
            case delimiter: line += [0x5C, byte]
            default: line.append(byte)
            }
        }
    }
}
