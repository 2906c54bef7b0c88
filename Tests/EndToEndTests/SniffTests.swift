import Foundation
import Testing

/// `sniff` shows what loading a file would do, and does nothing.
@Suite("Sniffing files")
struct SniffTests {
    private static let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("SampleData").path

    @Test("a page for people: how the file is written, columns, first rows, rejects with lines") func page() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let file = try folder.write("prices 2025.csv", "code;price;day\n007;2,5;2025-01-31\n8;x\n9;3,5;2025-02-01\n")
        let outcome = try store.run("sniff", file, "--format", "table", "--max-rejects", "1")
        for words in [
            "UTF-8", "delimiter ;, quote \", line ends LF, a header row", "lines read   3 = 2 rows + 1 rejected",
            "field_count 1", "day as 2025-01-03", "007", "2,5", "expected 3 fields, found 2", "8;x",
        ] { #expect(outcome.output.contains(words), "\(words) in \(outcome.output)") }
        #expect(outcome.output.contains("fundwatch ingest '\(file)' --table prices_2025 --max-rejects 1"), "\(outcome.output)")
        #expect(!FileManager.default.fileExists(atPath: store.path))
        let refused = try store.run("sniff", file, "--format", "table", expecting: 65)
        #expect(refused.output.contains("expected 3 fields, found 2") && refused.errors.contains("--max-rejects"))
        #expect(!refused.output.contains("load it with"))
    }

    @Test("the known table is found by its headers, and values of persons are shown by their form") func claims() throws {
        let file = Self.sample + "/claims-national-gb18030.csv"
        let shown = try ToolUnderTest.run(["sniff", file, "--format", "json", "--store", "/nonexistent"])
        #expect(shown.ending == .exited(code: 0), "\(shown.errors)")
        for words in ["\"table\": \"claims\"", "\"encoding\": \"GB18030\"", "\"header\": \"psn_no\"", "\"masked\": true"] {
            #expect(shown.output.contains(words), "\(words)")
        }
        let revealed = try ToolUnderTest.run(["sniff", file, "--format", "json", "--store", "/nonexistent", "--reveal"])
        let patient = try #require(try Self.firstPatient(file))
        #expect(revealed.output.contains(patient) && !shown.output.contains(patient))
        let page = try ToolUnderTest.run(["sniff", file, "--format", "table", "--store", "/nonexistent"])
        #expect(page.output.contains("fundwatch ingest") && !page.output.contains(patient))
    }

    private static func firstPatient(_ file: String) throws -> String? {
        let text = String(decoding: try FileContent.bytes(file), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        guard let names = lines.first?.split(separator: ",", omittingEmptySubsequences: false), lines.count > 1,
            let place = names.firstIndex(of: "psn_no")
        else { return nil }
        return String(lines[1].split(separator: ",", omittingEmptySubsequences: false)[place])
    }

    @Test("a column of persons in any table is masked") func privateColumn() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("x.csv", "人员编号,note\nP42,seen\n")
        let outcome = try ToolUnderTest.run(["sniff", file, "--table", "x", "--format", "json", "--store", "/nonexistent"])
        #expect(outcome.output.contains("a99") && !outcome.output.contains("P42") && outcome.output.contains("seen"))
    }

    @Test("what loading says, sniff says before: a batch that is there, a type that does not fit") func stored() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let one = try folder.write("1.csv", "id,n\n1,10\n")
        try store.run("ingest", one, "--table", "t")
        let before = try FileContent.tree(store.path)
        #expect(try store.run("sniff", one, "--table", "t", "--format", "json").output.contains("\"loaded_as_batch\": 1"))
        let two = try folder.write("2.csv", "id,n\n2,x\n")
        let outcome = try store.run("sniff", two, "--table", "t", "--format", "json", expecting: 65)
        #expect(outcome.output.contains("\"would_load\": false") && outcome.errors.contains("--types n:bigint"))
        #expect(try FileContent.tree(store.path) == before)
    }

    @Test("several files, standard input, and a line for each column in CSV") func inputs() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        let one = try folder.write("1.csv", "a,b\n1,x\n")
        let lines = try store.run("sniff", one, folder.path("missing.csv"), one, "--format", "jsonl", expecting: 66)
        #expect(lines.output.split(separator: "\n").count == 3)
        let columns = try CSVSheet(store.run("sniff", one, "--format", "csv").outputBytes)
        #expect(columns.rows.map { $0[1] } == ["a", "b"] && columns.rows.map { $0[3] } == ["bigint", "text"])
        let piped = try store.run("sniff", "-", "--format", "json", input: .bytes(Array("a,b\n1,x\n".utf8)))
        #expect(piped.output.contains("\"rows\": 1"))
    }

    @Test("persons stay hidden where the table's own plan refuses the file, and in sentences about rows") func refusedClaims() throws {
        let folder = try TemporaryFolder()
        let text = "claim_id,line_id,patient_id,birth_date,quantity,amount\nCSECRET1,1,PSECRET2,1961-05-07,1,12.50\n"
            + "CSECRET1,2,PSECRET2,1961-05-07,1,PSECRET3\n"
        let file = try folder.write("claims.csv", text)
        for format in ["table", "json", "csv"] {
            let outcome = try ToolUnderTest.run(
                ["sniff", file, "--table", "claims", "--format", format, "--max-rejects", "100%", "--store", "/nonexistent"])
            #expect(outcome.ending != .exited(code: 0))
            for secret in ["SECRET", "1961"] {
                #expect(!outcome.output.contains(secret) && !outcome.errors.contains(secret), "\(format): \(outcome.output)")
            }
        }
    }

    @Test("JSON is whole, or nothing, when the file cannot be read") func unreadable() throws {
        let outcome = try ToolUnderTest.run(["sniff", "/nonexistent.csv", "--format", "json"])
        #expect(outcome.ending == .exited(code: 66) && outcome.output.isEmpty, "\(outcome.output)")
    }
}
