import Claims
import Testing

@testable import Knowledge

@Suite("Words of published sheets")
struct ValueTests {
    @Test("ages: 以上 and 以下 include the number, 不满 and 超过 do not", arguments: [
        ("14岁以下", "max_age_years 15"), ("14岁及以下", "max_age_years 15"), ("不满14周岁", "max_age_years 14"), ("<14岁", "max_age_years 14"),
        ("≤14岁", "max_age_years 15"), ("18岁以上", "min_age_years 18"), ("大于60岁", "min_age_years 61"), (">=60", "min_age_years 60"),
        ("3-12岁", "min_age_years 3, max_age_years 13"), ("新生儿", "max_age_days 28"), ("28天以内", "max_age_days 28"), ("限儿童", "max_age_years 18"),
        ("儿童禁用", "min_age_years 18"), ("成人", "min_age_years 18"), ("１４岁以下", "max_age_years 15"), ("不超过6岁", "max_age_years 7"),
        ("不小于18岁", "min_age_years 18"), ("不得超过14岁", "max_age_years 15"), ("小于等于14岁", "max_age_years 15"), ("大于等于18岁", "min_age_years 18"),
        ("14岁以下（含14岁）", "max_age_years 15"), ("14周岁以下(不含)", "max_age_years 14"), ("18周岁(含)以上", "min_age_years 18"), ("年满18周岁", "min_age_years 18"),
        ("18岁以上60岁以下", "min_age_years 18, max_age_years 61"), ("≥6岁且<12岁", "min_age_years 6, max_age_years 12"), ("6岁至12岁", "min_age_years 6, max_age_years 13"),
        ("十四岁以下儿童", "max_age_years 15"), ("12岁以下禁用", "min_age_years 13"), ("不满6周岁禁用", "min_age_years 6"), ("60岁以上不得使用", "max_age_years 60"),
        ("成人禁用", "max_age_years 18"), ("限14岁以下儿童使用", "max_age_years 15"), ("under 14", "max_age_years 14"), ("18 and over", "min_age_years 18"),
    ])
    func ages(text: String, limits: String) throws {
        #expect(try AgeReader.limits(text).map { "\($0.attribute.rawValue) \($0.value)" }.joined(separator: ", ") == limits)
    }

    @Test("ages that are not understood", arguments: [
        "6月龄以下", "老年人", "14", "200岁以下", "1岁2岁3岁", "3-5岁或60岁以上", "14岁以下慎用", "新生儿除外", "新生儿禁用", "学龄前儿童", "12-6岁", "60岁以上18岁以下", "6-12岁禁用",
        "非儿童", "孕28周以上",
    ]) func badAges(text: String) {
        #expect(throws: ValueReader.Misfit.self) { try AgeReader.limits(text) }
    }

    @Test("visit types", arguments: [
        ("限住院", "inpatient"), ("限急诊、抢救", "emergency"), ("住院/急诊", "emergency inpatient"), ("门诊和门慢", "chronic outpatient"),
    ])
    func visitTypes(text: String, types: String) throws {
        #expect(try ValueReader.visitTypes(text).joined(separator: " ") == types)
    }

    @Test("times in a period", arguments: [("7天1次", "1", 7), ("每14日不超过2次", "2", 14), ("1次/2周", "1", 14), ("每1月3次", "3", 30), ("1次/1天", "1", 1)])
    func periods(text: String, times: String, days: Int) throws {
        let read = try ValueReader.timesInPeriod(text)
        #expect(read.times == times && read.days == days)
    }

    @Test("ages under a title such as 儿童禁用 are those that may not", arguments: [
        ("12岁以下", "min_age_years 13"), ("不满6周岁", "min_age_years 6"), ("儿童", "min_age_years 18"), ("限18岁以上", "min_age_years 18"),
    ])
    func forbiddenAges(text: String, limits: String) throws {
        #expect(try AgeReader.limits(text, forbids: true).map { "\($0.attribute.rawValue) \($0.value)" }.joined(separator: ", ") == limits)
    }

