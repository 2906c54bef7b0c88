import Foundation
import Testing

/// Figures above and below institutions, against sums over the evidence of institutions and over the files themselves.
@Suite("Grains")
struct GrainTests {
    /// A line at issue with what it says.
    private struct IssueLine: Hashable {
        var institutionID: String
        var claimID: String
        var lineID: String
        var doctorID: String
        var patientID: String
        var department: String
        var fundCents: Int
    }

    private static func csv(_ store: StoreUnderTest, _ arguments: String...) throws -> CSVSheet { try csv(store, arguments) }

    /// The evidence of every institution with events of an indicator.
    private static func issueLines(_ id: String, _ store: StoreUnderTest, _ lines: [String: [String: String]]) throws -> Set<IssueLine> {
        var found: Set<IssueLine> = []
        for record in try csv(store, "indicators", "run", id).records where record["events"] != "0" {
            let institution = try #require(record["institution_id"])
            for row in try csv(store, "evidence", id, institution).records {
                let (claim, line) = (row["claim_id"] ?? "", row["line_id"] ?? "")
                let file = try #require(lines["\(claim)/\(line)"], "\(id) \(claim) \(line)")
                found.insert(
                    IssueLine(
                        institutionID: institution, claimID: claim, lineID: line, doctorID: file["doctor_id"] ?? "", patientID: file["patient_id"] ?? "",
                        department: file["department"] ?? "", fundCents: ExactNumber.scaled(file["fund_amount"] ?? "0", decimals: 2)))
            }
        }
        return found
    }

    @Test(
        "departments, doctors and patients have the claims, lines, patients and Fund of the evidence's lines, out of all their claims",
        arguments: ["male_gynecology", "visit_frequency", "doctor_multi_site", "cumulative_supply"])
    func below(id: String) throws {
        let claims = try GeneratedClaims.loaded()
        var lines: [String: [String: String]] = [:]
        for record in try claims.sheet("claims").records { lines["\(record["claim_id"] ?? "")/\(record["line_id"] ?? "")"] = record }
        let counted = try claims.reference().countedLines().compactMap { lines["\($0.claimID)/\($0.lineID)"] }
        let issue = try Self.issueLines(id, claims.store, lines)
        #expect(!issue.isEmpty)
        func claimCounts(_ keys: [String]) -> [[String]: Int] {
            var claims: [[String]: Set<String>] = [:]
            for record in counted {
                let key = keys.map { record[$0] ?? "" }
                if !key.contains(""), record["institution_id"]?.isEmpty == false { claims[key, default: []].insert(record["claim_id"] ?? "") }
            }
            return claims.mapValues(\.count)
        }
        for (grain, keys) in [("department", ["institution_id", "department"]), ("doctor", ["doctor_id"]), ("patient", ["patient_id"])] {
            let all = claimCounts(keys)
            let groups = Dictionary(grouping: issue) { line in
                keys.map { ["institution_id": line.institutionID, "department": line.department, "doctor_id": line.doctorID, "patient_id": line.patientID][$0] ?? "" }
            }.filter { !$0.key.contains("") }
            let rows = try Self.csv(claims.store, "indicators", "run", id, "--by", grain).records
            #expect(rows.count == groups.count, "\(grain)")
            for row in rows {
                let key = keys.map { row[$0] ?? "" }
                let own = try #require(groups[key], "\(grain) \(key)")
                #expect(row["events"] == String(Set(own.map(\.claimID)).count), "\(grain) \(key)")
                #expect(row["exposure"] == all[key].map(String.init), "\(grain) \(key)")
                #expect(row["lines"] == String(own.count), "\(grain) \(key)")
                #expect(row["amount"] == ExactNumber.money(own.reduce(0) { $0 + $1.fundCents }), "\(grain) \(key)")
                if grain != "patient" { #expect(row["patients"] == String(Set(own.map(\.patientID)).count), "\(grain) \(key)") }
            }
        }
        // The evidence of one doctor is the part of all that names them.
        let doctor = try #require(issue.map(\.doctorID).filter { !$0.isEmpty }.min())
        let evidence = try Self.csv(claims.store, "evidence", id, "--doctor", doctor).records
        #expect(Set(evidence.map { "\($0["institution_id"] ?? "")/\($0["claim_id"] ?? "")/\($0["line_id"] ?? "")" })
            == Set(issue.filter { $0.doctorID == doctor }.map { "\($0.institutionID)/\($0.claimID)/\($0.lineID)" }))
    }

