/// Sheets that give the codes of points named elsewhere: 1 point, N codes.
struct CodeLists {
    private var byName: [String: [SheetTable.Row]] = [:]
    private var bySequence: [String: [SheetTable.Row]] = [:]
    private var used: Set<String> = []
    private(set) var rows: [(table: SheetTable, row: SheetTable.Row)] = []

    /// Whether a table has codes and names, and nothing that restricts.
    static func isCodeList(_ table: SheetTable) -> Bool {
        table.fields.contains(.code) && !table.fields.contains(.pairedCode)
            && Restriction.all(fields: table.fields, headings: table.headings).isEmpty && !table.fields.contains(.value)
    }

    mutating func add(_ table: SheetTable) {
        for row in table.rows {
            rows.append((table, row))
            if let sequence = row.text(.pointSequence) { bySequence[sequence, default: []].append(row) }
            if let name = row.text(.name) { byName[HeadingText.normalized(name), default: []].append(row) }
        }
    }

    /// The rows with the codes of a point, by its number if the list has such, else by its name.
    mutating func codes(name: String?, sequence: String?) -> [SheetTable.Row] {
        if let sequence, let found = bySequence[sequence] {
            used.insert("#" + sequence)
            return found
        }
        guard let key = name.map(HeadingText.normalized), let found = byName[key] else { return [] }
        used.insert(key)
        return found
    }

    /// Rows whose point no sheet has.
    var unused: [(table: SheetTable, row: SheetTable.Row)] {
        rows.filter { _, row in
            let isKnown = row.text(.pointSequence).map { used.contains("#" + $0) } ?? false
            return !isKnown && !(row.text(.name).map { used.contains(HeadingText.normalized($0)) } ?? false)
        }
    }
}
