import Columns
import Diagnostics
import Foundation
import Indicators
import Testing

@Suite("Profiles")
struct ProfileTests {
    private static let text = """
        # of the office
        parameters:
          visit_frequency: {minimum_claims: 12}
          prescription_size:
            z_limit: 4.5
        exempt:
          - reason: dialysis, three sessions a week
            institution: [H1, "H2"]
            indicator: visit_frequency
            from: 2025-01-01
            to: 2025-07-01
          - reason: 试点
            item: 001102000030000
            patient: [P'1]
        """

    @Test("parameters and exemptions are read; ids and days stay texts") func reads() throws {
        let profile = try ProfileReader.read(Self.text, file: "p.yaml")
        #expect(profile.parameters == ["visit_frequency": ["minimum_claims": "12"], "prescription_size": ["z_limit": "4.5"]])
        #expect(profile.exemptions.map(\.reason) == ["dialysis, three sessions a week", "试点"])
        #expect(profile.exemptions[0].institutionIDs == ["H1", "H2"] && profile.exemptions[0].indicatorIDs == ["visit_frequency"])
        #expect(profile.exemptions[1].itemCodes == ["001102000030000"])
        #expect(
            profile.exemptions[0].condition
                == "institution_id in ('H1', 'H2') and settled_at >= timestamp '2025-01-01 00:00:00' and settled_at < timestamp '2025-07-01 00:00:00'")
        #expect(profile.exemptions[1].condition == "patient_id in ('P''1') and item_code in ('001102000030000')")
        #expect(try ProfileReader.read("", file: "p") == IndicatorProfile())
    }

    @Test("an exemption takes its lines out of the indicators it names, and of no others") func binds() throws {
        let exemptions = try ProfileReader.read(Self.text, file: "p").exemptions
        let catalog = try IndicatorCatalog.builtIn()
        func query(_ id: String) throws -> String {
            try BoundIndicator(catalog.indicator(id), period: .all, exemptions: exemptions).figuresQuery
        }
        #expect(try query("visit_frequency").contains("quantity > 0 and (institution_id in ('H1', 'H2')"))
        #expect(try query("visit_frequency").contains("is not true and (patient_id in ('P''1')"))
        #expect(try !query("supply_days").contains("'H1'") && query("supply_days").contains("'P''1'"))
    }

    /// A text, and the line and a word of the message.
    static let faultyTexts: [(String, Int, String)] = [
        ("a: [", 1, "YAML"), ("- x", 1, "mapping"), ("parametres: {}", 1, "parameters"), ("exempt: x", 1, "list"),
        ("exempt:\n  - institution: H1", 2, "reason"), ("exempt:\n  - reason: x", 2, "everything"),
        ("exempt:\n  - reason: x\n    hospital: H1", 3, "hospital"), ("exempt:\n  - reason: x\n    institution: []", 3, "empty"),
        ("exempt:\n  - reason: x\n    from: soon", 2, "soon"), ("parameters:\n  visit_frequency: 12", 2, "mapping"),
        ("exempt:\n  - reason: x\n    institution: {a: b}", 3, "institution"),
    ]

    @Test("faults are told with their line", arguments: faultyTexts)
    func faults(text: String, line: Int, word: String) throws {
        let error = try #require(throws: IndicatorError.self) { try ProfileReader.read(text, file: "p.yaml") }
        let failure = error.diagnostic
        #expect(failure.kind == .configuration && failure.location.file == "p.yaml" && failure.location.line == line)
        #expect((failure.message + (failure.mend ?? "")).contains(word), "\(failure.message)")
    }

    @Test("a column that the claims do not have is told with the profile's line, unless a setting chose it") func column() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "fundwatch-profile-\(UUID().uuidString).yaml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "parameters:\n  insurance_only_item:\n    # the office's name\n    insurance_column: insutyp\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        let selection = IndicatorSelection(profilePath: path)
        let indicator = try selection.catalog().indicator("insurance_only_item")
        let claims = FakeRunner(columns: [("claim_id", .text), ("insutype", .text)], rows: [])
        let error = #expect(throws: IndicatorError.self) { try selection.bind(indicator).fitted(to: claims) }
        #expect(error?.diagnostic.kind == .configuration)
        #expect(error?.diagnostic.location.file == path && error?.diagnostic.location.line == 4)
        #expect(error?.diagnostic.mend == "did you mean \"insutype\"?")
        let set = #expect(throws: IndicatorError.self) {
            try selection.bind(indicator, more: ["insurance_column": "insutyp"]).fitted(to: claims)
        }
        #expect(set?.diagnostic.kind == .usage)
    }
}
