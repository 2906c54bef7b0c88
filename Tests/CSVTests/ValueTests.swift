import CSV
import Columns
import Testing

@Suite("Typed values")
struct ValueTests {
    private func value(_ field: String, _ type: LogicalType) throws -> (value: String?, reason: RejectReason?) {
        // A second column keeps a blank field from being a blank line; a leading row settles no date form.
        let parsed = try ParsedFile(
            "a,b\n\"\(field)\",1\n", types: [type, .text], options: CSVOptions(delimiter: 0x2C, hasHeader: true))
        return (parsed.rows.first?[0], parsed.rejects.first?.reason)
    }

    @Test(
        "decimals are exact",
        arguments: [
            ("0", "0.00"), ("12", "12.00"), ("12.5", "12.50"), ("12.50", "12.50"), ("-12.50", "-12.50"),
            ("+3", "3.00"), ("12.500000", "12.50"), (".5", "0.50"), ("5.", "5.00"), ("00012.10", "12.10"),
            (" 7 ", "7.00"), ("\t7.25 ", "7.25"), ("99999999999999.99", "99999999999999.99"),
            ("-99999999999999.99", "-99999999999999.99"), ("1234567", "1234567.00"), ("12345678", "12345678.00"),
            ("123456.78", "123456.78"), ("-0.01", "-0.01"), ("0.10000000000000000000000000", "0.10"),
            ("0000000000000000000000001", "1.00"),
        ])
    func decimals(field: String, expected: String) throws {
        let result = try value(field, .numeric(precision: 16, scale: 2))
        #expect(result.value == expected)
        #expect(result.reason == nil)
    }

    @Test(
        "what is no decimal of the type is rejected",
        arguments: [
            ("1,234.50", .notANumber), ("¥12", .notANumber), ("1e3", .notANumber), ("1.2.3", .notANumber),
            ("1 2", .notANumber), ("--1", .notANumber), ("-", .notANumber), (".", .notANumber), ("abc", .notANumber),
            ("12.345", .tooManyDecimals), ("0.001", .tooManyDecimals), ("100000000000000", .numberTooLarge),
            ("99999999999999999999999", .numberTooLarge), ("1/2", .notANumber), ("1:2", .notANumber),
        ] as [(String, RejectReason)])
    func notDecimals(field: String, reason: RejectReason) throws {
        #expect(try value(field, .numeric(precision: 16, scale: 2)).reason == reason)
    }

    @Test("every short decimal equals the plain reading of it")
    func decimalsAgainstReference() throws {
        var generator = SeededGenerator(seed: 11)
        var fields: [String] = []
        for _ in 0..<20_000 {
            let length = Int.random(in: 1...10, using: &generator)
            fields.append(String((0..<length).map { _ in "0123456789.-+ x".randomElement(using: &generator)! }))
        }
        let parsed = try ParsedFile(
            "a,b\n" + fields.map { "\($0),x\n" }.joined(), types: [.numeric(precision: 9, scale: 3)],
            options: CSVOptions(delimiter: 0x2C, hasHeader: true))
        let expected = fields.map { reference($0, precision: 9, scale: 3) }
        #expect(parsed.rows.map { $0[0] } == expected.compactMap { $0 })
        #expect(parsed.rejects.count == expected.count { $0 == nil })
    }

