import Foundation
import Testing

/// What `report` writes, on the generated data.
@Suite("Report")
struct ReportTests {
    static let rankingColumns = [
        "rank", "institution_id", "name", "region", "level", "kind", "claims", "fund_amount", "score", "grade",
        "amount_at_issue", "reason_1", "reason_2", "reason_3",
    ]
    static let indicatorColumns = [
        "indicator", "institution_id", "events", "exposure", "rate", "expected_rate", "z", "contribution", "amount",
        "significant",
    ]

    @Test("it writes its files with the contract's columns, and nothing else") func filesAndColumns() throws {
        let report = try WrittenReport.loaded()
        for name in ["ranking.csv", "ranking.json", "indicators.csv", "run.json", "report.html"] {
            #expect(report.files[name] != nil, "\(name)")
        }
        #expect(try report.sheet("ranking.csv").header == Self.rankingColumns)
        #expect(try report.sheet("indicators.csv").header == Self.indicatorColumns)
        let siblings = FileContent.names(in: report.folder.url.path)
        #expect(siblings == ["report"], "left beside the report: \(siblings)")
    }

    @Test("institutions of the three planted kinds stand at the top") func plantedStandAtTheTop() throws {
        let report = try WrittenReport.loaded()
        let truth = try CSVSheet(file: GeneratedClaims.loaded().dataFolder + "/truth.csv").records
        let ranking = try report.sheet("ranking.csv").records
        for id in ReferenceIndicators.ids {
            let planted = truth.filter { $0["anomaly"] == id }.compactMap { $0["institution_id"] }
            #expect(!planted.isEmpty)
            for institution in planted {
                let row = try #require(ranking.first { $0["institution_id"] == institution })
                let rank = try #require(row["rank"].flatMap { Int($0) })
                #expect(rank <= truth.count, "\(id) planted at \(institution), ranked \(rank)")
                #expect(row["reason_1"]?.hasPrefix(id) == true, "\(institution): \(row["reason_1"] ?? "no reason")")
            }
        }
    }

    @Test("claims and money of each institution are those of its lines") func rankingMoney() throws {
        let report = try WrittenReport.loaded()
        let reference = try GeneratedClaims.loaded().reference()
        // Of every indicator's money at issue that of these three at least, each line once.
        var flagged: [String: [String: Int]] = [:]
        for unit in ReferenceIndicators.ids.flatMap({ ReferenceIndicators.units($0, reference) }) where unit.isEvent {
            for line in unit.lines {
                flagged[unit.institutionID, default: [:]][line.claimID + "/" + line.lineID] = line.fundCents
            }
        }
        let lines = reference.countedLines().filter { $0.institutionID != nil }
        let byInstitution = Dictionary(grouping: lines, by: { $0.institutionID ?? "" })
        let ranking = try report.sheet("ranking.csv").records
        #expect(Set(ranking.compactMap { $0["institution_id"] }) == Set(byInstitution.keys))
        for row in ranking {
            let id = row["institution_id"] ?? ""
            let own = byInstitution[id] ?? []
            #expect(row["claims"] == String(Set(own.map(\.claimID)).count), "\(id)")
            #expect(row["fund_amount"] == ExactNumber.money(own.reduce(0) { $0 + $1.fundCents }), "\(id)")
            let atIssue = ExactNumber.scaled(row["amount_at_issue"] ?? "", decimals: 2)
            #expect(atIssue >= (flagged[id] ?? [:]).values.reduce(0, +), "\(id)")
        }
    }

    @Test("the figures in a report are those of the single runs", arguments: ReferenceIndicators.ids)
    func figuresAgree(id: String) throws {
        let figures = try WrittenReport.loaded().figures()
        let reference = try GeneratedClaims.loaded().reference()
        let expected = ReferenceIndicators.figures(ReferenceIndicators.units(id, reference))
        #expect(figures.first { $0.id == id }?.figures == expected)
    }

    @Test("expected rates, z and scores equal an independent computation") func scoresAgree() throws {
        let report = try WrittenReport.loaded()
        let expected = ReferenceRanking(try report.figures(), try GeneratedClaims.loaded().reference())
        for row in try report.sheet("indicators.csv").records {
            let id = row["indicator"] ?? ""
            let institution = row["institution_id"] ?? ""
            guard let comparison = expected.comparisons[id]?[institution] else {
                #expect(row["z"] == nil, "\(id) \(institution)")
                continue
            }
            let z = row["z"].flatMap { Double($0) } ?? .nan
            let rate = row["expected_rate"].flatMap { Double($0) } ?? .nan
            #expect(abs(z - comparison.distance) <= 1e-6, "\(id) \(institution)")
            #expect(abs(rate - comparison.expectedRate) <= 1e-9, "\(id) \(institution)")
        }
        var former = 101.0
        for (index, row) in try report.sheet("ranking.csv").records.enumerated() {
            let score = row["score"].flatMap { Double($0) } ?? .nan
            #expect(row["rank"] == String(index + 1))
            #expect(score <= former)
            #expect(abs(score - (expected.scores[row["institution_id"] ?? ""] ?? 0)) <= 0.1)
            let grade = score >= 40 ? "E" : score >= 20 ? "D" : score >= 10 ? "C" : score >= 3 ? "B" : "A"
            #expect(row["grade"] == grade)
            former = score
        }
    }

