import Foundation
import Fundwatch
import Testing

@Suite("Figures, evidence and ranking")
struct AnalysisTests {
    @Test("the library lists what the program lists") func listing() throws {
        let listed = try Program.rows(try SampleStore.path(), ["indicators", "list"]).map { $0.prefix { $0 != "," } }
        let indicators = try FundStore.indicators()
        #expect(indicators.map { $0.id[...] } == listed)
        let size = try #require(indicators.first { $0.id == "prescription_size" })
        #expect(size.title.english == "Oversized prescriptions" && size.title.chinese == "大处方")
        #expect(size.parameters.first { $0.name == "z_limit" }?.defaultValue == "3.5")
        #expect(!size.isViolation)
    }

    @Test("figures are those of the program", arguments: [
        ("prescription_size", [:], nil), ("prescription_size", ["z_limit": "3.0"], "2025-07-01"), ("male_gynecology", [:], nil),
    ] as [(String, [String: String], String?)])
    func figures(id: String, parameters: [String: String], from: String?) throws {
        var settings = AnalysisSettings()
        settings.parameters = parameters
        var arguments = ["indicators", "run", id] + parameters.flatMap { ["--set", "\($0.key)=\($0.value)"] }
        if let from {
            settings.from = CalendarDate(year: 2025, month: 7, day: 1)
            arguments += ["--from", from]
        }
        let figures = try SampleStore.store().figures(of: id, settings: settings)
        #expect(!figures.isEmpty)
        let own = figures.map {
            "\($0.institutionID),\($0.events),\($0.exposure),\(FundValue.double($0.rate)),\($0.amount)"
        }
        #expect(own == (try Program.rows(try SampleStore.path(), arguments)))
    }

    @Test("evidence has the rows of the program") func evidence() throws {
        let store = try SampleStore.store()
        let worst = try #require(try store.figures(of: "prescription_size").max { $0.events < $1.events })
        let answer = try store.evidence(of: "prescription_size", institution: worst.institutionID)
        let printed = try Program.rows(try SampleStore.path(), ["evidence", "prescription_size", worst.institutionID])
        #expect(answer.rowCount == printed.count)
        #expect(answer.rowCount > 0)
        let ids = Set(try answer.column("prescription_id").texts())
        #expect(ids.count == Int(worst.events))
    }

    @Test("a column that files call by another name is found, and one that is not there is refused") func columns() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        let claims = """
            claim_id,line_id,institution_id,patient_id,visit_type,service_time,settled_at,item_code,quantity,unit_price,amount,fund_amount,参保险种
            C1,1,H1,P1,11,2025-03-10 09:00:00,2025-03-10 10:00:00,M,1,10,10.00,7.00,310
            C2,1,H1,P1,11,2025-03-10 09:00:00,2025-03-10 10:00:00,M,1,10,10.00,7.00,510

            """
        try Data(claims.utf8).write(to: URL(filePath: folder.path("claims.csv")))
        try Data("rule_id,item_code,attribute,value\nR,M,only_insurance,maternity\n".utf8).write(to: URL(filePath: folder.path("knowledge.csv")))
        try store.ingest(folder.path("claims.csv"), into: "claims")
        try store.ingest(folder.path("knowledge.csv"), into: "knowledge")
        let figures = try store.figures(of: "insurance_only_item")
        #expect(figures.map { "\($0.institutionID) \($0.events) \($0.exposure) \($0.amount)" } == ["H1 1 2 7.00"])
        #expect(try store.evidence(of: "insurance_only_item", institution: "H1").rowCount == 1)
        #expect(try store.rank().count == 1)
        var settings = AnalysisSettings()
        settings.parameters = ["insurance_column": "参保"]
        let refused = failure { _ = try store.figures(of: "insurance_only_item", settings: settings) }
        #expect(refused?.kind == .usage && refused?.message.contains("claims has no column \"参保\"") == true)
        #expect(failure { _ = try store.rank(settings: settings) }?.kind == .usage)
    }

    @Test("the ranking is the report's") func ranking() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.store()
        _ = try Program.run("fundwatch", ["report", "--out", folder.path("report"), "--store", store.path, "--quiet", "-o", folder.path("shown.csv")])
        let report = try store.query(
            "select rank, institution_id, score, grade, amount_at_issue, claims, name from read_csv('\(folder.path("report/ranking.csv"))')")
        let places = try store.rank()
        #expect(report.rowCount == places.count)
        let written = try report.columns.indices.map { try report.column(at: $0).strings() }
        for (row, place) in places.enumerated() {
            let own: [String?] = [
                "\(place.rank)", place.institutionID, place.score.description, place.grade.rawValue, place.amountAtIssue.description,
                "\(place.claimCount)", place.name,
            ]
            #expect(written.map { $0[row] } == own, "\(place.institutionID)")
        }
        let first = try #require(places.first)
        let reason = try #require(first.reasons.first)
        #expect(reason.figure.institutionID == first.institutionID)
        #expect(reason.distance > 2 && reason.figure.rate > reason.expectedRate)
        #expect(abs(first.reasons.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }

    @Test("what is unknown or out of range is said by name") func refused() throws {
        let store = try SampleStore.store()
        #expect(failure { _ = try store.figures(of: "prescription_sise") }?.mend == "did you mean \"prescription_size\"?")
        var settings = AnalysisSettings()
        settings.parameters = ["z_limit": "-1"]
        #expect(failure { _ = try store.figures(of: "prescription_size", settings: settings) }?.kind == .usage)
        settings.parameters = ["no_such": "1"]
        #expect(failure { _ = try store.figures(of: "prescription_size", settings: settings) }?.kind == .usage)
        #expect(failure { _ = try store.rank(settings: settings) }?.kind == .usage)
        settings = AnalysisSettings()
        settings.from = CalendarDate(year: 2025, month: 7, day: 1)
        settings.to = settings.from
        #expect(failure { _ = try store.figures(of: "prescription_size", settings: settings) }?.kind == .usage)
        settings = AnalysisSettings()
        settings.libraryFolder = "/nonexistent"
        #expect(failure { _ = try store.figures(of: "prescription_size", settings: settings) } != nil)
        settings = AnalysisSettings()
        settings.profileFile = "/nonexistent"
        #expect(failure { _ = try store.rank(settings: settings) } != nil)
    }

    @Test("an indicator of one's own runs beside the built-in ones") func ownLibrary() throws {
        let folder = try TemporaryFolder()
        let text = try Project.text("Sources/Indicators/Library/prescription_size.sql")
        try folder.write("own.sql", text.replacing("-- id: prescription_size", with: "-- id: own_size"))
        var settings = AnalysisSettings()
        settings.libraryFolder = folder.path("")
        let store = try SampleStore.store()
        #expect(try store.figures(of: "own_size", settings: settings) == store.figures(of: "prescription_size"))
        #expect(try FundStore.indicators(libraryFolder: folder.path("")).last?.id == "own_size")
    }
}
