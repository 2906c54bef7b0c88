import Claims
import Testing

@Suite("Code vocabulary")
struct CodeVocabularyTests {
    let vocabulary = CodeVocabulary()

    @Test(
        "sex",
        arguments: [
            ("1", "male"), ("2", "female"), ("M", "male"), ("f", "female"), ("Male", "male"), ("FEMALE", "female"),
            ("男", "male"), ("女", "female"), ("0", "unknown"), ("9", "unknown"), ("x", "unknown"), (" 1 ", "male"),
            ("unknown", "unknown"),
        ] as [(String, String)])
    func sex(code: String, word: String) { #expect(vocabulary.canonical(code, of: .sex) == word) }

    @Test("an empty or blank value is NULL in every vocabulary", arguments: Vocabulary.allCases)
    func empty(kind: Vocabulary) {
        #expect(vocabulary.canonical("", of: kind) == nil)
        #expect(vocabulary.canonical(" ", of: kind) == nil)
    }

    @Test(
        "visit type",
        arguments: [
            ("11", "outpatient"), ("110104", "outpatient"), ("12", "outpatient"), ("1301", "emergency"),
            ("140104", "chronic"), ("2101", "inpatient"), ("41", "pharmacy"), ("52", "52"), ("9901", "9901"),
            ("Inpatient", "inpatient"), ("chronic", "chronic"), ("普通门诊", "outpatient"), (" 21", "inpatient"),
            ("1", "1"),
        ] as [(String, String)])
    func visitType(code: String, word: String) { #expect(vocabulary.canonical(code, of: .visitType) == word) }

    @Test("the longest prefix wins and added prefixes replace")
    func prefixes() {
        let local = CodeVocabulary(
            visitTypes: PrefixMap.nationalVisitTypes.adding([
                PrefixMap.Entry(prefix: "1102", value: "chronic"), PrefixMap.Entry(prefix: "12", value: "emergency"),
                PrefixMap.Entry(prefix: "52", value: "inpatient"),
            ]))
        #expect(local.canonical("110233", of: .visitType) == "chronic")
        #expect(local.canonical("1101", of: .visitType) == "outpatient")
        #expect(local.canonical("12", of: .visitType) == "emergency")
        #expect(local.canonical("5212", of: .visitType) == "inpatient")
    }

    @Test(
        "item category",
        arguments: [
            ("101", "drug"), ("102", "drug"), ("103", "drug"), ("104", "drug"), ("201", "service"),
            ("20102", "service"),
            ("301", "consumable"), ("Drug", "drug"), ("服务项目", "service"), ("耗材", "consumable"), ("105", "105"),
            ("999", "999"),
        ] as [(String, String)])
    func itemCategory(code: String, word: String) { #expect(vocabulary.canonical(code, of: .itemCategory) == word) }

    @Test(
        "institution level",
        arguments: [
            ("01", "tertiary"), ("02", "tertiary"), ("04", "tertiary"), ("2", "tertiary"), ("05", "secondary"),
            ("07", "secondary"), ("08", "primary"), ("10", "primary"), ("11", "none"), ("12", "tertiary"),
            ("13", "secondary"), ("14", "primary"), ("三级", "tertiary"), ("三级甲等", "tertiary"), ("三甲", "tertiary"),
            ("二级乙等", "secondary"), ("一级", "primary"), ("Tertiary", "tertiary"), ("pharmacy", "pharmacy"),
            ("零售药店", "pharmacy"), ("未定级", "none"), ("99", "none"), ("3A", "tertiary"), ("none", "none"),
        ] as [(String, String)])
    func level(code: String, word: String) { #expect(vocabulary.canonical(code, of: .institutionLevel) == word) }

    @Test(
        "institution kind",
        arguments: [
            ("hospital", "hospital"), ("1", "hospital"), ("2", "pharmacy"), ("诊所", "clinic"), ("村卫生室", "clinic"),
            ("定点零售药店", "pharmacy"), ("spa", "spa"),
        ] as [(String, String)])
    func kind(code: String, word: String) { #expect(vocabulary.canonical(code, of: .institutionKind) == word) }
}
