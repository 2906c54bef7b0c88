import Foundation
import Planning
import Testing

@testable import Execution

@Suite("Spill files")
struct SpillFileTests {
    func folder() throws -> String {
        let path = NSTemporaryDirectory() + "/fundwatch-spill-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test("have no name, and give back what was written from any place")
    func unnamed() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = try SpillFile(in: ["/nowhere/at/all", folder], counters: OperatorCounters(.root))
        let first = try file.append([1, 2, 3])
        let second = try file.append([UInt8](repeating: 7, count: 100_000))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        #expect(try file.read(at: first, size: 3) == [1, 2, 3])
        #expect(try file.read(at: second + 99_999, size: 1) == [7])
        #expect(throws: ExecutionError.self) { try file.read(at: second, size: 100_001) }
    }

    @Test("count what is written to them")
    func counts() throws {
        let counters = OperatorCounters(.root)
        let file = try SpillFile(in: ["/tmp"], counters: counters)
        _ = try file.append([UInt8](repeating: 0, count: 12_345))
        #expect(counters.entry.bytesSpilled == 12_345)
    }
}
