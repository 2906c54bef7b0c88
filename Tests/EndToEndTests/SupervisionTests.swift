import Foundation
import Testing

/// Around the report: profiles, thresholds, the draw, reviews.
@Suite("Supervision")
struct SupervisionTests {
    /// A store of claims of two institutions: P1 of H1 has twelve visits in a month, P2 of H2 ten.
    private static func store() throws -> (TemporaryFolder, StoreUnderTest) {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        for (institution, patient, count) in [("H1", "P1", 12), ("H2", "P2", 10), ("H2", "P3", 1)] {
            for day in 1...count {
                claims.add(["institution_id": institution, "patient_id": patient, "settled_at": "2025-03-\(day < 10 ? "0" : "")\(day) 10:00:00"])
            }
        }
        try store.run("ingest", folder.write("c.csv", claims.sheet.text()))
        return (folder, store)
    }

    private func figures(_ store: StoreUnderTest, _ more: String...) throws -> [String] {
        let outcome = try store.run(["indicators", "run", "visit_frequency", "--format", "csv"] + more)
        try #require(outcome.ending == .exited(code: 0), "\(outcome.errors)")
        return outcome.output.split(separator: "\n").dropFirst().map(String.init)
    }

    @Test("a profile sets parameters and takes lines out; --set goes before it") func profile() throws {
        let (folder, store) = try Self.store()
        #expect(try figures(store) == ["H1,1,1,1,84.00", "H2,1,2,0.5,70.00"])
        let stricter = try folder.write("p.yaml", "parameters:\n  visit_frequency: {minimum_claims: 11}\n")
        #expect(try figures(store, "--profile", stricter) == ["H1,1,1,1,84.00", "H2,0,2,0,0.00"])
        #expect(try figures(store, "--profile", stricter, "--set", "minimum_claims=10").last == "H2,1,2,0.5,70.00")
        let exempt = try folder.write(
            "e.yaml",
            "exempt:\n  - reason: dialysis <b>\n    institution: H1\n    patient: P1\n    to: 2025-03-06\n  - reason: other\n    indicator: supply_days\n    institution: H2\n")
        #expect(try figures(store, "--profile", exempt) == ["H1,0,1,0,0.00", "H2,1,2,0.5,70.00"])
        let evidence = try store.run("evidence", "visit_frequency", "H2", "--profile", exempt, "--format", "csv")
        #expect(try CSVSheet(evidence.outputBytes).rows.count == 10)
        try store.run("report", "--out", folder.path("report"), "--profile", exempt)
        let run = try #require(JSONSerialization.jsonObject(with: FileContent.data(folder.path("report/run.json"))) as? [String: Any])
        let listed = try #require(run["exemptions"] as? [[String: Any]])
        #expect(listed.map { $0["reason"] as? String } == ["dialysis <b>", "other"] && listed.map { $0["lines"] as? Int } == [5, 11])
        let page = try FileContent.text(folder.path("report/report.html"))
        #expect(page.contains("dialysis &lt;b&gt;") && !page.contains("dialysis <b>") && !page.contains("patient P1"))
        let wrong = try folder.write("w.yaml", "parameters:\n  visit_frequncy: {minimum_claims: 11}\n")
        let refused = try store.run(["report", "--out", folder.path("r"), "--profile", wrong])
        #expect(refused.ending == .exited(code: 78) && refused.errors.contains("visit_frequency"), "\(refused.errors)")
    }

