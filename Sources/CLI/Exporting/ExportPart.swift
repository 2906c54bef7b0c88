import Columns
import Diagnostics
import Engine
import SQL

/// One file of an export.
struct ExportPart {
    /// Folders below the one to write into.
    let folders: [String]
    let query: String

    static let limit = 10_000

    /// One part for each combination of values, in their order; a single one without keys.
    ///
    /// - Parameter keepingKeys: Whether files have the columns that their folders are named by. Other readers take folders for
    ///   columns, and refuse files that have them, too.
    static func all(of relation: ExportRelation, by keys: [PartitionKey], keepingKeys: Bool, database: Database) throws -> [ExportPart] {
        if keys.isEmpty { return [ExportPart(folders: [], query: "select * from \(relation.text)")] }
        let named = Set(keys.filter { $0.unit == nil }.map(\.column.name))
        let excluded = keepingKeys ? [] : relation.fields.map(\.name).filter { named.contains($0) }
        guard excluded.count < relation.fields.count else {
            throw Diagnostic(.usage, "--partition-by leaves no column for the files", mend: "cut by fewer columns, or add --keep-partition-columns")
        }
        let star = excluded.isEmpty ? "*" : "* exclude (\(excluded.map { Identifier.quoted($0) }.joined(separator: ", ")))"
        let whole = "select \(star) from \(relation.text)"
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
