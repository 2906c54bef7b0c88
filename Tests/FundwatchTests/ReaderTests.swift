import Foundation
import Fundwatch
import Glibc
import Synchronization
import Testing

@Suite("Reading while files are loaded")
struct ReaderTests {
    @Test("two readers see whole batches only, in their order; a pinned store sees one commit") func readersDuringLoads() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        let batchCount = 12
        let files = try (1...batchCount).map { number in
            // Batch n brings n rows that sum up to 1000.
            let rows = (1...number).map { "\(number),\($0 < number ? 1 : 1000 - number + 1)\n" }.joined()
            return try folder.write("part\(number).csv", "number,value\n" + rows)
        }
        try store.ingest(files[0], into: "parts")
        let pinned = try store.pinned()
        let seen = Observations()
        let readers = (0..<2).map { _ in
            let reader = Thread { seen.read(store, pinned) }
            reader.start()
            return reader
        }
        do {
            defer { seen.loadingEnded() }
            for file in files.dropFirst() { try store.ingest(file, into: "parts") }
        }
        while !readers.allSatisfy(\.isFinished) { usleep(1000) }
        #expect(seen.failures == [])
        #expect(seen.lastBatches == [Int64(batchCount), Int64(batchCount)])
        #expect(try pinned.head()?.commit == 1)
        #expect(try store.head()?.commit == batchCount)
        #expect(failure { try pinned.ingest(files[0], into: "other") }?.kind == .usage)
    }

    @Test("a store sees what another program has loaded since") func otherWriters() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        try store.ingest(Project.path("SampleData/deaths.csv"), into: "deaths")
        let reader = try FundStore(at: store.path)
        #expect(try reader.query("select count(*) from institutions").column(at: 0).integers() == [0])
        _ = try Program.run(
            "fundwatch", ["ingest", Project.path("SampleData/institutions.csv"), "--table", "institutions", "--store", store.path])
        #expect(try reader.query("select count(*) from institutions").column(at: 0).integers() == [65])
        #expect(try reader.batches().map(\.table) == ["deaths", "institutions"])
    }
}

/// What readers see of a table whose batch n brings n rows that sum up to 1000.
private final class Observations: Sendable {
    private let isDone = Atomic<Bool>(false)
    private let noted = Mutex<(failures: [String], last: [Int64])>(([], []))

    var failures: [String] { noted.withLock { $0.failures } }
    /// The last batch that each reader saw.
    var lastBatches: [Int64] { noted.withLock { $0.last } }

    func loadingEnded() { isDone.store(true, ordering: .releasing) }

    /// Reads until the loading has ended, and once more.
    func read(_ store: FundStore, _ pinned: FundStore) {
        do {
            var last: Int64 = 0
            var isLast = false
            repeat {
                isLast = isDone.load(ordering: .acquiring)
                let answer = try store.query("select count(*) as n, sum(value)::bigint as s, max(number)::bigint as last from parts")
                let next = try answer.column("last").integers()[0] ?? 0
                if next < last { fail("batch \(next) after batch \(last)") }
                last = next
                if try answer.column("n").integers() != [last * (last + 1) / 2] || answer.column("s").integers() != [1000 * last] {
                    fail("a part of batch \(last)")
                }
                if try pinned.query("select count(*) from parts").column(at: 0).integers() != [1] { fail("the pinned store has moved") }
            } while !isLast
            noted.withLock { $0.last.append(last) }
        } catch {
            fail("\(error)")
        }
    }

    private func fail(_ text: String) { noted.withLock { $0.failures.append(text) } }
}
