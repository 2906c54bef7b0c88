import Foundation
import Testing

/// Parameters that name a column of `claims`: found under the name the files gave it, wherever the indicator is asked.
@Suite("Columns of indicators")
struct IndicatorColumnTests {
    /// Three claims of H1 with an item that maternity insurance alone pays; the insurance stands in 险种类型 and, as text, in 类别二.
    private static func store() throws -> (TemporaryFolder, StoreUnderTest) {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        for _ in 0..<3 { claims.add(["item_code": "M"]) }
        var sheet = claims.sheet
        sheet.header += ["险种类型", "类别二"]
        for (row, types) in [("310", "510"), ("510", "510"), ("390", "390")].enumerated() { sheet.rows[row] += [types.0, types.1] }
        try store.run("ingest", folder.write("c.csv", sheet.text()))
        let knowledge = ReferenceTablesByHand.knowledge([(item: "M", attribute: "only_insurance", value: "maternity", from: nil, to: nil)])
        try store.run("ingest", folder.write("k.csv", knowledge.text()), "--table", "knowledge")
        return (folder, store)
    }

    private func figures(_ store: StoreUnderTest, _ folder: TemporaryFolder, _ more: String...) throws -> [String] {
        let out = folder.path("report")
        let report = try store.run(["report", "--out", out] + more)
        try #require(report.ending == .exited(code: 0), "\(report.errors)")
        return try CSVSheet(FileContent.bytes(out + "/indicators.csv")).records
            .filter { $0["indicator"] == "insurance_only_item" }.map { "\($0["events"] ?? "") of \($0["exposure"] ?? "")" }
    }

    @Test("the column is found in run, tune, evidence, sample and report alike") func found() throws {
        let (folder, store) = try Self.store()
        let run = try store.run("indicators", "run", "insurance_only_item", "visit_frequency", "--format", "csv")
        #expect(run.output.contains("insurance_only_item,H1,2,3,"), "\(run.output)")
        let evidence = try store.run("evidence", "insurance_only_item", "H1", "--format", "csv")
        #expect(try CSVSheet(evidence.outputBytes).records.compactMap { $0["insurance_code"] } == ["310", "390"])
        let tune = try store.run("indicators", "tune", "insurance_only_item", "--values", "类别二", "--format", "csv")
        #expect(tune.output.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "0" } } == ["类别二,false,1,1,1,3,", "险种类型,true,1,1,2,3,"])
        #expect(try figures(store, folder) == ["2 of 3"])
        try store.run("sample", "--seed", "s")
    }

    @Test("a report takes the column that --set or a profile names, and settings of indicators it has no points for") func chosen() throws {
        let (folder, store) = try Self.store()
        #expect(try figures(store, folder, "--set", "insurance_column=类别二") == ["1 of 3"])
        let run = try FileContent.text(folder.path("report/run.json"))
        #expect(run.contains("类别二"))
        let profile = try folder.write("p.yaml", "parameters:\n  insurance_only_item: {insurance_column: 类别二}\n")
        #expect(try figures(store, folder, "--profile", profile) == ["1 of 3"])
        // Nothing in the store is of this indicator, but it is one.
        #expect(try figures(store, folder, "--set", "grace_days=2") == ["2 of 3"])
        let stray = try store.run(["report", "--out", folder.path("report"), "--set", "insurance_colum=x"])
        #expect(stray.ending == .exited(code: 64) && stray.errors.contains("insurance_column"), "\(stray.errors)")
    }

    @Test("a column that is not there, or has no texts, is refused in our words") func refused() throws {
        let (folder, store) = try Self.store()
        for command in [["indicators", "run", "insurance_only_item"], ["evidence", "insurance_only_item", "H1"], ["report", "--out", folder.path("r")]] {
            let absent = try store.run(command + ["--set", "insurance_column=险种类"])
            #expect(absent.ending == .exited(code: 64), "\(absent.errors)")
            #expect(absent.errors.contains("\"insurance_column\" of indicator \"insurance_only_item\": claims has no column \"险种类\""), "\(absent.errors)")
            #expect(absent.errors.contains("did you mean \"险种类型\"?"), "\(absent.errors)")
            let number = try store.run(command + ["--set", "insurance_column=quantity"])
            #expect(number.ending == .exited(code: 64) && number.errors.contains("column \"quantity\" of claims is numeric(16,4); expected text"), "\(number.errors)")
            let chinese = try store.run(command + ["--set", "insurance_column=quantity", "--lang", "zh"])
            #expect(chinese.errors.contains("claims 的列 \"quantity\" 是 numeric(16,4)；应为 text"), "\(chinese.errors)")
        }
    }

    @Test("without such a column a report leaves the indicator out, and who asks for it is told what is missing") func missing() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        claims.add(["item_code": "M"])
        try store.run("ingest", folder.write("c.csv", claims.sheet.text()))
        let knowledge = ReferenceTablesByHand.knowledge([(item: "M", attribute: "only_insurance", value: "maternity", from: nil, to: nil)])
        try store.run("ingest", folder.write("k.csv", knowledge.text()), "--table", "knowledge")
        #expect(try figures(store, folder) == [])
        let run = try store.run(["indicators", "run", "insurance_only_item"])
        #expect(run.ending == .exited(code: 64) && run.errors.contains("insutype, insurance_type"), "\(run.errors)")
        let chinese = try store.run(["indicators", "run", "insurance_only_item", "--lang", "zh"])
        #expect(chinese.errors.contains("需要 claims 中没有的列"), "\(chinese.errors)")
    }
}
