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
            (["1.", "3."], .numeric(precision: 1, scale: 0)), (["5.", "20"], .numeric(precision: 2, scale: 0)),
            (["3.", "1.5"], .numeric(precision: 2, scale: 1)),
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

    @Test("whatever is nearly a number loads as the type found for it", arguments: 1...10 as ClosedRange<UInt64>)
    func nearNumbers(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<12 {
            let width = 6
            let alphabets = (0..<width).map { _ in NearNumbers(using: &random) }
            var text = "a,b,c,d,e,f\n"
            let rowCount = [1, 2, 3, 9, 40].randomElement(using: &random)!
            for _ in 0..<rowCount { text += alphabets.map { $0.field(using: &random) }.joined(separator: ",") + "\n" }
            let options = CSVOptions(delimiter: 0x2C, hasHeader: true, chunkSize: round % 2 == 0 ? 1 << 20 : 16)
            let file = try TemporaryFile(text)
            let types = try TypeSummary.ofWholeFile(CSVReader(path: file.path, options: options)).types
            let parsed = try ParsedFile(text, types: types, options: options)
            let said = parsed.rejects.map { "\($0.message) in \(types)" }
            #expect(said.isEmpty && parsed.rows.count == rowCount, "seed \(seed), round \(round)")
        }
    }

    /// Texts of one column: some forms of a number, a date or a boolean, and now and then nearly one.
    private struct NearNumbers {
        private let forms: [Int]
        private let isOdd: Bool

        init(using random: inout SeededGenerator) {
            forms = (0..<Int.random(in: 1...3, using: &random)).map { _ in Int.random(in: 0..<16, using: &random) }
            isOdd = Int.random(in: 0..<4, using: &random) == 0
        }

        func field(using random: inout SeededGenerator) -> String {
            var text = form(forms.randomElement(using: &random)!, using: &random)
            if isOdd, Int.random(in: 0..<4, using: &random) == 0 {
                var bytes = Array(text.utf8)
                bytes.insert(Array("0189.-+eET :/tf ".utf8).randomElement(using: &random)!, at: Int.random(in: 0...bytes.count, using: &random))
                text = String(decoding: bytes, as: UTF8.self)
            }
            switch Int.random(in: 0..<12, using: &random) {
            case 0: text = " " + text
            case 1: text += "\t "
            case 2: text = "\"\(text)\""
            case 3: text = ""
            default: break
            }
            return text
        }

        private func form(_ form: Int, using random: inout SeededGenerator) -> String {
            func digits(_ counts: ClosedRange<Int>) -> String {
                (0..<Int.random(in: counts, using: &random)).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            }
            let sign = ["", "", "-"].randomElement(using: &random)!
            let whole = sign + (digits(1...1) == "0" ? "0" : "\(Int.random(in: 1...9, using: &random))" + digits(0...8))
            switch form {
            case 0: return whole
            case 1: return whole + "."
            case 2: return sign + "." + digits(1...4)
            case 3, 4: return whole + "." + digits(1...4)
            case 5: return whole + ["e", "E"].randomElement(using: &random)! + ["", "+", "-"].randomElement(using: &random)! + digits(1...2)
            case 6: return whole + "." + digits(0...3) + "e" + digits(1...3)
            case 7: return sign + "\(Int.random(in: 1...9, using: &random))" + digits(7...18)
            case 8: return sign + "\(Int.random(in: 1...9, using: &random))" + digits(3...12) + "." + digits(0...12)
            case 9: return "." + digits(8...19)
            case 10: return sign + digits(1...3)
            case 11: return ["true", "FALSE", "t", "0", "1", "True"].randomElement(using: &random)!
            case 12: return "2025-0\(Int.random(in: 1...9, using: &random))-1\(digits(1...1))" + ["", " 08:04:05", "T23:59:59.5"].randomElement(using: &random)!
            case 13: return "2025/\(Int.random(in: 1...13, using: &random))/\(Int.random(in: 1...31, using: &random))" + ["", " 8:04:05"].randomElement(using: &random)!
            case 14: return "2025010\(digits(1...1))" + ["", " 08:04:05"].randomElement(using: &random)!
            default: return [".", "-", "-.", "+1", "e5", "1e", "1e+", "0x1", "00", "-0", "0.", "-.5", "1..2", "inf", "nan", "1_0"].randomElement(using: &random)!
            }
        }
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
