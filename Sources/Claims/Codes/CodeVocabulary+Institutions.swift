extension CodeVocabulary {
    /// `hosp_lv` 01–14 (some tables hold it as a number, so `2` is `02`), Chinese grades such as 三级甲等, or a canonical
    /// word; what says nothing of a level is `none`.
    static func level(_ word: String) -> String {
        switch word {
        case "tertiary", "secondary", "primary", "pharmacy", "none": return word
        case "药店", "药房", "零售药店", "定点药店", "定点零售药店": return "pharmacy"
        default: break
        }
        if let code = levelCode(word) { return code }
        for (grades, level) in gradeStarts where grades.contains(where: word.hasPrefix) { return level }
        return "none"
    }

    /// 11 is "ungraded", 12 to 14 are the third, second and first level without a grade.
    private static func levelCode(_ word: String) -> String? {
        guard word.utf8.count <= 2, let code = UInt8(word) else { return nil }
        switch code {
        case 1...4, 12: return "tertiary"
        case 5...7, 13: return "secondary"
        case 8...10, 14: return "primary"
        default: return "none"
        }
    }

    /// 三甲 is short for 三级甲等, 3a the same in Latin letters.
    private static let gradeStarts: [(starts: [String], level: String)] = [
        (["三级", "三甲", "三乙", "三丙", "三特", "3a", "3b", "3c", "3级"], "tertiary"),
        (["二级", "二甲", "二乙", "二丙", "2a", "2b", "2c", "2级"], "secondary"),
        (["一级", "一甲", "一乙", "一丙", "1a", "1b", "1c", "1级"], "primary"),
    ]

    /// Institution kinds by word; nil for one the tool does not know.
    static func kind(_ word: String) -> String? {
        switch word {
        case "hospital", "1", "01", "医院", "医疗机构", "定点医疗机构", "综合医院", "专科医院", "中医医院": "hospital"
        case "pharmacy", "2", "02", "药店", "药房", "零售药店", "定点药店", "定点零售药店": "pharmacy"
        case "clinic", "诊所", "门诊部", "卫生室", "村卫生室", "医务室", "卫生所", "社区卫生服务站": "clinic"
        default: nil
        }
    }
}
