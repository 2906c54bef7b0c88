import Claims
import Columns
import Testing

@Suite("Canonical tables")
struct CanonicalTableTests {
    @Test("claims has the columns of the contract, in its order")
    func claimColumns() {
        #expect(
            CanonicalTable.claims.columns.map(\.name) == [
                "claim_id", "line_id", "original_claim_id", "institution_id", "department", "doctor_id", "patient_id",
                "sex", "birth_date", "visit_type", "diagnosis_code", "admission_date", "discharge_date", "service_time",
                "settled_at", "prescription_id", "item_code", "item_name", "item_category", "quantity", "unit_price",
                "amount", "fund_amount", "days_supply", "trace_code", "region",
            ])
        #expect(
            CanonicalTable.claims.columns.filter(\.isRequired).map(\.name) == [
                "claim_id", "line_id", "institution_id", "patient_id", "visit_type", "service_time", "settled_at",
                "item_code", "quantity", "unit_price", "amount",
            ])
    }

    @Test("quantities, prices and money are exact decimals")
    func decimalTypes() {
        let schema = CanonicalTable.claims.schema
        let types = Dictionary(uniqueKeysWithValues: schema.fields.map { ($0.name, $0.type) })
        #expect(types["quantity"] == .numeric(precision: 16, scale: 4))
        #expect(types["unit_price"] == .numeric(precision: 16, scale: 6))
        #expect(types["amount"] == .numeric(precision: 16, scale: 2))
        #expect(types["fund_amount"] == .numeric(precision: 16, scale: 2))
        #expect(types["days_supply"] == .numeric(precision: 8, scale: 2))
    }

    @Test("tables are found by name, keys name their own columns")
    func lookup() {
        #expect(CanonicalTable.named("knowledge") == .knowledge)
        #expect(CanonicalTable.named("visits") == nil)
        for table in CanonicalTable.all {
            for key in table.loading.keyColumns { #expect(table.index(of: key) != nil) }
        }
    }

    @Test("a second batch is added to claims and replaces the others")
    func replacing() {
        #expect(CanonicalTable.all.filter { !$0.loading.replacesTable }.map(\.name) == ["claims"])
        #expect(CanonicalTable.deaths.loading.repetition == .smallestCounts(column: "death_date"))
        #expect(CanonicalTable.institutions.loading.repetition == .rejected(reason: "duplicate"))
    }
}

@Suite("Row checks")
struct RowCheckTests {
    @Test("ids rewritten by a spreadsheet are recognised", arguments: ["1.23E+19", "1.23e+19", "1E+05", "-4.0E-3", "+1.2E+07", "9E+19", "9.7002025E19", "1.23e19", "1.5E5", "0.5E+3", "12.5E+7"])
    func scientific(text: String) { #expect(RowCheck.isScientificNotation(text)) }

    @Test(
        "other ids are left alone",
        arguments: ["", "E11", "12", "1.5", "1E", "1E+", "E+5", "1.E5", ".5E3", "12E3X", "H97010000123", "1E+5.0", "+", "00045291012721E6", "20E5", "12E345", "8E1", "12E+7", "0E+5", "+E+5"])
    func plain(text: String) { #expect(!RowCheck.isScientificNotation(text)) }

    @Test(
        "usable knowledge rows pass",
        arguments: [
            ("sex", "male"), ("sex", "female"), ("max_age_years", "18"), ("min_age_years", "0.5"),
            ("max_per_day", "24"),
            ("max_per_day", "-1"), ("level", "anything"),
        ] as [(String, String)])
    func usable(attribute: String, value: String) {
        #expect(RowCheck.knowledgeRejection(attribute: attribute, value: value) == nil)
    }

    @Test(
        "unusable knowledge rows say why",
        arguments: [
            ("sex", "unknown"), ("sex", ""), ("max_age_years", "adult"), ("max_age_years", "18岁"), ("max_per_day", ""),
            ("max_per_day", "1,5"), ("min_age_years", "1e3"), ("min_age_years", "1234567890123"), ("max_per_day", "."),
        ] as [(String, String)])
    func unusable(attribute: String, value: String) {
        #expect(RowCheck.knowledgeRejection(attribute: attribute, value: value)?.contains("\"\(value)\"") == true)
    }
}
