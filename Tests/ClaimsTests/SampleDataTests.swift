import Claims
import Foundation
import Testing

@Suite("Sample data")
struct SampleDataTests {
    /// `SampleData` beside the folder of tests.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("SampleData")

    @Test("the canonical files are what the generator writes from the seed in the README, less the national batch")
    func generated() throws {
        let files = try GeneratedFiles(lines: 20_000, seed: 7)
        for name in ["institutions.csv", "knowledge.csv", "deaths.csv", "truth.csv"] {
            #expect(try files.bytes(name) == Data(contentsOf: Self.folder.appendingPathComponent(name)), "\(name)")
        }
        let sample = try Data(contentsOf: Self.folder.appendingPathComponent("claims.csv"))
        #expect(try files.bytes("claims.csv").starts(with: sample))
        let national = try Data(contentsOf: Self.folder.appendingPathComponent("claims-national-gb18030.csv"))
        let lineCount = sample.count { $0 == 0x0A } + national.count { $0 == 0x0A } - 2
        #expect(lineCount == 20_000)
    }

    @Test("every header of the national batch is a canonical column")
    func nationalHeaders() throws {
        let bytes = try Data(contentsOf: Self.folder.appendingPathComponent("claims-national-gb18030.csv"))
        let header = String(decoding: bytes.prefix { $0 != 0x0D }, as: UTF8.self)
        let headers = header.split(separator: ",").map(String.init)
        let mapping = try HeaderMapping.resolve(headers: headers, table: .claims)
        #expect(mapping.fileIndexes == Array(0..<CanonicalTable.claims.columns.count))
        #expect(mapping.extras.isEmpty)
    }
}
