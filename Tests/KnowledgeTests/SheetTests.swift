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
