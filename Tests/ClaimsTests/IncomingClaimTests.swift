import Claims
import Columns
import Diagnostics
import Foundation
import Testing

@Suite("Incoming claims")
struct IncomingClaimTests {
    private func line(_ values: [String: String]) throws -> IncomingLine {
        try IncomingLine(at: Diagnostics.SourceLocation(file: "x", line: 3)) { values[$0] }
    }

    @Test("only the item must be known; codes become words, numbers are exact") func values() throws {
        let bare = try line(["item_code": "001"])
        #expect(bare.quantity == 10_000 && bare.sex == nil && bare.serviceDate == nil)
        let full = try line([
            "item_code": "001", "sex": "男", "visit_type": "2101", "quantity": "-1.2500", "days_supply": "30", "birth_date": "2000/1/2",
            "service_time": "20250310 08:04:38", "settled_at": "2025-03-11",
        ])
        #expect(full.sex == "male" && full.visitType == "inpatient" && full.quantity == -12_500 && full.daysSupply == 300_000)
        #expect(full.birthDate == CivilDate(year: 2000, month: 1, day: 2))
        #expect(full.serviceDate == CivilDate(year: 2025, month: 3, day: 10))
        #expect(try line(["item_code": "1", "settled_at": "2025-03-11T00:00:00Z"]).serviceDate?.day == 11)
    }

    @Test("what cannot be read is said with its place", arguments: [
        ["sex": "male"], ["item_code": "1.23E+19"], ["item_code": "1", "quantity": "two"], ["item_code": "1", "quantity": "1.00001"],
        ["item_code": "1", "birth_date": "2025-02-30"], ["item_code": "1", "service_time": "2025-02-03 noon"],
        ["item_code": "1", "service_time": "2025-02-03 25:00"], ["item_code": "1", "quantity": "99999999999999999999999999999999999999"],
    ])
    func refused(values: [String: String]) throws {
        let failure = try #require(throws: Diagnostic.self) { try line(values) }
        #expect(failure.kind == .badData && failure.location.line == 3)
    }

    private func claims(_ text: String, form: IncomingStream.Form? = nil) throws -> (claims: [IncomingClaim], failures: [Diagnostic]) {
        let path = FileManager.default.temporaryDirectory.path + "/fundwatch-incoming-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var claims: [IncomingClaim] = []
        var failures: [Diagnostic] = []
        try IncomingStream(path: path, form: form).read { read in
            switch read {
            case .success(let claim): claims.append(claim)
            case .failure(let failure): failures.append(failure)
            }
        }
        return (claims, failures)
    }

    @Test("JSON lines: neighbours of one claim_id are a claim, and so is an object with lines") func jsonLines() throws {
        let read = try claims(
            """
            {"claim_id": "A", "item_code": "1"}
            {"setl_id": "A", "med_list_codg": "2", "gend": 2}

            {"claim_id": "B", "sex": "1", "lines": [{"item_code": "3", "quantity": 0.5}, {"item_code": "4", "sex": "2"}]}
            {"item_code": "5"}
            {"item_code": "6"}
            """)
        #expect(read.failures.isEmpty)
        #expect(read.claims.map { $0.lines.map(\.itemCode) } == [["1", "2"], ["3", "4"], ["5", "6"]])
        #expect(read.claims.map(\.id) == ["A", "B", nil])
        #expect(read.claims[0].lines[1].sex == "female" && read.claims[0].lines[1].place.line == 2)
        #expect(read.claims[1].lines.map(\.sex) == ["male", "female"] && read.claims[1].lines[0].quantity == 5000)
    }

    @Test("one object over many lines, an array, and identifiers written as numbers") func otherForms() throws {
        let pretty = try claims("\u{FEFF}{\n  \"claim_id\": 97002025000000001838,\n  \"item_code\": \"a } \\\" {\"\n}\n")
        #expect(pretty.claims.map(\.id) == ["97002025000000001838"] && pretty.claims[0].lines[0].itemCode == "a } \" {")
        let array = try claims("[{\"claim_id\": \"A\", \"item_code\": \"1\"}, {\"claim_id\": \"B\", \"item_code\": \"2\"}]")
        #expect(array.claims.map(\.id) == ["A", "B"])
    }

    @Test("a line that is no JSON is told and the others are read") func badLines() throws {
        let read = try claims("{\"item_code\": \"1\"}\nnonsense\n{\"item_code\": }\n{\"item_code\": [1]}\n{\"x\": 1}\n{\"item_code\": \"2\"}\n{\"a\": 1")
        #expect(read.claims.flatMap { $0.lines.map(\.itemCode) } == ["1", "2"])
        #expect(read.failures.map(\.location.line) == [2, 3, 4, 5, 7])
    }

    @Test("CSV with national headers; a line that cannot be read is told with its number") func csv() throws {
        let read = try claims("结算ID,项目编码,数量,性别\nA,1,2,男\nA,2,x,男\nA,3,,\nB,4,1,2\nB,5\n")
        #expect(read.claims.map { $0.lines.map(\.itemCode) } == [["1", "3"], ["4"]])
        #expect(read.claims[0].lines[0].quantity == 20_000 && read.claims[1].lines[0].sex == "female")
        #expect(read.failures.map(\.location.line) == [3, 6])
        #expect(throws: Diagnostic.self) { try claims("a,b\n1,2\n") }
    }

    @Test("values are cut at any place the blocks are cut at") func blocks() {
        let text = Array("{\"a\": \"}\\\"{\"}\n [1, {\"b\": []}] x {}".utf8)
        var whole: [JSONValues.Piece] = []
        var values = JSONValues()
        values.add(text) { whole.append($0) }
        #expect(whole.count == 4)
        for cut in 0...text.count {
            var pieces: [JSONValues.Piece] = []
            var values = JSONValues()
            values.add(text[..<cut]) { pieces.append($0) }
            values.add(text[cut...]) { pieces.append($0) }
            #expect(pieces == whole, "cut at \(cut)")
        }
    }
}
