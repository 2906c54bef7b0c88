import Columns
import Planning

/// The tables and views of the contract, with sizes.
struct ClaimsCatalog: Catalog {
    private let tables: [String: CatalogTable]
    private let views: [String: String]

    init(views extra: [String: String] = [:]) {
        func table(_ name: String, _ rowCount: Int, _ columns: [(String, LogicalType, Int?)]) -> CatalogTable {
            CatalogTable(
                name: name, schema: Schema(columns.map { Field(name: $0.0, type: $0.1) }), rowCount: rowCount,
                distinctCounts: columns.map(\.2))
        }
        func decimal(_ precision: Int, _ scale: Int) -> LogicalType { .numeric(precision: precision, scale: scale) }
        let claims = table(
            "claims", 10_000_000,
            [
                ("claim_id", .text, 1_600_000), ("line_id", .text, nil), ("original_claim_id", .text, 30_000),
                ("institution_id", .text, 2000), ("department", .text, 60), ("doctor_id", .text, 20_000),
                ("patient_id", .text, 500_000), ("sex", .text, 3), ("birth_date", .date, nil), ("visit_type", .text, 5),
                ("diagnosis_code", .text, 3000), ("admission_date", .date, nil), ("discharge_date", .date, nil),
                ("service_time", .timestamp, nil), ("settled_at", .timestamp, nil), ("prescription_id", .text, 900_000),
                ("item_code", .text, 8000), ("item_name", .text, 8000), ("item_category", .text, 3),
                ("quantity", decimal(16, 4), nil), ("unit_price", decimal(16, 6), nil), ("amount", decimal(16, 2), nil),
                ("fund_amount", decimal(16, 2), nil), ("days_supply", decimal(8, 2), nil), ("trace_code", .text, nil),
                ("region", .text, 20),
            ])
        let institutions = table(
            "institutions", 2000,
            [
                ("institution_id", .text, 2000), ("name", .text, 2000), ("region", .text, 20), ("level", .text, 5),
                ("kind", .text, 3), ("beds", .bigint, nil), ("contract_start", .date, nil),
                ("contract_end", .date, nil),
            ])
        let knowledge = table(
            "knowledge", 5000,
            [
                ("rule_id", .text, 5000), ("item_code", .text, 2000), ("item_name", .text, nil),
                ("attribute", .text, 12),
                ("value", .text, nil), ("paired_item_code", .text, nil), ("window_days", .bigint, nil),
                ("result", .text, 2),
                ("basis", .text, nil), ("valid_from", .date, nil), ("valid_to", .date, nil), ("batch", .text, nil),
            ])
        let deaths = table("deaths", 3000, [("patient_id", .text, 3000), ("death_date", .date, nil)])
        // One column of each type, for expressions.
        let types = table(
            "types", 10,
            [
                ("b", .boolean, nil), ("i", .integer, nil), ("l", .bigint, nil), ("n", decimal(10, 2), nil),
                ("d", .double, nil), ("t", .text, nil), ("day", .date, nil), ("at", .timestamp, nil),
                ("iv", .interval, nil),
            ])
        tables = Dictionary(
            uniqueKeysWithValues: [claims, institutions, knowledge, deaths, types].map { ($0.name, $0) })
        views = ClaimsCatalog.views.merging(extra) { _, new in new }
    }

    func table(named name: String) -> CatalogTable? { tables[name] }
    func view(named name: String) -> String? { views[name] }
    var relationNames: [String] { (Array(tables.keys) + Array(views.keys)).sorted() }

    private static let views = [
        "live_claims": """
        SELECT c.* FROM claims AS c
        WHERE NOT EXISTS (SELECT 1 FROM claims AS own
                WHERE own.claim_id = c.claim_id AND own.original_claim_id <> '')
          AND NOT EXISTS (SELECT 1 FROM claims AS reversal
                WHERE reversal.original_claim_id = c.claim_id AND reversal.original_claim_id <> '')
        """,
        "settlements": """
        SELECT claim_id, min(institution_id) AS institution_id, min(visit_type) AS visit_type,
               min(settled_at) AS settled_at, count(*) AS line_count, sum(fund_amount) AS fund_amount
        FROM live_claims GROUP BY claim_id
        """,
    ]
}
