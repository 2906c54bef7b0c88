import Testing

/// The forms in which claims arrive: encodings, headers, line ends, packing, dates and codes.
@Suite("Input forms")
struct FormatTests {
    /// Some claims with everything text can hold.
    private static func sample() -> CSVSheet {
        var claims = ClaimsByHand()
        for (name, department) in [
            ("挂号费", "A03"), ("注射用水,10ml", nil), ("\"优质\"护理", ""), ("两行\n名称", "A03.01"), ("𠮷田片 α-β €", "A04"),
            ("", "A05"),
        ] {
            for visit in 1...3 {
                claims.add([
                    "item_name": name, "department": department, "patient_id": "P\(visit)", "item_code": "00\(visit)",
                ])
            }
        }
        return claims.sheet
    }

    private static let columns = ClaimsByHand.columns.joined(separator: ", ")
    private static let query = "select \(columns) from claims order by claim_id, line_id"

    private static func answer(_ file: String, _ folder: TemporaryFolder, _ options: String...) throws -> CSVSheet {
        let store = StoreUnderTest(folder.path("store-of-" + (file.split(separator: "/").last.map(String.init) ?? "")))
        let loaded = try store.run(["ingest", file] + options)
        try #require(loaded.ending == .exited(code: 0), "\(file): \(loaded.errors)")
        return try CSVSheet(store.run("sql", query, "--format", "csv").outputBytes)
    }

    private static func expected() -> CSVSheet {
        let sheet = sample()
        let decimals = ["quantity": 4, "unit_price": 6, "amount": 2, "fund_amount": 2]
        let rows = sheet.rows.map { row in
            zip(sheet.header, row).map { name, value in
                guard let scale = decimals[name], let value else { return value }
                let digits = String(ExactNumber.scaled(value, decimals: scale))
                let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
                return String(padded.dropLast(scale)) + "." + String(padded.suffix(scale))
            }
        }
        return CSVSheet(header: sheet.header, rows: rows)
    }

    @Test("plain UTF-8 comes back exactly, with NULL and empty strings told apart") func plain() throws {
        let folder = try TemporaryFolder()
        #expect(try Self.answer(folder.write("plain.csv", Self.sample().text()), folder) == Self.expected())
    }

