/// Claims written by hand: only what a test is about is said, everything else has an ordinary value.
struct ClaimsByHand {
    static let columns = [
        "claim_id", "line_id", "original_claim_id", "institution_id", "department", "doctor_id", "patient_id", "sex",
        "birth_date", "visit_type", "diagnosis_code", "admission_date", "discharge_date", "service_time", "settled_at",
        "prescription_id", "item_code", "item_name", "item_category", "quantity", "unit_price", "amount", "fund_amount",
        "days_supply", "trace_code", "region",
    ]
    private static let ordinary: [String: String] = [
        "line_id": "1", "institution_id": "H1", "department": "A03", "doctor_id": "D1", "patient_id": "P1",
        "sex": "female",
        "birth_date": "1970-05-01", "visit_type": "outpatient", "diagnosis_code": "J06.900",
        "service_time": "2025-03-10 09:00:00", "settled_at": "2025-03-10 10:00:00", "item_code": "000123",
        "item_name": "挂号费", "item_category": "service", "quantity": "1", "unit_price": "10", "amount": "10.00",
        "fund_amount": "7.00", "region": "970101",
    ]

    private(set) var sheet = CSVSheet(header: ClaimsByHand.columns, rows: [])
    private var nextClaim = 1

    /// Adds a line and returns the id of its claim: a claim of its own if `claim_id` is not among the values.
    ///
    /// A value of nil is NULL.
    @discardableResult
    mutating func add(_ values: [String: String?] = [:]) -> String {
        var all = ClaimsByHand.ordinary.mapValues { Optional($0) }
        all["claim_id"] = "C" + String(1_000_000 + nextClaim)
        nextClaim += 1
        for (name, value) in values {
            precondition(ClaimsByHand.columns.contains(name), "no column \(name)")
            all[name] = value
        }
        sheet.rows.append(ClaimsByHand.columns.map { all[$0] ?? nil })
        return (all["claim_id"] ?? nil) ?? ""
    }

    /// Adds a claim that cancels another.
    @discardableResult
    mutating func addReversal(of claim: String, _ values: [String: String?] = [:]) -> String {
        let negative: [String: String?] = [
            "original_claim_id": claim, "quantity": "-1", "amount": "-10.00", "fund_amount": "-7.00",
        ]
        return add(negative.merging(values) { $1 })
    }
}

/// Institutions and knowledge points written by hand.
enum ReferenceTablesByHand {
    static func institutions(_ rows: [(id: String, name: String?, level: String?, kind: String?)]) -> CSVSheet {
        CSVSheet(
            header: ["institution_id", "name", "region", "level", "kind", "beds", "contract_start", "contract_end"],
            rows: rows.map { [$0.id, $0.name, "970101", $0.level, $0.kind, nil, "2020-01-01", nil] })
    }

    static func knowledge(_ rows: [(item: String, attribute: String, value: String, from: String?, to: String?)])
        -> CSVSheet
    {
        CSVSheet(
            header: ["rule_id", "item_code", "attribute", "value", "result", "valid_from", "valid_to"],
            rows: rows.enumerated().map { number, row in
                ["R\(number + 1)", row.item, row.attribute, row.value, "violation", row.from, row.to]
            })
    }
}
