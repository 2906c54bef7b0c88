import Testing

/// Bad rows never stop a load and never vanish.
@Suite("Rejected rows")
struct RejectTests {
    /// A broken row, what the rejects file must say of it, and how it is broken.
    private struct Fault {
        var reason: String
        var column: String?
        var row: String
    }

    private static let goodRow =
        "G%,1,H1,A03,P1,male,1970-05-01,11,2025-03-09 08:00:00,2025-03-10 09:00:00,000123,挂号费,1,10,10.00,7.00"
    private static let header =
        "claim_id,line_id,institution_id,department,patient_id,sex,birth_date,visit_type,service_time,settled_at,"
        + "item_code,item_name,quantity,unit_price,amount,fund_amount\n"

    private static func good(_ number: Int, _ changes: [(String, String)] = []) -> String {
        var row = goodRow.replacing("%", with: String(number))
        for (from, to) in changes { row = row.replacing(from, with: to) }
        return row
    }

    private static let faults: [Fault] = [
        Fault(reason: "field_count", column: nil, row: "X1,1,H1"),
        Fault(reason: "field_count", column: nil, row: good(901) + ",one,two"),
        Fault(reason: "not_a_number", column: "amount", row: good(902, [("10.00", "ten")])),
        Fault(reason: "not_a_number", column: "amount", row: good(903, [("10.00", "1.0E2")])),
        Fault(reason: "not_a_number", column: "quantity", row: good(904, [(",1,10,", ",1 piece,10,")])),
        Fault(reason: "not_a_number", column: "fund_amount", row: good(905, [("7.00", "\"7,00\"")])),
        Fault(reason: "too_many_decimals", column: "amount", row: good(906, [("10.00", "10.001")])),
        Fault(reason: "number_too_large", column: "amount", row: good(907, [("10.00", "123456789012345678.00")])),
        Fault(reason: "not_a_date", column: "birth_date", row: good(908, [("1970-05-01", "1970-02-30")])),
        Fault(reason: "not_a_date", column: "birth_date", row: good(909, [("1970-05-01", "May 1970")])),
        Fault(
            reason: "not_a_timestamp", column: "settled_at",
            row: good(910, [("2025-03-10 09:00:00", "2025-03-10 25:00:00")])),
        Fault(
            reason: "date_format", column: "settled_at", row: good(911, [("2025-03-10 09:00:00", "2025/3/10 09:00:00")])
        ),
        Fault(reason: "missing_value", column: "patient_id", row: good(912, [(",P1,", ",,")])),
        Fault(reason: "missing_value", column: "service_time", row: good(913, [("2025-03-09 08:00:00", "")])),
        Fault(reason: "missing_value", column: "amount", row: good(914, [("10.00", "\"\"")])),
        Fault(reason: "scientific_notation", column: "patient_id", row: good(915, [(",P1,", ",1.23E+19,")])),
        Fault(reason: "scientific_notation", column: "item_code", row: good(916, [("000123", "8.3e+18")])),
        Fault(reason: "text_after_quote", column: nil, row: good(917, [("挂号费", "\"挂号\"费")])),
        Fault(reason: "duplicate", column: "claim_id", row: good(1)),
        Fault(reason: "unclosed_quote", column: nil, row: good(918, [("挂号费", "\"挂号费")])),
    ]

    /// A good row before and after each broken one, the row with the open quote last.
    private static func file() -> (text: String, goodCount: Int, lines: [Int]) {
        var lines: [String] = [good(1)]
        var faultLines: [Int] = []
        for (index, fault) in faults.enumerated() {
            lines.append(fault.row)
            faultLines.append(lines.count + 1)
            lines.append(good(index + 2))
        }
        return (header + lines.joined(separator: "\n") + "\n", faults.count + 1, faultLines)
    }

