import CSV
import Columns
import Testing

@Suite("Types of unknown tables")
struct InferenceTests {
    private func type(_ values: [String], chunkSize: Int = 1 << 20, nullTokens: [String] = []) throws -> LogicalType {
        let file = try TemporaryFile("a,b\n" + values.map { "\($0),x\n" }.joined())
        let reader = try CSVReader(
            path: file.path,
            options: CSVOptions(delimiter: 0x2C, hasHeader: true, nullTokens: nullTokens, chunkSize: chunkSize))
        return try TypeSummary.ofWholeFile(reader).types[0]
    }

    @Test(
        "the narrowest type that holds all values",
        arguments: [
            (["1", "-5", ""], .bigint),
            (["1", "2.5", "-10.25"], .numeric(precision: 4, scale: 2)),
            (["0.5", ".25"], .numeric(precision: 2, scale: 2)),
            (["1", "2e3"], .double), (["1.5E+2", "-3e-7"], .double), (["1e400"], .text), (["1e-400"], .text),
            (["123456789012345", "1e3"], .double), (["1234567890123456", "1e3"], .text), (["1e3", "0.1234567890123456"], .text),
            (["true", "FALSE", ""], .boolean),
            (["2025-01-03", "2024-02-29"], .date),
            (["2025-01-03", "2025-01-03 08:00:00"], .timestamp),
            (["2025/1/3", "2025/12/31"], .date),
            (["20250103", "20250104"], .bigint),
            (["20250103 08:00:00", "20250104"], .timestamp),
            (["2025-01-03", "2025/1/3"], .text),
            (["2025-02-30"], .text),
            (["1", "x"], .text),
            (["007"], .text), (["00"], .text), (["0", "10"], .bigint), (["+5"], .text),
            (["123456789012345678"], .bigint), (["1234567890123456789"], .text),
            (["12345678901234567", "0.25"], .text),
            (["1,5"].map { "\"\($0)\"" }, .text),
            (["\"12\"", "13"], .bigint),
            (["", "\"\""], .text),
            ([], .text),
            (["true", "1"], .text),
        ] as [([String], LogicalType)])
    func narrowest(values: [String], expected: LogicalType) throws {
        #expect(try type(values) == expected)
        #expect(try type(values, chunkSize: 1) == expected)
    }

    @Test("the last of many rows still counts")
    func allRows() throws {
        let many = [String](repeating: "12", count: 30_000)
        #expect(try type(many) == .bigint)
        #expect(try type(many + ["x"], chunkSize: 1000) == .text)
        #expect(try type(many + ["0012"], chunkSize: 1000) == .text)
        #expect(try type(many + ["3.25"], chunkSize: 1000) == .numeric(precision: 4, scale: 2))
    }

    @Test("null tokens have no say")
    func nullTokens() throws {
        #expect(try type(["1", "NA"]) == .text)
        #expect(try type(["1", "NA"], nullTokens: ["NA"]) == .bigint)
    }

    @Test("every value of a column can be read as the type found for it")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 31)
        let pools = [
            ["1", "-2", "300"], ["1.5", "2", "-0.125"], ["1e3", "2"], ["true", "false"], ["2025-01-01", "2025-12-31"],
            ["2025-01-01 00:00:00", "2025-01-02"], ["x", "1", "药"], ["", "5"],
        ]
        for _ in 0..<20 {
            let columns = (0..<5).map { _ in pools.randomElement(using: &generator)! }
            var text = "a,b,c,d,e\n"
            for _ in 0..<50 {
                text += columns.map { $0.randomElement(using: &generator)! }.joined(separator: ",") + "\n"
            }
            let file = try TemporaryFile(text)
            let options = CSVOptions(delimiter: 0x2C, hasHeader: true)
            let types = try TypeSummary.ofWholeFile(CSVReader(path: file.path, options: options)).types
            let parsed = try ParsedFile(text, types: types, options: options)
            #expect(parsed.rejects.isEmpty)
            #expect(parsed.rows.count == 50)
        }
    }
}
