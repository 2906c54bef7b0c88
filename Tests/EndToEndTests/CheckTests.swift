import Foundation
import Testing

/// Claims screened before they are settled.
@Suite("Check")
struct CheckTests {
    private static func store() throws -> (TemporaryFolder, StoreUnderTest) {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let knowledge = """
            rule_id,item_code,attribute,value,paired_item_code,result,basis,valid_from,valid_to
            R1,001,sex,female,,violation,"限定性别,内涵",2024-01-01,2025-12-31
            R2,002,max_age_years,14,,suspicious,说明书,,
            R3,003,not_with,004,004,violation,重复收费,,
            R4,005,min_level,tertiary,,violation,限机构等级,,

            """
        try store.run("ingest", folder.write("k.csv", knowledge), "--table", "knowledge")
        try store.run("ingest", folder.write("i.csv", "institution_id,level\nH1,三级甲等\nH2,10\n"), "--table", "institutions")
        return (folder, store)
    }

    @Test("one claim: what goes against which rule, on what basis, and the exit code") func oneClaim() throws {
        let (folder, store) = try Self.store()
        let claim = """
            {"setl_id": "C1", "gend": "1", "brdy": "1980-02-03", "fixmedins_code": "H2", "fee_ocur_time": "2025-03-10 08:00:00",
             "lines": [{"line_no": 1, "item_code": "001"}, {"line_no": 2, "item_code": "002"}, {"line_no": 3, "item_code": "003"},
                       {"line_no": 4, "item_code": "004"}, {"line_no": 5, "item_code": "005"}, {"line_no": 6, "item_code": "006"}]}
            """
        let outcome = try store.run("check", folder.write("claim.json", claim), "--format", "csv", "--all", expecting: 1)
        let found = try CSVSheet(outcome.outputBytes).records
        #expect(found.map { "\($0["line_id"] ?? "") \($0["result"] ?? "") \($0["rule_id"] ?? "-") \($0["found"] ?? "-")" } == [
            "1 violation R1 male", "2 suspicious R2 45", "3 ok - -", "4 violation R3 003", "5 violation R4 primary", "6 ok - -",
        ])
        #expect(found[0]["basis"] == "限定性别,内涵" && found[0]["claim_id"] == "C1")
        #expect(found[0]["message_en"]?.contains("female") == true && found[0]["message_zh"]?.contains("女") == true)
        #expect(outcome.errors.contains("1 claim, 6 lines: 3 violations, 1 suspicious"))
    }

    @Test("a stream from standard input: JSON lines or CSV, found out by itself") func streams() throws {
        let (_, store) = try Self.store()
        let json = "{\"item_code\": \"002\", \"birth_date\": \"1980-01-01\", \"service_time\": \"2025-01-01\"}\n{\"item_code\": \"001\", \"sex\": \"女\", \"service_time\": \"2025-01-01\"}\n"
        let suspicious = try store.run("check", input: .bytes(Array(json.utf8)))
        #expect(try CSVSheet(suspicious.outputBytes).records.map { $0["rule_id"] } == ["R2"])
        try store.run("check", "-", "--strict", expecting: 1, input: .bytes(Array(json.utf8)))
        let csv = "结算ID,医保目录编码,性别,费用发生时间\n" + (1...3000).map { "C\($0),\($0 % 2 == 0 ? "001" : "777"),男,2026-01-01\n" }.joined()
        // The rule has ended by then.
        let outcome = try store.run("check", "--format", "jsonl", input: .bytes(Array(csv.utf8)))
        #expect(outcome.output.isEmpty && outcome.errors.contains("3,000 claims"))
        let earlier = try store.run("check", "--format", "jsonl", expecting: 1, input: .bytes(Array(csv.replacing("2026", with: "2025").utf8)))
        let lines = earlier.output.split(separator: "\n")
        #expect(lines.count == 1500)
        #expect(try lines.allSatisfy { (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["rule_id"] as? String == "R1" })
    }

    @Test("an answer comes as soon as its claim is complete, while the stream is open") func answersAtOnce() throws {
        let (folder, store) = try Self.store()
        let answers = try folder.write("answers", "")
        let check = try store.start(["check", "-", "--format", "jsonl", "--all"], input: .pipe, output: answers)
        for number in 1...3 {
            try check.feed(Array("{\"claim_id\": \"C\(number)\", \"lines\": [{\"item_code\": \"001\", \"sex\": \"M\"}]}\n".utf8))
            let start = ContinuousClock.now
            while try FileContent.text(answers).split(separator: "\n").count < number, ContinuousClock.now - start < .seconds(30) { usleep(1000) }
            #expect(try FileContent.text(answers).contains("\"C\(number)\""))
        }
        check.closeInput()
        #expect(try check.wait().ending == .exited(code: 0))
    }

    @Test("what cannot be read is told with its line, the rest is judged, and the exit code says so") func unreadable() throws {
        let (folder, store) = try Self.store()
        let file = try folder.write("x.jsonl", "{\"item_code\": \"001\", \"sex\": \"M\", \"service_time\": \"2025-01-01\"}\n{\"sex\": \"M\"}\n")
        let outcome = try store.run("check", file, expecting: 65)
        #expect(outcome.errors.contains("x.jsonl:2") && outcome.output.contains("R1"))
        try store.run("check", folder.path("none.json"), expecting: 66)
        try store.run("check", folder.write("empty", ""), expecting: 65)
        #expect(try ToolUnderTest.run(["check", file, "--store", folder.path("no-store")]).ending == .exited(code: 66))
    }

    @Test("points as imported sheets give them: what several rows allow, levels from one on, days of age, items never paid")
    func importedPoints() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let knowledge = """
            rule_id,item_code,attribute,value,result
            V,006,only_visit_type,inpatient,violation
            V,006,only_visit_type,emergency,violation
            L,007,min_level,secondary,violation
            A,008,max_age_days,28,suspicious
            N,009,not_payable,yes,violation
            I,010,only_insurance,maternity,violation

            """
        try store.run("ingest", folder.write("k.csv", knowledge), "--table", "knowledge")
        try store.run("ingest", folder.write("i.csv", "institution_id,level\nT,tertiary\nP,primary\n"), "--table", "institutions")
        let lines = [
            ("006", "outpatient", "T", "V outpatient"), ("006", "emergency", "T", ""), ("007", "inpatient", "P", "L primary"),
            ("007", "inpatient", "T", ""), ("008", "inpatient", "T", "A 60"), ("009", "inpatient", "T", "N 009"),
        ]
        var csv = "claim_id,line_id,item_code,visit_type,institution_id,birth_date,service_time\n"
        for (number, line) in lines.enumerated() {
            csv += "C1,\(number + 1),\(line.0),\(line.1),\(line.2),2025-01-01,2025-03-02 08:00:00\n"
        }
        let outcome = try store.run("check", "-", "--format", "csv", "--all", expecting: 1, input: .bytes(Array(csv.utf8)))
        let found = try CSVSheet(outcome.outputBytes).records.map { row in
            row["result"] == "ok" ? "" : "\(row["rule_id"] ?? "-") \(row["found"] ?? "-")"
        }
        #expect(found == lines.map(\.3))
    }

    @Test("--history counts what patients had in live claims of the store, but not the claim itself") func history() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let knowledge = """
            rule_id,item_code,attribute,value,window_days,result
            D,001,max_per_day,2,,violation
            W,002,max_per_period,1,7,violation
            Y,003,max_course_days,2,365,violation

            """
        try store.run("ingest", folder.write("k.csv", knowledge), "--table", "knowledge")
        var claims = ClaimsByHand()
        for (claim, item, day, quantity) in [
            ("A", "001", "2025-03-10", "1.5"), ("B", "002", "2025-03-05", "1"), ("R", "002", "2025-03-09", "1"), ("D", "003", "2025-02-01", "1"),
            ("E", "003", "2025-01-01", "1"), ("C1", "002", "2025-03-10", "1"),
        ] {
            claims.add(["claim_id": claim, "patient_id": "P1", "institution_id": "H1", "item_code": item, "service_time": "\(day) 08:00:00", "quantity": quantity])
        }
        claims.addReversal(of: "R")
        try store.run("ingest", folder.write("c.csv", claims.sheet.text()))
        let lines = """
            claim_id,line_id,patient_id,institution_id,item_code,service_time,quantity
            C1,1,P1,H1,001,2025-03-10 09:00:00,1
            C1,2,P1,H2,002,2025-03-12 09:00:00,1
            C1,3,P1,H1,002,2025-03-11 09:00:00,1
            C1,4,P1,H1,003,2025-03-12 09:00:00,1
            C1,5,P2,H1,003,2025-03-12 09:00:00,1

            """
        let alone = try store.run("check", "-", "--format", "csv", input: .bytes(Array(lines.utf8)))
        #expect(try CSVSheet(alone.outputBytes).records.isEmpty)
        let outcome = try store.run("check", "-", "--format", "csv", "--history", expecting: 1, input: .bytes(Array(lines.utf8)))
        let found = try CSVSheet(outcome.outputBytes).records.map { "\($0["line_id"] ?? "-") \($0["rule_id"] ?? "-") \($0["found"] ?? "-")" }
        #expect(found == ["1 D 2.5", "3 W 2", "4 Y 3"])
        // Claims of a file are asked for together, and each is judged as it would be alone.
        let several = lines + "C2,1,P1,H1,002,2025-03-12 09:00:00,1\nB,1,P1,H1,002,2025-03-06 09:00:00,1\nB,2,P3,H1,001,2025-03-10 09:00:00,3\n"
        let file = try folder.write("several.csv", several)
        for input in [[file], ["-"]] {
            let together = try store.run(["check"] + input + ["--format", "csv", "--history"], input: .bytes(Array(several.utf8)))
            #expect(together.ending == .exited(code: 1), "\(together.errors)")
            let rows = try CSVSheet(together.outputBytes).records.map { "\($0["claim_id"] ?? "-") \($0["line_id"] ?? "-") \($0["rule_id"] ?? "-") \($0["found"] ?? "-")" }
            #expect(rows == ["C1 1 D 2.5", "C1 3 W 2", "C1 4 Y 3", "C2 1 W 2", "B 2 D 3"])
        }
    }
}