    @Test("limits of a day in words", arguments: [
        ("每日不超过2次", "2"), ("≤１次/日", "1"), ("单日上限24小时", "24"), ("每日一次", "1"), ("十二次/天", "12"), ("每日不得超过3次", "3"), ("0.5", "0.5"), ("2次", "2"),
    ])
    func dayLimits(text: String, value: String) throws { #expect(try ValueReader.quantityOfDay(text) == value) }

    @Test("limits that are no day's, or none at all", arguments: [
        "每周不超过3次", "每月不超过2次", "每次住院不超过1次", "终身1次", "每小时1次", "1次/疗程", "不少于2次", "至少1次", "大于2次", "小于2次", "-1", "1-2次", "不限", "2次以上", "2 per week",
    ])
    func noDayLimits(text: String) {
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.quantityOfDay(text) }
    }

    @Test("periods that are none", arguments: ["2小时1次", "1年1次", "7天不少于1次", "1次/疗程3天", "7天", "1-2次/7天"]) func noPeriods(text: String) {
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.timesInPeriod(text) }
    }

    @Test("levels", arguments: [
        ("二级", "secondary"), ("２级以上", "secondary"), ("三级甲等及以上", "tertiary"), ("一级、二级、三级", "primary"), ("二级、三级", "secondary"), ("仅限三级", "tertiary"), ("Secondary and above", "secondary"),
    ])
    func levels(text: String, level: String) throws { #expect(try ValueReader.level(text) == level) }

    @Test("levels that are no lowest one", arguments: ["三级医院除外", "一级、二级", "一级、三级", "仅限二级", "非三级", "二级及以下", "社区"])
    func noLevels(text: String) {
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.level(text) }
    }

    @Test("a value that is turned around is none", arguments: ["女性禁用", "非男性", "不限", "除女性外", "男女均可", "both"]) func noSex(text: String) {
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.sex(text) }
    }

    @Test("sexes in English", arguments: [("Female", "female"), ("M", "male"), ("male", "male"), ("女性患者", "female")]) func sexes(text: String, sex: String) throws {
        #expect(try ValueReader.sex(text) == sex)
    }

    @Test("both ends of a validity", arguments: [
        ("2024-01-01至2024-06-30", "2024-01-01", "2024-06-30"), ("2024-01-01-2024-06-30", "2024-01-01", "2024-06-30"), ("2024年1月1日起", "2024-01-01", ""),
        ("20240101~20240630", "2024-01-01", "2024-06-30"), ("自2024/1/1至长期", "2024-01-01", ""), ("至2024.6.30", "", "2024-06-30"), ("2024-06-30止", "", "2024-06-30"), ("长期", "", ""),
    ])
    func spans(text: String, first: String, last: String) throws {
        let span = try DayText.span(text)
        #expect(span.first ?? "" == first && span.last ?? "" == last)
    }

    @Test("codes of a cell") func codes() {
        #expect(ItemCodes.split("0011、0012;0013，x01/0014\n0015") == ["0011", "0012", "0013", "X01", "0014", "0015"])
        #expect(ItemCodes.split("001100000000001 ００１１００００００００００２") == ["001100000000001", "001100000000002"])
        // Groups of digits are no codes.
        #expect(ItemCodes.split("0011 0000 0000 003").map { ItemCodes.problem($0, isNumber: false) != nil } == [true])
        #expect(ItemCodes.problem("001100000000001-001100000000005", isNumber: false)?.contains("range") == true)
        #expect(ItemCodes.problem("330000-1", isNumber: false) == nil)
    }

    @Test("what is not understood is no value") func misfits() {
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.sex("男女均可") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.sex("不限") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.level("一级及以下") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.visitTypes("住院或备案患者") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.quantity("0") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.quantity("1或2") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.days("长期") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.window("0小时") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.insurance("职工") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.insurance("工伤保险除外") }
        #expect(throws: ValueReader.Misfit.self) { try ValueReader.days("14天以上") }
    }

    @Test("days", arguments: [
        ("2025-1-3", "2025-01-03"), ("2025年12月31日", "2025-12-31"), ("20250103", "2025-01-03"), ("2025.1.3", "2025-01-03"),
        ("45660", "2025-01-03"), ("2025-01-03 00:00:00", "2025-01-03"), ("2025年1月3日起", "2025-01-03"), ("２０２５/１/３", "2025-01-03"),
    ])
    func days(text: String, day: String) throws {
        #expect(try DayText.day(text) == day)
        for open in ["", "-", "长期", " 无 "] { #expect(try DayText.day(open) == nil) }
        for faulty in ["2025-13-01", "2025-02-31", "always", "2025年12月", "见文件", "2024-01-01至2024-12-31", "20251", "2025010"] {
            #expect(throws: ValueReader.Misfit.self) { try DayText.day(faulty) }
        }
    }
}
