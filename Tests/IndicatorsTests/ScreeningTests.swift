import Claims
import Columns
import Diagnostics
import Indicators
import Testing

@Suite("Screening of claims")
struct ScreeningTests {
    /// A line from `column=value` words.
    private func line(_ text: String) throws -> IncomingLine {
        var values = ["item_code": "A", "service_time": "2025-03-10", "patient_id": "P", "institution_id": "H"]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false)
            values[String(parts[0])] = String(parts[1])
        }
        return try IncomingLine(at: Diagnostics.SourceLocation()) { values[$0] }
    }

    private func screen(_ points: [KnowledgePoint], _ lines: [String], history: [EarlierUse]? = nil) throws -> ScreeningResult {
        let claim = IncomingClaim(id: "C", lines: try lines.map(line))
        return try ClaimScreening(points: Dictionary(grouping: points, by: \.itemCode), history: history) { ["H": "primary", "D": "pharmacy", "N": "none"][$0] }.screen(claim)
    }

    private func point(_ attribute: String, _ value: String, item: String = "A") -> KnowledgePoint {
        KnowledgePoint(ruleID: "R", itemCode: item, attribute: attribute, value: value)
    }

    /// Attribute, value, a line, and what is found; nil if the line fits.
    static let cases: [(String, String, String, String?)] = [
        ("sex", "female", "sex=1", "male"), ("sex", "female", "sex=2", nil), ("sex", "male", "sex=F", "female"),
        ("min_age_years", "18", "birth_date=2007-03-11", "17"), ("min_age_years", "18", "birth_date=2007-03-10", nil),
        ("max_age_years", "14", "birth_date=2011-03-11", nil), ("max_age_years", "14", "birth_date=2011-03-10", "14"),
        ("min_age_years", "0.5", "birth_date=2024-12-31", "0"),
        ("max_age_days", "28", "birth_date=2025-02-10", nil), ("max_age_days", "28", "birth_date=2025-02-09", "29"),
        ("only_visit_type", "inpatient", "visit_type=11", "outpatient"), ("only_visit_type", "emergency、inpatient", "visit_type=2101", nil),
        ("min_level", "secondary", "sex=1", "primary"), ("min_level", "primary", "sex=1", nil),
        ("min_level", "tertiary", "institution_id=D", nil), ("min_level", "primary", "institution_id=N", "none"),
        ("only_insurance", "310", "insurance_type=390", "390"), ("only_insurance", "maternity", "insurance_type=510", nil),
        ("only_insurance", "work_injury", "insurance_type=生育保险", "maternity"), ("only_insurance", "510", "insurance_type=510", nil),
        ("only_insurance", "310, 510", "insurance_type=生育保险", nil), ("only_insurance", "工伤，生育", "insurance_type=510", nil),
        ("only_insurance", "310， 390", "insurance_type=390", nil), ("only_insurance", "310, 390", "insurance_type=510", "maternity"),
        ("only_visit_type", "inpatient,\u{3000}emergency", "visit_type=13", nil), ("not_payable", "yes", "sex=1", "A"),
        ("max_per_day", "2", "quantity=2", nil), ("max_per_day", "2", "quantity=2.5", "2.5"),
    ]

    @Test("each kind of point on a line", arguments: cases)
    func attributes(attribute: String, value: String, line: String, found: String?) throws {
        let result = try screen([point(attribute, value)], [line])
        #expect(result.findings.map(\.found) == (found.map { [$0] } ?? []))
        #expect(result.unknown.isEmpty && result.unjudged.isEmpty && result.judgedCount == 1)
    }

    @Test("what the claim does not say is counted, not judged", arguments: [
        ("sex", "female", "sex=9", "sex"), ("min_age_years", "18", "sex=1", "birth_date"), ("only_visit_type", "inpatient", "sex=1", "visit_type"),
        ("min_level", "primary", "institution_id=X", "institution_level"), ("max_per_day", "1", "service_time=", "service_time"),
    ])
    func unknown(attribute: String, value: String, line: String, column: String) throws {
        let result = try screen([point(attribute, value)], [line])
        #expect(result.findings.isEmpty && result.unknown == [column: 1] && result.judgedCount == 0)
    }

    @Test("an attribute nobody knows, and a value that is no number, are told") func unjudged() throws {
        let result = try screen([point("indication", "x"), point("max_per_day", "many")], ["sex=1"])
        #expect(result.unjudged == ["indication": 1, "max_per_day": 1] && result.findings.isEmpty)
    }

    @Test("the lines that pass a limit are found, not those before, and a line taken back makes room") func limits() throws {
        func places(_ point: KnowledgePoint, _ lines: [String]) throws -> [Int] { try screen([point], lines).findings.map(\.lineIndex) }
        let perDay = point("max_per_day", "2")
        #expect(try places(perDay, ["", "", "", ""]) == [2, 3])
        #expect(try places(perDay, ["", "", "quantity=-1", "", ""]) == [4])
        #expect(try places(perDay, ["", "", "service_time=2025-03-11", "item_code=B", "patient_id=Q", "institution_id=X"]) == [])
        var perWeek = point("max_per_period", "1")
        perWeek.windowDays = 7
        #expect(try places(perWeek, ["", "service_time=2025-03-16", "service_time=2025-03-17", "service_time=2025-03-24"]) == [1, 2])
        let course = point("max_course_days", "2")
        let days = ["", "", "service_time=2025-03-11", "service_time=2025-03-12", "service_time=2025-03-13", "service_time=2025-03-13"]
        // The day a course begins may count twice.
        #expect(try places(course, days.map { $0 + " visit_type=inpatient" }) == [4])
        #expect(try places(course, days.map { $0 + " visit_type=outpatient" }) == [])
    }

    @Test("what the patient had before counts: of a day at the institution, of a period and its days anywhere") func history() throws {
        func use(_ day: String, _ quantity: Int64 = 1, patient: String = "P", institution: String = "H", item: String = "A") throws -> EarlierUse {
            EarlierUse(
                patientID: patient, institutionID: institution, itemCode: item, day: try #require(ReportingPeriod.date(day)),
                quantity: quantity * 10_000)
        }
        func found(_ point: KnowledgePoint, _ history: [EarlierUse], _ lines: [String] = [""]) throws -> [String] {
            try screen([point], lines, history: history).findings.map(\.found)
        }
        let perDay = point("max_per_day", "2")
        #expect(try found(perDay, [use("2025-03-10", 2)]) == ["3"])
        #expect(try found(perDay, [use("2025-03-10", 2, institution: "X"), use("2025-03-09", 2), use("2025-03-11", 2)]) == [])
        #expect(try found(perDay, [use("2025-03-10", 2, patient: "Q"), use("2025-03-10", 2, item: "B")]) == [])
        var perWeek = point("max_per_period", "1")
        perWeek.windowDays = 7
        #expect(try found(perWeek, [use("2025-03-04", institution: "X")]) == ["2"])
        #expect(try found(perWeek, [use("2025-03-03"), use("2025-03-11")]) == [])
        let message = try screen([perWeek], [""], history: [use("2025-03-04")]).findings[0].message
        #expect(message.english == "at most 1 in 7 days; this makes 2, 1 of them in earlier claims" && message.chinese.contains("其中此前结算 1"))
        var perYear = point("max_course_days", "2")
        perYear.windowDays = 365
        let two = [try use("2024-03-11"), try use("2024-07-01", 5), try use("2024-07-01", institution: "X")]
        #expect(try found(perYear, two) == ["3"])
        #expect(try found(perYear, [use("2024-03-10"), use("2024-07-01")]) == [])
        // The day is told once, and a day that is known already is no further one.
        #expect(try found(perYear, two, ["", "service_time=2025-03-10", "service_time=2025-03-11"]) == ["3", "3"])
        #expect(try found(perYear, [use("2025-03-10"), use("2025-03-09")]) == [])
        // Without history, the claim alone; without the patient, nothing can be looked up.
        #expect(try screen([perWeek], [""]).findings.isEmpty)
        #expect(try screen([perWeek], ["patient_id="], history: []).unknown == ["patient_id": 1])
    }

    @Test("what patients had is asked once for all claims, and each claim is set apart from itself") func batches() throws {
        let runner = FakeRunner(
            columns: [
                ("patient_id", .text), ("institution_id", .text), ("item_code", .text), ("day", .date), ("quantity", .numeric(precision: 38, scale: 4)),
                ("claim_id", .text),
            ],
            rows: ["C1", "C2", "D"].map { claim in
                [.text("P"), .text("H"), .text("A"), .date(20_157), .numeric(unscaled: 100_000_000, scale: 4), .text(claim)] as [ScalarValue]
            })
        var perWeek = point("max_per_period", "1")
        perWeek.windowDays = 7
        let claims = try [("C1", "P"), ("C2", "P"), ("C3", "P"), ("C4", "Q")].map { (id: String, patient: String) in
            IncomingClaim(id: id, lines: [try line("claim_id=\(id) patient_id=\(patient)")])
        }
        let uses = try PatientHistory(runner: runner).uses(before: claims, points: ["A": [perWeek]])
        #expect(runner.statementCount == 1)
        #expect(claims.map { uses.before($0).compactMap(\.claimID).sorted() } == [["C2", "D"], ["C1", "D"], ["C1", "C2", "D"], []])
        #expect(uses.before(claims[0]).map(\.quantity) == [10_000, 10_000])
        // Nothing that is limited: nothing to ask.
        _ = try PatientHistory(runner: runner).uses(before: claims, points: ["A": [point("sex", "male")]])
        #expect(runner.statementCount == 1)
    }

    @Test("a pair is found at its later line, in either order, within its days") func pairs() throws {
        var pair = point("not_with", "B")
        pair.pairedItemCode = "B"
        func places(_ lines: [String]) throws -> [Int] { try screen([pair], lines).findings.map(\.lineIndex) }
        #expect(try places(["", "item_code=B"]) == [1])
        #expect(try places(["item_code=B", ""]) == [1])
        #expect(try places(["", "item_code=B service_time=2025-03-11"]) == [])
        #expect(try places(["", "item_code=B patient_id=Q"]) == [])
        #expect(try places(["", ""]) == [])
        pair.windowDays = 2
        #expect(try places(["service_time=2025-03-11", "item_code=B"]) == [1])
        #expect(try places(["", "item_code=B service_time=2025-03-12"]) == [])
        let found = try screen([pair], ["line_id=7", "item_code=B"]).findings[0]
        #expect(found.found == "A" && found.message.english.contains("line 7") && found.message.chinese.contains("7"))
    }

    @Test("the window of a pair is its value: the visit, the day, hours") func pairWindows() throws {
        func places(_ value: String, _ other: String) throws -> [Int] {
            var pair = point("not_with", value)
            pair.pairedItemCode = "B"
            let result = try screen([pair], ["service_time=2025-03-10T08:00:00", "item_code=B service_time=\(other)"])
            return result.unknown.isEmpty ? result.findings.map(\.lineIndex) : [-1]
        }
        #expect(try places("visit", "2025-03-12") == [1])
        #expect(try places("day", "2025-03-10T20:00:00") == [1])
        #expect(try places("day", "2025-03-11T07:00:00") == [])
        #expect(try places("6h", "2025-03-10T13:59:59") == [1])
        #expect(try places("6h", "2025-03-10T14:00:00") == [])
        #expect(try places("36h", "2025-03-11T07:00:00") == [1])
        // The day alone does not tell the hours.
        #expect(try places("6h", "2025-03-10") == [-1])
    }

    @Test("several points of an item allow together what each allows; the lowest level counts") func together() throws {
        var second = point("only_visit_type", "emergency")
        second.ruleID = "S"
        let first = point("only_visit_type", "inpatient")
        #expect(try screen([first, second], ["visit_type=13", "visit_type=21"]).findings.isEmpty)
        #expect(try screen([first, second], ["visit_type=11"]).findings.count == 1)
        #expect(try screen([point("min_level", "tertiary"), point("min_level", "primary")], ["sex=1"]).findings.isEmpty)
        #expect(try screen([point("min_level", "tertiary"), point("min_level", "secondary")], ["sex=1"]).findings.count == 1)
    }

    @Test("a point holds from its first to its last day; without a date only what has no end does") func validity() throws {
        var bounded = point("sex", "female")
        bounded.validFrom = CivilDate(year: 2025, month: 3, day: 1)
        bounded.validTo = CivilDate(year: 2025, month: 3, day: 31)
        for (day, isFound) in [("2025-02-28", false), ("2025-03-01", true), ("2025-03-31", true), ("2025-04-01", false), ("", false)] {
            #expect(try screen([bounded], ["sex=1 service_time=\(day)"]).findings.isEmpty != isFound, "\(day)")
        }
        #expect(try screen([point("sex", "female")], ["sex=1 service_time="]).findings.count == 1)
    }

    @Test("lines of equal content keep their own findings") func equalLines() throws {
        let result = try screen([point("sex", "female"), point("max_per_day", "1")], ["sex=1", "sex=1"])
        #expect(result.findings.map(\.lineIndex) == [0, 1, 1])
    }
}