    /// nil for a reject, `.some(nil)` for NULL.
    private func reference(_ field: String, precision: Int, scale: Int) -> String?? {
        let trimmed = String(field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        if trimmed.isEmpty { return .some(nil) }
        guard let (unscaled, foundScale) = DecimalText.parse(trimmed) else { return nil }
        var value = unscaled
        if foundScale > scale {
            let divisor = DecimalText.powers128[foundScale - scale]
            guard value % divisor == 0 else { return nil }
            value /= divisor
        } else {
            value *= DecimalText.powers128[scale - foundScale]
        }
        guard value.magnitude < DecimalText.powers128[precision].magnitude else { return nil }
        return .some(DecimalText.string(unscaled: value, scale: scale))
    }

    @Test(
        "whole numbers",
        arguments: [
            ("0", .bigint, "0"), ("-9223372036854775808", .bigint, "-9223372036854775808"),
            ("9223372036854775807", .bigint, "9223372036854775807"), ("+12", .bigint, "12"), (" 12 ", .bigint, "12"),
            ("2147483647", .integer, "2147483647"), ("007", .bigint, "7"),
        ] as [(String, LogicalType, String)])
    func wholeNumbers(field: String, type: LogicalType, expected: String) throws {
        #expect(try value(field, type).value == expected)
    }

    @Test(
        "what is no whole number is rejected",
        arguments: [
            ("9223372036854775808", .bigint, .numberTooLarge), ("2147483648", .integer, .numberTooLarge),
            ("-2147483649", .integer, .numberTooLarge), ("1.0", .bigint, .notANumber), ("", .bigint, nil),
            ("-", .bigint, .notANumber), ("1e5", .bigint, .notANumber),
        ] as [(String, LogicalType, RejectReason?)])
    func notWholeNumbers(field: String, type: LogicalType, reason: RejectReason?) throws {
        #expect(try value(field, type).reason == reason)
    }

    @Test(
        "doubles are correctly rounded",
        arguments: [
            "1.5", "0.1", "1e22", "1.7976931348623157e308", "5e-324", "123456789012345678", "-2.5E-3",
            "0.30000000000000004",
            "9007199254740993", "1e23",
        ])
    func doubles(field: String) throws {
        #expect(try value(field, .double).value == "\(Double(field)!)")
    }

    @Test("what results have for what is no number is read back", arguments: [("NaN", "nan"), ("nan", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf"), (" inf ", "inf"), ("-INF", "-inf")])
    func words(field: String, expected: String) throws {
        #expect(try value(field, .double).value == expected)
    }

    @Test("what is no double is rejected", arguments: ["nano", "infinite", "in", "--inf", "0x10", "1e", "1e400", "1_000", "e5"])
    func notDoubles(field: String) throws {
        #expect(try value(field, .double).reason != nil)
    }

    @Test("booleans", arguments: [("true", "true"), ("F", "false"), ("Yes", "true"), ("0", "false"), (" on ", "true")])
    func booleans(field: String, expected: String) throws {
        #expect(try value(field, .boolean).value == expected)
    }

    @Test(
        "dates in three forms, each with an optional time",
        arguments: [
            ("2025-01-03", "2025-01-03"), ("20250103", "2025-01-03"), ("2025/1/3", "2025-01-03"),
            ("2025/01/03", "2025-01-03"), ("2025-01-03 08:04:38", "2025-01-03"), ("2025-01-03T08:04:38", "2025-01-03"),
            ("20250103 08:04:38", "2025-01-03"), ("2025/1/3T8:04:38", "2025-01-03"), ("2024-02-29", "2024-02-29"),
            ("2000-02-29", "2000-02-29"), ("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31"),
            ("1970-01-01", "1970-01-01"), ("1899-12-30", "1899-12-30"), (" 2025-01-03 ", "2025-01-03"),
        ])
    func dates(field: String, expected: String) throws {
        #expect(try value(field, .date).value == expected)
    }

    @Test(
        "what is no date is rejected",
        arguments: [
            "2025-02-30", "2023-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-01-00", "0000-01-01",
            "2025-1-3",
            "2025-01-03 24:00:00", "2025-01-03 08:60:00", "2025-01-03x", "2025-01-03 ", "20251301", "2025013",
            "03/01/2025",
            "2025.01.03", "2025-01-03 08:04", "abcd-ef-gh", "2025-01-0:",
        ])
    func notDates(field: String) throws {
        // Blanks around are trimmed, so only that one is a date.
        #expect(try value(field, .date).reason == (field == "2025-01-03 " ? nil : .notADate))
    }

    @Test(
        "timestamps, with up to six digits of a second",
        arguments: [
            ("2025-01-03 08:04:38", "2025-01-03 08:04:38"), ("2025-01-03T23:59:59", "2025-01-03 23:59:59"),
            ("2025-01-03", "2025-01-03 00:00:00"), ("20250103 080438", nil),
            ("20250103T08:04:38", "2025-01-03 08:04:38"),
            ("2025-01-03 08:04:38.5", "2025-01-03 08:04:38.500000"),
            ("2025-01-03 08:04:38.000001", "2025-01-03 08:04:38.000001"), ("2025-01-03 08:04:38.0000001", nil),
            ("1969-12-31 23:59:59", "1969-12-31 23:59:59"), ("2025-01-03 08:04:61", nil),
        ] as [(String, String?)])
    func timestamps(field: String, expected: String?) throws {
        #expect(try value(field, .timestamp).value == expected)
    }

    @Test("every day of four centuries reads as the calendar says")
    func everyDay() throws {
        let first = CivilDate(year: 1799, month: 12, day: 31).daysSinceEpoch
        let days = Array(first..<(first + 146_200))
        let text = days.map { day -> String in
            let date = CivilDate(daysSinceEpoch: day)
            let month = date.month < 10 ? "0\(date.month)" : "\(date.month)"
            let dayText = date.day < 10 ? "0\(date.day)" : "\(date.day)"
            return "\(date.year)-\(month)-\(dayText),x\n"
        }
        let file = try TemporaryFile("d,x\n" + text.joined())
        let reader = try CSVReader(path: file.path)
        let plan = try CSVParsePlan(requests: [CSVColumnRequest(fileColumn: 0, name: "d", type: .date)])
        let parsed = try #require(try reader.nextChunk()).parse(plan)
        #expect(parsed.columns[0].values == .int32(days.map { Int32($0) }))
        #expect(parsed.columns[0].validity == .allPresent)
    }

    @Test("messages quote numbers")
    func messages() throws {
        let parsed = try ParsedFile("amount\n\"1,234.50\"\n", types: [.numeric(precision: 16, scale: 2)])
        #expect(
            parsed.rejects.map(\.message) == [
                "amount \"1,234.50\" is not a decimal; expected digits and at most one point, such as 1234.50"
            ])
    }

    @Test(
        "messages about dates and times give the shape, never the value",
        arguments: [
            ("1990-13-01", .date, "\"9999-99-99\" is not a date that exists"),
            ("1990-12-01 25:00:00", .date, "\"9999-99-99 99:99:99\" is not a date that exists"),
            ("1990/2/3", .date, "\"9999/9/9\" is a date in another format than the file's first in this column, "
                + "such as 2025-01-03"),
            ("born 3 May", .date, "\"aaaa 9 aaa\" is not a date; expected a form such as 2025-01-31"),
            ("一九九〇年１月", .date, "\"aaaaa9a\" is not a date; expected a form such as 2025-01-31"),
            (
                String(repeating: "1-é", count: 20), .date,
                "\"\(String(repeating: "9-a", count: 13))9…\" is not a date; expected a form such as 2025-01-31"
            ),
            ("1990-02-30 01:02:03", .timestamp, "\"9999-99-99 99:99:99\" is not a time that exists"),
            (
                "1990-02-03X7", .timestamp,
                "\"9999-99-99a9\" is not a time; expected a form such as 2025-01-31 08:04:38"
            ),
        ] as [(String, LogicalType, String)])
    func shapes(field: String, type: LogicalType, expected: String) throws {
        let parsed = try ParsedFile("born,x\n2025-01-03,1\n\(field),1\n", types: [type])
        #expect(parsed.rejects.map(\.message) == ["born of the form \(expected)"])
    }
}