    @Test("regions add up institutions; themes count each line at issue once") func above() throws {
        let claims = try GeneratedClaims.loaded()
        var regionOf: [String: String] = [:]
        for record in try claims.sheet("institutions").records { regionOf[record["institution_id"] ?? ""] = record["region"] }
        let figures = try Self.csv(claims.store, "indicators", "run", "visit_frequency").records
        for digits in [6, 4, 2] {
            var sums: [String: [Int]] = [:]
            for figure in figures {
                let region = regionOf[figure["institution_id"] ?? ""].map { String($0.prefix(digits)) } ?? ""
                var sum = sums[region] ?? [0, 0, 0, 0]
                for (place, value) in [
                    1, Int(figure["events"] ?? "") ?? 0, Int(figure["exposure"] ?? "") ?? 0, ExactNumber.scaled(figure["amount"] ?? "", decimals: 2),
                ].enumerated() { sum[place] += value }
                sums[region] = sum
            }
            let rows = try Self.csv(claims.store, "indicators", "run", "visit_frequency", "--by", "region:\(digits)").records
            #expect(rows.count == sums.count && rows.count > 0)
            for row in rows {
                let sum = try #require(sums[row["region"] ?? ""])
                #expect([row["institutions"], row["events"], row["exposure"], row["amount"]] == [String(sum[0]), String(sum[1]), String(sum[2]), ExactNumber.money(sum[3])])
            }
        }
        var lines: [String: [String: String]] = [:]
        for record in try claims.sheet("claims").records { lines["\(record["claim_id"] ?? "")/\(record["line_id"] ?? "")"] = record }
        // Two indicators of one theme that may tell the same lines.
        let ids = ["visit_frequency", "multi_institution_day"]
        var together: Set<IssueLine> = []
        var events: [String: Int] = [:]
        for id in ids {
            together.formUnion(try Self.issueLines(id, claims.store, lines))
            for figure in try Self.csv(claims.store, "indicators", "run", id).records {
                events[figure["institution_id"] ?? "", default: 0] += Int(figure["events"] ?? "") ?? 0
            }
        }
        let rows = try Self.csv(claims.store, ["indicators", "run"] + ids + ["--by", "theme"]).records
        #expect(Set(rows.map { $0["theme"] }).count == 1 && rows.count == events.values.filter { $0 > 0 }.count)
        for row in rows {
            let id = row["institution_id"] ?? ""
            #expect(row["events"] == events[id].map(String.init))
            let fund = together.filter { $0.institutionID == id }.reduce(0) { $0 + $1.fundCents }
            #expect(row["amount"] == ExactNumber.money(fund), "\(id)")
        }
    }

    private static func csv(_ store: StoreUnderTest, _ arguments: [String]) throws -> CSVSheet {
        let outcome = try store.run(arguments + ["--format", "csv"])
        try #require(outcome.ending == .exited(code: 0), "\(arguments): \(outcome.errors)")
        return try CSVSheet(outcome.outputBytes)
    }

