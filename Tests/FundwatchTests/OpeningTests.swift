import Fundwatch
import Testing

@Suite("Opening a store")
struct OpeningTests {
    @Test("a folder without a store is refused with its name and the mend") func missingStore() throws {
        let folder = try TemporaryFolder()
        let error = try #require(failure { _ = try FundStore(at: folder.path("none")) })
        #expect(error.kind == .noInput)
        #expect(error.file == folder.path("none"))
        #expect(error.message == "there is no store")
        #expect(error.mend?.contains("createsMissingStore") == true)
        #expect(error.description.hasPrefix(folder.path("none") + ": there is no store; "))
    }

    @Test("a store to be made comes into being with the first file, not before") func createdByFirstFile() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        #expect(folder.names(in: "store").isEmpty)
        #expect(try store.head() == nil)
        #expect(try store.batches().isEmpty)
        #expect(failure { _ = try store.query("select count(*) from claims") }?.kind == .noInput)
        #expect(failure { _ = try store.figures(of: "visit_frequency") }?.kind == .noInput)
        try store.ingest(Project.path("SampleData/institutions.csv"), into: "institutions")
        #expect(try store.head()?.commit == 1)
        #expect(try FundStore(at: store.path).batches().map(\.table) == ["institutions"])
    }

    @Test("a store for reading only is not made") func readOnlyIsNotMade() throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions()
        options.createsMissingStore = true
        options.isReadOnly = true
        #expect(failure { _ = try FundStore(at: folder.path("none"), options: options) }?.kind == .noInput)
    }

    @Test("options out of their range are refused by name", arguments: [
        ("workerCount", Change { $0.workerCount = 0 }), ("workerCount", Change { $0.workerCount = 1025 }),
        ("memoryLimit", Change { $0.memoryLimit = 0 }), ("timeout", Change { $0.timeout = .zero }),
        ("rowLimit", Change { $0.rowLimit = -1 }),
    ] as [(String, Change<StoreOptions>)])
    func optionsOutOfRange(name: String, change: Change<StoreOptions>) throws {
        let error = try #require(failure { _ = try SampleStore.store().changing(change.apply) })
        #expect(error.kind == .usage)
        #expect(error.message.hasPrefix(name))
    }

    @Test("a store for reading only refuses what writes, and reads") func readOnlyRefusesWriting() throws {
        let reader = try SampleStore.store().changing { $0.isReadOnly = true }
        for statement in ["create view v as select 1", "create table t as select 1 as a", "drop view v"] {
            #expect(failure { try reader.execute(statement) }?.kind == .usage, "\(statement)")
        }
        #expect(failure { try reader.ingest(Project.path("SampleData/deaths.csv"), into: "deaths") }?.kind == .usage)
        #expect(failure { _ = try reader.changing { $0.isReadOnly = false } }?.kind == .usage)
        #expect(try reader.query("select count(*) from institutions").column(at: 0).integers() == [65])
    }

    @Test("what a store holds can be listed") func contents() throws {
        let store = try SampleStore.store()
        let relations = try store.relations()
        #expect(relations.first { $0.name == "claims" }?.rowCount == 17_997)
        #expect(relations.first { $0.name == "live_claims" }?.isView == true)
        #expect(try store.columns(of: "institutions").first?.name == "institution_id")
        #expect(failure { _ = try store.columns(of: "nothing") }?.kind == .query)
        #expect(try store.batches().map(\.id) == [1, 2, 3, 4])
        #expect(try store.damage().isEmpty)
        #expect(try store.head()?.hash.count == 64)
    }
}