    @Test(
        "of a file with broken rows of every cause the rest is loaded, and each is told with line, column, reason and raw text"
    )
    func everyCause() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let file = Self.file()
        let loaded = try store.run("ingest", folder.write("mixed.csv", file.text), "--max-rejects", "100")
        let summary = LoadSummary(loaded.errors)
        #expect(summary.read == file.goodCount + Self.faults.count)
        #expect(summary.loaded == file.goodCount)
        #expect(summary.rejected == Self.faults.count)
        for reason in Set(Self.faults.map(\.reason)) {
            let count = Self.faults.count { $0.reason == reason }
            #expect(summary.text.contains("\(reason) \(count)"), "the summary counts \(reason)")
        }
        #expect(try store.count("select count(*) from claims") == file.goodCount)
        #expect(
            try store.rows("select sum(amount), count(distinct claim_id) from claims") == [
                ["\(file.goodCount * 10).00", String(file.goodCount)]
            ])
        let names = FileContent.names(in: store.path + "/rejects")
        try #require(names == ["1.csv"])
        let rejects = try CSVSheet(file: store.path + "/rejects/1.csv")
        for name in ["file", "line", "column", "reason", "raw"] { #expect(rejects.column(name) != nil, "\(name)") }
        try #require(rejects.rows.count == Self.faults.count)
        for (record, (fault, line)) in zip(rejects.records, zip(Self.faults, file.lines)) {
            #expect(record["file"] == "mixed.csv")
            #expect(record["line"] == String(line), "\(fault.reason)")
            #expect(record["reason"] == fault.reason, "line \(line): \(fault.row)")
            if let column = fault.column { #expect(record["column"] == column, "line \(line)") }
            #expect(record["raw"] == fault.row, "line \(line)")
        }
        try store.run("verify")
    }

    @Test("a quoted line break does not shift the line numbers of what follows") func lineNumbers() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let rows = [Self.good(1, [("挂号费", "\"挂\n号\n费\"")]), Self.good(2, [("10.00", "ten")]), Self.good(3)]
        let text = (Self.header + rows.joined(separator: "\n") + "\n").replacing("\n", with: "\r\n")
        try store.run("ingest", folder.write("breaks.csv", text), "--max-rejects", "1")
        let rejects = try CSVSheet(file: store.path + "/rejects/1.csv")
        #expect(rejects.records.map { $0["line"] } == ["5"])
        #expect(try store.count("select count(*) from claims where item_name like '%号%'") == 2)
    }

    @Test("bytes that are no character reject their row only") func badBytes() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        var bytes = Array((Self.header + (1...20).map { Self.good($0) + "\n" }.joined()).utf8)
        bytes += Array(Self.good(21).utf8).map { $0 == 0x50 ? 0xFF : $0 } + [0x0A]
        try store.run("ingest", folder.write("bytes.csv", bytes), "--max-rejects", "1")
        #expect(try store.count("select count(*) from claims") == 20)
        #expect(try CSVSheet(file: store.path + "/rejects/1.csv").records.first?["reason"] == "invalid_encoding")
    }

    @Test("more rejects than allowed refuse the whole file and leave everything as it was") func tooMany() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        try store.run("ingest", folder.write("first.csv", Self.header + Self.good(1) + "\n"))
        let before = try FileContent.tree(store.path)
        let rows = (2...500).map { Self.good($0) } + [Self.good(501, [("10.00", "ten")])]
        let file = try folder.write("bad.csv", Self.header + rows.joined(separator: "\n") + "\n")
        let refused = try store.run("ingest", file, expecting: 65)
        for word in ["bad.csv", "501", "amount", "--max-rejects"] { #expect(refused.errors.contains(word), "\(word)") }
        #expect(refused.output.isEmpty)
        #expect(try store.count("select count(*) from claims") == 1)
        let after = try FileContent.tree(store.path)
        #expect(after.keys.sorted() == before.keys.sorted())
        for (name, bytes) in before where name != "LOCK" { #expect(after[name] == bytes, "\(name)") }
        try store.run("ingest", file, "--max-rejects", "0.1%", expecting: 65)
        try store.run("ingest", file, "--max-rejects", "0", expecting: 65)
        try store.run("ingest", file, "--max-rejects", "0.2%")
        #expect(try store.count("select count(*) from claims") == 500)
    }

    @Test("the same file a second time is already loaded, under any name, packed or not recognised by its name")
    func secondTime() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let text = Self.header + (1...5).map { Self.good($0) + "\n" }.joined()
        try store.run("ingest", folder.write("first.csv", text))
        let before = try FileContent.tree(store.path)
        for name in ["first.csv", "renamed.csv"] {
            let again = try store.run("ingest", folder.write(name, text))
            #expect(again.output.contains("already loaded as batch 1"), "\(name): \(again.output)")
        }
        let after = try FileContent.tree(store.path)
        #expect(after.filter { $0.key != "LOCK" } == before.filter { $0.key != "LOCK" })
        // For ever, not only right after.
        for number in 6...8 {
            try store.run("ingest", folder.write("\(number).csv", Self.header + Self.good(number) + "\n"))
        }
        #expect(try store.run("ingest", folder.path("first.csv")).output.contains("already loaded as batch 1"))
        #expect(try store.count("select count(*) from claims") == 8)
    }

    @Test("knowledge and institutions reject what contradicts itself") func referenceTables() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let knowledge = """
            rule_id,item_code,attribute,value
            R1,001,sex,female
            R2,001,sex,both
            R3,001,max_per_day,2
            R4,001,max_per_day,two
            R5,001,min_age_years,18
            R6,001,max_age_years,old
            R7,001,anything,else

            """
        try store.run("ingest", folder.write("k.csv", knowledge), "--table", "knowledge", "--max-rejects", "3")
        #expect(try store.rows("select rule_id from knowledge order by 1") == [["R1"], ["R3"], ["R5"], ["R7"]])
        let institutions = "institution_id,name\nH1,first\nH1,second\nH2,other\n"
        try store.run("ingest", folder.write("i.csv", institutions), "--table", "institutions", "--max-rejects", "1")
        #expect(
            try store.rows("select institution_id, name from institutions order by 1") == [
                ["H1", "first"], ["H2", "other"],
            ])
    }
}