    @Test("byte order mark, CRLF, quotes everywhere, no line end at the end, and other delimiters change nothing")
    func writingStyles() throws {
        let folder = try TemporaryFolder()
        let sheet = Self.sample()
        let text = sheet.text()
        // Quoting everything would turn NULL into an empty string, so only fields with a value are quoted.
        let tabs = try folder.write("tabs.csv", Self.delimited(sheet, by: "\t"))
        let files = [
            try folder.write("mark.csv", [0xEF, 0xBB, 0xBF] + Array(text.utf8)),
            try folder.write("crlf.csv", sheet.text(lineEnd: "\r\n")),
            try folder.write("quoted.csv", sheet.text(quotingAll: true)),
            try folder.write("endless.csv", String(text.dropLast())),
            try folder.write("semicolons.csv", Self.delimited(sheet, by: ";")),
            tabs,
        ]
        for file in files { #expect(try Self.answer(file, folder) == Self.expected(), "\(file)") }
        #expect(try Self.answer(tabs, TemporaryFolder(), "--delimiter", "\\t") == Self.expected())
        let controls = try folder.write("controls.csv", Self.delimited(sheet, by: "\u{01}"))
        for name in ["\\x01", "\\u0001"] { #expect(try Self.answer(controls, TemporaryFolder(), "--delimiter", name) == Self.expected()) }
    }

    private static func delimited(_ sheet: CSVSheet, by delimiter: String) -> String {
        let lines = [sheet.header.map { Optional($0) }] + sheet.rows
        return lines.map { row in
            row.map { CSVSheet.field($0, quoted: $0?.contains(delimiter) ?? false) }.joined(separator: delimiter) + "\n"
        }.joined()
    }

    @Test(
        "GB18030 under national and under Chinese headers equals the UTF-8 original row by row",
        arguments: [NationalHeaders.english, NationalHeaders.chinese])
    func gb18030(names: [String: String]) throws {
        let folder = try TemporaryFolder()
        var sheet = Self.sample()
        sheet.header = sheet.header.map { names[$0] ?? $0 }
        guard let bytes = FileForms.encoded(sheet.text(), as: "GB18030") else { return }
        #expect(String(validating: bytes, as: UTF8.self) == nil, "the bytes must not be UTF-8 by chance")
        let file = try folder.write("national.csv", bytes)
        #expect(try Self.answer(file, folder) == Self.expected())
        let named = try TemporaryFolder()
        #expect(try Self.answer(file, named, "--encoding", "gb18030") == Self.expected())
    }

    @Test("the sample files of the project load, and the GB18030 one says what its encoding is") func sampleData()
        throws
    {
        let folder = try TemporaryFolder()
        let samples = SourceFolder.path("SampleData")
        let store = StoreUnderTest(folder.path("store"))
        for table in ["institutions", "knowledge", "deaths"] {
            try store.run("ingest", samples + "/\(table).csv", "--table", table)
        }
        let first = try store.run("ingest", samples + "/claims.csv")
        let second = try store.run("ingest", samples + "/claims-national-gb18030.csv")
        #expect(first.errors.contains("UTF-8") && second.errors.contains("GB18030"))
        let loaded = LoadSummary(first.errors).loaded + LoadSummary(second.errors).loaded
        #expect(try store.count("select count(*) from claims") == loaded)
        #expect(loaded > 10_000)
        try store.run("verify")
    }

    @Test("gzip, zstd, several frames in a row and standard input change nothing") func packing() throws {
        let folder = try TemporaryFolder()
        let bytes = Array(Self.sample().text().utf8)
        let half = bytes.count / 2
        var forms: [(String, [UInt8])] = [("plain.csv.zst", FileForms.zstdFrame(bytes))]
        forms.append(
            ("frames.csv.zst", FileForms.zstdFrame(Array(bytes[..<half])) + FileForms.zstdFrame(Array(bytes[half...]))))
        for (tool, ending) in [("gzip", "gz"), ("zstd", "zst")] {
            guard let packed = try FileForms.packed(bytes, with: tool),
                let first = try FileForms.packed(Array(bytes[..<half]), with: tool),
                let second = try FileForms.packed(Array(bytes[half...]), with: tool)
            else { continue }
            forms += [("packed.csv." + ending, packed), ("two-\(tool).csv." + ending, first + second)]
        }
        for (name, form) in forms {
            #expect(try Self.answer(folder.write(name, form), folder) == Self.expected(), "\(name)")
        }
        let store = StoreUnderTest(folder.path("piped"))
        try store.run("ingest", "-", input: .bytes(bytes))
        #expect(try CSVSheet(store.run("sql", Self.query, "--format", "csv").outputBytes) == Self.expected())
        let again = try store.run("ingest", "-", input: .bytes(bytes))
        #expect(again.output.contains("already loaded as batch 1"))
    }

    @Test("packed data that ends too early or has a wrong byte is refused whole") func damagedPacking() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        try store.run("ingest", folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n"), "--table", "deaths")
        let bytes = Array(Self.sample().text().utf8)
        for (tool, ending) in [("gzip", "gz"), ("zstd", "zst")] {
            guard let packed = try FileForms.packed(bytes, with: tool) else { continue }
            var wrong = packed
            wrong[packed.count / 2] ^= 0x10
            for (name, form) in [("short", Array(packed.dropLast(20))), ("wrong", wrong)] {
                let file = try folder.write("\(name).csv.\(ending)", form)
                let outcome = try store.run("ingest", file, expecting: 65)
                #expect(outcome.errors.contains("\(name).csv.\(ending)"))
            }
        }
        #expect(try store.count("select count(*) from claims") == 0)
    }

    @Test("each accepted form of dates and times gives the same values") func dateForms() throws {
        let forms = [
            ("dashed", "1970-05-01", "2025-03-09 08:04:38", "2025-03-10 00:00:00"),
            ("compact", "19700501", "20250309 08:04:38", "20250310"),
            ("slashed", "1970/5/1", "2025/3/9 08:04:38", "2025/3/10"),
            ("letter", "1970-05-01", "2025-03-09T08:04:38", "2025-03-10T00:00:00"),
        ]
        for (name, birth, service, settled) in forms {
            let folder = try TemporaryFolder()
            var claims = ClaimsByHand()
            claims.add(["birth_date": birth, "service_time": service, "settled_at": settled, "admission_date": nil])
            claims.add(["birth_date": nil, "service_time": service, "settled_at": settled])
            let store = StoreUnderTest(folder.path("store"))
            let loaded = try store.run("ingest", folder.write("\(name).csv", claims.sheet.text()))
            #expect(loaded.errors.contains("birth_date"), "the summary says how dates are written")
            #expect(
                try store.rows("select birth_date, service_time, settled_at from claims order by claim_id") == [
                    ["1970-05-01", "2025-03-09 08:04:38", "2025-03-10 00:00:00"],
                    [nil, "2025-03-09 08:04:38", "2025-03-10 00:00:00"],
                ], "\(name)")
        }
    }

    @Test("codes become the canonical words, unknown ones stay") func codes() throws {
        let sexes: [(String?, String?)] = [
            ("1", "male"), ("2", "female"), ("M", "male"), ("F", "female"), ("男", "male"), ("女", "female"),
            ("male", "male"),
            ("9", "unknown"), ("0", "unknown"), ("X", "unknown"), (nil, nil),
        ]
        let visits = [
            ("11", "outpatient"), ("12", "outpatient"), ("1101", "outpatient"), ("13", "emergency"), ("14", "chronic"),
            ("140104", "chronic"), ("21", "inpatient"), ("2102", "inpatient"), ("41", "pharmacy"), ("51", "51"),
            ("9901", "9901"),
        ]
        let categories = [
            ("101", "drug"), ("102", "drug"), ("103", "drug"), ("104", "drug"), ("201", "service"),
            ("301", "consumable"),
            ("999", "999"), ("drug", "drug"), ("105", "105"), ("service", "service"), ("consumable", "consumable"),
        ]
        var claims = ClaimsByHand()
        for index in sexes.indices {
            claims.add(["sex": sexes[index].0, "visit_type": visits[index].0, "item_category": categories[index].0])
        }
        let (store, _, _) = try EdgeFiles(claims: [claims.sheet]).load()
        let answer = try store.rows("select sex, visit_type, item_category from claims order by claim_id")
        #expect(answer == sexes.indices.map { [sexes[$0].1, visits[$0].1, categories[$0].1] })
        let folder = try TemporaryFolder()
        let levels = [
            "01": "tertiary", "04": "tertiary", "05": "secondary", "08": "primary", "三级甲等": "tertiary",
            "二级": "secondary", "一级": "primary",
        ]
        let text = "机构编码,机构名称,医院等级\n" + levels.keys.sorted().map { "H\($0),名\($0),\($0)\n" }.joined()
        let listed = StoreUnderTest(folder.path("store"))
        try listed.run("ingest", folder.write("i.csv", text), "--table", "institutions")
        for row in try listed.rows("select institution_id, name, level from institutions") {
            let code = String(row[0]?.dropFirst() ?? "")
            #expect(row == ["H" + code, "名" + code, levels[code]])
        }
    }

    @Test("columns the table does not know are kept as text, batch by batch") func extraColumns() throws {
        let folder = try TemporaryFolder()
        var first = ClaimsByHand()
        first.add(["claim_id": "A"])
        var second = ClaimsByHand()
        second.add(["claim_id": "B"])
        func widened(_ sheet: CSVSheet, _ names: [String], _ values: [String?]) -> String {
            CSVSheet(header: names + sheet.header, rows: sheet.rows.map { values + $0 }).text()
        }
        let store = StoreUnderTest(folder.path("store"))
        let loaded = try store.run(
            "ingest", folder.write("1.csv", widened(first.sheet, ["备注", "hosp_code"], ["无", "007"])))
        #expect(loaded.errors.contains("备注"))
        try store.run(
            "ingest", folder.write("2.csv", widened(second.sheet, ["hosp_code", "batch_no"], ["1e5", "2025-01-01"])))
        #expect(
            try store.rows("select claim_id, 备注, hosp_code, batch_no from claims order by 1")
                == [["A", "无", "007", nil], ["B", nil, "1e5", "2025-01-01"]])
    }

    @Test("a missing required column is refused by name") func missingColumn() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let outcome = try store.run(
            "ingest", folder.write("x.csv", "claim_id,line_id,institutionid\nA,1,H1\n"), expecting: 65)
        for word in ["x.csv", "institution_id", "patient_id", "settled_at", "fixmedins_code"] {
            #expect(outcome.errors.contains(word), "\(word)")
        }
        #expect(outcome.errors.contains("did you mean \"institutionid\""))
    }

    @Test("an empty file, a folder, a file that is not there and a workbook are refused with their codes") func notCSV()
        throws
    {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        try store.run("ingest", folder.write("empty.csv", ""), expecting: 65)
        try store.run("ingest", folder.makeFolder("folder"), expecting: 66)
        try store.run("ingest", folder.path("nowhere.csv"), expecting: 66)
        try store.run("ingest", folder.write("book.csv", [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0]), expecting: 65)
    }
}
