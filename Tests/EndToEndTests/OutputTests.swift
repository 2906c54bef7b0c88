import Foundation
import Testing

/// What goes to people and to programs: aligned, exact, and harmless whatever the data holds.
@Suite("Output")
struct OutputTests {
    private static let names: [(id: String, name: String?)] = [
        ("H01", "云溪市第一人民医院"), ("H02", "Clinic"), ("H03", "松涧\"仁和\"诊所,2号店"), ("H04", "两行\n名称"), ("H05", ""),
        ("H06", nil),
        ("H07", "𠮷野診療所 é"), ("H08", "tab\there"), ("H09", "back\\slash"), ("H10", "全角：（）"), ("H11", " padded "),
    ]

    private static func store(_ rows: [(id: String, name: String?)], beds: Bool = true) throws -> StoreUnderTest {
        let folder = try TemporaryFolder()
        let sheet = CSVSheet(
            header: ["institution_id", "name", "beds"],
            rows: rows.enumerated().map { [$1.id, $1.name, $0 % 3 == 2 ? nil : String(10 * ($0 + 1))] })
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.write("i.csv", sheet.text()), "--table", "institutions")
        return store
    }

    private static let query = "select institution_id, name, beds from institutions order by 1"

    @Test("a table's lines are all equally wide, Chinese counted as two cells") func tablesAreAligned() throws {
        let store = try Self.store(Self.names)
        let lines = try store.run("sql", Self.query, "--format", "table").output.split(separator: "\n").map(String.init)
        try #require(lines.count == Self.names.count + 3, "\(lines)")
        let widths = lines.dropLast().map(Cells.width)
        #expect(Set(widths).count == 1, "\(zip(widths, lines).map { "\($0): \($1)" }.joined(separator: "\n"))")
        #expect(lines.last == "(\(Self.names.count) rows)")
        #expect(lines.contains { $0.contains("云溪市第一人民医院") } && lines.contains { $0.contains("两行\\n名称") })
    }

    @Test("CSV brings every value back, and loads again to the same") func csvRoundTrip() throws {
        let store = try Self.store(Self.names)
        let written = try store.run("sql", Self.query, "--format", "csv")
        let sheet = try CSVSheet(written.outputBytes)
        #expect(sheet.header == ["institution_id", "name", "beds"])
        #expect(sheet.rows.map { $0[1] } == Self.names.map(\.name))
        #expect(written.output.contains("\nH05,\"\",") && written.output.contains("\nH06,,"))
        #expect(!written.output.contains("\r"))
        let folder = try TemporaryFolder()
        let second = StoreUnderTest(folder.path("store"))
        try second.run("ingest", folder.write("again.csv", written.outputBytes), "--table", "institutions")
        #expect(try second.run("sql", Self.query, "--format", "csv").outputBytes == written.outputBytes)
    }

    @Test("values of every type have their exact text") func valueTexts() throws {
        let store = try Self.store([])
        let query = """
            select 1.50 as a, -0.05 as b, 0.1::double precision as c, 1e20::double precision as d, date '2025-01-31' as e,
                   timestamp '2025-01-31 08:04:38' as f, true as g, false as h, null as i, '' as j, 12345678901234567890.12 as k,
                   7 / 2 as l, 1.0::double precision as m, 'a"b' as n, 'x,y' as o
            """
        let expected =
            "1.50,-0.05,0.1,1e+20,2025-01-31,2025-01-31 08:04:38,true,false,,\"\",12345678901234567890.12,3,1,\"a\"\"b\",\"x,y\""
        #expect(
            try store.run("sql", query, "--format", "csv").output.split(separator: "\n").last.map(String.init)
                == expected)
    }

    @Test("JSON and JSON lines parse and hold the same values") func json() throws {
        let store = try Self.store(Self.names)
        let text = try store.run("sql", Self.query, "--format", "json").output
        let objects = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        #expect(objects.count == Self.names.count)
        for (object, row) in zip(objects, Self.names) {
            #expect(object["institution_id"] as? String == row.id)
            #expect(object["name"] as? String == row.name)
            #expect(row.name != nil || object["name"] is NSNull)
        }
        let lines = try store.run("sql", Self.query, "--format", "jsonl").output.split(separator: "\n")
        #expect(lines.count == Self.names.count)
        for (line, row) in zip(lines, Self.names) {
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["name"] as? String == row.name)
        }
        #expect(
            try store.run("sql", "select 1 as a where false", "--format", "json").output.filter { !$0.isWhitespace }
                == "[]")
    }

    @Test("tab-separated, Markdown and vertical forms keep one record where it belongs") func otherForms() throws {
        let store = try Self.store(Self.names)
        let count = Self.names.count
        let tabbed = try store.run("sql", Self.query, "--format", "tsv").output.split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(
            tabbed.count == count + 2
                && tabbed.dropLast().allSatisfy {
                    $0.split(separator: "\t", omittingEmptySubsequences: false).count == 3
                })
        let markdown = try store.run("sql", Self.query, "--format", "markdown").output.split(separator: "\n")
        #expect(markdown.count == count + 2 && markdown.allSatisfy { $0.hasPrefix("|") && $0.hasSuffix("|") })
        let vertical = try store.run("sql", Self.query, "--format", "vertical").output
        #expect(vertical.split(separator: "\n").count == 4 * count && vertical.contains("云溪市第一人民医院"))
    }

    @Test("a pipe gets CSV, a terminal a table, a file the form of its ending") func defaults() throws {
        let store = try Self.store(Self.names)
        let csv = try store.run("sql", Self.query, "--format", "csv").outputBytes
        let table = try store.run("sql", Self.query, "--format", "table").output
        #expect(try store.run("sql", Self.query).outputBytes == csv)
        let folder = try TemporaryFolder()
        for name in ["answer.json", "answer.csv", "answer.tsv", "answer.jsonl", "answer.md"] {
            let outcome = try store.run("sql", Self.query, "-o", folder.path(name))
            #expect(outcome.output.isEmpty)
            let format =
                ["md": "markdown"][String(name.split(separator: ".")[1])] ?? String(name.split(separator: ".")[1])
            #expect(
                try FileContent.bytes(folder.path(name))
                    == store.run("sql", Self.query, "--format", format).outputBytes, "\(name)")
        }
        #expect(FileContent.names(in: folder.url.path).count == 5, "nothing but the files asked for")
        if let shown = try PseudoTerminal.output(
            of: ["sql", Self.query, "--store", store.path], environment: ["NO_COLOR": "1"])
        {
            #expect(shown == table)
        }
        if let shown = try PseudoTerminal.output(of: ["sql", Self.query, "--store", store.path, "--color", "never"]) {
            #expect(!shown.contains("\u{1B}"))
        }
        #expect(!table.contains("\u{1B}"))
    }

    @Test("an ending that stands for no format is refused, and nothing is written") func endings() throws {
        let store = try Self.store(Self.names)
        let folder = try TemporaryFolder()
        for name in ["answer.foo", "answer.foo.gz", "answer.orc"] {
            let outcome = try store.run("sql", Self.query, "-o", folder.path(name), expecting: 64)
            #expect(outcome.errors.contains("stands for no format"), "\(outcome.errors)")
        }
        let packed = try store.run("sql", Self.query, "-o", folder.path("answer.xlsx.gz"), expecting: 64)
        #expect(packed.errors.contains("packed by itself"), "\(packed.errors)")
        #expect(FileContent.names(in: folder.url.path).isEmpty)
        try store.run("sql", Self.query, "-o", folder.path("answer.foo"), "--format", "csv")
        try store.run("sql", Self.query, "-o", folder.path("answer"))
        #expect(try FileContent.bytes(folder.path("answer")) == FileContent.bytes(folder.path("answer.foo")))
    }

    @Test("CSV for spreadsheets begins with a mark and holds no formula; nothing else changes") func excel() throws {
        let store = try Self.store([])
        let query = """
            select '=1+1' as "=a", -5 as b, '-x' as c, '+x' as d, '@x' as e, '＝x' as f, 'a=b' as g, chr(9) || '=x' as h, -0.5::double precision as i
            """
        let outcome = try store.run("sql", query, "--excel")
        #expect(outcome.output == "\u{FEFF}'=a,b,c,d,e,f,g,h,i\n'=1+1,-5,'-x,'+x,'@x,'＝x,a=b,'\t=x,-0.5\n")
        let ids = "select '00123' as a, '1234567890123456' as b, '123456789012345' as c, '12E5' as d, '1E' as e, 1234567890123456 as f, '0' as g"
        #expect(
            try store.run("sql", ids, "--excel").output
                == "\u{FEFF}a,b,c,d,e,f,g\n\"=\"\"00123\"\"\",\"=\"\"1234567890123456\"\"\",123456789012345,\"=\"\"12E5\"\"\",1E,1234567890123456,0\n")
        try store.run("sql", query, "--excel", "--format", "json", expecting: 64)
        let folder = try TemporaryFolder()
        try store.run("sql", query + "; select 1 as z", "--excel", "-o", folder.path("x.csv"))
        #expect(try FileContent.text(folder.path("x.csv")) == outcome.output + "z\n1\n")
    }

    @Test("what stands for a descriptor is written to, and takes no file's place", arguments: ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
    func descriptors(place: String) throws {
        let store = try Self.store([])
        let folder = try TemporaryFolder()
        let file = try folder.write("all", "before\n")
        let tool = try ProductBinary.path()
        let script = "\"$0\" sql 'select 1 as a' -o \(place) --store \"$1\"; \"$0\" sql \"select 2 as b; copy (select 3 as c) to '\(place)'; select 4 as d\" --store \"$1\""
        let outcome = try RunningProcess("/bin/sh", ["-c", "(\(script)) >> \"$2\"", tool, store.path, file]).wait()
        #expect(outcome.ending == .exited(code: 0) && outcome.errors == "COPY 1\n", "\(outcome)")
        #expect(try FileContent.text(file) == "before\na\n1\nb\n2\n3\nd\n4\n")
        #expect(FileContent.names(in: folder.url.path) == ["all"])
    }

    @Test("a file that is replaced keeps its mode, and a link its target, also one that is not there yet") func replacing() throws {
        let store = try Self.store([])
        let folder = try TemporaryFolder()
        let file = try folder.write("x.csv", "old")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        try FileManager.default.createSymbolicLink(atPath: folder.path("link.csv"), withDestinationPath: "x.csv")
        try store.run("sql", "select 1 as a", "-o", folder.path("link.csv"))
        #expect(try FileContent.text(file) == "a\n1\n")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        try FileManager.default.createSymbolicLink(atPath: folder.path("loose.csv"), withDestinationPath: "made.csv")
        try store.run("sql", "copy (select 2 as b) to '\(folder.path("loose.csv"))'")
        #expect(try FileContent.text(folder.path("made.csv")) == "b\n2\n")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("loose.csv")) == "made.csv")
    }

    @Test("files are packed as their names say, and read again", arguments: ["csv.gz", "csv.zst", "jsonl.gz", "tsv.zst"])
    func packed(ending: String) throws {
        let store = try Self.store([])
        let folder = try TemporaryFolder()
        let query = "select i, repeat('长', 200) as t from generate_series(1, 20000) as g(i)"
        let plain = String(ending.split(separator: ".")[0])
        try store.run("sql", query, "-o", folder.path("plain.\(plain)"))
        try store.run("sql", query, "-o", folder.path("packed.\(ending)"))
        try store.run("sql", "copy (\(query)) to '\(folder.path("copied.\(ending)"))'")
        try store.run("sql", "copy (select 1 as i where false) to '\(folder.path("none.\(ending)"))' (\(plain == "jsonl" ? "format jsonl" : "header false"))")
        let program = ending.hasSuffix("gz") ? "gzip" : "zstd"
        for (name, original) in [("packed", "plain.\(plain)"), ("copied", "plain.\(plain)"), ("none", nil)] as [(String, String?)] {
            let unpacked = try RunningProcess("/bin/sh", ["-c", "\(program) -dc < \"$0\"", folder.path("\(name).\(ending)")]).wait()
            #expect(unpacked.ending == .exited(code: 0), "\(name): \(unpacked.errors)")
            #expect(try unpacked.outputBytes == original.map { try FileContent.bytes(folder.path($0)) } ?? [], "\(name)")
        }
        #expect(try FileContent.bytes(folder.path("packed.\(ending)")).count < FileContent.bytes(folder.path("plain.\(plain)")).count / 10)
        if plain == "csv" {
            let read = try store.run("sql", "select count(*), sum(i) from '\(folder.path("packed.\(ending)"))'").output
            #expect(read == "count,sum\n20000,200010000\n")
            try store.run("sql", "copy (\(query)) to '\(folder.path("odd.bin"))' (format csv, header, compression \(program))")
            #expect(try FileContent.bytes(folder.path("odd.bin")) == FileContent.bytes(folder.path("packed.\(ending)")))
        }
        try store.run("sql", "copy (select 1) to '\(folder.path("x.parquet.gz"))'", expecting: 1)
        try store.run("sql", "copy (select 1) to '\(folder.path("x.csv"))' (compression lzo)", expecting: 1)
    }

    @Test("copy writes Markdown and Arrow as `-o` does", arguments: ["md", "arrow", "arrows", "feather"]) func copyForms(ending: String) throws {
        let store = try Self.store(Self.names)
        let folder = try TemporaryFolder()
        try store.run("sql", "copy (\(Self.query)) to '\(folder.path("copied.\(ending)"))'")
        try store.run("sql", Self.query, "-o", folder.path("written.\(ending)"))
        #expect(try FileContent.bytes(folder.path("copied.\(ending)")) == FileContent.bytes(folder.path("written.\(ending)")))
    }

    @Test("without a verb it is sql: statements that come in, options, -c") func bareName() throws {
        let store = try Self.store(Self.names)
        func run(_ arguments: [String], _ input: String?) throws -> ProcessOutcome {
            try RunningProcess(ProductBinary.path(), arguments, environment: ["FUNDWATCH_STORE": store.path], input: input.map { .bytes(Array($0.utf8)) } ?? .nothing).wait()
        }
        #expect(try run([], "select 1 as a;").output == "a\n1\n")
        #expect(try run(["--format", "json"], "select 1 as a;").output == "[\n  {\"a\": 1}\n]\n")
        #expect(try run(["--store", store.path, "-c", "select count(*) as n from institutions"], nil).output == "n\n\(Self.names.count)\n")
        #expect(try run(["sql", "-c", "select 2 as b"], nil).output == "b\n2\n")
        #expect(try run(["--store", store.path, "stats", "institutions", "--format", "csv"], nil).output.hasPrefix("table,column,"))
        #expect(try run(["sql", "select 1", "-c", "select 2"], nil).ending == .exited(code: 64))
        let help = try run([], nil)
        #expect(help.ending == .exited(code: 0) && help.output.hasPrefix("OVERVIEW: Examples:\n  fundwatch ingest"), "\(help)")
    }

    @Test("options may stand before a verb, and before its part") func optionsFirst() throws {
        let last = try ToolUnderTest.run(["indicators", "show", "visit_frequency", "--lang", "zh"])
        #expect(last.exitCode == 0 && last.output.contains("频繁门诊"))
        for words in [
            ["--lang", "zh", "indicators", "show", "visit_frequency"], ["indicators", "--quiet", "--lang=zh", "show", "visit_frequency"],
            ["--quiet", "indicators", "--lang", "zh", "show", "visit_frequency"],
        ] {
            #expect(try ToolUnderTest.run(words).output == last.output, "\(words)")
        }
    }

    @Test("statements may ask for the time and the user; indicators may not") func timeAndUser() throws {
        let store = try Self.store([])
        let outcome = try store.run("sql", "select now() = current_timestamp and now()::date = current_date as same, user = current_user as me")
        #expect(outcome.output == "same,me\ntrue,true\n")
        let folder = try TemporaryFolder()
        let moment = try RunningProcess(
            ProductBinary.path(), ["sql", "-c", "select extract(epoch from now())::bigint"],
            environment: ["TZ": "Asia/Shanghai", "FUNDWATCH_STORE": store.path], workingFolder: folder.url.path
        ).wait()
        let shown = Double(moment.output.split(separator: "\n").last ?? "") ?? 0
        // Clocks of Shanghai are eight hours ahead, all year round.
        #expect(abs(shown - 8 * 3600 - Date().timeIntervalSince1970) < 600, "\(moment)")
    }

    @Test("HTML is one page a file, a table each result, markup in data as text") func html() throws {
        let store = try Self.store([])
        let text = try store.run("sql", "select '<b>&\"' as \"<i>\", null as n, 2.50 as c, chr(27) || 'x' as d; select 1 as 一", "--format", "html").output
        #expect(text.hasPrefix("<!doctype html>\n<meta charset=\"utf-8\">") && text.components(separatedBy: "<!doctype").count == 2)
        #expect(text.contains("<th>&lt;i&gt;</th>") && text.contains("<td>&lt;b&gt;&amp;&quot;</td>"))
        #expect(text.contains("<td class=\"null\"></td><td class=\"number\">2.50</td><td>\\u{1b}x</td>") && text.contains("<th>一</th>"))
        #expect(text.components(separatedBy: "<table>").count == 3)
    }

    @Test("a table in a pipe or file is whole: all rows, no text cut") func wholeTables() throws {
        let store = try Self.store([])
        let query = "select i, repeat('长', 50) as t from generate_series(1, 1500) as g(i)"
        let text = try store.run("sql", query, "--format", "table").output
        #expect(text.split(separator: "\n").count == 1503 && text.hasSuffix("(1,500 rows)\n") && !text.contains("…"))
        if let shown = try PseudoTerminal.output(of: ["sql", query, "--store", store.path]) {
            #expect(shown.contains("(shown 1,000 of 1,500 rows") && shown.contains("…"))
        }
    }

    @Test("results go to standard output, the time of a statement to standard error") func timing() throws {
        let store = try Self.store(Self.names)
        let outcome = try store.run("sql", "select 1 as a; select 2 as b", "--timing")
        #expect(outcome.output == "a\n1\nb\n2\n")
        let lines = outcome.errors.split(separator: "\n")
        #expect(
            lines.count == 2 && lines.allSatisfy { $0.wholeMatch(of: /Time: [0-9]+\.[0-9]{3} ms/) != nil },
            "\(outcome.errors)")
        let folder = try TemporaryFolder()
        let file = try folder.write("query.sql", "-- 注释\nselect 3 as c;\n")
        #expect(try store.run("sql", "-f", file).output == "c\n3\n")
        #expect(try store.run("sql", input: .bytes(Array("select 4 as d".utf8))).output == "d\n4\n")
    }

    @Test("names of institutions cannot inject markup or terminal escapes anywhere") func injection() throws {
        let hostile = [
            "<script>alert(1)</script>", "\u{1B}[31m红\u{1B}]0;title\u{7}", "医院\u{202E}txt.exe", "=cmd|' /C calc'!A0",
            "\"><img src=x onerror=alert(1)>", "a&b<c>", "</svg><script>x</script>", "'; drop table claims; --",
            "\u{9B}2J", "]]><!--", "line\r\nbreak",
        ]
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        var claims = ClaimsByHand()
        var rows: [(id: String, name: String?, level: String?, kind: String?)] = []
        for (number, name) in hostile.enumerated() {
            rows.append((id: "H\(number)<u>", name: name, level: "tertiary", kind: "hospital"))
            for visit in 0..<(number * 2 + 2) {
                claims.add([
                    "institution_id": "H\(number)<u>", "patient_id": "P\(number)", "department": name,
                    "fund_amount": "1000.00",
                    "sex": "male", "diagnosis_code": visit < 2 + number / 6 * 9 ? "O80" : "J06",
                ])
            }
        }
        try store.run(
            "ingest", folder.write("i.csv", ReferenceTablesByHand.institutions(rows).text()), "--table", "institutions")
        try store.run("ingest", folder.write("c.csv", claims.sheet.text()))
        let report = try store.run(
            "report", "--out", folder.path("report"), "--as-of", "2026-01-01", "--format", "table")
        let forbidden: [Unicode.Scalar] = ["\u{1B}", "\u{7}", "\u{202E}", "\u{9B}"]
        func expectHarmless(_ text: String, _ what: String) {
            for scalar in forbidden {
                #expect(!text.unicodeScalars.contains(scalar), "\(what) holds U+\(String(scalar.value, radix: 16))")
            }
        }
        expectHarmless(report.output + report.errors, "report's output")
        let page = try FileContent.text(folder.path("report/report.html"))
        expectHarmless(page, "report.html")
        for markup in ["<script>alert", "<script>x", "<img src=x", "<u>", "</svg><script>"] {
            #expect(!page.contains(markup), "report.html holds \(markup)")
        }
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "the name is shown as text")
        let ranking = try CSVSheet(file: folder.path("report/ranking.csv"))
        #expect(Set(ranking.records.compactMap { $0["institution_id"] }) == Set(rows.map(\.id)))
        for name in ["ranking.json", "run.json"] {
            _ = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: folder.path("report/\(name)"))))
        }
        for query in ["select name, institution_id from institutions", "select distinct department from claims"] {
            for format in ["table", "markdown", "vertical"] {
                expectHarmless(try store.run("sql", query, "--format", format).output, format)
            }
            expectHarmless(
                try store.run("sql", query, "--format", "json").output.replacing("\u{202E}", with: "").replacing(
                    "\u{9B}", with: ""), "json")
        }
        let named = try folder.write("bad\u{1B}[31m\u{202E}.csv", "claim_id\n")
        expectHarmless(try store.run("ingest", named, expecting: 65).errors, "an error")
        expectHarmless(try store.run("sql", "select '\u{1B}[31m' frm\u{202E} x y", expecting: 1).errors, "an SQL error")
    }
}

/// Widths on a terminal, by the rule that East Asian wide characters take two cells.
enum Cells {
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { width, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
                0xFFE0...0xFFE6, 0x20000...0x3FFFD:
                width + 2
            case 0x300...0x36F: width
            default: width + 1
            }
        }
    }
}
