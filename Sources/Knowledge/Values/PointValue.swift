import Claims

/// What a row says of its item.
struct PointValue: Hashable {
    var attribute: KnowledgeAttribute
    var value: String
    var windowDays: Int?

    init(_ attribute: KnowledgeAttribute, _ value: String, windowDays: Int? = nil) {
        self.attribute = attribute
        self.value = value
        self.windowDays = windowDays
    }

    /// One value, or several where an age has two ends or several visit types are allowed.
    static func values(of row: SheetTable.Row, restriction: Restriction) throws(ValueReader.Misfit) -> [PointValue] {
        func text(_ fields: SheetField..., expected: String) throws(ValueReader.Misfit) -> String {
            for field in fields { if let text = row.text(field), !text.isEmpty { return text } }
            throw ValueReader.Misfit(found: "nothing", expected: expected)
        }
        switch restriction {
        case .sex: return [PointValue(.sex, try ValueReader.sex(try text(.sex, .value, expected: "男 or 女")))]
        case .age:
            return try AgeReader.limits(try text(.age, .value, expected: "an age")).map { PointValue($0.attribute, $0.value) }
        case .newborn:
            let words = row.text(.age) ?? row.text(.value) ?? "新生儿"
            return try AgeReader.limits(words).map { PointValue($0.attribute, $0.value) }
        case .childOnly:
            let words = row.text(.age) ?? row.text(.value) ?? "儿童"
            return try AgeReader.limits(words).map { PointValue($0.attribute, $0.value) }
        case .notPayable: return [PointValue(.notPayable, "always")]
        case .childForbidden: return [PointValue(.minAgeYears, "18")]
        case .level: return [PointValue(.minLevel, try ValueReader.level(try text(.level, .value, expected: "a level")))]
        case .visitType:
            return try ValueReader.visitTypes(try text(.visitType, .value, expected: "visit types")).map { PointValue(.onlyVisitType, $0) }
        case .insurance:
            return [PointValue(.onlyInsurance, try ValueReader.insurance(row.text(.insurance) ?? row.text(.value) ?? row.text(.type) ?? "nothing"))]
        case .course:
            let words = row.text(.quantity).map { $0 + (row.text(.unit) ?? "") }
            guard let days = row.text(.course) ?? row.text(.value) ?? words else { throw ValueReader.Misfit(found: "nothing", expected: "days") }
            let isYearly = days.contains("年度") || days.contains("每年") || days.contains("/年")
            return [PointValue(.maxCourseDays, String(try ValueReader.days(days)), windowDays: isYearly ? 365 : nil)]
        case .dailyMaximum: return [try dailyMaximum(row)]
        case .period: return [try period(row)]
        case .pair:
            let window = try ValueReader.window(try text(.window, .value, .period, expected: "单日, 单次就诊 or hours"))
            return [PointValue(.notWith, window.value, windowDays: window.days)]
        }
    }

    private static func dailyMaximum(_ row: SheetTable.Row) throws(ValueReader.Misfit) -> PointValue {
        guard let text = row.text(.quantity) ?? row.text(.value) else { throw ValueReader.Misfit(found: "nothing", expected: "a number a day") }
        let unit = row.text(.unit) ?? ""
        // 24 小时 is a day's hours of an item charged by the hour.
        guard !unit.contains("周"), !unit.contains("月"), !unit.contains("年") else {
            throw ValueReader.Misfit(found: "\(text) \(unit)", expected: "a number a day")
        }
        return PointValue(.maxPerDay, try ValueReader.quantity(text))
    }

    private static func period(_ row: SheetTable.Row) throws(ValueReader.Misfit) -> PointValue {
        let numbers = row.text(.period).map(ValueReader.numbers) ?? []
        if let text = row.text(.period), numbers.count == 1 {
            let times = try row.text(.quantity).map { text throws(ValueReader.Misfit) in try ValueReader.quantity(text) } ?? "1"
            let days = try ValueReader.days(text + (Int(text) == nil ? "" : row.text(.periodUnit) ?? ""))
            return PointValue(.maxPerPeriod, times, windowDays: days)
        }
        guard let words = row.text(.period) ?? row.text(.window) ?? row.text(.quantity) ?? row.text(.value) else {
            throw ValueReader.Misfit(found: "nothing", expected: "such as 7天1次")
        }
        let read = try ValueReader.timesInPeriod(words)
        return PointValue(.maxPerPeriod, read.times, windowDays: read.days)
    }
}
