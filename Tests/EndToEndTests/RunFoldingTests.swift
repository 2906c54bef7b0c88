import Foundation
import Testing

/// Questions answered claim by claim must have the answers that line by line gives.
@Suite("Folded scans")
struct RunFoldingTests {
    /// Claims of every awkward kind: split over places, lines out of order, departments that change within a claim, reversals,
    /// quantities of both signs and zero, fund amounts that are missing on lines or whole claims.
    private func awkwardClaims(_ seed: UInt64, count: Int) -> CSVSheet {
        var random = SeededRandom(seed: seed)
        var claims = ClaimsByHand()
        for number in 0..<count {
            var header: [String: String?] = [
                "claim_id": "C" + String(100_000 + number), "institution_id": "H" + String(Int.random(in: 1...5, using: &random)),
                "patient_id": "P" + String(Int.random(in: 1...40, using: &random)),
                "department": Bool.random(using: &random) ? "A0\(Int.random(in: 1...3, using: &random))" : nil,
                "visit_type": ["outpatient", "inpatient", "pharmacy"].randomElement(using: &random)!,
                "settled_at": "2025-0\(Int.random(in: 1...3, using: &random))-1\(Int.random(in: 0...9, using: &random)) 10:00:00",
            ]
            if number > 3, Int.random(in: 0..<15, using: &random) == 0 {
                header["original_claim_id"] = "C" + String(100_000 + Int.random(in: 0..<number, using: &random))
            }
            let hasFund = Int.random(in: 0..<8, using: &random) > 0
            for line in 1...Int.random(in: 1...6, using: &random) {
                var values = header
                let quantity = [1, 2, 3, 5, -1, 0][min(5, Int.random(in: 0..<9, using: &random))]
                let price = Int.random(in: 1...40, using: &random)
                values["line_id"] = String(line)
                values["quantity"] = String(quantity)
                values["unit_price"] = String(price)
                values["amount"] = String(quantity * price) + ".00"
                values["fund_amount"] =
                    hasFund && Int.random(in: 0..<10, using: &random) > 0 ? String(quantity * price) + ".00" : nil
                values["item_category"] = Bool.random(using: &random) ? "drug" : "service"
                if Int.random(in: 0..<30, using: &random) == 0 { values["department"] = "B09" }
                claims.add(values)
            }
        }
        return claims.sheet
    }

    private static let keys = [
        "institution_id", "patient_id", "claim_id", "visit_type", "date_trunc('month', settled_at)", "department",
        "substr(claim_id, 1, 5)",
    ]
    private static let answers = [
        "count(*)", "sum(amount)", "sum(fund_amount)", "count(department)", "count(distinct patient_id)",
        "min(settled_at)", "max(visit_type)", "count(amount)", "count(*) filter (where visit_type = 'inpatient')",
        "sum(fund_amount) filter (where department is not null)", "sum(case when visit_type = 'pharmacy' then amount else 0 end)",
        "sum(case when department = 'A01' then fund_amount end)", "sum(coalesce(fund_amount, 0))", "sum(-amount)", "sum(amount * 0.8)", "sum(-2 * fund_amount)",
        "avg(amount)", "avg(quantity) filter (where visit_type <> 'pharmacy')", "avg(fund_amount)", "max(amount)", "min(quantity)",
        "max(fund_amount)", "count(fund_amount)", "sum(quantity)", "bool_and(visit_type <> 'pharmacy')",
    ]
    private static let conditions = [
        "quantity > 0", "0 < quantity", "quantity <= 0", "quantity <> 0", "quantity = 0", "amount < 0", "visit_type = 'inpatient'",
        "item_category = 'drug'", "substr(claim_id, 6, 1) > '4'", "department is null", "amount / nullif(quantity, 0) > 10",
        "fund_amount > 0", "settled_at < timestamp '2025-02-14 00:00:00'", "quantity > 0 or department = 'B09'",
    ]
    private static let tables = [
        "claims", "live_claims", "claims as c join sites as s on s.id = c.institution_id",
        "claims left join sites on id = institution_id",
    ]

