import Testing

@Suite("Knowledge import")
struct KnowledgeImportTests {
    @Test("lists come in beside those there are, come again in their place, and rejected rows are kept") func imports() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let first = try folder.write("batch-1 项目(限定性别).csv", "标题,,\n项目名称,项目编码,限定性别\n甲,0011030,男\n乙,0011031,女\n丙,1.2E+15,女\n")
        let second = try folder.write("batch-8 频次.csv", "项目名称,项目编码,限制数量,数量单位\n甲,0011030,1,日\n")
        let refused = try store.run("knowledge", "import", first, expecting: 65)
        #expect(refused.errors.contains("row 5") && refused.errors.contains("1.2e+15".uppercased()))
        let loaded = try store.run("knowledge", "import", first, second, "--max-rejects", "1", "--valid-from", "2025-05-23")
        #expect(loaded.exitCode == 0, "\(loaded.errors)")
        #expect(try store.count("select count(*) from knowledge") == 3)
        #expect(try store.count("select count(*) from knowledge where valid_from = date '2025-05-23' and source like '%row 3%'") == 1)
        let rejects = try FileContent.text(folder.path("store/rejects/1.csv"))
        #expect(rejects.contains("丙 | 1.2E+15 | 女") && rejects.contains("row 5"))
        // The same list with other rows takes its place; the other list stays.
        let changed = try folder.write("batch-1 项目(限定性别)新.csv", "项目名称,项目编码,限定性别\n乙,0011031,男\n")
        #expect(try store.run("knowledge", "import", changed).exitCode == 0)
        #expect(try store.rows("select item_code, attribute, value from knowledge order by 1, 2") == [["0011030", "max_per_day", "1"], ["0011031", "sex", "male"]])
        let list = try CSVSheet(store.run("knowledge", "list").outputBytes)
        #expect(list.rows.map { $0[0] } == ["batch-1", "batch-8"] && list.rows.map { $0[4] } == ["1", "1"])
        #expect(try store.run("knowledge", "import", second, "--dry-run").exitCode == 0)
        #expect(try store.run("knowledge", "import", folder.path("none.xlsx"), expecting: 66).exitCode == 66)
    }

    @Test("check tells codes that nobody bills and points that overlap") func check() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        claims.add(["item_code": "0011030"])
        claims.add(["item_code": "0011030", "fund_amount": "3.00"])
        try store.run("ingest", folder.write("claims.csv", claims.sheet.text()))
        let one = try folder.write("batch-1 限定性别.csv", "项目名称,项目编码,限定性别\n甲,0011030,男\n乙,0011031,女\n")
        let two = try folder.write("batch-2 限定性别.csv", "项目名称,项目编码,限定性别\n甲,0011030,女\n")
        #expect(try store.run("knowledge", "import", one, two).exitCode == 0)
        let rates = try CSVSheet(store.run("knowledge", "check").outputBytes)
        #expect(rates.rows == [
            ["batch-1", "GZ10000302004000", "sex", "2", "1", "0.5000", "2", "10.00"], ["batch-2", "GZ10000302004000", "sex", "1", "1", "1.0000", "2", "10.00"],
        ])
        let unknown = try CSVSheet(store.run("knowledge", "check", "--unknown").outputBytes)
        #expect(unknown.rows.map { $0[3] } == ["0011031"])
        let overlaps = try CSVSheet(store.run("knowledge", "check", "--overlaps").outputBytes)
        #expect(overlaps.rows.count == 1 && overlaps.rows[0][0] == "0011030" && overlaps.rows[0][4] == "other")
    }
}
