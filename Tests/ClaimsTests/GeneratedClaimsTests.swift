import Claims
import Columns
import Foundation
import Testing

@Suite("Generated claims")
struct GeneratedClaimsTests {
    /// Rows of each file, generated once for all tests.
    private static let generated = Result {
        let files = try GeneratedFiles(lines: 20_000, seed: 11)
        return try Dictionary(uniqueKeysWithValues: files.summary.files.map { ($0, try files.rows($0)) })
    }
    private let files: [String: [[String: String]]]
    private let claims: [[String: String]]

    init() throws {
        files = try Self.generated.get()
        claims = try #require(files["claims.csv"])
    }

    func unscaled(_ text: String?, scale: Int) -> Int128 {
        guard let text, let value = DecimalText.parse(text) else { return 0 }
        return value.unscaled * DecimalText.powers128[scale - value.scale]
    }

    @Test("amount is quantity times price, the fund pays at most all of it, reversals are negative throughout")
    func money() {
        for row in claims {
            let product = unscaled(row["quantity"], scale: 4) * unscaled(row["unit_price"], scale: 6)
            let amount = unscaled(row["amount"], scale: 2)
            let half: Int128 = product < 0 ? -50_000_000 : 50_000_000
            #expect(amount == (product + half) / 100_000_000)
            let fund = unscaled(row["fund_amount"], scale: 2)
            #expect(fund.magnitude <= amount.magnitude)
            #expect((product < 0) == (row["original_claim_id"] != ""))
        }
    }

    @Test("lines are unique in their claim, trace codes on drugs alone")
    func keys() {
        let keys = Set(claims.map { [$0["claim_id"], $0["line_id"]] })
        #expect(keys.count == claims.count)
        for row in claims where row["trace_code"] != "" {
            #expect(row["item_category"] == "drug")
            #expect(row["trace_code"]?.count == 20)
        }
    }

    @Test("a reversal mirrors its original, settled later")
    func reversals() throws {
        let byClaim = Dictionary(grouping: claims, by: { $0["claim_id"] ?? "" })
        let reversals = byClaim.filter { $0.value[0]["original_claim_id"] != "" }
        #expect(reversals.count > 10)
        for (_, lines) in reversals {
            let original = try #require(byClaim[lines[0]["original_claim_id"] ?? ""])
            let sum = (lines + original).reduce(Int128(0)) { $0 + unscaled($1["amount"], scale: 2) }
            // The year's last claim is cut where the lines end.
            if lines.count == original.count { #expect(sum == 0) }
            #expect(lines[0]["patient_id"] == original[0]["patient_id"])
            #expect((lines[0]["settled_at"] ?? "") > (original[0]["settled_at"] ?? ""))
        }
    }

    @Test("services of a stay fall within it; a claim has one patient, sex, birth date and settlement")
    func stays() {
        for row in claims where row["visit_type"] == "inpatient" {
            let day = String((row["service_time"] ?? "").prefix(10))
            #expect((row["admission_date"] ?? "9") <= day)
            #expect(day <= (row["discharge_date"] ?? ""))
        }
        for (_, lines) in Dictionary(grouping: claims, by: { $0["claim_id"] ?? "" }) {
            for column in ["patient_id", "sex", "birth_date", "settled_at", "visit_type", "institution_id"] {
                #expect(Set(lines.map { $0[column] }).count == 1)
            }
        }
    }

    @Test("values are missing here and there")
    func missing() {
        for column in ["department", "doctor_id", "diagnosis_code", "sex", "fund_amount", "prescription_id"] {
            let empty = claims.count { $0[column] == "" }
            #expect(empty > 0 && empty < claims.count / 5, "\(column): \(empty)")
        }
        #expect(claims.contains { $0["item_category"] == "drug" && $0["trace_code"] == "" })
        #expect(claims.contains { $0["sex"] == "unknown" })
    }

    @Test("the year is 2025 and settlements come roughly in order")
    func time() {
        let days = claims.map { ($0["settled_at"] ?? "").prefix(10) }
        #expect(days.allSatisfy { $0.hasPrefix("2025-") })
        #expect(days == days.sorted())
    }

    @Test("every kind of anomaly is planted, at a listed institution of its own")
    func truth() throws {
        let truth = try #require(files["truth.csv"])
        #expect(Set(truth.compactMap { $0["anomaly"] }) == Set(Anomaly.allCases.map(\.rawValue)))
        #expect(Set(truth.compactMap { $0["institution_id"] }).count == truth.count)
        let listed = Set(try #require(files["institutions.csv"]).compactMap { $0["institution_id"] })
        #expect(truth.allSatisfy { listed.contains($0["institution_id"] ?? "") })
        let seen = Set(claims.compactMap { $0["institution_id"] })
        #expect(!seen.isSubset(of: listed))
    }

    @Test("peer groups have ten institutions or more")
    func peers() throws {
        let rows = try #require(files["institutions.csv"])
        let groups = Dictionary(grouping: rows, by: { [$0["level"], $0["kind"]] })
        #expect(groups.count == 5)
        #expect(groups.values.allSatisfy { $0.count >= 10 })
    }

    @Test("knowledge rows are usable and deaths come once a patient")
    func reference() throws {
        let knowledge = try #require(files["knowledge.csv"])
        #expect(
            Set(knowledge.compactMap { $0["attribute"] }) == ["sex", "max_age_years", "min_age_years", "max_per_day"])
        for row in knowledge {
            #expect(RowCheck.knowledgeRejection(attribute: row["attribute"] ?? "", value: row["value"] ?? "") == nil)
        }
        let deaths = try #require(files["deaths.csv"])
        #expect(!deaths.isEmpty)
        #expect(Set(deaths.map { $0["patient_id"] }).count == deaths.count)
    }

    @Test("some names have commas and quotes")
    func quoting() throws {
        let names = try #require(files["institutions.csv"]).compactMap { $0["name"] }
        #expect(names.contains { $0.contains(",") })
        #expect(names.contains { $0.contains("\"") })
        #expect(claims.contains { ($0["item_name"] ?? "").contains(",") })
    }
}