    @Test("a threshold's values beside the one in force") func tune() throws {
        let (_, store) = try Self.store()
        let outcome = try store.run("indicators", "tune", "visit_frequency", "--parameter", "minimum_claims", "--values", "13,11,2", "--format", "csv")
        #expect(outcome.output.split(separator: "\n").dropFirst().map(String.init) == [
            "13,false,2,0,0,3,0,0.00", "11,false,2,1,1,3,0.3333333333333333,84.00", "2,false,2,2,2,3,0.6666666666666666,154.00",
            "10,true,2,2,2,3,0.6666666666666666,154.00",
        ])
        try store.run("indicators", "tune", "visit_frequency", "--values", "many", expecting: 64)
        #expect(try store.run("indicators", "tune", "visit_frequency", "--values", ",", expecting: 64).errors.contains("--values holds no value"))
    }

    @Test("an institution that no claim is of, and a period without a line, are told: nothing found says nothing then") func nothing() throws {
        let (folder, store) = try Self.store()
        let typo = "no claim in the store is of an institution \"H10\""
        #expect(try store.run("evidence", "visit_frequency", "H10").errors.contains(typo))
        #expect(try store.run("indicators", "tune", "visit_frequency", "--values", "9", "--institution", "H10").errors.contains(typo))
        let known = try store.run("evidence", "visit_frequency", "H2", "--set", "minimum_claims=99")
        #expect(known.errors.contains("has no event") && !known.errors.contains("no claim in the store"), "\(known.errors)")
        let empty = try store.run("report", "--out", folder.path("empty"), "--from", "2030-01-01")
        #expect(empty.errors.contains("nothing is ranked"), "\(empty.errors)")
    }

    @Test("errors of indicators and reports are in Chinese where that is asked for", arguments: [
        (["indicators", "run", "visit_frequency", "--set", "minimum_claims=x"], "应为整数"),
        (["indicators", "run", "visit_frequency", "--set", "minimum_claims=0"], "应为 2 到 1000000 的整数"),
        (["indicators", "tune", "prescription_size", "--values", "3"], "有多个参数；请用 --parameter 指定一个：z_limit, minimum_group"),
        (["report", "--out", "/dev/null/x"], "不能创建 \"/dev/null"), (["nightly", "--inbox", "/nowhere", "--out", "/dev/null/x"], "没有可读取的收件目录"),
        (["nightly", "--inbox", ".", "--out", "/dev/null/x", "--window", "3x"], "不是时段；请写 12m、2y、90d 或 all"), (["sample", "--seed", ""], "--seed 为空"),
        (["sample", "--seed", "s", "--rate", "F=1%"], "不是等级的比例"), (["sample", "--seed", "s", "--rate", "A=1%,a=2%"], "两个比例"), (["check", "/dev/null"], "其中没有单据"),
    ])
    func chinese(arguments: [String], words: String) throws {
        let (_, store) = try Self.store()
        let outcome = try store.run(arguments + ["--lang", "zh"])
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        // Of the program's English nothing is left but what is a name.
        #expect(!outcome.errors.contains("; "), "\(outcome.errors)")
    }

    @Test("the reason of a file set aside is in the language of the run") func reason() throws {
        let folder = try TemporaryFolder()
        let (_, store) = try Self.store()
        let inbox = try folder.makeFolder("inbox")
        _ = try folder.write("inbox/odd.csv", "a,b\n1,2\n")
        let outcome = try store.run(["nightly", "--inbox", inbox, "--out", folder.path("out"), "--settle", "0", "--lang", "zh"])
        #expect(outcome.ending == .exited(code: 65), "\(outcome.errors)")
        #expect(try FileContent.text(folder.path("inbox/failed/odd.csv.reason.txt")).contains("文件的表头不属于任何已知的表；已知的表有 claims"))
    }

    @Test("the draw follows from seed and ids alone, and its shares are of each grade") func sample() throws {
        let (_, store) = try Self.store()
        let all = try store.run("sample", "--seed", "s", "--rate", "A=100%,B=100%,C=100%", "--format", "csv")
        let rows = try CSVSheet(all.outputBytes).records
        #expect(Set(rows.compactMap { $0["institution_id"] }) == ["H1", "H2"])
        let grades = Set(rows.compactMap { $0["grade"] })
        for grade in grades {
            let keys = rows.filter { $0["grade"] == grade }.compactMap { $0["key"] }
            #expect(keys == keys.sorted() && keys.allSatisfy { $0.count == 64 })
        }
        #expect(try store.run("sample", "--seed", "s", "--rate", "A=100%,B=100%,C=100%", "--format", "csv").output == all.output)
        let none = try store.run("sample", "--seed", "s", "--rate", "A=0%,B=0%,C=0%,D=0%,E=0%", "--format", "csv")
        #expect(try CSVSheet(none.outputBytes).rows.isEmpty)
        try store.run("sample", "--seed", "s", "--rate", "F=1%", expecting: 64)
        try store.run("sample", "--seed", "s", "--rate", "A=101%", expecting: 64)
    }

    @Test("an institution's section shows its months, largest items and doctors") func sections() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        for (day, item, doctor, fund) in [
            ("2025-01-05", "A", "D1", "10.00"), ("2025-01-06", "B", "D2", "20.50"), ("2025-03-07", "A", "D1", "15.25"), ("2025-04-07", "C", "", "1.00"),
        ] {
            claims.add(["item_code": item, "item_name": "<i>\(item)", "doctor_id": doctor, "fund_amount": fund, "settled_at": "\(day) 10:00:00"])
        }
        let cancelled = claims.add(["item_code": "Z", "item_name": "cancelled", "fund_amount": "999.00", "settled_at": "2025-02-01 10:00:00"])
        claims.addReversal(of: cancelled)
        claims.add(["institution_id": "H2", "item_code": "Y", "fund_amount": "5.00"])
        try store.run("ingest", folder.write("c.csv", claims.sheet.text()))
        try store.run("report", "--out", folder.path("report"))
        let page = try FileContent.text(folder.path("report/report.html"))
        let section = try #require(page.components(separatedBy: "<details ").dropFirst().first { $0.contains(">H1") })
        // January has 30.50, February nothing, March half of that, April next to nothing.
        #expect(section.contains("2025-01: ¥ 30.50") && section.contains("d=\"M10.0 26.0L123.3 130.0L236.7 78.0L350.0 126.6\""), "\(section)")
        let rows = section.matches(of: /<tr><td>(?:&lt;i&gt;)?([A-Z0-9]+)<br><span class="soft small">[A-Z0-9]+<\/span><\/td><td class="n">([0-9]+)<\/td><td class="n">([0-9.]+)<\/td>/)
            .map { "\($0.1) \($0.2) \($0.3)" }
        #expect(rows == ["A 2 25.25", "B 1 20.50", "C 1 1.00", "D1 2 25.25", "D2 1 20.50"], "\(rows)")
        #expect(!page.contains("<i>") && !section.contains("999.00"))
    }

    @Test("reviews: the last one of a lead counts; the report has them beside the figures") func feedback() throws {
        let (folder, store) = try Self.store()
        try store.run("report", "--out", folder.path("before"))
        #expect(!FileContent.names(in: folder.path("before")).contains("feedback.csv"))
        let first = """
            机构编码,指标,核查结果,核实金额,核查日期
            H1,visit_frequency,属实,50.00,2025-04-01
            H2,visit_frequency,属实,70.00,2025-04-01
            H1,supply_days,待核查,,2025-04-01

            """
        try store.run("feedback", "import", folder.write("f1.csv", first))
        let appeal = "institution_id,indicator,result,confirmed_amount,reviewed_on,reason\nH2,visit_frequency,rejected,,2025-05-01,appeal\n"
        try store.run("feedback", "import", folder.write("f2.csv", appeal))
        let shown = try store.run("feedback", "show", "--format", "csv")
        #expect(shown.output == "indicator,reviewed,confirmed,rejected,precision,confirmed_amount\nvisit_frequency,2,1,1,0.5,50.00\n")
        try store.run("report", "--out", folder.path("after"))
        #expect(
            try FileContent.text(folder.path("after/feedback.csv"))
                == "indicator,reviewed,confirmed,rejected,precision,confirmed_amount,amount_of_reviewed,amount_at_issue\nvisit_frequency,2,1,1,0.5,50.00,154.00,154.00\n")
        #expect(try FileContent.text(folder.path("after/report.html")).contains("核查反馈"))
        let bad = try store.run(["feedback", "import", folder.write("f3.csv", "institution_id,indicator,result\nH1,visit_frequency,perhaps\n")])
        #expect(bad.ending == .exited(code: 65) && bad.errors.contains("perhaps"), "\(bad.errors)")
        #expect(try store.count("select count(*) from feedback") == 4)
        // A column that says nothing of a review is named: the money may stand in it.
        let other = try store.run("feedback", "import", folder.write("f5.csv", "institution_id,indicator,result,金额\nH1,visit_frequency,confirmed,5.00\n"))
        #expect(other.errors.contains("columns that say nothing of a review: 金额"), "\(other.errors)")
    }

    /// What every file of a library begins with.
    private static let ownHeading = """
        -- id: my_indicator
        -- version: 1
        -- title_en: A
        -- title_zh: 甲
        -- theme_en: A
        -- theme_zh: 甲
        -- kind: rule
        -- result: suspicious
        -- subject_en: lines
        -- subject_zh: 明细
        -- exposure_en: lines
        -- exposure_zh: 明细
        -- event_en: dear lines
        -- event_zh: 高价明细
        -- basis_kind: statistical
        -- basis_en: none
        -- basis_zh: 无
        -- false_alarms_en: many
        -- false_alarms_zh: 多
        """

    @Test("a faulty query of a library is told with its indicator") func faultyLibrary() throws {
        let (folder, store) = try Self.store()
        let library = try folder.makeFolder("library")
        try folder.write(
            "library/own.sql",
            """
            \(Self.ownHeading)

            -- query: common
            with lines as (:lines)
            -- query: figures
            select institution_id, count(amuont) as events, count(*) as exposure, 0.00 as amount from lines group by institution_id
            -- query: evidence
            select * from linez where institution_id = :institution

            """)
        for arguments in [["indicators", "run", "my_indicator"], ["evidence", "my_indicator", "H1"], ["report", "--out", folder.path("report")]] {
            let outcome = try store.run(arguments + ["--library", library])
            #expect(outcome.ending == .exited(code: 1) && outcome.errors.contains("indicator \"my_indicator\": "), "\(arguments): \(outcome.errors)")
        }
    }

    @Test("the cases of every indicator's file hold, and one that does not is told with what was found") func cases() throws {
        let all = try ToolUnderTest.run(["indicators", "test", "--format", "csv"])
        #expect(all.ending == .exited(code: 0), "\(all.output)\(all.errors)")
        #expect(try CSVSheet(all.outputBytes).records.count >= 22)
        let folder = try TemporaryFolder()
        let own = """
            \(Self.ownHeading)
            -- parameter: limit | decimal | 100 | 0 | | limit | 限值 | own

            -- query: common
            with lines as (:lines)
            -- query: figures
            select institution_id, count(case when amount > :limit then 1 end) as events, count(*) as exposure,
                   coalesce(sum(case when amount > :limit then fund_amount end), 0) as amount
            from lines group by institution_id
            -- query: evidence
            select * from lines where institution_id = :institution and amount > :limit

            -- test: holds
            -- claims: amount
            --   100.00
            --   100.01
            -- expect: H1 1 2 7.00
            -- test: does not
            -- claims: amount
            --   101.00
            -- set: limit=200
            -- expect: H1 1 1 7.00

            """
        try folder.write("own.sql", own)
        let outcome = try ToolUnderTest.run(["indicators", "test", "my_indicator", "--library", folder.url.path, "--format", "csv"])
        #expect(outcome.ending == .exited(code: 1), "\(outcome.errors)")
        let rows = try CSVSheet(outcome.outputBytes).records
        #expect(rows.map { $0["result"] } == ["ok", "differs"])
        #expect(rows.last?["difference"] == "expected H1 1 1 7.00; found H1 0 1 0.00")
        // Its page tells what is found in the first case, without a store; the file's ending asks for it as --format does.
        let show = ["indicators", "show", "my_indicator", "--library", folder.url.path]
        let page = try ToolUnderTest.run(show + ["--format", "markdown"])
        #expect(page.output.hasPrefix("# `my_indicator` ") && page.output.contains("| 100.01 | 7.00 |\n"), "\(page.output)\(page.errors)")
        #expect(page.output.contains("| H1 | 1 | 2 | 7.00 |\n") && page.output.contains("What a row does not say is ordinary: "))
        #expect(try ToolUnderTest.run(show + ["-o", folder.path("page.md")]).ending == .exited(code: 0))
        #expect(try String(contentsOfFile: folder.path("page.md"), encoding: .utf8) == page.output)
        let chinese = try ToolUnderTest.run(show + ["--format", "markdown", "--lang", "zh", "--set", "limit=50"])
        #expect(chinese.output.contains("**示例.** Holds.\n") && chinese.output.contains("| `limit` | 100 | 50 | 限值 | own |\n"))
        #expect(try ToolUnderTest.run(show + ["--sql", "--format", "markdown"]).output.hasPrefix("with lines as ("))
    }
}
