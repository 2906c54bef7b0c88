import Diagnostics
import Foundation
import Indicators
import Testing

@Suite("Indicator files")
struct IndicatorFileTests {
    @Test("reads metadata, continued values and queries") func reads() throws {
        let indicator = try IndicatorFileReader.read(SampleFile.text, file: "sample.sql")
        #expect(indicator.id == "sample" && indicator.version == 2 && indicator.kind == .rule)
        #expect(indicator.event == BilingualText("claims that are long", "长"))
        #expect(indicator.parameters[0].defaultValue == .integer(3))
        #expect(indicator.queries.lines == nil)
        #expect(indicator.queries.figures.contains(":not_this"))
    }

    @Test("says file, line and mend of what is wrong", arguments: [
        ("-- version: 2", "-- version: two", 2), ("-- kind: rule", "-- kind: hunch", 7),
        ("-- id: sample", "-- id: Sample", 1), ("-- id: sample", "-- id: sample\n-- id: again", 2),
        ("-- id: sample", "-- name: sample", 1), ("-- title_en: Sample\n", "", 1), ("| 3 |", "| 30 |", 21),
        ("| integer |", "| number |", 21), ("limit | integer", "lines | integer", 21), ("| a limit", "", 21),
        ("-- query: evidence", "-- query: proof", 26), ("-- query: evidence", "-- query: figures", 26),
        (":institution", ":hospital", 26), ("> :limit", "> 3", 21), ("(:lines)", "(select 1)", 1),
        ("-- query: common\n", "", 22), ("where quantity > :limit", "where :institution = :limit", 24),
    ])
    func wrong(part: String, replacement: String, line: Int) {
        let text = SampleFile.text.replacingOccurrences(of: part, with: replacement)
        #expect(text != SampleFile.text)
        let error = #expect(throws: IndicatorError.self) { try IndicatorFileReader.read(text, file: "sample.sql") }
        #expect(error?.diagnostic.location.file == "sample.sql")
        #expect(error?.diagnostic.location.line == line)
        #expect(error?.diagnostic.mend?.isEmpty == false)
    }

    @Test("a file tells lines or claims, not both") func linesOrClaims() throws {
        let claims = "-- query: claims\nselect institution_id, claim_id from lines\n"
        #expect(try IndicatorFileReader.read(SampleFile.text + claims, file: "sample.sql").queries.tellsLines)
        let error = #expect(throws: IndicatorError.self) {
            try IndicatorFileReader.read(SampleFile.text + "-- query: lines\nselect 1\n" + claims, file: "sample.sql")
        }
        #expect(error?.diagnostic.location.line == 30)
    }

    @Test("the embedded library is the folder's files, all of them, in the contract's order") func embedded() throws {
        let catalog = try IndicatorCatalog.builtIn()
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Indicators/Library")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
        #expect(Set(names) == Set(catalog.indicators.map { $0.id + ".sql" }))
        for indicator in catalog.indicators {
            #expect(try String(contentsOf: folder.appending(path: indicator.id + ".sql"), encoding: .utf8) == indicator.source)
        }
        let contract = [
            "prescription_size", "supply_days", "cumulative_supply", "visit_frequency", "multi_institution_day",
            "doctor_impossible_day", "doctor_multi_site", "item_over_quantity", "male_gynecology", "female_andrology",
            "sex_restricted_item", "age_restricted_item", "duplicate_billing", "price_deviation", "trace_code_reuse",
            "split_hospitalisation", "overlapping_stay", "service_during_stay", "clustered_admission", "identical_bills",
            "service_after_death", "spending_growth",
        ]
        let present = Set(catalog.indicators.map(\.id))
        #expect(catalog.indicators.map(\.id) == contract.filter(present.contains))
    }

    @Test("every query of the library binds without a placeholder left") func binds() throws {
        for indicator in try IndicatorCatalog.builtIn().indicators {
            let bound = try BoundIndicator(indicator, period: ReportingPeriod(from: "2025-01-01", to: nil))
            for query in [bound.figuresQuery, bound.evidenceQuery(institutionID: "H1"), bound.linesQuery].compactMap({ $0 }) {
                #expect(QueryTemplate(query).placeholders == [])
                #expect(query.hasPrefix("with lines as (select * from live_claims where quantity > 0 and settled_at >= "))
            }
        }
    }

    @Test("an unknown id is answered with the nearest") func unknown() throws {
        let catalog = try IndicatorCatalog.builtIn()
        #expect(throws: IndicatorError.unknownIndicator("visit_freqency", nearest: "visit_frequency")) {
            try catalog.indicator("visit_freqency")
        }
    }

    @Test("a user's folder adds indicators and replaces those of the same id") func library() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fundwatch-library-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try SampleFile.text.write(to: folder.appending(path: "b.sql"), atomically: true, encoding: .utf8)
        let other = SampleFile.text.replacingOccurrences(of: "-- id: sample", with: "-- id: male_gynecology")
        try other.write(to: folder.appending(path: "a.sql"), atomically: true, encoding: .utf8)
        var catalog = try IndicatorCatalog.builtIn()
        let count = catalog.indicators.count
        try catalog.add(libraryAt: folder.path)
        #expect(catalog.indicators.count == count + 1)
        #expect(try catalog.indicator("male_gynecology").version == 2)
        #expect(catalog.indicators.last?.id == "sample")
        #expect(throws: IndicatorError.self) { try catalog.add(libraryAt: folder.path + "/none") }
    }

    @Test("docs/indicators.md has a page for each indicator and names each parameter") func documented() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/indicators.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        for indicator in try IndicatorCatalog.builtIn().indicators {
            #expect(text.contains("\n## `\(indicator.id)` \(indicator.title.chinese)"))
            for parameter in indicator.parameters {
                #expect(text.contains("| `\(parameter.name)` | \(parameter.defaultValue.text) |"))
            }
        }
    }
}