    private func questions(_ seed: UInt64) -> [String] {
        var random = SeededRandom(seed: seed)
        return (0..<150).map { number in
            let keys = Array(Self.keys.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)))
            let answers = Self.answers.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
            let conditions = Self.conditions.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random))
            let places = keys.indices.map { String($0 + 1) }.joined(separator: ", ")
            return "select \((keys + answers).joined(separator: ", ")) from \(Self.tables.randomElement(using: &random)!)"
                + (conditions.isEmpty ? "" : " where " + conditions.map { "(\($0))" }.joined(separator: " and "))
                + (keys.isEmpty ? "" : " group by \(places) order by \(places)") + "; -- \(number)"
        } + Self.nested
    }

    /// As indicators ask.
    private static let nested = [
        "select count(*), sum(amount), sum(fund_amount), sum(line_count), min(department) from settlements;",
        """
        select institution_id, count(case when n >= 3 then 1 end), sum(fund) from (select claim_id, min(nullif(institution_id, ''))
        as institution_id, count(*) as n, coalesce(sum(fund_amount), 0) as fund from live_claims where quantity > 0 group by claim_id
        having min(visit_type) = 'outpatient') as v group by institution_id order by 1;
        """,
        "select patient_id, sum(amount) from claims where patient_id in (select patient_id from claims where amount > 150) group by 1 order by 1;",
        "select rollup_key, n from (select visit_type as rollup_key, count(*) as n from claims group by rollup (visit_type)) as r order by 1, 2;",
    ]

    @Test("every question has the same answer with folding and without, on one worker and two, in one segment and many")
    func sameAnswers() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        // The second file goes on with claims of the first, which then lie in two places.
        let all = awkwardClaims(3, count: 900)
        let half = all.rows.count / 2
        for (name, rows) in [("one.csv", all.rows[..<half]), ("two.csv", all.rows[half...])] {
            try store.run("ingest", folder.write(name, CSVSheet(header: all.header, rows: Array(rows)).text()))
        }
        try store.run("sql", "create table sites as select * from (values ('H1', 'x'), ('H2', 'y'), ('H2', 'z')) as t(id, name)")
        let script = try folder.write("questions.sql", questions(17).joined(separator: "\n"))
        let plain = try folder.write(
            "plain.sql", "set disabled_rules = 'RunFolding';\n" + questions(17).joined(separator: "\n"))
        let folded = try store.run("sql", "-f", script, "--format", "csv").output
        #expect(folded == (try store.run("sql", "-f", plain, "--format", "csv").output.replacing("SET\n", with: "")))
        #expect(folded == (try store.run("sql", "-f", script, "--format", "csv", "--threads", "1").output))
        #expect(folded == (try store.run("sql", "-f", script, "--format", "csv", "--threads", "2").output))
        let plan = try store.run("sql", "explain select institution_id, count(*), sum(fund_amount) from live_claims group by 1").output
        #expect(plan.contains("FoldingScan claims"))
        try store.run("verify")
    }

    /// Semi and anti joins that are remembered, and some that look as if they could be.
    private static let filtered = [
        "select count(*), sum(amount) from live_claims;",
        "select count(*), min(line_id) from claims where claim_id in (select original_claim_id from claims);",
        "select count(*) from claims where claim_id not in (select original_claim_id from claims where original_claim_id <> '');",
        "select count(*) from claims where patient_id in (select patient_id from claims where quantity < 0);",
        "select count(*) from claims where patient_id in (select patient_id from claims where quantity < 0 and amount < -20);",
        "select count(*) from claims where not exists (select 1 from sites where id = institution_id);",
        "select count(*) from claims where exists (select 1 from sites where id = institution_id);",
        "select count(*) from claims as c where exists (select 1 from claims as o where o.institution_id = c.patient_id);",
        "select count(*) from claims where department in (select department from claims where department is not null and quantity = 5);",
        "select count(*) from claims where department not in (select department from claims where quantity = 5);",
        "select count(*) from (select * from claims where quantity > 0) as c where claim_id in (select claim_id from live_claims);",
        "select visit_type, count(*), sum(fund_amount) from live_claims where settled_at < timestamp '2025-02-01' group by 1 order by 1;",
        "select * from live_claims where patient_id = 'P7' order by claim_id, line_id;",
        "select claim_id from live_claims where amount > 100 order by settled_at, claim_id, line_id limit 7;",
    ]

    @Test("what one statement finds out does not change the answers of those after it, in one segment and many")
    func rememberedFilters() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let all = awkwardClaims(11, count: 900)
        let third = all.rows.count / 3
        try store.run("ingest", folder.write("one.csv", CSVSheet(header: all.header, rows: Array(all.rows[..<third])).text()))
        try store.run("sql", "create table sites as select * from (values ('H1', 'x'), ('H2', 'y'), ('H2', 'z')) as t(id, name)")
        func check() throws {
            // Twice each, in another order the second time: what is known by then is not the same.
            let asked = Self.filtered + questions(23)
            let text = (asked + asked.reversed()).joined(separator: "\n")
            let remembering = try folder.write("questions.sql", text)
            let plain = try folder.write("plain.sql", "set disabled_rules = 'FilterMemory';\n" + text)
            let expected = try store.run("sql", "-f", plain, "--format", "csv").output.replacing("SET\n", with: "")
            #expect(try store.run("sql", "-f", remembering, "--format", "csv", "--threads", "2").output == expected)
            #expect(try store.run("sql", "-f", remembering, "--format", "csv", "--threads", "1").output == expected)
            #expect(try store.run("sql", "-f", remembering, "--format", "csv", "--disable-rules", "RunFolding").output == expected)
        }
        try check()
        try store.run("ingest", folder.write("two.csv", CSVSheet(header: all.header, rows: Array(all.rows[third...])).text()))
        try check()
        try store.run("compact")
        try check()
    }

    @Test("a session forgets what it found out when a statement of its own changes the store")
    func forgottenFilters() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("one.csv", awkwardClaims(13, count: 300).text()))
        let script = try folder.write(
            "script.sql",
            """
            create table sites as select 'H1' as id;
            select count(*) as before from claims where institution_id in (select id from sites);
            drop table sites;
            create table sites as select 'H2' as id;
            select count(*) as after from claims where institution_id in (select id from sites);
            """)
        let numbers = try store.run("sql", "-f", script, "--format", "csv").output.split(separator: "\n").compactMap { Int($0) }
        let expected = try ["H1", "H2"].map { site in
            try store.run("sql", "select count(*) from claims where institution_id = '\(site)'", "--format", "csv").output
                .split(separator: "\n").compactMap { Int($0) }[0]
        }
        #expect(numbers == expected)
        #expect(expected[0] != expected[1])
    }

    @Test("the first rows of a sort are those of sorting everything, whatever segments and runs are left out")
    func firstRows() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let all = awkwardClaims(5, count: 1200)
        let size = all.rows.count / 12 + 1
        for (number, start) in stride(from: 0, to: all.rows.count, by: size).enumerated() {
            let rows = Array(all.rows[start..<min(all.rows.count, start + size)])
            try store.run("ingest", folder.write("\(number).csv", CSVSheet(header: all.header, rows: rows).text()))
        }
        try store.run("sql", "create table sites as select * from (values ('H1', 'x'), ('H2', 'y'), ('H2', 'z')) as t(id, name)")
        var random = SeededRandom(seed: 23)
        let keys = [
            "amount", "quantity", "fund_amount", "unit_price", "settled_at", "cast(settled_at as date)", "claim_id", "days_supply",
            "-amount", "department", "amount * 2",
        ]
        var few: [String] = []
        var whole: [String] = []
        var ranges: [Range<Int>] = []
        for _ in 0..<120 {
            let key = keys.randomElement(using: &random)!
            let order = ["", " desc", " desc nulls last", " nulls first"].randomElement(using: &random)!
            let conditions = Self.conditions.shuffled(using: &random).prefix(Int.random(in: 0...1, using: &random))
            let question =
                "select claim_id, line_id, \(key) from \(Self.tables.randomElement(using: &random)!)"
                + (conditions.isEmpty ? "" : " where " + conditions[0]) + " order by 3\(order), claim_id, line_id"
            let start = Int.random(in: 0...5, using: &random)
            let limit = Int.random(in: 0...40, using: &random)
            few.append("\(question) limit \(limit) offset \(start);")
            // So many rows are not worth a bound.
            whole.append("\(question) limit 70000;")
            ranges.append(start..<(start + limit))
        }
        func tables(_ statements: [String], threads: String) throws -> [[Substring]] {
            let marked = statements.map { "\($0)\nselect 'next' as mark;" }.joined(separator: "\n")
            let script = try folder.write("first-\(statements.count)-\(threads).sql", marked)
            let output = try store.run("sql", "-f", script, "--format", "csv", "--threads", threads).output
            return output.split(separator: "mark\nnext\n", omittingEmptySubsequences: false).dropLast().map {
                $0.split(separator: "\n").filter { !$0.isEmpty }
            }
        }
        let everything = try tables(whole, threads: "2")
        try #require(everything.count == ranges.count)
        let expected = zip(everything, ranges).map { table, range in
            Array(table.prefix(1) + table.dropFirst().dropFirst(range.lowerBound).prefix(range.count))
        }
        for threads in ["1", "2"] {
            let found = try tables(few, threads: threads)
            try #require(found.count == expected.count)
            for (number, (own, other)) in zip(found, expected).enumerated() { #expect(own == other, "\(few[number])") }
        }
    }
}
