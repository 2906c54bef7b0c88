import Columns
import Diagnostics
import Engine

/// One file of an export.
struct ExportPart {
    /// Folders below the one to write into.
    let folders: [String]
    let query: String

    static let limit = 10_000

    /// One part for each combination of values, in their order; a single one without keys.
    static func all(of relation: ExportRelation, by keys: [PartitionKey], database: Database) throws -> [ExportPart] {
        let whole = "select * from \(relation.text)"
        if keys.isEmpty { return [ExportPart(folders: [], query: whole)] }
        let places = keys.indices.map { String($0 + 1) }.joined(separator: ", ")
        let values = try database.query(
            "select \(keys.map(\.expression).joined(separator: ", ")) from \(relation.text) group by \(places) order by \(places)"
                + " limit \(limit + 1)")
        guard values.rowCount <= limit else {
            throw Diagnostic(
                .busy, "--partition-by makes more than \(CountText.text(limit)) files", mend: "cut by fewer columns, or by month(column)")
        }
        return values.rows().map { row in
            let texts = row.map { ResultText.string($0) }
            return ExportPart(
                folders: zip(keys, texts).map { $0.folder($1) },
                query: whole + " where " + zip(keys, texts).map { $0.condition($1) }.joined(separator: " and "))
        }
    }
}
