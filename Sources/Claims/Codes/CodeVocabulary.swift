/// Turns the codes of national, regional and hand-made files into the canonical words.
///
/// Meant for dictionary entries: call it once for each distinct value. Source: contract section 2; code values of the
/// national interface (gend, med_type, list_type, hosp_lv, fixmedins_type).
package struct CodeVocabulary: Hashable, Sendable {
    /// `med_type` by prefix; regions have many codes of their own.
    package var visitTypes: PrefixMap
    /// `list_type` by prefix.
    package var itemCategories: PrefixMap

    package init(
        visitTypes: PrefixMap = .nationalVisitTypes, itemCategories: PrefixMap = .nationalItemCategories
    ) {
        self.visitTypes = visitTypes
        self.itemCategories = itemCategories
    }

    /// The canonical word of a value; nil stands for NULL, which only an empty or blank value becomes.
    package func canonical(_ value: String, of vocabulary: Vocabulary) -> String? {
        let code = Self.trimmed(value)
        if code.isEmpty { return nil }
        let word = code.lowercased()
        switch vocabulary {
        case .sex: return Self.sex(word)
        case .visitType: return Self.visitTypeWords[word] ?? visitTypes.value(for: code) ?? value
        case .itemCategory: return Self.itemCategoryWords[word] ?? itemCategories.value(for: code) ?? value
        case .institutionLevel: return Self.level(word)
        case .institutionKind: return Self.kind(word) ?? value
        case .reviewResult: return ReviewWord.canonical(word) ?? value
        }
    }

    /// The word that knowledge points use of an insurance: `maternity` (510), `work_injury`; any other value stays as it is.
    package func insurance(_ value: String) -> String {
        let code = Self.trimmed(value)
        if code.hasPrefix("510") || code.hasPrefix("生育") { return "maternity" }
        return code.hasPrefix("工伤") ? "work_injury" : code
    }

    private static func trimmed(_ value: String) -> String {
        var scalars = value.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars = scalars.dropFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars = scalars.dropLast() }
        return String(scalars)
    }

    /// Every code that says neither is `unknown`: the register did answer.
    private static func sex(_ word: String) -> String {
        switch word {
        case "1", "m", "male", "男": "male"
        case "2", "f", "female", "女": "female"
        default: "unknown"
        }
    }

    private static let visitTypeWords: [String: String] = [
        "outpatient": "outpatient", "emergency": "emergency", "chronic": "chronic", "inpatient": "inpatient",
        "pharmacy": "pharmacy", "门诊": "outpatient", "普通门诊": "outpatient", "急诊": "emergency", "门诊慢特病": "chronic",
        "门诊慢病": "chronic", "住院": "inpatient", "普通住院": "inpatient", "药店购药": "pharmacy", "定点药店购药": "pharmacy",
    ]

    private static let itemCategoryWords: [String: String] = [
        "drug": "drug", "service": "service", "consumable": "consumable", "药品": "drug", "西药": "drug", "中成药": "drug",
        "西药中成药": "drug", "中药饮片": "drug", "服务项目": "service", "诊疗项目": "service", "医疗服务项目": "service",
        "耗材": "consumable", "医用耗材": "consumable",
    ]
}

extension PrefixMap {
    /// `med_type` of the national interface.
    package static let nationalVisitTypes = PrefixMap([
        "11": "outpatient", "12": "outpatient", "13": "emergency", "14": "chronic", "21": "inpatient", "41": "pharmacy",
    ])

    /// `list_type` of the national interface.
    package static let nationalItemCategories = PrefixMap([
        "101": "drug", "102": "drug", "103": "drug", "104": "drug", "201": "service", "301": "consumable",
    ])
}
