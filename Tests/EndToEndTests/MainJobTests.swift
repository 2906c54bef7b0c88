import Foundation
import Testing

/// Claims in, ranked institutions out: the whole way on generated data, against a computation that shares no code.
@Suite("Main job")
struct MainJobTests {
    @Test("the generator writes the lines asked for, and the same bytes for the same seed") func generatorRepeats()
        throws
    {
        let folder = try TemporaryFolder()
        for (name, seed) in [("first", 7), ("second", 7), ("other", 8)] {
            let outcome = try GeneratedClaims.generate(lines: 2_000, seed: seed, into: folder.path(name))
            #expect(outcome.ending == .exited(code: 0), "\(outcome.errors)")
        }
        let first = try FileContent.tree(folder.path("first"))
        #expect(first.keys.sorted() == ["claims.csv", "deaths.csv", "institutions.csv", "knowledge.csv", "truth.csv"])
        #expect(try first == FileContent.tree(folder.path("second")))
        #expect(try first["claims.csv"] != FileContent.tree(folder.path("other"))["claims.csv"])
        #expect(try CSVSheet(file: folder.path("first/claims.csv")).rows.count == 2_000)
        #expect(try CSVSheet(file: folder.path("first/truth.csv")).header == ["institution_id", "anomaly"])
    }

    @Test("the summary of a load reconciles with the file") func summaryReconciles() throws {
        let claims = try GeneratedClaims.loaded()
        let reference = try claims.reference()
        let summary = LoadSummary(claims.claimsSummary.errors)
        #expect(summary.read == GeneratedClaims.lineCount)
        #expect(summary.loaded == reference.lines.count)
        #expect(summary.rejected == 0)
        #expect(summary.text.contains(ExactNumber.money(reference.lines.reduce(0) { $0 + $1.amountCents })))
        #expect(summary.text.contains(ExactNumber.money(reference.lines.reduce(0) { $0 + $1.fundCents })))
        #expect(summary.text.contains(try #require(reference.lines.map(\.settledAt).min())))
        #expect(summary.text.contains(try #require(reference.lines.map(\.settledAt).max())))
    }

