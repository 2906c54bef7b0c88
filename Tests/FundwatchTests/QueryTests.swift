import Foundation
import Fundwatch
import Synchronization
import Testing

@Suite("Queries")
struct QueryTests {
    @Test("an error says where, what and how to mend it") func errorsHavePlaces() throws {
        let text = "select count(*)\nfrom claims where 机构 = 1"
        let error = try #require(failure { _ = try SampleStore.store().query(text) })
        #expect(error.kind == .query)
        #expect(error.message == "column \"机构\" does not exist")
        #expect(error.line == 2 && error.column == 19)
        #expect(error.byteOffset == 34)
        #expect(error.statement == text)
        #expect(error.explanation.hasSuffix("from claims where 机构 = 1\n                    ^"))
        let table = try #require(failure { _ = try SampleStore.store().query("select 1 from claim") })
        #expect(table.mend?.contains("claims") == true)
        let value = try #require(failure { _ = try SampleStore.store().query("select 1 / (amount - amount) from claims") })
        #expect(value.kind == .query && value.message == "division by zero")
    }

    @Test("statements that query does not take are refused before they run", arguments: [
        ("create view v as select 1 as a", FundError.Kind.usage), ("select 1; select 2", .query), ("", .query), ("selec 1", .query),
    ])
    func refused(text: String, kind: FundError.Kind) throws {
        let error = try #require(failure { _ = try SampleStore.store().query(text) })
        #expect(error.kind == kind, "\(error)")
        #expect(try SampleStore.store().relations().contains { $0.name == "v" } == false)
    }

    @Test("parameters stand for values of their types, and a text for any") func parameters() throws {
        let store = try SampleStore.store()
        func count(_ condition: String, _ parameters: [FundValue]) throws -> [Int64?] {
            try store.query("select count(*) from claims where " + condition, parameters: parameters).column(at: 0).integers()
        }
        let day = try #require(CalendarDate(year: 2025, month: 7, day: 1))
        let since = try count("settled_at >= timestamp '2025-07-01 00:00:00'", [])
        #expect(since != [0])
        #expect(try count("settled_at >= $1", [.timestamp(try #require(LocalTimestamp(day)))]) == since)
        #expect(try count("settled_at >= $1", ["2025-07-01"]) == since)
        #expect(try count("amount > $1", [.decimal(try #require(ExactDecimal("20.50")))]) == count("amount > 20.50", []))
        #expect(try count("days_supply = $1 and sex = $2", [14, "male"]) == count("days_supply = 14 and sex = 'male'", []))
        #expect(try count("sex = $1", ["male' or 'a' = 'a"]) == [0])
        #expect(try count("sex = $1", [nil]) == [0])
        #expect(failure { _ = try count("sex = $1", ["male", "female"]) } != nil)
        #expect(failure { _ = try count("sex = $1 and visit_type = $2", ["male"]) } != nil)
        #expect(failure { _ = try count("settled_at >= $1", ["no time"]) }?.kind == .query)
    }

    @Test("a stream gives the rows of the query in order, and stops where its reader stops") func streaming() throws {
        let store = try SampleStore.store()
        let text = "select claim_id, line_id, amount from claims where amount > $1"
        let whole = try store.query(text, parameters: [10])
        var ids: [String?] = []
        var batchesAgree = true
        try store.stream(text, parameters: [10]) { batch in
            ids += try batch.column("claim_id").texts()
            batchesAgree = batchesAgree && batch.rowCount > 0 && batch.columns.map(\.description) == whole.columns
        }
        #expect(batchesAgree)
        #expect(ids == (try whole.column("claim_id").texts()))

        var kept: [String?] = []
        try whole.forEachBatch { kept += try $0.column("claim_id").texts() }
        #expect(kept == ids)

        struct Enough: Error {}
        var calls = 0
        #expect(throws: Enough.self) {
            try store.stream("select * from generate_series(1, 300000) as g(n)") { _ in
                calls += 1
                throw Enough()
            }
        }
        #expect(calls == 1)
        #expect(throws: Enough.self) { try whole.forEachBatch { _ in throw Enough() } }
        #expect(failure { try store.stream("show tables") { _ in } }?.kind == .usage)
        #expect(failure { try store.stream("select nothing from claims") { _ in } }?.kind == .query)
        // An error of a reading in the closure comes through as it is.
        #expect(failure { try store.stream(text, parameters: [10]) { _ = try $0.column("amount").texts() } }?.kind == .usage)
    }

    @Test("statements of one text run in order and change the store") func executing() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.fresh(folder)
        try store.ingest(Project.path("SampleData/institutions.csv"), into: "institutions")
        let answers = try store.execute(
            "create table levels as select level, count(*) as n from institutions group by 1; select sum(n) as n from levels; drop table levels")
        #expect(answers.count == 3)
        guard case .rows(let rows) = answers[1] else {
            Issue.record("a query gave no rows")
            return
        }
        #expect(try rows.column("n").decimals() == [ExactDecimal(unscaled: 65, scale: 0)])
        #expect(try store.relations().contains { $0.name == "levels" } == false)
        #expect(failure { try store.execute("select 1; copy institutions to '\(folder.path("x.csv"))'") }?.kind == .usage)
        #expect(folder.names(in: "").contains("x.csv") == false)
        try store.execute("create view v as select 1 as a")
        #expect(try store.query("select a from v").column(at: 0).integers() == [1])
    }

    @Test("files are read where the options let them be, and not where they do not") func readingFiles() throws {
        let store = try SampleStore.store()
        let text = "select count(*) from read_csv('\(Project.path("SampleData/truth.csv"))')"
        #expect(try store.query(text).column(at: 0).integers() == [22])
        #expect(failure { _ = try store.changing { $0.readsFiles = false }.query(text) } != nil)
    }

    @Test("lines of a file are left out only where somebody is told of them") func notices() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.store()
        try folder.write("bad.csv", "a,b\n1,2\n3\n")
        let text = "select a from read_csv('\(folder.path("bad.csv"))', ignore_errors => true)"
        let refusal = failure { _ = try store.query(text) }
        #expect(refusal?.kind == .badData && refusal?.message.contains("bad.csv:3:2: expected 2 fields, found 1") == true)
        let told = Mutex<[String]>([])
        let listening = try store.changing { $0.onNotice = { notice in told.withLock { $0.append(notice) } } }
        #expect(try listening.query(text).column(at: 0).integers() == [1])
        try listening.execute("create view left_out as \(text); select count(*) from left_out; drop view left_out")
        try listening.stream(text) { _ in }
        let notices = told.withLock { $0 }
        #expect(notices.count == 4 && Set(notices).count == 1)
        #expect(notices[0].contains("read_csv left out 1 of 2 lines (field_count 1)"))
    }

    @Test("a file is read once for all calls, and again when it has changed") func readingOnce() throws {
        let folder = try TemporaryFolder()
        let store = try SampleStore.store()
        let path = folder.path("numbers.csv")
        func value(_ text: String, writtenAt seconds: Double) throws -> Int64? {
            try folder.write("numbers.csv", "n\n\(text)\n")
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
            return try store.query("select n from read_csv('\(path)')").column(at: 0).integers()[0]
        }
        #expect(try value("1", writtenAt: 1_000_000) == 1)
        // Other bytes under the same size and time: whoever read it again would see them.
        #expect(try value("2", writtenAt: 1_000_000) == 1)
        #expect(try value("3", writtenAt: 2_000_000) == 3)
    }
}
