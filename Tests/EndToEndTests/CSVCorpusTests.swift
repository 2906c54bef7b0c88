import Foundation
import Testing

/// Odd CSV files, each with the cells a reader must get from it: `Tests/Corpora/csv`. `Tests/Oracle/csv_cells.py` asks two
/// other readers about the same files.
@Suite("Odd CSV files")
struct CSVCorpusTests {
    /// What `cells.json` says of one file.
    struct Entry: Decodable, CustomTestStringConvertible, Sendable {
        var file: String
        var says: String
        var encoding: String
        var delimiter: String
        var quote: String
        var line_ends: String
        var options: [String]?
        /// A word of the refusal; then nothing else is said.
        var refused: String?
        var header: [String]?
        var types: [String]?
        /// Every row, as text; nil for NULL.
        var rows: [[String?]]?
        var rejects: [Reject]?

        struct Reject: Decodable, Hashable, Sendable {
            var line: Int
            var reason: String

            init(line: Int, reason: String) { (self.line, self.reason) = (line, reason) }

            init(from decoder: any Decoder) throws {
                var pair = try decoder.unkeyedContainer()
                line = try pair.decode(Int.self)
                reason = try pair.decode(String.self)
            }
        }

        var testDescription: String { "\(file): \(says)" }
    }

    /// What `sniff --format json` says of a file, as far as it is looked at.
    private struct Report: Decodable {
        var encoding: String
        var delimiter: String
        var quote: String
        var line_ends: String
        var rows: Int
        var rejected: Int
        var would_load: Bool
        var columns: [Column]
        var rejects: [Reject]

        struct Column: Decodable {
            var column: String
            var type: String
        }
        struct Reject: Decodable {
            var line: Int
            var reason: String
        }
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Corpora/csv")

    static let entries: [Entry] = {
        do {
            return try JSONDecoder().decode([Entry].self, from: Data(contentsOf: folder.appendingPathComponent("cells.json")))
        } catch {
            return []
        }
    }()

    private static func path(_ entry: Entry) -> String { folder.appendingPathComponent(entry.file).path }

    @Test("every file of the folder is told of") func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0 != "cells.json" }
        #expect(Set(files) == Set(Self.entries.map(\.file)))
        #expect(Self.entries.count > 50)
    }

    @Test("sniff tells how a file is written, its types and its rejects", arguments: entries) func sniffed(entry: Entry) throws {
        let arguments = ["sniff", Self.path(entry), "--table", "t", "--format", "json", "--max-rejects", "100%"]
        let outcome = try ToolUnderTest.run(arguments + (entry.options ?? []) + ["--store", "/nonexistent/store"])
        if let word = entry.refused {
            #expect(outcome.ending == .exited(code: 65))
            #expect(outcome.errors.contains(word), "\(outcome.errors)")
            return
        }
        #expect(outcome.ending == .exited(code: 0), "\(outcome.errors)")
        let report = try #require(try JSONDecoder().decode([Report].self, from: Data(outcome.outputBytes)).first)
        #expect(report.encoding == entry.encoding)
        #expect(report.delimiter == entry.delimiter && report.quote == entry.quote && report.line_ends == entry.line_ends)
        #expect(report.columns.map(\.column) == entry.header)
        #expect(report.columns.map(\.type) == entry.types)
        #expect(report.rows == entry.rows?.count && report.would_load)
        #expect(report.rejects.map { Entry.Reject(line: $0.line, reason: $0.reason) } == entry.rejects)
    }

    @Test("every cell comes back as it is written, and what is not loaded is a reject with its line", arguments: entries)
    func loaded(entry: Entry) throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        let arguments = ["ingest", Self.path(entry), "--table", "t", "--types", "*:text", "--max-rejects", "100%"]
        let outcome = try store.run(arguments + (entry.options ?? []))
        if let word = entry.refused {
            #expect(outcome.ending == .exited(code: 65) && outcome.errors.contains(word), "\(outcome.errors)")
            return
        }
        #expect(outcome.ending == .exited(code: 0), "\(outcome.errors)")
        let answer = try CSVSheet(store.run("sql", "select * from t", "--format", "csv").outputBytes)
        #expect(answer.header == entry.header)
        #expect(answer.rows == entry.rows)
        let rejects = try? CSVSheet(FileContent.bytes(store.path + "/rejects/1.csv"))
        let found = (rejects?.rows ?? []).map { Entry.Reject(line: Int(($0[1] ?? "")) ?? 0, reason: $0[3] ?? "") }
        #expect(found == entry.rejects)
    }
}
