import Claims
import Columns
import Diagnostics
import Foundation
import Testing

@Suite("Claim generator")
struct ClaimGeneratorTests {
    static let names = ["claims.csv", "institutions.csv", "knowledge.csv", "deaths.csv", "truth.csv"]

    @Test("the same seed gives the same bytes, another seed others")
    func determinism() throws {
        let first = try GeneratedFiles(lines: 3000, seed: 42)
        let second = try GeneratedFiles(lines: 3000, seed: 42)
        let other = try GeneratedFiles(lines: 3000, seed: 43)
        #expect(first.summary == second.summary)
        for name in Self.names { #expect(try first.bytes(name) == second.bytes(name), "\(name)") }
        #expect(try first.bytes("claims.csv") != other.bytes("claims.csv"))
    }

    @Test("the number of lines is exact", arguments: [1, 2, 100, 4999, 20_000])
    func lineCount(lines: Int) throws {
        let files = try GeneratedFiles(lines: lines)
        #expect(try files.rows("claims.csv").count == lines)
        #expect(files.summary.lines == lines)
        #expect(files.summary.files == Self.names)
        #expect(files.summary.description.hasPrefix("\(lines) lines of "))
        let size = try Self.names.reduce(0) { try $0 + files.bytes($1).count }
        #expect(files.summary.bytes == size)
    }

    @Test("large outputs are cut at claims into numbered files with the same rows")
    func severalFiles() throws {
        let whole = try GeneratedFiles(lines: 5000)
        let parts = try GeneratedFiles(lines: 5000, linesPerFile: 1200)
        let names = parts.summary.files.filter { $0.hasPrefix("claims-") }
        #expect(
            names == ["claims-0001.csv", "claims-0002.csv", "claims-0003.csv", "claims-0004.csv", "claims-0005.csv"])
        var rows: [[String: String]] = []
        for name in names {
            let part = try parts.rows(name)
            #expect(part.first?["claim_id"] != rows.last?["claim_id"])
            rows += part
        }
        #expect(try rows == whole.rows("claims.csv"))
    }

    @Test("columns stand in the order of the table and map by name")
    func columns() throws {
        let files = try GeneratedFiles(lines: 10)
        for table in CanonicalTable.all {
            let text = String(decoding: try files.bytes(table.name + ".csv"), as: UTF8.self)
            let header = try #require(GeneratedFiles.records(text).first)
            #expect(header == table.columns.map(\.name))
        }
    }

    @Test("options that make no sense are refused")
    func badOptions() {
        #expect(throws: GeneratorError.lineCount(0)) {
            try ClaimGenerator(GeneratorOptions(lines: 0, seed: 1, directory: "x"))
        }
        #expect(throws: GeneratorError.linesPerFile(0)) {
            try ClaimGenerator(GeneratorOptions(lines: 1, seed: 1, directory: "x", linesPerFile: 0))
        }
    }

    @Test("a folder that cannot be made is named")
    func noFolder() throws {
        let path = "/dev/null/claims"
        let generator = try ClaimGenerator(GeneratorOptions(lines: 1, seed: 1, directory: path))
        let error = #expect(throws: GeneratorError.self) { try generator.run() }
        #expect(error?.diagnostic.location.file == path)
        #expect(error?.diagnostic.kind == .cannotCreate)
    }

    @Test("claim files of another run are not mixed with new ones")
    func olderFiles() throws {
        let files = try GeneratedFiles(lines: 100)
        let again = try ClaimGenerator(GeneratorOptions(lines: 100, seed: 8, directory: files.directory))
        #expect(try again.run().lines == 100)
        let parts = try ClaimGenerator(
            GeneratorOptions(lines: 100, seed: 8, directory: files.directory, linesPerFile: 50))
        #expect(throws: GeneratorError.olderFile(path: files.directory + "/claims.csv")) { try parts.run() }
    }

    @Test("progress never falls and ends at the number of lines")
    func progress() throws {
        let directory = NSTemporaryDirectory() + "claims-progress-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var seen: [Int] = []
        _ = try ClaimGenerator(GeneratorOptions(lines: 2000, seed: 3, directory: directory)).run { seen.append($0) }
        #expect(seen == seen.sorted())
        #expect(seen.last == 2000)
    }
}
