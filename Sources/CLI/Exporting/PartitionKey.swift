import Claims
import Columns
import Diagnostics
import Engine
import SQL

/// One thing an export is cut by: a column, or the year, quarter, month or day of a date or time.
struct PartitionKey {
    enum Unit: String, CaseIterable {
        case year, quarter, month, day
    }

    /// How folders call it.
    let name: String
    let column: Field
    /// nil for the column's own values.
    let unit: Unit?

    /// What rows of a part have in common, as SQL.
    var expression: String {
        let column = Identifier.quoted(column.name)
        return unit.map { "date_trunc('\($0.rawValue)', \(column))" } ?? column
    }

    /// Reads `region,month(settled_at)`; a bare `month` is that of the table's own time.
    static func parse(_ text: String, _ relation: ExportRelation) throws -> [PartitionKey] {
        try text.split(separator: ",").map { try PartitionKey(String($0).trimmedBlanks, relation.fields) }
    }

    private init(_ text: String, _ fields: [Field]) throws {
        func field(_ name: String) throws -> Field {
            if let known = fields.first(where: { $0.name == name }) { return known }
            let near = EditDistance.nearest(to: name, among: fields.map(\.name)).map { "did you mean \"\($0)\"?" }
            throw Diagnostic(.usage, "--partition-by: there is no column \"\(name)\"", mend: near ?? "write a column, or month(column)")
        }
        if let known = fields.first(where: { $0.name == text }) {
            (name, column, unit) = (text, known, nil)
            return
        }
        if let open = text.firstIndex(of: "("), text.hasSuffix(")"), let named = Unit(rawValue: String(text[..<open]).lowercased()) {
            column = try field(String(text[text.index(after: open)...].dropLast()).trimmedBlanks)
            unit = named
        } else if let named = Unit(rawValue: text.lowercased()),
            let time = fields.first(where: { $0.name == CanonicalTable.claims.timeColumn })
        {
            column = time
            unit = named
        } else {
            column = try field(text)
            unit = nil
        }
        name = unit?.rawValue ?? column.name
        guard unit == nil || column.type == .date || column.type == .timestamp else {
            throw Diagnostic(.usage, "--partition-by: \(column.name) is \(column.type.name), not a date or timestamp")
        }
    }

    /// The folder of a value, such as `month=2025-01`.
    func folder(_ text: String?) -> String {
        guard let text else { return FolderName.escaped(name) + "=" + FolderName.noValue }
        let shown: String =
            switch unit {
            case .year: String(text.prefix(4))
            case .month: String(text.prefix(7))
            case .quarter: "\(text.prefix(4))-Q\(((Int(text.dropFirst(5).prefix(2)) ?? 1) + 2) / 3)"
            case .day: String(text.prefix(10))
            case nil: text
            }
        return FolderName.escaped(name) + "=" + FolderName.escaped(shown)
    }

    /// Holds for the rows with this value. A time is asked by its range, so that segments of other times are not read.
    func condition(_ text: String?) -> String {
        let own = Identifier.quoted(column.name)
        guard let text else { return own + " is null" }
        let literal = "'" + text.replacing("'", with: "''") + "'"
        guard let unit else { return "\(own) = \(literal)::\(column.type.name)" }
        let length = unit == .quarter ? "3 months" : "1 \(unit.rawValue)"
        return "\(own) >= \(literal)::timestamp and \(own) < \(literal)::timestamp + interval '\(length)'"
    }
}
