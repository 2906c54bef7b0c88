import Foundation
import Testing

/// Stores that earlier versions wrote.
@Suite("Older stores")
struct OldStoreTests {
    @Test("a file loaded when manifests gave its SHA-256 alone is known again, from a file and from a pipe") func oldHash() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        for _ in 0..<3 { claims.add() }
        let text = claims.sheet.text()
        let file = try folder.write("claims.csv", text)
        try store.run("ingest", file)
        let manifest = store.path + "/commits/00000001.json"
        let written = String(decoding: try Data(contentsOf: URL(fileURLWithPath: manifest)), as: UTF8.self)
        // The last line holds the hash of what is before it: 77 bytes.
        let body = String(written.dropLast(77)).replacing(
            #/"source_hash":"[^"]*"/#, with: "\"source_sha256\":\"\(try Self.sha256(Array(text.utf8)))\"")
        #expect(body.contains("source_sha256") && written.dropLast(77).hasSuffix("\n"))
        try Data((body + "\"sha256\":\"\(try Self.sha256(Array(body.utf8)))\"}\n").utf8).write(to: URL(fileURLWithPath: manifest))
        try store.run("verify")
        #expect(try store.count("select count(*) from claims") == 3)
        #expect(try store.run("ingest", file).output.contains("already loaded as batch 1"))
        #expect(try store.run(["ingest", "-"], input: .bytes(Array(text.utf8))).output.contains("already loaded as batch 1"))
        claims.add()
        try store.run("ingest", folder.write("more.csv", claims.sheet.text()), "--max-rejects", "100%")
        #expect(try store.count("select count(*) from claims") == 4)
        try store.run("verify")
    }

    private static func sha256(_ bytes: [UInt8]) throws -> String {
        let outcome = try RunningProcess("/usr/bin/sha256sum", [], input: .bytes(bytes)).wait()
        return String(outcome.output.prefix(64))
    }
}
