/// Rows of a case as CSV, with ordinary values for what they do not say.
enum CaseRows {
    private static let ordinary: [String: [(column: String, value: String)]] = [
        "claims": [
            ("claim_id", "C{row}"), ("line_id", "{row}"), ("institution_id", "H1"), ("patient_id", "P1"), ("visit_type", "outpatient"),
            ("service_time", "2025-03-10 09:00:00"), ("settled_at", "2025-03-10 10:00:00"), ("item_code", "001"),
            ("item_category", "service"), ("quantity", "1"), ("unit_price", "10"), ("amount", "10.00"), ("fund_amount", "7.00"),
        ],
        "institutions": [("institution_id", "H1"), ("region", "970101"), ("level", "primary"), ("kind", "hospital")],
        "knowledge": [("rule_id", "R{row}"), ("item_code", "001"), ("result", "violation")],
        "deaths": [],
    ]

    /// What a column has that a case does not write; nil for nothing.
    static func ordinaryValue(of column: String, in table: String) -> String? {
        ordinary[table]?.first { $0.column == column }?.value
    }

    /// Which line of claims each row of a case's tables is, table by table; no lines for tables of other names.
    static func claimLines(of example: IndicatorCase) -> [[ClaimLineKey]] {
        var counts: [(columns: [String], count: Int)] = []
        return example.tables.map { table in
            guard table.table == "claims" else { return [] }
            let piece = counts.firstIndex { $0.columns == table.columns } ?? counts.count
            if piece == counts.count { counts.append((table.columns, 0)) }
            defer { counts[piece].count += table.rows.count }
            return table.rows.enumerated().map { index, row in
                let number = String(firstRow(ofPiece: piece) + counts[piece].count + index)
                func value(_ column: String) -> String {
                    if let place = table.columns.firstIndex(of: column) { return row[place] ?? "" }
                    return ordinaryValue(of: column, in: table.table)?.replacing("{row}", with: number) ?? ""
                }
                return ClaimLineKey(claimID: value("claim_id"), lineID: value("line_id"))
            }
        }
    }

    /// Rows of a table with the same columns are a piece of it; their numbers begin with this.
    static func firstRow(ofPiece number: Int) -> Int { 1 + number * 1_000_000 }

    /// - Parameter firstRow: The number of the first row in its table, from 1, so that keys of two pieces differ.
    static func csv(_ table: IndicatorCase.Rows, firstRow: Int) -> String {
        let others = (ordinary[table.table] ?? []).filter { !table.columns.contains($0.column) }
        var text = (table.columns + others.map(\.column)).joined(separator: ",") + "\n"
        for (index, row) in table.rows.enumerated() {
            let rest = others.map { Optional($0.value.replacing("{row}", with: String(firstRow + index))) }
            text += (row + rest).map(field).joined(separator: ",") + "\n"
        }
        return text
    }

    private static func field(_ value: String?) -> String {
        guard let value else { return "" }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
}
