import Diagnostics
import Testing

@Suite("Edit distance, width, terminal text")
struct TextTests {
    @Test(
        "distances",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3), ("hospital", "hospitl", 1),
            ("医院", "医生", 1), ("flaw", "lawn", 2),
        ])
    func distances(left: String, right: String, expected: Int) {
        #expect(EditDistance.between(left, right) == expected)
        #expect(EditDistance.between(right, left) == expected)
    }

    @Test(
        "the nearest name within a third of the length",
        arguments: [
            ("institution_idd", "institution_id"), ("AMOUNT", "amount"), ("amuont", "amount"), ("xyz", nil), ("", nil),
            ("zz", nil),
        ] as [(String, String?)])
    func nearest(name: String, expected: String?) {
        #expect(EditDistance.nearest(to: name, among: ["institution_id", "amount", "region"]) == expected)
    }

    @Test("ties go to the earlier candidate, and very long names are not compared")
    func nearestEdges() {
        #expect(EditDistance.nearest(to: "cat", among: ["bat", "hat"]) == "bat")
        let long = String(repeating: "x", count: 200)
        #expect(EditDistance.nearest(to: long, among: [long]) == nil)
        #expect(EditDistance.nearest(to: "abc", among: [long]) == nil)
        #expect(EditDistance.nearest(to: "abc", among: []) == nil)
    }

    @Test(
        "East Asian characters take two cells, combining marks none",
        arguments: [
            ("", 0), ("abc", 3), ("中文", 4), ("e\u{301}", 1), ("ａ", 2), ("한글", 4), ("あ", 2), ("é", 1), ("€", 1),
        ])
    func widths(text: String, expected: Int) {
        #expect(DisplayWidth.of(text) == expected)
    }

    @Test(
        "what could steer a terminal is made visible, the rest stays",
        arguments: [
            ("plain 中文", "plain 中文"), ("a\tb\r\nc", "a\\tb\\r\\nc"), ("\u{1B}[2J", "\\u{1b}[2J"), ("\u{7F}", "\\u{7f}"),
            ("\u{9B}1m", "\\u{9b}1m"), ("a\u{202E}b", "a\\u{202e}b"), ("\u{200B}", "\\u{200b}"),
            ("\u{FEFF}", "\\u{feff}"),
        ])
    func sanitized(text: String, expected: String) {
        #expect(TerminalText.sanitized(text) == expected)
    }

    @Test("failure kinds have distinct names")
    func failureKinds() {
        #expect(Set(FailureKind.allCases.map(\.rawValue)).count == FailureKind.allCases.count)
    }
}
