/// What a published list restricts.
enum Restriction: Hashable {
    case sex, age, childOnly, childForbidden, newborn, level, visitType, insurance, course, dailyMaximum, period, pair, notPayable

    /// From the words of a type, a title, a sheet's or a file's name; nil if they say none.
    init?(words: String) {
        let text = HeadingText.normalized(words)
        func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        if has("重复收费") {
            self = .pair
        } else if has("均不予支付") {
            self = .notPayable
        } else if has("新生儿") {
            self = .newborn
        } else if has("儿童禁用") {
            self = .childForbidden
        } else if has("儿童") {
            self = .childOnly
        } else if has("性别") {
            self = .sex
        } else if has("年龄") {
            self = .age
        } else if has("机构等级", "机构级别", "医院级别", "医院等级") {
            self = .level
        } else if has("就医方式", "就诊方式", "就医类型") {
            self = .visitType
        } else if has("工伤", "生育保险", "险种") {
            self = .insurance
        } else if has("疗程") {
            self = .course
        } else if has("周期") {
            self = .period
        } else if has("频次", "单日", "每日", "日最大") {
            self = .dailyMaximum
        } else {
            guard let restriction = Restriction(latin: words) else { return nil }
            self = restriction
        }
    }

    /// From English words, which are told apart by blanks: `message` is about no age.
    private init?(latin text: String) {
        let words = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
        func has(_ known: String...) -> Bool { !words.isDisjoint(with: known) }
        if has("duplicate", "pairs") {
            self = .pair
        } else if has("newborn", "newborns", "neonates") {
            self = .newborn
        } else if has("sex", "gender") {
            self = .sex
        } else if has("age", "ages") {
            self = .age
        } else if has("insurance") {
            self = .insurance
        } else if has("course") {
            self = .course
        } else if has("daily") {
            self = .dailyMaximum
        } else {
            return nil
        }
    }

    /// The columns that say a restriction by themselves, in the order in which they are looked for.
    private static let columns: [(restriction: Restriction, fields: Set<SheetField>)] = [
        (.sex, [.sex]), (.age, [.age, .lowestAge, .highestAge]), (.level, [.level]), (.visitType, [.visitType]), (.insurance, [.insurance]),
        (.course, [.course]), (.period, [.period]), (.dailyMaximum, [.quantity]),
    ]

    /// From the columns there are, one or several; none if they do not say.
    static func all(fields: Set<SheetField>, headings: [SheetField: String]) -> [Restriction] {
        if fields.contains(.pairedCode) { return [.pair] }
        var found = columns.filter { !$0.fields.isDisjoint(with: fields) }.map(\.restriction)
        // A quantity beside a period or a course is that one's, unless its heading speaks of a day.
        if found.contains(.period) || found.contains(.course), !SheetField.speaksOfDay(headings[.quantity] ?? "") {
            found.removeAll { $0 == .dailyMaximum }
        }
        return found
    }

    /// Whether a row has a cell of one of the restriction's own columns; 无, - and the like stand for none.
    func isNamed(in row: SheetTable.Row) -> Bool {
        Restriction.columns.contains { entry in
            entry.restriction == self
                && entry.fields.contains { field in
                    row.text(field).map { !["", "-", "—", "/", "无", "不限", "none", "n/a"].contains(HeadingText.normalized($0)) } ?? false
                }
        }
    }
}

/// What kind of item a list is about.
enum ItemClass: Hashable {
    case drug, service, consumable

    /// By the national codes: 00… are services, C… consumables, X…, Z… and T… drugs.
    init?(code: String) {
        switch code.first {
        case "0": self = .service
        case "C", "c": self = .consumable
        case "X", "Z", "T", "x", "z", "t": self = .drug
        default: return nil
        }
    }

    init?(words: String) {
        if words.contains("耗材") {
            self = .consumable
        } else if words.contains("药") {
            self = .drug
        } else if words.contains("项目") {
            self = .service
        } else {
            return nil
        }
    }
}

/// The national rule a point belongs to: its code, or `2025-` and its number in the 2025 edition where it has none yet.
enum RuleCode {
    /// - Parameter words: Name and titles of the list.
    static func id(_ restriction: Restriction, _ item: ItemClass, value: String, words: [String]) -> String {
        // Paying for children alone is policy, a medicine made for them is not: the title tells 药品限儿童使用 from 药品儿童专用.
        if restriction == .childOnly, item == .drug, words.contains(where: { HeadingText.normalized($0).contains("限儿童") }) { return "GZ10000101007000" }
        switch (restriction, item) {
        case (.sex, .drug): "GZ10000301004000"
        case (.sex, .service): "GZ10000302004000"
        case (.sex, .consumable): "2025-87"
        case (.newborn, .drug): "GZ10000101006000"
        case (.newborn, .service): "GZ10000102005000"
        case (.newborn, .consumable): "GZ10000103001000"
        case (.childOnly, .drug): "GZ10000301002000"
        case (.childOnly, .service): "GZ10000302003000"
        case (.childOnly, .consumable): "GZ10000103002000"
        case (.childForbidden, _): "GZ10000301003000"
        case (.age, .drug): "GZ10000101007000"
        case (.age, .service): "2025-29"
        case (.age, .consumable): "GZ10000103002000"
        case (.level, .drug): "GZ10000101012000"
        case (.level, _): "GZ10000102011000"
        case (.visitType, .drug): "2025-13"
        case (.visitType, _): "GZ10000102009000"
        case (.insurance, .drug): value == "maternity" ? "GZ10000101002000" : "GZ10000101001000"
        case (.insurance, _): value == "maternity" ? "GZ10000102004000" : "GZ10000102003000"
        case (.course, .drug): "GZ10000101010000"
        case (.course, _): "GZ10000102010000"
        case (.dailyMaximum, .drug): "2025-9"
        case (.dailyMaximum, .service): "GZ10000102014000"
        case (.dailyMaximum, .consumable): "GZ10000303003000"
        case (.period, _): "2025-31"
        case (.notPayable, _): "GZ10000101003000"
        case (.pair, .consumable): "2025-30"
        case (.pair, _): "GZ10000102012000"
        }
    }

    /// Rules of policy (class 01) are violations; those of reasonable use are to be heard first.
    static func result(ruleID: String) -> ImportedPoint.Result {
        ruleID.hasPrefix("GZ100003") || ruleID == "2025-87" ? .suspicious : .violation
    }
}
