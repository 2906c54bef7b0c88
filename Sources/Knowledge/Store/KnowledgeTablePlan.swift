import Claims
import Columns
package import Engine

/// How the file of all points becomes the table: rows that say what is wrong with them are rejected with their cause.
package struct KnowledgeTablePlan: IngestPlanning {
    private let known: ClaimImport

    package init?() {
        guard let known = ClaimImport(table: CanonicalTable.knowledge.name) else { return nil }
        self.known = known
    }

    package var table: String { known.table }
    package var replacesTable: Bool { true }
    package var needsTypes: Bool { false }
    package var hidesValues: Bool { false }

    package func plan(_ file: IngestFile, stored: ExistingTable?) throws -> IngestPlan {
        var plan = try known.plan(file, stored: stored)
        let check = plan.rowCheck
        guard let attribute = plan.columns.firstIndex(where: { $0.field.name == "attribute" }),
            let value = plan.columns.firstIndex(where: { $0.field.name == "value" })
        else { return plan }
        plan.rowCheck = { texts in
            texts[attribute] == KnowledgeFile.noAttribute ? (column: value, reason: texts[value] ?? "") : check?(texts)
        }
        return plan
    }
}
