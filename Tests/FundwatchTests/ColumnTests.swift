import Fundwatch
import Testing

@Suite("Typed columns")
struct ColumnTests {
    /// A value of each type, and NULL.
    static let everyType = """
        select 7 as i, 9000000000 as b, 12.50::numeric(14,2) as n, -12345678901234567890.125::numeric(30,3) as w,
               0.5::double precision as d, '处方 "x"' as t, true as f, date '2025-01-31' as day,
               timestamp '1969-12-31 23:59:59.5' as moment, interval '1 month 2 days 3 hours' as span
        union all
        select null, null, null, null, null, null, null, null, null, null
        """

    @Test("each type is read as its own, with NULLs") func everyTypeIsRead() throws {
        let answer = try SampleStore.store().query(Self.everyType)
        #expect(answer.rowCount == 2)
        #expect(answer.columns.map(\.name) == ["i", "b", "n", "w", "d", "t", "f", "day", "moment", "span"])
        #expect(answer.columns.map(\.type) == [
            .integer, .bigint, .numeric(precision: 14, scale: 2), .numeric(precision: 30, scale: 3), .double, .text, .boolean, .date,
            .timestamp, .interval,
        ])
        #expect(try answer.column("i").integers() == [7, nil])
        #expect(try answer.column("b").integers() == [9_000_000_000, nil])
        #expect(try answer.column("n").decimals() == [ExactDecimal(unscaled: 1250, scale: 2), nil])
        let (unscaled, scale) = try answer.column("w").unscaledDecimals()
        #expect(unscaled == [-12_345_678_901_234_567_890_125, nil])
        #expect(scale == 3)
        #expect(try answer.column("d").doubles() == [0.5, nil])
        #expect(try answer.column("t").texts() == ["处方 \"x\"", nil])
        #expect(try answer.column("f").booleans() == [true, nil])
        #expect(try answer.column("day").dates() == [CalendarDate(year: 2025, month: 1, day: 31), nil])
        #expect(try answer.column("moment").timestamps() == [LocalTimestamp(microsecondsSince1970: -500_000), nil])
        #expect(try answer.column("span").intervals() == [CalendarInterval(months: 1, days: 2, microseconds: 10_800_000_000), nil])
        for index in answer.columns.indices {
            let column = try answer.column(at: index)
            #expect(column.nulls == [false, true])
            #expect(column.nullCount == 1)
            #expect(column.values().last == .null)
            #expect(column.strings().last == .some(nil))
        }
        #expect(try answer.rows()[0].map(\.description) == [
            "7", "9000000000", "12.50", "-12345678901234567890.125", "0.5", "处方 \"x\"", "true", "2025-01-31", "1969-12-31 23:59:59.5",
            "1 mon 2 days 03:00:00",
        ])
    }

    @Test("exact numbers widen to decimals and doubles; nothing else is converted") func conversions() throws {
        let answer = try SampleStore.store().query(Self.everyType)
        #expect(try answer.column("b").decimals() == [ExactDecimal(unscaled: 9_000_000_000, scale: 0), nil])
        #expect(try answer.column("n").doubles() == [12.5, nil])
        #expect(try answer.column("i").doubles() == [7, nil])
        for (name, reading) in [("integers", { try $0.integers().count }), ("booleans", { try $0.booleans().count }),
            ("texts", { try $0.texts().count }), ("dates", { try $0.dates().count }), ("timestamps", { try $0.timestamps().count }),
            ("intervals", { try $0.intervals().count }),
        ] as [(String, (AnswerColumn) throws -> Int)] {
            let error = try #require(failure { _ = try reading(try answer.column("n")) }, "\(name)")
            #expect(error.kind == .usage)
            #expect(error.message == "column \"n\" is numeric(14,2), which \(name)() does not read")
            #expect(error.mend == "read it with decimals(), or cast it in the query")
        }
        #expect(failure { _ = try answer.column("t").doubles() }?.kind == .usage)
        #expect(failure { _ = try answer.column("d").decimals() }?.kind == .usage)
    }

    @Test("a column that is not there, or twice, is said with what is") func columnNames() throws {
        let answer = try SampleStore.store().query("select 1 as claims, 2 as a, 3 as a")
        #expect(failure { _ = try answer.column("claim") }?.mend == "did you mean \"claims\"?")
        #expect(failure { _ = try answer.column("something") }?.mend == "its columns are claims, a, a")
        #expect(failure { _ = try answer.column("a") }?.message == "2 columns of the answer are called \"a\"")
        #expect(try answer.column(at: 2).integers() == [3])
    }

    @Test("stored columns of every shape read as the program prints them") func storedShapes() throws {
        let store = try SampleStore.store()
        // Codes, identifiers, plain text, constants and runs; dates, times, money.
        let answer = try store.query("select *, claim_id || line_id as joined, 'k' as constant from claims where amount > 20")
        let printed = try Program.rows(
            try SampleStore.path(), ["sql", "select count(*), count(distinct claim_id || line_id), sum(amount) from claims where amount > 20"])
        let joined = try answer.column("joined").texts()
        let (cents, scale) = try answer.column("amount").unscaledDecimals()
        let total = ExactDecimal(unscaled: cents.reduce(0) { $0 + ($1 ?? 0) }, scale: scale)
        #expect(printed == ["\(answer.rowCount),\(Set(joined).count),\(total)"])
        for description in answer.columns {
            let column = try answer.column(description.name)
            #expect(column.count == answer.rowCount)
            let strings = column.strings()
            #expect(column.nulls == strings.map { $0 == nil }, "\(description.name)")
            let typed: [String?] =
                switch description.type {
                case .text: try column.texts()
                case .integer, .bigint: try column.integers().map { $0.map(String.init) }
                case .numeric: try column.decimals().map { $0?.description }
                case .date: try column.dates().map { $0?.description }
                case .timestamp: try column.timestamps().map { $0?.description }
                default: column.values().map { $0 == .null ? nil : $0.description }
                }
            #expect(typed == strings, "\(description.name)")
        }
    }

    @Test("no rows give empty columns of their types") func noRows() throws {
        let answer = try SampleStore.store().query("select claim_id, amount from claims where false")
        #expect(answer.rowCount == 0)
        #expect(try answer.column("claim_id").texts().isEmpty)
        #expect(try answer.column("amount").unscaledDecimals().unscaled.isEmpty)
        #expect(try answer.rows().isEmpty)
    }

    @Test("a bare NULL is a text") func bareNull() throws {
        let answer = try SampleStore.store().query("select null as nothing")
        #expect(answer.columns[0].type == .text)
        #expect(try answer.column("nothing").texts() == [nil])
    }
}
