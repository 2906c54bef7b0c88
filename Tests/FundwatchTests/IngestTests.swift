import Fundwatch
import Glibc
import Synchronization
import Testing

@Suite("Loading files")
struct IngestTests {
    @Test("the outcome of a file of claims reconciles, and the same file again loads nothing") func claims() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        let seen = Mutex<[IngestSettings.Progress]>([])
        var settings = IngestSettings()
        settings.progress = { step in seen.withLock { $0.append(step) } }
        let outcome = try store.ingest(Project.path("SampleData/claims.csv"), settings: settings)
        #expect(outcome.table == "claims")
        #expect(outcome.sourceName == "claims.csv")
        #expect(outcome.batchID == 1)
        #expect(!outcome.isAlreadyLoaded)
        #expect(outcome.linesRead == 17_997)
        #expect(outcome.rowsLoaded + outcome.rowsRejected == outcome.linesRead)
        #expect(outcome.encoding == "UTF-8")
        #expect(outcome.totals.map(\.column) == ["amount", "fund_amount"])
        let sums = try store.query("select sum(amount) as amount, sum(fund_amount) as fund, min(settled_at) as first from claims")
        #expect(try sums.column("amount").decimals() == [outcome.totals[0].total])
        #expect(try sums.column("fund").decimals() == [outcome.totals[1].total])
        #expect(try sums.column("first").timestamps() == [outcome.firstTime])
        #expect(try store.head()?.hash == outcome.headHash)
        #expect(seen.withLock { $0.last?.rowsLoaded } == 17_997)
        #expect(seen.withLock { $0.last?.bytesRead } == outcome.sourceSize)

        let again = try store.ingest(Project.path("SampleData/claims.csv"))
        #expect(again.isAlreadyLoaded)
        #expect(again.batchID == 1)
        #expect(try store.batches().count == 1)
    }

    @Test("any CSV goes into a table of its name, with types found out or chosen") func anyTable() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        let file = try folder.write("prices.csv", "code;price;since\n007;1.50;2025-01-31\n008;NA;2025-02-01\n")
        var settings = IngestSettings()
        settings.delimiter = ";"
        settings.nullTokens = ["NA"]
        settings.types = ["code": .text, "price": .numeric(precision: 12, scale: 3)]
        try store.ingest(file, into: "prices", settings: settings)
        let answer = try store.query("select * from prices order by code")
        #expect(answer.columns.map(\.type) == [.text, .numeric(precision: 12, scale: 3), .date])
        #expect(try answer.column("code").texts() == ["007", "008"])
        #expect(try answer.column("price").decimals() == [ExactDecimal(unscaled: 1500, scale: 3), nil])
        #expect(try answer.column("since").dates().last == CalendarDate(year: 2025, month: 2, day: 1))
    }

    @Test("a file with more bad rows than allowed loads nothing; with more allowed, its outcome says why") func rejects() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        let file = try folder.write("deaths.csv", "patient_id,death_date\nP1,2025-01-31\nP2,not a day\nP3,2025-02-30\n")
        let error = try #require(failure { try store.ingest(file, into: "deaths") })
        #expect(error.kind == .badData)
        #expect(error.file == file)
        #expect(error.message.hasPrefix("2 of 3 lines were rejected"))
        #expect(try store.head() == nil)
        var settings = IngestSettings()
        settings.rejectLimit = .rows(2)
        let outcome = try store.ingest(file, into: "deaths", settings: settings)
        #expect(outcome.rowsLoaded == 1)
        #expect(outcome.rejectCauses.map(\.count).reduce(0, +) == 2)
        #expect(folder.names(in: "store/rejects") == ["1.csv"])
    }

    @Test("a file or a setting that is not there is said with what it is", arguments: [
        ("none.csv", "claims", Change { _ in }, .noInput),
        ("a.csv", "live_claims", Change { _ in }, .usage),
        ("a.csv", "other", Change { $0.delimiter = "é" }, .usage),
        ("a.csv", "other", Change { $0.rejectLimit = .percent(101) }, .usage),
        ("a.csv", "other", Change { $0.rejectLimit = .rows(-1) }, .usage),
        ("a.csv", "other", Change { $0.types = ["a": .interval] }, .usage),
        ("a.csv", "other", Change { $0.types = ["a": .numeric(precision: 30, scale: 2)] }, .usage),
        ("a.csv", "claims", Change { $0.types = ["a": .text] }, .usage),
        ("a.csv", "claims", Change { $0.hasHeader = false }, .usage),
        ("a.csv", "claims", Change { _ in }, .badData),
    ] as [(String, String, Change<IngestSettings>, FundError.Kind)])
    func refused(
        file: String, table: String, change: Change<IngestSettings>, kind: FundError.Kind
    ) throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        try folder.write("a.csv", "a,b\n1,2\n")
        var settings = IngestSettings()
        change.apply(&settings)
        let error = try #require(failure { try store.ingest(folder.path(file), into: table, settings: settings) })
        #expect(error.kind == kind, "\(error)")
        #expect(!folder.names(in: "store/commits").contains { $0.hasSuffix(".json") })
    }

    @Test("a load that is cancelled leaves the store as it was") func cancelled() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        let cancellation = Cancellation()
        var settings = IngestSettings()
        settings.progress = { _ in cancellation.cancel() }
        let error = try #require(
            failure { try store.ingest(Project.path("SampleData/claims.csv"), settings: settings, cancellation: cancellation) })
        #expect(error.kind == .cancelled)
        #expect(try store.head() == nil)
        #expect(try store.ingest(Project.path("SampleData/claims.csv")).batchID == 1)
    }

    @Test("while another writer holds the store, a load is refused as busy") func lockedStore() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        try store.ingest(Project.path("SampleData/deaths.csv"), into: "deaths")
        let descriptor = unsafe open(folder.path("store/LOCK"), O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(failure { try store.ingest(Project.path("SampleData/institutions.csv"), into: "institutions") }?.kind == .busy)
        #expect(try store.query("select 1").rowCount == 1)
    }
}
