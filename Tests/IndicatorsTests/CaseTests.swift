import Diagnostics
import Engine
import Indicators
import Testing

@Suite("Cases of indicator files")
struct CaseTests {
    private func read(_ cases: String) throws -> [IndicatorCase] {
        let file = try #require(try IndicatorCatalog.builtIn().indicators.first).source
        let bare = try #require(file.firstRange(of: "-- test:").map { String(file[..<$0.lowerBound]) })
        return try IndicatorFileReader.read(bare + cases, file: "x.sql").cases
    }

    @Test("rows, repeats, NULLs and expectations are read") func reads() throws {
        let cases = try read(
            """
            -- test: a name of words
            -- claims: claim_id sex
            --   C1 _
            --   2x D{n} male
            -- knowledge: attribute value
            --   sex female
            -- set: z_limit=4
            -- expect: H2 0 1 0.00
            -- expect: H1 1 2 -7.50

            -- test: another
            -- expect: H1 0 1 0.00
            """)
        #expect(cases.map(\.name) == ["a name of words", "another"])
        #expect(cases[0].tables.map(\.table) == ["claims", "knowledge"])
        #expect(cases[0].tables[0].rows == [["C1", nil], ["D1", "male"], ["D2", "male"]])
        #expect(cases[0].settings == ["z_limit": "4"])
        #expect(cases[0].expected.map(\.institutionID) == ["H1", "H2"] && cases[0].expected[0].amountCents == -750)
    }

    @Test("faults are told", arguments: [
        "-- test: x\nselect 1", "-- test: x\n--   C1", "-- test: x\n-- claims: claim_id\n--   C1 C2", "-- test: x\n-- table: a",
        "-- test: x\n-- expect: H1 1 2", "-- test: x\n-- expect: H1 1 2 3.5", "-- test: x\n-- set: a", "-- test: x\n-- words",
    ])
    func faults(text: String) { #expect(throws: IndicatorError.self) { try read(text) } }

    @Test("every built-in indicator has a case") func builtIn() throws {
        for indicator in try IndicatorCatalog.builtIn().indicators {
            #expect(!indicator.cases.isEmpty, "\(indicator.id)")
            #expect(indicator.cases.allSatisfy { !$0.expected.isEmpty && !$0.tables.isEmpty }, "\(indicator.id)")
        }
    }
}
