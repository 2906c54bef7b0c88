import Foundation
import Testing

/// Batches so small that a segment holds a single claim, and reference tables that come and go.
@Suite("Small batches")
struct SmallBatchTests {
    static let header =
        "claim_id,line_id,institution_id,patient_id,visit_type,service_time,settled_at,item_code,quantity,unit_price,amount\n"

    static func line(_ claim: String, _ line: String, visit: String = "outpatient") -> String {
        "\(claim),\(line),H1,P1,\(visit),2025-01-03,2025-01-03 08:00:00,X1,1,2.5,2.5\n"
    }

    @Test("a repeated line is found in a stored batch of a single claim, and a new line is not mistaken for one", arguments: [
        ("C0", "C1", "X"), ("97002025000000000001", "97002025000000000002", "97002025000000009999"),
        ("a claim in words", "another", "and a third, longer than the others"),
    ])
    func singleClaimBatches(ids: (String, String, String)) throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let (first, second, alone) = ids
        func quoted(_ id: String) -> String { id.contains(",") ? "\"\(id)\"" : id }
        let batches = [
            Self.line(quoted(first), "1") + Self.line(quoted(second), "1"),
            (1...5).map { Self.line(quoted(alone), "\($0)") }.joined(),
            Self.line(quoted(first), "2") + Self.line(quoted(alone), "6") + Self.line(quoted(alone), "3"),
        ]
        for (number, batch) in batches.enumerated() {
            let path = try folder.write("batch\(number).csv", Self.header + batch)
            try store.run("ingest", path, "--max-rejects", "100%")
        }
        #expect(try store.count("select count(*) from claims") == 9)
        #expect(
            try store.count("select count(*) from (select claim_id, line_id from claims group by 1, 2 having count(*) > 1) d") == 0)
        let last = try store.rows("select line_id from claims where claim_id = '\(alone)' order by 1")
        #expect(last.map { $0[0] } == ["1", "2", "3", "4", "5", "6"])
    }

    @Test("a blank code in a required column is a rejected row, not a NULL") func blankRequiredCode() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let path = try folder.write("claims.csv", 
            Self.header + Self.line("C1", "1") + Self.line("C1", "2", visit: "\"\""))
        try store.run("ingest", path, "--max-rejects", "100%")
        #expect(try store.count("select count(*) from claims") == 1)
        #expect(try store.count("select count(*) from claims where visit_type is null") == 0)
        let rejects = try String(contentsOfFile: store.path + "/rejects/1.csv", encoding: .utf8)
        #expect(rejects.contains("missing_value") && rejects.contains("visit_type"))
    }

    @Test("an earlier reference file can be brought back, the current one is recognised") func referenceFileComesBack() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let old = try folder.write("old.csv", "institution_id,name\nH1,old\n")
        let new = try folder.write("new.csv", "institution_id,name\nH1,new\n")
        for (file, name) in [(old, "old"), (new, "new"), (new, "new"), (old, "old")] {
            try store.run("ingest", file, "--table", "institutions")
            #expect(try store.rows("select name from institutions") == [[name]])
        }
    }

    @Test("a file that cannot be read makes no store") func missingFileMakesNoStore() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        try store.run("ingest", folder.path("nothing.csv"), expecting: 66)
        #expect(!FileManager.default.fileExists(atPath: store.path))
        try store.run("sql", "select count(*) from claims", expecting: 66)
    }
}
