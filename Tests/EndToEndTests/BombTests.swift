import Foundation
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
        let process = try store.start(["ingest", try folder.write("bomb.csv.zst", bomb)])
        // What the system tells of an ended child counts the memory of the process that made it, too.
        var peakSize = 0
        while process.isRunning {
            peakSize = max(peakSize, Self.peakSize(of: process.processID))
            usleep(2000)
        }
        let outcome = try process.wait()
        #expect(outcome.ending == .exited(code: 65), "\(name): \(outcome.ending) \(outcome.errors)")
        #expect(!outcome.errors.isEmpty)
        #expect(peakSize > 0 && peakSize < Self.gibibyte / 2, "\(name): \(peakSize) bytes")
        #expect(try store.count("select count(*) from claims") == 1)
        try store.run("verify")
    }

    /// The most memory a running process held so far, bytes; 0 if it is gone.
    private static func peakSize(of process: pid_t) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return 0 }
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}
