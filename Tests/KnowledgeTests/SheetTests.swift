import Claims
import Columns
import Diagnostics
import Foundation
import Spreadsheet
import Testing

@testable import Knowledge

/// Layouts of published sheets, as CSV and as workbooks.
@Suite("Published sheets")
struct SheetTests {
    private func read(_ text: String, named name: String = "list.csv", options: KnowledgeImportOptions = KnowledgeImportOptions()) throws -> ImportedKnowledge {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fundwatch-sheets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: name)
        try text.write(to: path, atomically: true, encoding: .utf8)
        return try PointReader.read([path.path], options: options)
    }

    private func workbook(_ sheets: [(name: String, rows: [[String?]])], named name: String) throws -> ImportedKnowledge {
        var bytes: [UInt8] = []
        let book = WorkbookWriter { bytes += $0 }
        for sheet in sheets {
            let width = sheet.rows.map(\.count).max() ?? 0
            try book.beginSheet(SheetPlan(name: sheet.name, columns: (0..<width).map { _ in SheetColumn("", .text, width: 9) }, hasHeader: false))
            for row in sheet.rows { try book.append((0..<width).map { $0 < row.count ? row[$0].map { .text($0) } ?? .null : .null }) }
        }
        try book.finish()
        let folder = FileManager.default.temporaryDirectory.appending(path: "fundwatch-sheets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: name)
        try Data(bytes).write(to: path)
        return try PointReader.read([path.path], options: KnowledgeImportOptions())
    }

    @Test("title rows, breaks and blanks in headings, totals and footnotes") func titles() throws {
        let read = try read(
            """
            附件1,,,,
            “医疗服务项目限定频次”规则对应知识点明细,,,,
            ,,,,
            序号,"项目
            名称","单日上限
            数量",数量 单位,国家 项目编码
            1,住院诊查费,1,日,001102000050000
            2,重症监护,24,小时,001103000020000
            序号,"项目
            名称","单日上限
            数量",数量 单位,国家 项目编码
            合计,,2,,
            备注：仅供参考。,,,,
            """, named: "batch-8 频次.csv")
        #expect(read.points.map(\.itemCode) == ["001102000050000", "001103000020000"])
        #expect(read.points.map(\.value) == ["1", "24"] && read.points.allSatisfy { $0.attribute == .maxPerDay && $0.batch == "batch-8" })
        #expect(read.points[0].ruleID == "GZ10000102014000" && read.points[0].result == .violation)
        #expect(read.rejected.isEmpty && read.lists.map(\.captionCount) == [3])
        #expect(read.points[1].source == "batch-8 频次.csv, row 8, point 2")
    }

    @Test("pairs with the first item filled down, under headings of two rows") func pairs() throws {
        let read = try workbook(
            [("重复收费", [
                ["“医疗服务项目重复收费”知识点"], ["序号", "频度", "主项", nil, "从项", nil, "备注"], [nil, nil, "名称", "编码", "名称", "编码"],
                ["1", "单日", "急诊监护费", "001103000010000", "急诊诊查费", "001102000030000", "含诊查"],
                ["2", nil, nil, nil, "床位费", "001109000010000"], ["3", "6小时", "心电监测", "003107010070000", "血氧监测", "003107010080000"],
                ["4", "同一小时", "心电监测", "003107010070000", "血压监测", "003107010090000"],
                ["5", "单次就诊", "全切", "003300000010000", "部分切", "003300000020000"], ["6", "每年", "甲", "003300000030000", "乙", "003300000040000"],
                ["7", "单日", "丙", "003300000050000", "丁", nil],
            ])], named: "pairs.xlsx")
        #expect(read.points.map(\.value) == ["day", "day", "6h", "1h", "visit"])
        #expect(read.points[1].itemCode == "001103000010000" && read.points[1].pairedItemCode == "001109000010000" && read.points[1].windowDays == 1)
        #expect(read.points.allSatisfy { $0.attribute == .notWith && $0.ruleID == "GZ10000102012000" })
        // Nothing is lost: a window that is not known, and a pair without its second code.
        #expect(read.rejected.map(\.cause) == ["value", "no code"])
        #expect(read.rejected[0].source.contains("row 9") && read.rejected[0].message.contains("每年"))
    }

    @Test("codes on a second sheet, one point to many; names that meet nothing are rejected on both sides") func codes() throws {
        let read = try workbook(
            [
                ("知识点", [["药品通用名", "药品说明", "限定类型", "限定值域"], ["甲注射液", "限二级及以上医疗机构。", "限定机构等级", "二级"], ["乙 胶囊", "说明", "限定机构等级", "三级"], ["无码片", nil, "限定机构等级", "二级"], ["丙片", nil, "限定机构等级", "村卫生室"]]),
                ("对应代码", [["药品通用名", "序号", "药品代码"], ["甲注射液", "1", "XA01AAA001A001010100001"], [nil, "2", "XA01AAA001A001010100002"], ["乙胶囊", "1", "ZB01AAA001A001010100001"], ["丙片", "1", "ZB01AAA001A001010100009"], ["丁片", "1", "ZC01AAA001A001010100001"]]),
            ], named: "第5批.xlsx")
        #expect(read.points.map { [$0.itemCode, $0.value] } == [["XA01AAA001A001010100001", "secondary"], ["XA01AAA001A001010100002", "secondary"], ["ZB01AAA001A001010100001", "tertiary"]])
        #expect(read.points.allSatisfy { $0.attribute == .minLevel && $0.ruleID == "GZ10000101012000" && $0.batch == "第5批" })
        #expect(Set(read.rejected.map(\.cause)) == ["no code", "value", "no point"])
        #expect(read.lists.map(\.pointCount) == [2])
    }

    @Test("each restriction by its column", arguments: [
        ("项目名称,项目编码,限定性别\n甲,001,男\n", "sex", "male", ""), ("项目名称,编码,限定年龄\n甲,0011,不满14周岁\n", "max_age_years", "14", "2025-29"),
        ("药品名称,国标代码,就医方式\n甲,XA01,限住院\n", "only_visit_type", "inpatient", "2025-13"),
        ("药品名称,国标代码,险种\n甲,XA01,限工伤保险\n", "only_insurance", "work_injury", "GZ10000101001000"),
        ("药品名称,国标代码,支付疗程(天)\n甲,XA01,14\n", "max_course_days", "14", "GZ10000101010000"),
        ("项目名称,项目编码,周期(天),频次上限\n甲,0011,7,1\n", "max_per_period", "1", "2025-31"),
        ("项目名称,项目编码,限定机构级别\n甲,0011,三级\n", "min_level", "tertiary", "GZ10000102011000"),
        ("项目规则库(限支付疗程),,,\n项目名称,项目编码,限制数量,数量单位\n甲,0011,30,天\n", "max_course_days", "30", "GZ10000102010000"),
        ("周期超频次,,,,\n项目名称,项目编码,限制数量,限制周期,周期单位\n甲,0011,2,2,周\n", "max_per_period", "2", "2025-31"),
        ("药品通用名,药品代码,限定类型,限定值域\n甲,XA01,药品儿童专用,儿童\n", "max_age_years", "18", "GZ10000301002000"),
        ("“药品限儿童使用”规则对应知识点明细,,,\n序号,药品通用名,药品代码,限定年龄\n1,甲,XA01,14岁以下\n", "max_age_years", "15", "GZ10000101007000"),
        ("药品通用名,药品代码,限定类型,限定值域\n甲,XA01,药品限儿童使用,儿童\n", "max_age_years", "18", "GZ10000101007000"),
        ("药品通用名,药品代码,限定类型,限定值域\n甲,XA01,限定就医方式,急(抢)救时使用\n", "only_visit_type", "emergency", "2025-13"),
        ("项目编码A,项目名称A,项目编码B,项目名称B,时间区间\n0011,甲,0022,乙,单次就诊\n", "not_with", "visit", "GZ10000102012000"),
        ("耗材名称,耗材代码,限定性别\n甲,C0101,女\n", "sex", "female", "2025-87"),
    ])
    func restrictions(text: String, attribute: String, value: String, rule: String) throws {
        if attribute == "sex", value == "male" {
            // A code of three characters is none.
            #expect(try read(text).rejected.map(\.cause) == ["code"])
            return
        }
        let point = try #require(try read(text).points.first)
        #expect(point.attribute.rawValue == attribute && point.value == value && point.ruleID == rule)
        if attribute == "max_per_period" { #expect([7, 14].contains(point.windowDays)) }
    }

    /// Points as `code attribute value`, with the paired code, the window and the days where there are any.
    private func texts(_ read: ImportedKnowledge) -> [String] {
        read.points.map { point in
            ([point.itemCode, point.attribute.rawValue, point.value] + [point.pairedItemCode, point.windowDays.map { String($0) }, point.validFrom, point.validTo].compactMap { $0 })
                .joined(separator: " ")
        }
    }

    @Test("several columns that restrict give several points; a row with none of them is reported") func severalColumns() throws {
        let read = try read(
            "项目编码,项目名称,限定性别,限定年龄,单日上限数量,限定机构等级\n0011,甲,男,18岁以上,2,\n0012,乙,,,1,二级及以上\n0013,丙,无,不满14周岁,,-\n0014,丁,,,,\n0015,戊,男,老年,,\n")
        #expect(texts(read) == [
            "0011 sex male", "0011 min_age_years 18", "0011 max_per_day 2", "0012 min_level secondary", "0012 max_per_day 1", "0013 max_age_years 14",
        ])
        #expect(read.rejected.map(\.source) == ["list.csv, row 5", "list.csv, row 6"])
    }

    @Test("columns of a lowest and a highest age") func twoAges() throws {
        let read = try read("项目编码,项目名称,最小年龄,最大年龄\n0011,甲,6,14\n0012,乙,18岁,\n0013,丙,,3\n0014,丁,,\n0015,戊,20,10\n")
        #expect(texts(read) == ["0011 min_age_years 6", "0011 max_age_years 15", "0012 min_age_years 18", "0013 max_age_years 4"])
        #expect(read.rejected.map(\.cause) == ["value", "value"])
    }

    @Test("English headings and values") func english() throws {
        let read = try read("No.,Item name,Item code,Sex,Valid from,Valid to\n1,a,0011,male,2024-03-01,\n2,b,0012,Female,2024-03-02,2024/12/31\n3,c,0013,both,,\n")
        #expect(texts(read) == ["0011 sex male 2024-03-01", "0012 sex female 2024-03-02 2024-12-31"])
        #expect(read.rejected.map(\.source) == ["list.csv, row 4, point 3"])
        #expect(texts(try self.read("item_code,item_name,max_per_day\n0011,a,2\n")) == ["0011 max_per_day 2"])
    }

    @Test("the national code among other codes, whatever stands first") func otherCodes() throws {
        let read = try read("规则编码,ATC编码,诊断编码,科室名称,药品通用名,地方编码,国家医保药品代码,企业名称,限定性别\nGZ1,G03CA,C61,男科,甲,L0001,XA0001,某厂,男\n")
        #expect(texts(read) == ["XA0001 sex male"] && read.points[0].itemName == "甲")
        // What is not read is said.
        #expect(read.passedOver.count == 1 && read.passedOver[0].contains("ATC编码") && read.passedOver[0].contains("地方编码"))
    }

    @Test("restrictions in the words of one column; a part that is not understood leaves the row out") func words() throws {
        let read = try read(
            """
            药品名称,药品代码,医保支付限制条件
            甲,XA01,限女性
            乙,XA02,限14岁以下儿童
            丙,XA03,限二级及以上医疗机构
            丁,XA04,每日不超过2次
            戊,XA05,限晚期肿瘤患者
            己,XA06,限住院使用
            庚,XA07,限男性；18岁以上
            辛,XA08,限女性；限重症

            """)
        #expect(texts(read) == [
            "XA01 sex female", "XA02 max_age_years 15", "XA03 min_level secondary", "XA04 max_per_day 2", "XA06 only_visit_type inpatient", "XA07 sex male", "XA07 min_age_years 18",
        ])
        #expect(read.points.map(\.ruleID).first == "GZ10000301004000" && read.rejected.map(\.source) == ["list.csv, row 6", "list.csv, row 9"])
    }

    @Test("columns of types: a type that is not known is reported, not taken for the title's") func types() throws {
        let read = try read("限定性别,,,\n项目名称,项目编码,限定类型,限定内容\n甲,0011,限定性别,女\n乙,0012,限定频次,2\n丙,0013,限适应症,女性不孕\n")
        #expect(texts(read) == ["0011 sex female", "0012 max_per_day 2"])
        #expect(read.rejected.map(\.cause) == ["no restriction"])
    }

    @Test("a period in a column of days' limits, times that a column leaves out") func periods() throws {
        #expect(texts(try read("限定频次,,\n项目名称,项目编码,限定频次\n甲,0011,每日不超过2次\n乙,0012,7天1次\n")) == ["0011 max_per_day 2", "0012 max_per_period 1 7"])
        let read = try read("项目名称,项目编码,周期(天),频次上限\n甲,0011,14天,2次\n乙,0012,1周,\n丙,0013,30, 3 \n")
        #expect(texts(read) == ["0011 max_per_period 2 14", "0013 max_per_period 3 30"] && read.rejected.count == 1)
        #expect(texts(try self.read("项目名称,项目编码,周期(天)\n甲,0011,7\n")) == ["0011 max_per_period 1 7"])
    }

    @Test("units in headings; limits of other spans than a day are not read as a day's", arguments: [
        ("周期,,,\n项目名称,项目编码,周期（月）,周期内次数上限\n甲,0011,1,1\n", "0011 max_per_period 1 30"),
        ("项目名称,项目编码,周期,频次\n甲,0011,7天,3\n", "0011 max_per_period 3 7"),
        ("药品名称,药品编码,疗程(周)\n甲,XA01,2\n", "XA01 max_course_days 14"), ("项目名称,国家码,每日最多次数\n甲,0011,三次\n", "0011 max_per_day 3"),
        ("限定频次,,\n项目名称,项目编码,每月次数上限\n甲,0011,2\n", ""), ("限年龄,,\n药品名称,药品编码,年龄(月)\n甲,XA01,6以下\n", ""),
        ("性别年龄频次,,\n项目名称,项目编码,限制数量\n甲,0011,2\n", "0011 max_per_day 2"),
        ("项目编码,不得同时收取的项目编码,时间范围\n0011,0012,单次住院\n", "0011 not_with visit 0012"),
        ("限定条件,,,\n编号,药品,医保编码,性别\n1,甲,XA01,女\n", "XA01 sex female"),
    ])
    func units(text: String, point: String) throws { #expect(texts(try read(text)).joined(separator: ", ") == point) }

    @Test("several contained items in a cell, letters and digits of any width") func pairedCodes() throws {
        let read = try read("A项目编码,A项目名称,B项目编码,B项目名称,时间区间\n0011,甲,0012、００１３,乙,当天\nxa01,丙,za02,丁,24小时内\n0014,戊,0014,戊,单日\n0015,己,0011,甲,一周\n")
        #expect(texts(read) == ["0011 not_with day 0012 1", "0011 not_with day 0013 1", "XA01 not_with 24h ZA02"])
        #expect(read.rejected.map(\.cause) == ["code", "value"])
    }

    @Test("a column of validity; the same point in two of them is two points") func validity() throws {
        let read = try read("有效期,限定性别,项目名称,项目编码\n2024-01-01至2024-06-30,男,甲,0011\n2025-01-01起,男,甲,0011\n近期,女,乙,0012\n")
        #expect(texts(read) == ["0011 sex male 2024-01-01 2024-06-30", "0011 sex male 2025-01-01"])
        #expect(read.rejected.map(\.cause) == ["day"])
        let reversed = try self.read("项目名称,项目编码,限定性别,生效日期,失效日期\n甲,0011,男,2024-03-01,2024-02-01\n乙,0012,男,45352,长期\n")
        #expect(texts(reversed) == ["0012 sex male 2024-03-01"] && reversed.rejected.map(\.cause) == ["day"])
    }

    @Test("sentences and names of sections that stand alone are captions") func captions() throws {
        let read = try read(
            "项目编码,项目名称,限定性别\n一、男性项目,,\n0011,甲,男\n小计,,1\n二、女性项目,,\n0012,乙,女\n\"本表自2025年1月1日起执行，由医保局解释。\",,\n,数据来源：医保局,\n2.仅供参考,,\n")
        #expect(texts(read) == ["0011 sex male", "0012 sex female"])
        #expect(read.rejected.isEmpty && read.lists.map(\.captionCount) == [6])
        // A name without anything else is a row that lacks the rest.
        #expect(try self.read("项目编码,项目名称,限定性别\n0011,甲,男\n,乙,\n").rejected.count == 1)
    }

    @Test("headings that say the contrary are not read", arguments: ["药品代码,药品通用名,禁用性别\nXA01,甲,男\n", "药品代码,药品通用名,不适用年龄\nXA01,甲,14岁以下\n"])
    func contrary(text: String) {
        #expect(throws: Diagnostic.self) { try read(text) }
    }

    @Test("a file with the table's own columns is for ingest") func canonical() {
        let error = #expect(throws: Diagnostic.self) { try read("rule_id,item_code,item_name,attribute,value\nK1,0011,甲,max_age_years,14\n") }
        #expect(error?.mend?.contains("ingest --table knowledge") == true)
    }

    @Test("codes that a spreadsheet has rewritten, repeated points") func damagedCodes() throws {
        let read = try read("项目名称,项目编码,限定性别\n甲,1.10301E+14,男\n乙,0011030,女\n乙,0011030,女\n丙,,女\n")
        #expect(read.points.count == 1 && read.rejected.map(\.cause) == ["code", "repeated", "no code"])
    }

    @Test("dates of the options and of the sheet") func dates() throws {
        let read = try read(
            "项目名称,项目编码,限定性别,生效日期\n甲,0011030,男,2025年6月1日\n乙,0011031,女,\n",
            options: KnowledgeImportOptions(batch: "x", validFrom: "2025-01-01", validTo: "2026-12-31"))
        #expect(read.points.map(\.validFrom) == ["2025-06-01", "2025-01-01"] && read.points.map(\.validTo) == ["2026-12-31", "2026-12-31"])
        #expect(read.points.map(\.batch) == ["x", "x"])
    }

    @Test("a file without a list is refused by what was expected", arguments: ["a,b\n1,2\n", "项目名称,项目编码,价格\n甲,0011030,5\n"])
    func noList(text: String) {
        let error = #expect(throws: Diagnostic.self) { try read(text) }
        #expect(error?.kind == .badData && error?.mend?.isEmpty == false)
    }

    @Test("the lists as published, where a folder with them is named", .enabled(if: ProcessInfo.processInfo.environment["FUNDWATCH_KNOWLEDGE_SHEETS"] != nil))
    func published() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["FUNDWATCH_KNOWLEDGE_SHEETS"])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".xlsx") }.sorted()
        for (part, points, rows) in [("batch-1 药品", 481, 6472), ("batch-1 项目", 390, 390), ("batch-5", 61, 962), ("batch-7", 900, 900), ("batch-8-1", 67, 67)] {
            guard let name = names.first(where: { $0.hasPrefix(part) }) else { continue }
            let read = try PointReader.read([folder + "/" + name], options: KnowledgeImportOptions())
            #expect(read.lists.reduce(0) { $0 + $1.pointCount } == points && read.points.count == rows && read.rejected.isEmpty, "\(name)")
        }
    }
}