    @Test("first contract months count settlements from the contract's start, to the same day six months later") func firstMonths() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        // New: contract since 1 September, claims to the end of December; old: since 2020, its first months long past; two: since January.
        for (institution, days) in [
            ("NEW", ["2025-08-31", "2025-09-01", "2025-12-31"]), ("OLD", ["2025-09-01", "2025-12-31"]),
            ("TWO", ["2025-01-15", "2025-07-14", "2025-07-15"]), ("NONE", ["2025-09-01"]),
        ] {
            for (number, day) in days.enumerated() {
                claims.add(["institution_id": institution, "patient_id": "P\(institution)\(number)", "service_time": "\(day) 08:00:00", "settled_at": "\(day) 23:59:59"])
            }
        }
        try store.run("ingest", folder.write("c.csv", claims.sheet.text()))
        try store.run(
            "ingest", "--table", "institutions",
            folder.write(
                "i.csv",
                "institution_id,name,region,level,kind,beds,contract_start,contract_end\nNEW,新院,970101,primary,hospital,1,2025-09-01,\nOLD,旧院,970101,primary,hospital,1,2020-01-01,\nTWO,二院,970101,primary,hospital,1,2025-01-15,\n"))
        func exposures(_ more: String...) throws -> [String: String] {
            var result: [String: String] = [:]
            for record in try Self.csv(store, ["indicators", "run", "visit_frequency"] + more).records { result[record["institution_id"] ?? ""] = record["exposure"] }
            return result
        }
        #expect(try exposures() == ["NEW": "3", "OLD": "2", "TWO": "3", "NONE": "1"])
        #expect(try exposures("--first-months", "6") == ["NEW": "2", "TWO": "2"])
        #expect(try exposures("--first-months", "6", "--to", "2025-10-01") == ["NEW": "1", "TWO": "2"])
        try store.run("report", "--out", folder.path("report"))
        let new = try CSVSheet(file: folder.path("report/new_institutions.csv")).records
        #expect(new.map { $0["institution_id"] } == ["NEW"] && new[0]["compared"] == "2" && new[0]["contract_start"] == "2025-09-01" && new[0]["claims"] == "2")
        // By the middle of the year the other one is in its first months.
        try store.run("report", "--out", folder.path("report"), "--to", "2025-07-01")
        let earlier = try CSVSheet(file: folder.path("report/new_institutions.csv")).records
        #expect(earlier.map { $0["institution_id"] } == ["TWO"])
    }

    @Test("a doctor's department is that of most claims, a claim counts once however many institutions its lines name") func members() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        // Twelve visits of one patient to DW: eleven in A05, one in A01, one of them with a line at another institution, one with a line nowhere.
        for day in 1...12 {
            let visit: [String: String?] = [
                "claim_id": "V\(day)", "institution_id": "H1", "doctor_id": "DW", "department": day == 1 ? "A01" : "A05", "patient_id": "P1",
                "settled_at": "2025-03-\(day < 10 ? "0" : "")\(day) 10:00:00",
            ]
            claims.add(visit)
            if day == 2 { claims.add(visit.merging(["line_id": "2", "institution_id": "H2"]) { $1 }) }
            if day == 3 { claims.add(visit.merging(["line_id": "2", "institution_id": ""]) { $1 }) }
        }
        try store.run("ingest", folder.write("c.csv", claims.sheet.text()))
        let rows = try Self.csv(store, "indicators", "run", "visit_frequency", "--by", "doctor").records
        #expect(rows.map { [$0["doctor_id"], $0["department"], $0["institutions"], $0["events"], $0["exposure"]] } == [["DW", "A05", "2", "12", "12"]])
        // The events are H1's; the line at H2 belongs to a claim of theirs.
        let evidence = try Self.csv(store, "evidence", "visit_frequency", "--patient", "P1").records
        #expect(Set(evidence.map { $0["institution_id"] }) == ["H1"] && Set(evidence.map { $0["claim_id"] }).count == 12)
        #expect(try Self.csv(store, "indicators", "run", "visit_frequency", "visit_frequency", "--by", "theme").records.map { $0["events"] } == ["1"])
        let growth = try store.run(["evidence", "spending_growth", "--doctor", "DW"])
        #expect(growth.ending == .exited(code: 64) && growth.errors.contains("names no lines"), "\(growth.errors)")
    }

    @Test("a report ranks practitioners, names insured persons masked, and refuses what is no grain") func report() throws {
        let claims = try GeneratedClaims.loaded()
        let folder = try TemporaryFolder()
        try claims.store.run("report", "--out", folder.path("report"))
        let doctors = try CSVSheet(file: folder.path("report/practitioners.csv")).records
        #expect(doctors.first?["rank"] == "1")
        let ranks = doctors.compactMap { Int($0["rank"] ?? "") }
        #expect(ranks == ranks.sorted())
        // Each row says what the indicator says of the doctor by itself.
        for (id, rows) in Dictionary(grouping: doctors, by: { $0["indicator"] ?? "" }) {
            var own: [String: [String: String]] = [:]
            for record in try Self.csv(claims.store, ["indicators", "run", id, "--by", "doctor"]).records { own[record["doctor_id"] ?? ""] = record }
            for row in rows {
                let figure = try #require(own[row["doctor_id"] ?? ""])
                #expect([row["claims_at_issue"], row["claims"], row["lines_at_issue"], row["patients"], row["amount"]]
                    == [figure["events"], figure["exposure"], figure["lines"], figure["patients"], figure["amount"]])
            }
        }
        let persons = try CSVSheet(file: folder.path("report/insured_persons.csv")).records
        #expect(!persons.isEmpty && persons.allSatisfy { $0["patient_id"]?.hasPrefix("*****") == true })
        let amounts = persons.map { ExactNumber.scaled($0["amount_at_issue"] ?? "", decimals: 2) }
        #expect(amounts == amounts.sorted(by: >))
        let page = try FileContent.text(folder.path("report/report.html"))
        for section in ["themes", "regions", "departments", "practitioners", "insured"] { #expect(page.contains("id=\"\(section)\""), "\(section)") }
        // All themes' money of an institution is at least what the ranking counts once, and at most its sum.
        let ranking = try CSVSheet(file: folder.path("report/ranking.csv")).records
        var byInstitution: [String: Int] = [:]
        for row in try CSVSheet(file: folder.path("report/themes.csv")).records {
            byInstitution[row["institution_id"] ?? "", default: 0] += ExactNumber.scaled(row["amount_at_issue"] ?? "", decimals: 2)
        }
        for place in ranking {
            let once = ExactNumber.scaled(place["amount_at_issue"] ?? "", decimals: 2)
            #expect(byInstitution[place["institution_id"] ?? "", default: 0] >= once - 6, "\(place)")
        }
        let refused = try claims.store.run(["indicators", "run", "visit_frequency", "--by", "ward"])
        #expect(refused.ending == .exited(code: 64) && refused.errors.contains("department"), "\(refused.errors)")
        let nobody = try claims.store.run(["evidence", "visit_frequency"])
        #expect(nobody.ending == .exited(code: 64), "\(nobody.errors)")
    }
}
