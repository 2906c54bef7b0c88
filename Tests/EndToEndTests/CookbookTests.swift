import Foundation
import Testing

/// The statements of the cookbook over generated claims, by the tool and over the wire.
@Suite("Cookbook")
struct CookbookTests {
    private static let shared = Result { try load() }

    /// The sample data: generated claims, of which the last come as GB18030.
    private static func load() throws -> StoreUnderTest {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        for table in ["institutions", "knowledge", "deaths"] {
            try store.run("ingest", sample("\(table).csv"), "--table", table)
        }
        try store.run("ingest", sample("claims.csv"), sample("claims-national-gb18030.csv"))
        return store
    }

    private static func sample(_ name: String) -> String {
        DocumentationPage.root.appendingPathComponent("SampleData").appendingPathComponent(name).path
    }

    private static func recipes() throws -> [DocumentationPage.Block] {
        try DocumentationPage("docs/cookbook.md").blocks(fence: "sql")
    }

    private static func sheet(_ block: DocumentationPage.Block) throws -> CSVSheet {
        let outcome = try shared.get().run(["sql", block.lines.joined(separator: "\n"), "--format", "csv"])
        try #require(outcome.exitCode == 0, "\(block.heading): \(outcome.errors)")
        return try CSVSheet(outcome.outputBytes)
    }

    @Test("there are thirty of them, numbered, with a name in both languages") func headings() throws {
        let recipes = try Self.recipes()
        #expect(recipes.count == 30)
        for (place, recipe) in recipes.enumerated() {
            #expect(recipe.heading.hasPrefix("\(place + 1). "), "\(recipe.heading)")
            let names = recipe.heading.split(separator: "·")
            #expect(
                names.count == 2 && names[0].allSatisfy(\.isASCII) && names[1].contains { !$0.isASCII },
                "\(recipe.heading)")
        }
        #expect(Set(recipes.map(\.heading)).count == 30)
    }

    @Test("each gives rows with the columns it names") func rows() throws {
        for recipe in try Self.recipes() {
            let sheet = try Self.sheet(recipe)
            #expect(
                sheet.header.count >= 4 && Set(sheet.header).count == sheet.header.count,
                "\(recipe.heading): \(sheet.header)")
            #expect((1...20).contains(sheet.rows.count), "\(recipe.heading): \(sheet.rows.count) rows")
        }
    }

    @Test(
        "those that ask what an indicator asks find the institution it was planted at",
        arguments: [
            ("大处方", "prescription_size"), ("超量开药", "supply_days"), ("超频次", "item_over_quantity"),
            ("重复收费", "duplicate_billing"),
            ("价格偏离", "price_deviation"), ("雷同账单", "identical_bills"), ("男性妇科", "male_gynecology"),
            ("限年龄用药", "age_restricted_item"),
            ("频繁门诊", "visit_frequency"), ("死亡后费用", "service_after_death"), ("分解住院", "split_hospitalisation"),
            ("重叠住院", "overlapping_stay"),
            ("聚集住院", "clustered_admission"), ("超负荷接诊", "doctor_impossible_day"), ("多点执业异常", "doctor_multi_site"),
            ("费用突增", "spending_growth"),
        ])
    func planted(name: String, anomaly: String) throws {
        let truth = try CSVSheet(file: Self.sample("truth.csv")).records.first { $0["anomaly"] == anomaly }
        let institution = try #require(truth?["institution_id"])
        let recipe = try #require(try Self.recipes().first { $0.heading.hasSuffix("· \(name)") })
        let rows = try Self.sheet(recipe).rows
        #expect(rows.contains { $0.contains(institution) }, "\(institution) is not in \(rows)")
    }

    @Test(
        "psql gets the same rows over the wire",
        .enabled(if: ServerUnderTest.client != nil, ServerUnderTest.missingClient)) func wire() throws
    {
        let server = try ServerUnderTest(Self.shared.get())
        for recipe in try Self.recipes() {
            let outcome = try server.psql(["--csv", "-P", "null=\\N", "-c", recipe.lines.joined(separator: "\n")])
            #expect(outcome.exitCode == 0, "\(recipe.heading): \(outcome.errors)")
            let theirs = try CSVSheet(outcome.outputBytes)
            let ours = try Self.sheet(recipe)
            #expect(theirs.header == ours.header, "\(recipe.heading)")
            #expect(
                theirs.rows.map { $0.map { $0 ?? "" } } == ours.rows.map { $0.map { $0 ?? "\\N" } }, "\(recipe.heading)"
            )
        }
        #expect(try server.stop().exitCode == 0)
    }
}

/// The pages whose commands can be typed as they stand.
@Suite("Commands of the pages")
struct PageCommandTests {
    @Test(
        "what a page shows below a command is what the command gives",
        arguments: [
            "docs/tutorial.md", "docs/migration.md", "docs/operations.md",
        ])
    func shown(page: String) throws {
        let folder = try TemporaryFolder()
        let commands = try DocumentationPage(page).commands()
        #expect(commands.count >= 5)
        for command in commands {
            // Both streams in one, as a terminal shows them.
            let script = "exec 2>&1; fundwatch() { \"$PROGRAM\" \"$@\"; }; " + command.asOnATerminal
            let outcome = try RunningProcess(
                "/bin/sh", ["-c", script],
                environment: [
                    "PROGRAM": ProductBinary.path(),
                    "SAMPLE": DocumentationPage.root.appendingPathComponent("SampleData").path,
                ],
                workingFolder: folder.url.path
            ).wait(limitSeconds: 300)
            try #require(outcome.exitCode == 0, "\(page): \(command.text): \(outcome.output)")
            if let difference = command.difference(from: outcome.output) {
                Issue.record("\(page): \(command.text): \(difference)")
            }
        }
    }

    @Test(
        "a page that shows something else is found out",
        arguments: [
            (["a", "b"], "a\nb\n", true), (["a"], "a\nb\n", false), (["a", "…"], "a\nb\n", true),
            (["…", "b"], "a\nb\n", true), (["a", "c"], "a\nb\n", false),
            (["a", "b", "c"], "a\nb\n", false), (["a…", "b"], "abc\nb\n", true), (["b…"], "abc\n", false),
            ([], "a\n", false), ([], "", true),
        ])
    func comparison(shown: [String], output: String, agrees: Bool) {
        let command = DocumentationPage.Command(text: "x", shown: shown)
        #expect((command.difference(from: output) == nil) == agrees)
    }
}
