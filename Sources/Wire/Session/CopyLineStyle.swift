import Columns
import Engine

/// How `copy … to stdout` writes a row: fields as in files, with PostgreSQL's words for booleans.
struct CopyLineStyle: Sendable {
    private let fields: DelimitedStyle

    /// - Throws: `0A000` for a form that is for files.
    init(_ target: CopyTarget) throws {
        guard target.form == .csv || target.form == .text else {
            throw WireError(.notSupported, "COPY format \"\(target.form.rawValue)\" is not supported here", hint: "choose csv or text")
        }
        fields = DelimitedStyle(target)
    }

    func header(_ names: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, name) in names.enumerated() {
            if index > 0 { line.append(fields.separator) }
            fields.append(Array(name.utf8)[...], to: &line)
        }
        line.append(0x0A)
        return line
    }

    func append(_ columns: [Vector], row: Int, to line: inout [UInt8]) {
        var field: [UInt8] = []
        for (index, column) in columns.enumerated() {
            if index > 0 { line.append(fields.separator) }
            guard column.validity.isPresent(row) else {
                line += fields.nullText.utf8
                continue
            }
            field.removeAll(keepingCapacity: true)
            if case .boolean(let rows) = column.values {
                field.append(rows[row] != 0 ? UInt8(ascii: "t") : UInt8(ascii: "f"))
            } else {
                ResultText.append(column, row: row, to: &field)
            }
            fields.append(field[...], to: &line)
        }
        line.append(0x0A)
    }
}
