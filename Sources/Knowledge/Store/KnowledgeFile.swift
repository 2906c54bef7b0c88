import Claims
import Columns
package import Engine

/// All points of a store as one CSV file: those it has, without the lists that are read anew, and the new ones.
package enum KnowledgeFile {
    static let columns = [
        "rule_id", "item_code", "item_name", "attribute", "value", "paired_item_code", "window_days", "result", "basis",
        "valid_from", "valid_to", "batch",
    ]
    /// Columns that the table has beside those of the contract.
    static let sourceColumn = "source"
    /// The attribute of a row that is none: its value then says why.
    static let noAttribute = "?"

    /// - Parameters:
    ///   - stored: All rows of the table `knowledge`, nil for none.
    ///   - imported: The new ones; the stored rows of the same batch and rule give way.
    /// - Returns: The text, and how many stored rows stay and go.
    package static func text(stored: QueryResult?, imported: ImportedKnowledge) -> (text: String, kept: Int, replaced: Int) {
        let replacedLists = Set(imported.points.map { [$0.batch, $0.ruleID] })
        let names = stored?.schema.fields.map(\.name) ?? []
        let further = names.filter { !columns.contains($0) && $0 != sourceColumn }
        let header = columns + [sourceColumn] + further
        var text = header.map(field).joined(separator: ",") + "\n"
        var kept = 0
        var replaced = 0
        let places = header.map { names.firstIndex(of: $0) }
        for row in stored?.rows() ?? [] {
            func value(_ name: String) -> String { names.firstIndex(of: name).flatMap { ResultText.string(row[$0]) } ?? "" }
            if replacedLists.contains([value("batch"), value("rule_id")]) {
                replaced += 1
                continue
            }
            kept += 1
            text += places.map { place in place.flatMap { ResultText.string(row[$0]) }.map(field) ?? "" }.joined(separator: ",") + "\n"
        }
        let blanks = further.map { _ in String?.none }
        for point in imported.points {
            let values: [String?] = [
                point.ruleID, point.itemCode, point.itemName, point.attribute.rawValue, point.value, point.pairedItemCode,
                point.windowDays.map { String($0) }, point.result.rawValue, point.basis, point.validFrom, point.validTo, point.batch,
                point.source,
            ]
            text += (values + blanks).map { $0.map(field) ?? "" }.joined(separator: ",") + "\n"
        }
        for row in imported.rejected {
            // The cells stand as the basis, so that the rejects of the batch hold them whole.
            let values: [String?] = [
                "?", "?", nil, noAttribute, "\(row.cause): \(row.message)", nil, nil, nil, row.cells.joined(separator: " | "), nil, nil, nil,
                row.source,
            ]
            text += (values + blanks).map { $0.map(field) ?? "" }.joined(separator: ",") + "\n"
        }
        return (text, kept, replaced)
    }

    private static func field(_ text: String) -> String {
        // Always quoted where it could be misread; an empty text stays one.
        guard text.isEmpty || text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