    @Test("counts and sums equal those of the files") func countsAndSums() throws {
        let claims = try GeneratedClaims.loaded()
        let reference = try claims.reference()
        let answer = try claims.store.rows(
            "select count(*), count(distinct claim_id), sum(amount), sum(fund_amount), min(settled_at), max(settled_at) from claims"
        )
        let lines = reference.lines
        #expect(
            answer == [
                [
                    String(lines.count), String(Set(lines.map(\.claimID)).count),
                    ExactNumber.money(lines.reduce(0) { $0 + $1.amountCents }),
                    ExactNumber.money(lines.reduce(0) { $0 + $1.fundCents }), lines.map(\.settledAt).min(),
                    lines.map(\.settledAt).max(),
                ]
            ])
        let live = reference.liveLines
        #expect(live.count < lines.count, "the data must hold reversals")
        #expect(
            try claims.store.rows("select count(*), sum(fund_amount) from live_claims") == [
                [
                    String(live.count), ExactNumber.money(live.reduce(0) { $0 + $1.fundCents }),
                ]
            ])
        #expect(
            try claims.store.rows("select count(*), sum(line_count), sum(fund_amount) from settlements") == [
                [
                    String(Set(live.map(\.claimID)).count), String(live.count),
                    ExactNumber.money(live.reduce(0) { $0 + $1.fundCents }),
                ]
            ])
    }

    @Test("every row comes back as the file has it") func rowsComeBack() throws {
        let claims = try GeneratedClaims.loaded()
        for (table, key) in [("institutions", "institution_id"), ("knowledge", "rule_id"), ("deaths", "patient_id")] {
            let file = try claims.sheet(table)
            let stored = try claims.store.run("sql", "select * from \(table) order by \(key)", "--format", "csv")
            let answer = try CSVSheet(stored.outputBytes)
            #expect(answer.header == file.header)
            let place = try #require(file.column(key))
            let expected = file.rows.sorted { ($0[place] ?? "").utf8.lexicographicallyPrecedes(($1[place] ?? "").utf8) }
            #expect(answer.rows == expected, "\(table)")
        }
        let texts = [
            "claim_id", "line_id", "institution_id", "department", "patient_id", "item_code", "item_name", "trace_code",
        ]
        let file = try claims.sheet("claims")
        let places = try texts.map { try #require(file.column($0)) }
        let answer = try claims.store.rows("select \(texts.joined(separator: ", ")) from claims")
        #expect(answer == file.rows.map { row in places.map { row[$0] } })
    }

    @Test(
        "each indicator equals the computation from its definition, to the last event and cent",
        arguments: ReferenceIndicators.ids)
    func indicatorsAgree(id: String) throws {
        let claims = try GeneratedClaims.loaded()
        let reference = try claims.reference()
        try IndicatorComparison.expectFigures(of: id, claims.store, reference)
        try IndicatorComparison.expectFigures(of: id, claims.store, reference, from: "2025-03-01", to: "2025-06-16")
    }

    @Test("the evidence behind a figure sums to its amount", arguments: ReferenceIndicators.ids)
    func evidenceSums(id: String) throws {
        let claims = try GeneratedClaims.loaded()
        let figures = ReferenceIndicators.figures(ReferenceIndicators.units(id, try claims.reference()))
        let worst = try #require(figures.max { $0.value.events < $1.value.events })
        #expect(worst.value.events > 0)
        let outcome = try claims.store.run("evidence", id, worst.key, "--format", "csv")
        let evidence = try CSVSheet(outcome.outputBytes)
        let place = try #require(evidence.column("fund_amount"))
        #expect(evidence.column("claim_id") != nil && evidence.column("patient_id") != nil)
        let sum = evidence.rows.reduce(0) { $0 + ExactNumber.scaled($1[place] ?? "0", decimals: 2) }
        #expect(sum == worst.value.amountCents)
    }

    @Test("the library lists its indicators and shows their definition") func libraryIsListed() throws {
        let claims = try GeneratedClaims.loaded()
        let list = try CSVSheet(claims.store.run("indicators", "list", "--format", "csv").outputBytes)
        let ids = list.records.compactMap { $0["id"] }
        for id in ReferenceIndicators.ids {
            #expect(ids.contains(id))
            let definition = try claims.store.run("indicators", "show", id)
            #expect(definition.output.contains(id) && definition.output.contains("select"))
        }
        #expect(try claims.store.run("indicators", "list", "--lang", "zh", "--format", "csv").output.contains("大处方"))
    }

    @Test("stats counts every row and byte, and verify finds the store sound") func statsAndVerify() throws {
        let claims = try GeneratedClaims.loaded()
        let stats = try CSVSheet(claims.store.run("stats", "--format", "csv").outputBytes).records
        for table in GeneratedClaims.tables {
            let own = stats.filter { $0["table"] == table }
            #expect(
                own.count > 2 && own.allSatisfy { $0["rows"] == String((try? claims.sheet(table).rows.count) ?? 0) })
        }
        let claimIDs = try #require(stats.first { $0["table"] == "claims" && $0["column"] == "claim_id" })
        #expect((claimIDs["stored_bytes"].flatMap { Int($0) } ?? 0) > 0)
        #expect(try claims.store.run("verify").output.hasPrefix("sound"))
    }
}

/// The figures of a load's summary on standard error.
struct LoadSummary {
    /// Without thousands separators.
    let text: String
    private(set) var read = -1
    private(set) var loaded = -1
    private(set) var rejected = -1

    init(_ errors: String) {
        text = errors.replacing(",", with: "")
        for line in text.split(separator: "\n") where line.contains("lines read") {
            let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
            if numbers.count == 3 { (read, loaded, rejected) = (numbers[0], numbers[1], numbers[2]) }
        }
    }
}
