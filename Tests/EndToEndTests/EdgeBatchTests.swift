import Testing

/// Batches written by hand around every border of the definitions.
@Suite("Borders of the definitions")
struct EdgeBatchTests {
    @Test("visits are counted per institution, patient and calendar month of settlement") func visitBorders() throws {
        var claims = ClaimsByHand()
        func visits(_ patient: String, _ count: Int, _ day: String = "2025-03-10", _ extra: [String: String?] = [:]) {
            for _ in 0..<count {
                claims.add(["patient_id": patient, "settled_at": day + " 12:00:00"].merging(extra) { $1 })
            }
        }
        visits("ten", 10)
        visits("nine", 9)
        visits("two-months", 5, "2025-03-31", ["settled_at": "2025-03-31 23:59:59"])
        visits("two-months", 5, "2025-04-01", ["settled_at": "2025-04-01 00:00:00"])
        visits("two-places", 5)
        visits("two-places", 5, "2025-03-10", ["institution_id": "H2"])
        visits("kinds", 4)
        visits("kinds", 3, "2025-03-11", ["visit_type": "chronic"])
        visits("kinds", 3, "2025-03-12", ["visit_type": "emergency"])
        visits("elsewhere", 9)
        visits("elsewhere", 9, "2025-03-11", ["visit_type": "inpatient"])
        visits("elsewhere", 9, "2025-03-11", ["visit_type": "pharmacy"])
        visits("elsewhere", 9, "2025-03-11", ["visit_type": "51"])
        visits("", 12)
        visits("no-institution", 12, "2025-03-10", ["institution_id": ""])
        visits("free", 10, "2025-03-10", ["fund_amount": nil])
        visits("nothing-given", 10, "2025-03-10", ["quantity": "0"])
        visits("nothing-given", 9)
        // The claim of two lines is one visit; its type is the smaller of both, "chronic".
        visits("two-lines", 9)
        claims.add(["patient_id": "two-lines", "claim_id": "TWO", "visit_type": "pharmacy"])
        claims.add(["patient_id": "two-lines", "claim_id": "TWO", "line_id": "2", "visit_type": "chronic"])
        let (store, _, reference) = try EdgeFiles(claims: [claims.sheet]).load()
        try IndicatorComparison.expectFigures(of: "visit_frequency", store, reference)
        // By hand at H1: ten, kinds, free and two-lines are events; nine, the two months, one of two places, elsewhere and
        // nothing-given are not.
        let figure = try #require(
            CSVSheet(store.run("indicators", "run", "visit_frequency").outputBytes)
                .records.first { $0["institution_id"] == "H1" })
        #expect(figure["events"] == "4" && figure["exposure"] == "10" && figure["amount"] == "217.00", "\(figure)")
        try IndicatorComparison.expectFigures(of: "visit_frequency", store, reference, from: "2025-04-01")
        try IndicatorComparison.expectFigures(of: "visit_frequency", store, reference, to: "2025-04-01")
        try IndicatorComparison.expectFigures(
            of: "visit_frequency", store, reference, from: "2025-03-31", to: "2025-04-02")
    }

    @Test("a reversal cancels its claim wherever it stands, and stays effective when it is reversed itself")
    func reversals() throws {
        var first = ClaimsByHand()
        var ids: [String] = []
        for _ in 0..<14 { ids.append(first.add()) }
        let reversal = first.addReversal(of: ids[0])
        first.addReversal(of: reversal)
        first.addReversal(of: "NEVER-SEEN")
        // A claim with two lines of which only the second names an original is a reversal as a whole.
        first.add(["claim_id": "HALF"])
        first.add(["claim_id": "HALF", "line_id": "2", "original_claim_id": ids[1]])
        // An empty original names no claim.
        let plain = first.add(["original_claim_id": ""])
        var second = ClaimsByHand()
        second.addReversal(of: ids[2], ["claim_id": "LATE", "settled_at": "2025-09-01 08:00:00"])
        // A reversal that comes before what it cancels, and one settled long after.
        second.addReversal(of: "COMES-LATER", ["claim_id": "EARLY"])
        second.add(["claim_id": "COMES-LATER"])
        let (store, _, reference) = try EdgeFiles(claims: [first.sheet, second.sheet]).load()
        let live = try store.rows("select distinct claim_id from live_claims order by 1").map { $0[0] ?? "" }
        #expect(live == (ids.dropFirst(3) + [plain]).sorted())
        #expect(Set(live) == Set(reference.liveLines.map(\.claimID)))
        try IndicatorComparison.expectFigures(of: "visit_frequency", store, reference)
        try IndicatorComparison.expectFigures(
            of: "visit_frequency", store, reference, from: "2025-03-01", to: "2025-04-01")
        let settlements = try store.rows("select count(*), count(distinct claim_id), sum(line_count) from settlements")
        #expect(settlements == [[String(live.count), String(live.count), String(live.count)]])
    }

    @Test("a claim may straddle files; a repeated line is rejected inside a file and across batches")
    func straddlingAndRepeats() throws {
        var first = ClaimsByHand()
        first.add(["claim_id": "A", "line_id": "1", "fund_amount": "1.00"])
        first.add(["claim_id": "A", "line_id": "2", "fund_amount": "2.00"])
        first.add(["claim_id": "A", "line_id": "1", "fund_amount": "100.00"])
        first.add(["claim_id": "B", "line_id": "x", "fund_amount": "4.00"])
        first.add(["claim_id": "B", "line_id": "01", "fund_amount": "8.00"])
        first.add(["claim_id": "B", "line_id": "1", "fund_amount": "16.00"])
        first.add(["claim_id": "B", "line_id": "x", "fund_amount": "1000.00"])
        var second = ClaimsByHand()
        second.add(["claim_id": "C", "line_id": "1", "fund_amount": "32.00"])
        second.add(["claim_id": "A", "line_id": "2", "fund_amount": "10000.00"])
        second.add(["claim_id": "A", "line_id": "3", "fund_amount": "64.00"])
        second.add(["claim_id": "B", "line_id": "01", "fund_amount": "100000.00"])
        second.add(["claim_id": "A1", "line_id": "2", "fund_amount": "128.00"])
        let (store, outcomes, reference) = try EdgeFiles(claims: [first.sheet, second.sheet]).load()
        #expect(outcomes.map { LoadSummary($0.errors).rejected } == [2, 2])
        #expect(reference.duplicateCount == 4)
        #expect(
            try store.rows("select claim_id, count(*), sum(fund_amount) from claims group by 1 order by 1")
                == [["A", "3", "67.00"], ["A1", "1", "128.00"], ["B", "3", "28.00"], ["C", "1", "32.00"]])
        try IndicatorComparison.expectFigures(of: "visit_frequency", store, reference)
        for batch in FileContent.names(in: store.path + "/rejects") {
            let rejects = try CSVSheet(file: store.path + "/rejects/" + batch)
            #expect(rejects.records.allSatisfy { $0["reason"] == "duplicate" } && rejects.rows.count == 2, "\(batch)")
        }
    }

    @Test("gynaecology of men: borders of diagnoses, departments, items and their validity") func maleBorders() throws {
        var claims = ClaimsByHand()
        func man(_ values: [String: String?]) { claims.add(["sex": "male", "patient_id": "M"].merging(values) { $1 }) }
        for code in [
            "C50.9", "C51", "C51.0", "C58.9", "C59", "D05.9", "D06", "D06.9", "D07", "D24", "D25.0", "D28.9", "D29",
            "N69",
            "N70", "N98.9", "N99", "N", "O00", "O99.8", "O9A", "P00", "Z31.9", "Z32", "Z37.9", "Z38", "C5", "", "c51",
        ] { man(["diagnosis_code": code]) }
        man(["diagnosis_code": nil])
        for department in ["A05", "A05.01", "A0501", "A04", "A06", "a05", ""] { man(["department": department]) }
        man(["department": nil])
        man(["sex": nil, "diagnosis_code": "O80"])
        man(["sex": "unknown", "diagnosis_code": "O80"])
        man(["sex": "female", "diagnosis_code": "O80"])
        man(["institution_id": "", "diagnosis_code": "O80"])
        man(["institution_id": "NOT-LISTED", "diagnosis_code": "O80", "fund_amount": nil])
        // The smaller sex of a claim counts, and its smaller diagnosis.
        claims.add(["claim_id": "MIXED", "sex": "male", "diagnosis_code": "O80"])
        claims.add(["claim_id": "MIXED", "line_id": "2", "sex": "female", "diagnosis_code": "O80"])
        claims.add(["claim_id": "TWO-CODES", "sex": "male", "diagnosis_code": "O80"])
        claims.add(["claim_id": "TWO-CODES", "line_id": "2", "sex": "male", "diagnosis_code": "A01"])
        for (item, moment) in [
            ("00077", "2025-02-28 23:59:59"), ("00077", "2025-03-01 00:00:00"), ("00077", "2025-03-31 23:59:59"),
            ("00077", "2025-04-01 00:00:00"), ("00078", "2025-01-01 08:00:00"), ("00079", "1999-12-31 08:00:00"),
            ("00079", "2025-01-01 08:00:00"), ("77", "2025-03-10 08:00:00"), ("00080", "2025-03-10 08:00:00"),
        ] { man(["item_code": item, "service_time": moment, "settled_at": "2025-05-01 08:00:00"]) }
        // A line of no quantity counts for nothing: neither for the item nor for the fund.
        claims.add(["claim_id": "GIVEN-BACK", "sex": "male"])
        claims.add(["claim_id": "GIVEN-BACK", "line_id": "2", "sex": "male", "item_code": "00078", "quantity": "0"])
        claims.add(["claim_id": "GIVEN-BACK", "line_id": "3", "sex": "male", "item_code": "00078", "quantity": "-1"])
        let knowledge = ReferenceTablesByHand.knowledge([
            ("00077", "sex", "female", "2025-03-01", "2025-03-31"), ("00078", "sex", "female", nil, nil),
            ("00079", "sex", "female", "2000-01-01", nil), ("00080", "sex", "male", nil, nil),
            ("00080", "max_per_day", "2", nil, nil), ("00078", "sex", "female", "2024-01-01", "2026-01-01"),
        ])
        let institutions = ReferenceTablesByHand.institutions([("H1", "一院", "tertiary", "hospital")])
        let (store, _, reference) = try EdgeFiles(
            claims: [claims.sheet], institutions: institutions, knowledge: knowledge
        ).load()
        try IndicatorComparison.expectFigures(of: "male_gynecology", store, reference)
        let evidence = try CSVSheet(store.run("evidence", "male_gynecology", "H1", "--format", "csv").outputBytes)
        let events = try #require(
            ReferenceIndicators.figures(ReferenceIndicators.units("male_gynecology", reference))["H1"])
        #expect(Set(evidence.records.compactMap { $0["claim_id"] }).count == events.events)
    }

    @Test("oversized prescriptions: groups, ties, missing departments and institutions, totals of nothing")
    func prescriptionBorders() throws {
        var claims = ClaimsByHand()
        var number = 0
        func prescribe(_ amounts: [Int], _ values: [String: String?]) {
            for amount in amounts {
                number += 1
                claims.add(
                    [
                        "prescription_id": "R\(number)", "item_category": "drug", "amount": "\(amount).00",
                        "fund_amount": "\(amount / 2).50",
                    ].merging(values) { $1 })
            }
        }
        let spread = (0..<40).map { 90 + $0 / 2 }
        prescribe(spread + [100_000, 5_000], ["department": "A03"])
        prescribe(spread.dropLast(11) + [9_000], ["department": "A04"])
        prescribe(spread.dropLast(11), ["department": "A07"])
        prescribe(Array(repeating: 80, count: 35) + [70_000], ["department": "A08"])
        // A missing department is one group with the blank one; a missing institution and one without level are both "none".
        prescribe(Array(spread.prefix(20)), ["department": nil, "institution_id": "NOT-LISTED"])
        prescribe(Array(spread.suffix(20)) + [20_000], ["department": "", "institution_id": "NO-LEVEL"])
        prescribe(spread + [40_000], ["department": "A03", "institution_id": "H2"])
        prescribe([50_000], ["department": "A03", "visit_type": "inpatient"])
        prescribe([50_000], ["department": "A03", "visit_type": "pharmacy"])
        prescribe([50_000], ["department": "A03", "item_category": "service"])
        prescribe([50_000], ["department": "A03", "prescription_id": nil])
        prescribe([50_000], ["department": "A03", "prescription_id": ""])
        prescribe([50_000], ["department": "A03", "institution_id": ""])
        prescribe([50_000], ["department": "A03", "quantity": "-2"])
        prescribe([0, -50], ["department": "A03"])
        // One prescription in three claims, with a line that is no drug and one of an inpatient.
        for (line, values) in [
            ["amount": "30000.00"], ["amount": "20000.00"], ["amount": "99999.00", "item_category": "service"],
        ].enumerated() {
            prescribe(
                [10], ["department": "A03", "prescription_id": "SHARED", "line_id": "\(line)"].merging(values) { $1 })
        }
        prescribe([60_000], ["department": "A03", "prescription_id": "MIXED"])
        prescribe([60_000], ["department": "A03", "prescription_id": "MIXED", "visit_type": "inpatient"])
        let institutions = ReferenceTablesByHand.institutions([
            ("H1", "一院", "tertiary", "hospital"), ("H2", "二院", "tertiary", "hospital"),
            ("NO-LEVEL", "卫生室", nil, "clinic"),
        ])
        let (store, _, reference) = try EdgeFiles(claims: [claims.sheet], institutions: institutions).load()
        try IndicatorComparison.expectFigures(of: "prescription_size", store, reference)
        let found = ReferenceIndicators.figures(ReferenceIndicators.units("prescription_size", reference))
        // By hand at H1: 42 of A03 and the shared one (A04 has 30, A07 and A08 form no group); events 100000, 5000, shared, 9000.
        #expect(found["H1"].map { [$0.events, $0.exposure] } == [4, 42 + 1 + 30])
        #expect(found["NO-LEVEL"].map { [$0.events, $0.exposure] } == [1, 21])
        #expect(found["NOT-LISTED"].map { [$0.events, $0.exposure] } == [0, 20])
        try IndicatorComparison.expectFigures(
            of: "prescription_size", store, reference, from: "2025-03-10", to: "2025-03-11")
        try IndicatorComparison.expectFigures(of: "prescription_size", store, reference, from: "2025-03-11")
    }

    @Test(
        "without claims, institutions or knowledge every indicator answers with no rows",
        arguments: ReferenceIndicators.ids)
    func emptyStore(id: String) throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        try store.run("ingest", folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n"), "--table", "deaths")
        let outcome = try store.run("indicators", "run", id, "--format", "csv")
        #expect(outcome.output == IndicatorComparison.header.joined(separator: ",") + "\n")
    }

    @Test("a parameter set by hand moves its border") func parameters() throws {
        var claims = ClaimsByHand()
        for _ in 0..<3 { claims.add() }
        let (store, _, _) = try EdgeFiles(claims: [claims.sheet]).load()
        for (setting, events) in [("minimum_claims=3", "1"), ("minimum_claims=4", "0")] {
            let outcome = try store.run("indicators", "run", "visit_frequency", "--set", setting)
            #expect(try CSVSheet(outcome.outputBytes).records.first?["events"] == events, "\(setting)")
        }
        #expect(
            try store.run("indicators", "run", "visit_frequency", "--set", "minimum_claim=3", expecting: 64).errors
                .contains("minimum_claims"))
        #expect(
            try store.run("indicators", "run", "visit_frequency", "--set", "minimum_claims=many", expecting: 64).errors
                .contains("many"))
    }

    @Test("a later batch of a reference table replaces it") func replacement() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let header = "institution_id,name,level\n"
        try store.run("ingest", folder.write("1.csv", header + "H1,old,三级\nH2,gone,二级\n"), "--table", "institutions")
        try store.run("ingest", folder.write("2.csv", header + "H1,new,一级\nH3,came,药店\n"), "--table", "institutions")
        #expect(
            try store.rows("select institution_id, name, level from institutions order by 1")
                == [["H1", "new", "primary"], ["H3", "came", "pharmacy"]])
        let deaths = "patient_id,death_date\nP1,2025-03-02\nP1,2025-03-01\nP1,2025-03-03\nP2,2025-01-01\n"
        try store.run("ingest", folder.write("d.csv", deaths), "--table", "deaths", "--max-rejects", "100%")
        #expect(
            try store.rows("select patient_id, min(death_date) from deaths group by 1 order by 1")
                == [["P1", "2025-03-01"], ["P2", "2025-01-01"]])
    }
}

/// Files of one case, loaded in order into a store of their own.
struct EdgeFiles {
    var claims: [CSVSheet]
    var institutions: CSVSheet?
    var knowledge: CSVSheet?

    init(claims: [CSVSheet], institutions: CSVSheet? = nil, knowledge: CSVSheet? = nil) {
        self.claims = claims
        self.institutions = institutions
        self.knowledge = knowledge
    }

    /// The store, what each load of claims said, and the same files as the reference reads them.
    func load() throws -> (store: StoreUnderTest, outcomes: [ProcessOutcome], reference: ReferenceData) {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        if let institutions {
            try store.run("ingest", folder.write("institutions.csv", institutions.text()), "--table", "institutions")
        }
        if let knowledge {
            try store.run("ingest", folder.write("knowledge.csv", knowledge.text()), "--table", "knowledge")
        }
        var outcomes: [ProcessOutcome] = []
        for (number, sheet) in claims.enumerated() {
            let file = try folder.write("claims-\(number).csv", sheet.text())
            outcomes.append(try store.run("ingest", file, "--max-rejects", "100%"))
        }
        return (store, outcomes, ReferenceData(claims: claims, institutions: institutions, knowledge: knowledge))
    }
}