    @Test("JSON and CSV say the same, and the run is described") func jsonAgrees() throws {
        let report = try WrittenReport.loaded()
        let ranking = try JSONSerialization.jsonObject(with: Data(report.files["ranking.json"] ?? []))
        let text = String(decoding: report.files["ranking.json"] ?? [], as: UTF8.self)
        #expect(ranking is [Any] || ranking is [String: Any])
        for row in try report.sheet("ranking.csv").records.prefix(20) {
            #expect(text.contains("\"\(row["institution_id"] ?? "?")\""))
        }
        let run = try #require(
            JSONSerialization.jsonObject(with: Data(report.files["run.json"] ?? [])) as? [String: Any])
        #expect(!run.isEmpty)
        let head = try #require(
            GeneratedClaims.loaded().store.run("verify").output.split { !$0.isHexDigit }.first { $0.count == 64 })
        #expect(String(decoding: report.files["run.json"] ?? [], as: UTF8.self).contains(head), "the store's head hash")
    }

    @Test("the page is one file that needs no network and says findings are leads") func pageStandsAlone() throws {
        let bytes = try #require(WrittenReport.loaded().files["report.html"])
        let page = String(decoding: bytes, as: UTF8.self)
        #expect(bytes.count < 2 << 20)
        for attribute in ["src=\"http", "href=\"http", "src=\"//", "@import", "url(http", "<link ", "<iframe"] {
            #expect(!page.contains(attribute), "\(attribute)")
        }
        #expect(page.contains("<svg"))
        #expect(page.contains("human review") && page.contains("人工"))
        let worst = try #require(try WrittenReport.loaded().sheet("ranking.csv").records.first?["institution_id"])
        #expect(page.contains(worst))
    }

    @Test("no page shows a patient's id") func patientsAreMasked() throws {
        let report = try WrittenReport.loaded()
        let patients = Set(try GeneratedClaims.loaded().reference().lines.compactMap(\.patientID))
        for (name, bytes) in report.files where !name.hasSuffix(".xlsx") {
            let words = Set(
                String(decoding: bytes, as: UTF8.self).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(
                    String.init))
            #expect(words.isDisjoint(with: patients), "\(name)")
        }
    }

    @Test("the same data gives the same bytes, whatever the number of threads and wherever it was loaded")
    func bytesRepeat() throws {
        let claims = try GeneratedClaims.loaded()
        let folder = try TemporaryFolder()
        var stores: [[String: [UInt8]]] = []
        var reports: [[String: [UInt8]]] = []
        for threads in ["1", "2"] {
            let store = StoreUnderTest(folder.path("store-\(threads)"), options: ["--threads", threads])
            for table in GeneratedClaims.tables {
                try store.run("ingest", claims.dataFolder + "/\(table).csv", "--table", table)
            }
            let files = try FileContent.tree(store.path)
            stores.append(files.filter { $0.key.hasPrefix("segments/") || $0.key.hasPrefix("dictionaries/") })
            let options = ["--as-of", WrittenReport.asOf]
            _ = try claims.store.run(
                ["report", "--out", folder.path("report-\(threads)"), "--threads", threads] + options)
            reports.append(try FileContent.tree(folder.path("report-\(threads)")))
        }
        #expect(!stores[0].isEmpty)
        #expect(stores[0].keys.sorted() == stores[1].keys.sorted())
        for (name, bytes) in stores[0] { #expect(stores[1][name] == bytes, "\(name) differs between 1 and 2 threads") }
        #expect(try stores[0] == FileContent.tree(claims.store.path).filter { stores[0][$0.key] != nil })
        #expect(!reports[0].isEmpty)
        for (name, bytes) in reports[0] {
            #expect(reports[1][name] == bytes, "\(name) differs between 1 and 2 threads")
        }
        #expect(try reports[0] == WrittenReport.loaded().files)
    }

    @Test("an existing report is replaced whole") func replacesWhole() throws {
        let claims = try GeneratedClaims.loaded()
        let folder = try TemporaryFolder()
        let target = folder.path("report")
        for _ in 0..<2 { try claims.store.run("report", "--out", target, "--as-of", WrittenReport.asOf) }
        #expect(try FileContent.tree(target) == WrittenReport.loaded().files)
        #expect(FileContent.names(in: folder.url.path) == ["report"])
    }
}

/// A report of the generated claims, written once.
struct WrittenReport: Sendable {
    static let asOf = "2026-01-01"
    private static let shared = Result { try WrittenReport() }

    let folder: TemporaryFolder
    let files: [String: [UInt8]]

    static func loaded() throws -> WrittenReport { try shared.get() }

    private init() throws {
        folder = try TemporaryFolder()
        try GeneratedClaims.loaded().store.run("report", "--out", folder.path("report"), "--as-of", WrittenReport.asOf)
        SharedFolders.removeAtExit(folder.url.path)
        files = try FileContent.tree(folder.path("report"))
    }

    func sheet(_ name: String) throws -> CSVSheet { try CSVSheet(try #require(files[name], "\(name)")) }

    /// The figures of `indicators.csv`, indicators in the order of the file.
    func figures() throws -> [(id: String, figures: [String: ReferenceFigure])] {
        var all: [(id: String, figures: [String: ReferenceFigure])] = []
        for row in try sheet("indicators.csv").records {
            let id = row["indicator"] ?? ""
            if all.last?.id != id { all.append((id: id, figures: [:])) }
            all[all.count - 1].figures[row["institution_id"] ?? ""] = ReferenceFigure(
                events: row["events"].flatMap { Int($0) } ?? -1, exposure: row["exposure"].flatMap { Int($0) } ?? -1,
                amountCents: ExactNumber.scaled(row["amount"] ?? "", decimals: 2))
        }
        return all
    }
}
