import Testing

/// Files that are small, and huge when they are unpacked: refused, with little memory, and the store as it was.
@Suite("Decompression bombs")
struct BombTests {
    private static let header = "claim_id,line_id,institution_id,patient_id,visit_type,settled_at,item_code,quantity,amount\n"
    private static let gibibyte = 1 << 30

    @Test(
        "a gibibyte from a file of 32 kilobytes is refused without the memory for it",
        arguments: [
            ("a first line without end", "", UInt8(ascii: "x")), ("zeros", "", 0),
            ("a quote that never closes", header + "\"", UInt8(ascii: "a")),
            ("a record without end", header, UInt8(ascii: ",")),
        ] as [(String, String, UInt8)])
    func bombs(name: String, beginning: String, byte: UInt8) throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"))
        var claims = ClaimsByHand()
        claims.add()
        try store.run("ingest", folder.write("first.csv", claims.sheet.text()))
        let bomb = FileForms.zstdBomb(beginning, then: byte, size: Self.gibibyte)
        let path = try folder.write("bomb.csv.zst", bomb)
        // A new process starts with the size of the one that made it as its peak, which is this one's: what that comes to is seen
        // from a process that needs nothing.
        let before = try RunningProcess("/bin/true", []).wait().peakSize
        let outcome = try store.run(["ingest", path])
        let after = try RunningProcess("/bin/true", []).wait().peakSize
        let limit = max(Self.gibibyte / 2, max(before, after) + Self.gibibyte / 8)
        #expect(outcome.ending == .exited(code: 65), "\(name): \(outcome.ending) \(outcome.errors)")
        #expect(!outcome.errors.isEmpty)
        #expect(outcome.peakSize > 0 && outcome.peakSize < limit, "\(name): \(outcome.peakSize) bytes, at most \(limit)")
        #expect(limit < Self.gibibyte, "With so large a test process nothing can be told.")
        #expect(try store.count("select count(*) from claims") == 1)
        try store.run("verify")
    }
}
