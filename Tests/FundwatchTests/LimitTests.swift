import Fundwatch
import Glibc
import Testing

@Suite("Limits and cancelling")
struct LimitTests {
    /// A query that goes on for as long as it is let.
    static let endless = "select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b"

    @Test("a query is stopped when its time is up") func timeout() throws {
        let store = try SampleStore.store().changing { $0.timeout = .milliseconds(50) }
        #expect(failure { _ = try store.query(Self.endless) }?.kind == .busy)
        #expect(failure { try store.stream(Self.endless) { _ in } }?.kind == .busy)
    }

    @Test("the time of whoever takes a stream's rows counts, also where all of them are there before the first is taken") func slowReader() throws {
        let store = try SampleStore.store().changing { $0.timeout = .seconds(6) }
        let start = ContinuousClock.now
        var batchCount = 0
        let text = "select g from generate_series(1, 200000) g(g) order by g desc"
        let failure = failure {
            try store.stream(text) { _ in
                batchCount += 1
                while ContinuousClock.now - start < .milliseconds(6100) { usleep(10_000) }
            }
        }
        #expect(failure?.kind == .busy)
        #expect(batchCount == 1)
    }

    @Test("a query that needs more memory than allowed is refused, or goes through files with the same rows") func memoryLimit() throws {
        let store = try SampleStore.store()
        let tiny = try store.changing { $0.memoryLimit = 1000 }
        #expect(failure { _ = try tiny.figures(of: "prescription_size") }?.kind == .busy)
        let folder = try TemporaryFolder()
        let small = try store.changing {
            $0.memoryLimit = 1 << 20
            $0.temporaryDirectory = folder.path("")
        }
        let text = "select claim_id, line_id, item_name from claims order by item_name, claim_id, line_id"
        let (spilled, whole) = (try small.query(text), try store.query(text))
        #expect(spilled.rowCount == whole.rowCount)
        for index in whole.columns.indices {
            #expect(try spilled.column(at: index).texts() == whole.column(at: index).texts(), "\(whole.columns[index].name)")
        }
    }

    @Test("rows beyond the limit are an error, rows up to it are not") func rowLimit() throws {
        let store = try SampleStore.store().changing { $0.rowLimit = 65 }
        #expect(try store.query("select * from institutions").rowCount == 65)
        #expect(failure { _ = try store.query("select * from claims") }?.kind == .busy)
        var seen = 0
        try store.stream("select * from institutions") { seen += $0.rowCount }
        #expect(seen == 65)
        #expect(failure { try store.stream("select * from claims") { _ in } }?.kind == .busy)
    }

    @Test("the number of workers does not show in the rows", arguments: [1, 2, 7]) func workers(count: Int) throws {
        let text = "select institution_id, sum(amount) as s from claims group by 1 order by 2 desc, 1 limit 20"
        let one = try SampleStore.store().query(text).rows()
        #expect(try SampleStore.store().changing { $0.workerCount = count }.query(text).rows() == one)
    }

    @Test("a switch stops the calls that hold it, and no others") func cancelling() throws {
        let store = try SampleStore.store()
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(failure { _ = try store.query(Self.endless, cancellation: cancellation) }?.kind == .cancelled)
        #expect(failure { try store.stream(Self.endless, cancellation: cancellation) { _ in } }?.kind == .cancelled)
        #expect(failure { _ = try store.figures(of: "prescription_size", cancellation: cancellation) }?.kind == .cancelled)
        #expect(failure { _ = try store.rank(cancellation: cancellation) }?.kind == .cancelled)
        #expect(try store.query("select 1", cancellation: Cancellation()).rowCount == 1)
    }

    @Test("cancelling a task ends its query in the background") func cancelledTask() async throws {
        let store = try SampleStore.store()
        let rows = try await store.background { store, _ in try store.query("select count(*) from institutions").rows() }
        #expect(rows == [[.integer(65)]])
        let task = Task {
            try await store.background { store, cancellation in
                try store.query(Self.endless, cancellation: cancellation).rowCount
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect { _ = try await task.value } throws: { ($0 as? FundError)?.kind == .cancelled }
    }
}
