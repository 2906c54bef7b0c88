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
    ])
    func ages(text: String, limits: String) throws {
        #expect(try AgeReader.limits(text).map { "\($0.attribute.rawValue) \($0.value)" }.joined(separator: ", ") == limits)
    }

    @Test("ages that are not understood", arguments: ["6月龄以下", "老年人", "14", "200岁以下", "1岁2岁3岁"]) func badAges(text: String) {
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
    }

    @Test("days", arguments: [("2025-1-3", "2025-01-03"), ("2025年12月31日", "2025-12-31"), ("20250103", "2025-01-03"), ("2025.1.3", "2025-01-03")])
    func days(text: String, day: String) throws {
        #expect(try DayText.day(text) == day)
        for open in ["", "-", "长期", " 无 "] { #expect(try DayText.day(open) == nil) }
        for faulty in ["2025-13-01", "2025-02-31", "always", "2025年12月", "见文件"] {
            #expect(throws: ValueReader.Misfit.self) { try DayText.day(faulty) }
        }
    }
}
