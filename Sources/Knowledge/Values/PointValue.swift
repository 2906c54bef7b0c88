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
    ///
    /// - Parameter headings: Those of the table, which may hold the unit of a number.
    static func values(
        of row: SheetTable.Row, restriction: Restriction, headings: [SheetField: String]
    ) throws(ValueReader.Misfit) -> [PointValue] {
        func text(_ fields: SheetField..., expected: String) throws(ValueReader.Misfit) -> String {
            for field in fields { if let text = row.text(field), !text.isEmpty { return text } }
            throw ValueReader.Misfit(found: "nothing", expected: expected)
        }
        switch restriction {
        case .sex: return [PointValue(.sex, try ValueReader.sex(try text(.sex, .value, expected: "男 or 女")))]
        case .age where row.cells[.lowestAge] != nil || row.cells[.highestAge] != nil:
            return try AgeReader.limits(lowest: row.text(.lowestAge), highest: row.text(.highestAge)).map { PointValue($0.attribute, $0.value) }
        case .age:
            return try AgeReader.limits(try text(.age, .value, expected: "an age")).map { PointValue($0.attribute, $0.value) }
        case .newborn:
            let words = row.text(.age) ?? row.text(.value) ?? "新生儿"
            return try AgeReader.limits(words).map { PointValue($0.attribute, $0.value) }
        case .childOnly:
            let words = row.text(.age) ?? row.text(.value) ?? "儿童"
            return try AgeReader.limits(words).map { PointValue($0.attribute, $0.value) }
        case .notPayable: return [PointValue(.notPayable, "always")]
        case .childForbidden:
            let words = row.text(.age) ?? row.text(.value) ?? "儿童"
            return try AgeReader.limits(words, forbids: true).map { PointValue($0.attribute, $0.value) }
        case .level: return [PointValue(.minLevel, try ValueReader.level(try text(.level, .value, expected: "a level")))]
        case .visitType:
            return try ValueReader.visitTypes(try text(.visitType, .value, expected: "visit types")).map { PointValue(.onlyVisitType, $0) }
        case .insurance:
            return [PointValue(.onlyInsurance, try ValueReader.insurance(row.text(.insurance) ?? row.text(.value) ?? row.text(.type) ?? "nothing"))]
        case .course:
            let words = row.text(.quantity).map { $0 + (row.text(.unit) ?? "") }
            let course = row.text(.course).map { Int($0) == nil ? $0 : $0 + SheetField.unit(heading: headings[.course] ?? "") }
            guard let days = course ?? row.text(.value) ?? words else { throw ValueReader.Misfit(found: "nothing", expected: "days") }
            let isYearly = days.contains("年度") || days.contains("每年") || days.contains("/年")
            return [PointValue(.maxCourseDays, String(try ValueReader.days(days)), windowDays: isYearly ? 365 : nil)]
        case .dailyMaximum: return [try dailyMaximum(row)]
        case .period: return [try period(row, headings: headings)]
        case .pair:
            let window = try ValueReader.window(try text(.window, .value, .period, expected: "单日, 单次就诊 or hours"))
            return [PointValue(.notWith, window.value, windowDays: window.days)]
        }
    }

    private static func dailyMaximum(_ row: SheetTable.Row) throws(ValueReader.Misfit) -> PointValue {
        guard let text = row.text(.quantity) ?? row.text(.value) else { throw ValueReader.Misfit(found: "nothing", expected: "a number a day") }
        return try limit(text + (row.text(.unit) ?? ""))
    }

    /// A day's limit, or one of several days if the words say so.
    private static func limit(_ words: String) throws(ValueReader.Misfit) -> PointValue {
        if ValueReader.numbers(in: ValueReader.arabic(words)).count == 2 {
            let read = try ValueReader.timesInPeriod(words)
            return read.days == 1 ? PointValue(.maxPerDay, read.times) : PointValue(.maxPerPeriod, read.times, windowDays: read.days)
        }
        // 24 小时 is a day's hours of an item charged by the hour.
        return PointValue(.maxPerDay, try ValueReader.quantityOfDay(words))
    }

    private static func period(_ row: SheetTable.Row, headings: [SheetField: String]) throws(ValueReader.Misfit) -> PointValue {
        let numbers = row.text(.period).map { ValueReader.numbers(in: ValueReader.arabic($0)) } ?? []
        if let text = row.text(.period), numbers.count == 1 {
            // A list of periods alone means once in each; one with a column of times says how often.
            guard let times = row.text(.quantity) ?? (headings[.quantity] == nil ? "1" : nil) else {
                throw ValueReader.Misfit(found: "nothing", expected: "how often in the period")
            }
            let days = try ValueReader.days(text + (Int(text) == nil ? "" : row.text(.periodUnit) ?? SheetField.unit(heading: headings[.period] ?? "")))
            return PointValue(.maxPerPeriod, try ValueReader.quantity(times), windowDays: days)
        }
        guard let words = row.text(.period) ?? row.text(.window) ?? row.text(.quantity) ?? row.text(.value) else {
            throw ValueReader.Misfit(found: "nothing", expected: "such as 7天1次")
        }
        let read = try ValueReader.timesInPeriod(words)
        return PointValue(.maxPerPeriod, read.times, windowDays: read.days)
    }

    /// What a cell of words restricts, such as 限女性；18岁以上: one value and its kind for each part.
    ///
    /// - Throws: if a part is not understood, or may mean more than one thing. A point of the other parts alone would say too much.
    static func values(inWords text: String) throws(ValueReader.Misfit) -> [(restriction: Restriction, value: PointValue)] {
        var values: [(Restriction, PointValue)] = []
        for part in text.split(whereSeparator: { ["；", ";", "。", "\n"].contains($0) }).map({ HeadingText.normalized(String($0)) }) where !part.isEmpty {
            let readings: [(Restriction, [PointValue])] = [
                (.sex, part.wholeMatch(of: /[仅只]?限?(男性|女性|男|女)(患者|病人)?(使用|支付)?/) == nil ? [] : (try? [PointValue(.sex, ValueReader.sex(part))]) ?? []),
                (.age, ((try? AgeReader.limits(part)) ?? []).map { PointValue($0.attribute, $0.value) }),
                (.level, part.wholeMatch(of: /限?[一二三](级)(甲等)?(及?以上)?(定点)?(医疗机构|医院)?(使用|支付)?/) == nil ? [] : (try? [PointValue(.minLevel, ValueReader.level(part))]) ?? []),
                (.visitType, ((try? ValueReader.visitTypes(part)) ?? []).map { PointValue(.onlyVisitType, $0) }),
                (.insurance, part.wholeMatch(of: /限?(工伤|生育)(保险)?(基金)?(使用|支付)?/) == nil ? [] : (try? [PointValue(.onlyInsurance, ValueReader.insurance(part))]) ?? []),
                (.dailyMaximum, part.wholeMatch(of: /限?(每日|单日|每天|1天|1日|一天|一日)?(不超过|不得超过|最多|限|≤)?[0-9一二两三四五六七八九十]+(次|小时)([\/每](日|天))?/) == nil || !(part.contains("日") || part.contains("天")) ? [] : (try? [limit(part)]) ?? []),
            ].filter { !$0.1.isEmpty }
            guard readings.count == 1, let reading = readings.first else {
                throw ValueReader.Misfit(found: text, expected: "such as 限女性, 14岁以下, 二级及以上医疗机构, 限住院 or 每日不超过2次")
            }
            values += reading.1.map { (reading.0, $0) }
        }
        guard !values.isEmpty else { throw ValueReader.Misfit(found: "nothing", expected: "what is restricted") }
        return values
    }
}
