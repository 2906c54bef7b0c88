import CSV
import Columns
import Testing

@Suite("Records and fields")
struct RecordTests {
    @Test(
        "fields are split as written",
        arguments: [
            ("a,b\n1,2\n", [["1", "2"]]),
            ("a,b\n1,2", [["1", "2"]]),
            ("a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]),
            ("a,b\n\n1,2\n\r\n\n3,4\n\n", [["1", "2"], ["3", "4"]]),
            ("a,b\n\"x,y\",2\n", [["x,y", "2"]]),
            ("a,b\n\"x\"\"y\",\"\"\"\"\n", [["x\"y", "\""]]),
            ("a,b\n\"x\ny\",2\n3,4\n", [["x\ny", "2"], ["3", "4"]]),
            ("a,b\r\n\"x\r\ny\",\"2\"\r\n3,\"4\"\r\n", [["x\r\ny", "2"], ["3", "4"]]),
            ("a,b\nx\"y\",2\"\n", [["x\"y\"", "2\""]]),
            ("a,b\n5\"x,\"6\"\n", [["5\"x", "6"]]),
            ("a,b\nx\ry,2\n", [["x\ry", "2"]]),
            ("a,b\n 1 ,2 \n", [[" 1 ", "2 "]]),
        ] as [(String, [[String]])])
    func splits(text: String, expected: [[String]]) throws {
        let parsed = try ParsedFile(text, options: CSVOptions(delimiter: 0x2C, hasHeader: true))
        #expect(parsed.rows == expected.map { $0.map { Optional($0) } })
        #expect(parsed.rejects.isEmpty)
    }

    @Test("a blank line is the one field of a column alone, and NULL, as the tool writes it") func blankLineOfOneColumn() throws {
        for text in ["a\n1\n\n2\n", "a\r\n1\r\n\r\n2", "a\r1\r\r2\r"] {
            #expect(try ParsedFile(text, options: CSVOptions(hasHeader: true)).rows == [["1"], [nil], ["2"]])
        }
    }

    @Test("an unquoted empty field is NULL, a quoted one an empty string in text and NULL elsewhere")
    func emptyFields() throws {
        let parsed = try ParsedFile(
            "a,b,c,d\n,,,\n\"\",\"\",\"\",\"\"\n",
            types: [.text, .bigint, .date, .numeric(precision: 8, scale: 2)])
        #expect(parsed.rows == [[nil, nil, nil, nil], ["", nil, nil, nil]])
    }

    @Test("null tokens count unquoted only, in all columns")
    func nullTokens() throws {
        let parsed = try ParsedFile(
            "a,b\nNA,NA\n\"NA\",3\nNAN,\\N\n", types: [.text, .bigint], options: CSVOptions(nullTokens: ["NA", "\\N"]))
        #expect(parsed.rows == [[nil, nil], ["NA", "3"], ["NAN", nil]])
    }

    @Test("a wrong number of fields rejects the row with its line, its neighbours stay")
    func fieldCount() throws {
        let parsed = try ParsedFile("a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n10,11,12\n")
        #expect(parsed.rows == [["1", "2", "3"], ["10", "11", "12"]])
        #expect(parsed.lines == [2, 6])
        #expect(parsed.rejects.map(\.line) == [3, 5])
        #expect(parsed.rejects.map(\.message) == ["expected 3 fields, found 2", "expected 3 fields, found 4"])
        #expect(parsed.rejects.map { String(decoding: $0.raw, as: UTF8.self) } == ["4,5", "6,7,8,9"])
        #expect(parsed.rejects.allSatisfy { $0.reason == .fieldCount && $0.column == nil })
    }

    @Test("records of several lines count their lines")
    func multiLineNumbers() throws {
        let parsed = try ParsedFile("a,b\n\"1\n1\n1\",2\n3,4\n\"5\n\",x,y\n7,8\n")
        #expect(parsed.lines == [2, 5, 8])
        #expect(parsed.rejects.map(\.line) == [6])
        #expect(String(decoding: parsed.rejects[0].raw, as: UTF8.self) == "\"5\n\",x,y")
    }

    @Test("text after a closing quote rejects that row only")
    func textAfterQuote() throws {
        let parsed = try ParsedFile("a,b\n1,2\n\"x\"y,3\n4,\"5\" \n6,7\n")
        #expect(parsed.rows == [["1", "2"], ["6", "7"]])
        #expect(parsed.rejects.map(\.reason) == [.textAfterQuote, .textAfterQuote])
        #expect(parsed.rejects.map(\.line) == [3, 4])
        #expect(parsed.rejects[0].message == "unexpected text after a closing quote")
    }

    @Test(
        "an unclosed quote costs its own line",
        arguments: [
            "a,b\n1,2\n3,\"x\n4,5\n6,7\n",
            "a,b\n1,2\n3,\"x\n4,5\n6,7",
            "a,b\n1,2\n3,\"x\n4,\"5\"\n6,7\n",
            "a,b\r\n1,2\r\n3,\"x\r\n4,\"5\"\r\n6,7\r\n",
        ])
    func unclosedQuote(text: String) throws {
        let parsed = try ParsedFile(text)
        #expect(parsed.rows == [["1", "2"], ["4", "5"], ["6", "7"]])
        #expect(parsed.lines == [2, 4, 5])
        #expect(parsed.rejects.count == 1)
        #expect(parsed.rejects[0].reason == .unclosedQuote)
        #expect(parsed.rejects[0].line == 3)
        #expect(String(decoding: parsed.rejects[0].raw, as: UTF8.self) == "3,\"x")
    }

    @Test(
        "a quoted field of more than a mebibyte counts as unclosed, whatever the chunk size", arguments: [64, 1 << 24])
    func quotedFieldLimit(chunkSize: Int) throws {
        let limit = 1 << 20
        for length in [limit - 2, limit - 1, limit, limit + 1] {
            // The closing quote stands `length + 1` bytes after the opening one; lines of 8 bytes without commas.
            let content = String(repeating: "1234567\n", count: length / 8) + String(repeating: "x", count: length % 8)
            let parsed = try ParsedFile(
                "a,b\n0,0\n1,\"\(content)\"\n2,3\n", options: CSVOptions(chunkSize: chunkSize))
            if length + 1 <= limit {
                #expect(parsed.rejects.isEmpty)
                #expect(parsed.rows.count == 3)
                #expect(parsed.rows[1][1]?.utf8.count == length)
            } else {
                #expect(parsed.rejects[0].reason == .unclosedQuote)
                #expect(parsed.rejects[0].line == 3)
                #expect(parsed.rows == [["0", "0"], ["2", "3"]])
            }
        }
    }

    @Test("a quoted field of one line that is longer is named so, and costs its line alone", arguments: [64, 1 << 24])
    func longField(chunkSize: Int) throws {
        let content = String(repeating: "1,\"\"", count: 300_000)
        let parsed = try ParsedFile("a,b\n0,0\n1,\"\(content)\"\n2,\"3\"\n4,\"5\n", options: CSVOptions(chunkSize: chunkSize))
        #expect(parsed.rows == [["0", "0"], ["2", "3"]])
        #expect(parsed.rejects.map(\.reason) == [.fieldTooLong, .unclosedQuote])
        #expect(parsed.rejects.map(\.line) == [3, 5])
        #expect(parsed.rejects[0].message == "a quoted field of more than 1 MiB")
    }

    @Test("NUL bytes and bytes that are no UTF-8 reject their row")
    func badBytes() throws {
        var bytes = Array("a,b\n1,中\n2,x\u{0}y\n3,".utf8)
        bytes += [0xE4, 0xB8] + Array("\n4,中文\n5,中\n".utf8)
        let parsed = try ParsedFile(bytes, options: CSVOptions(encoding: .utf8))
        #expect(parsed.rows == [["1", "中"], ["4", "中文"], ["5", "中"]])
        #expect(parsed.rejects.map(\.reason) == [.nulByte, .invalidEncoding])
        #expect(parsed.rejects.map(\.line) == [3, 4])
        #expect(parsed.rejects.map(\.column) == ["b", "b"])
        #expect(parsed.rejects[1].raw == [0x33, 0x2C, 0xE4, 0xB8])
    }

    @Test("an empty field is NULL, and missing where it must be there, also after a quoted one has made the empty string known")
    func emptyAfterQuoted() throws {
        let names = (0..<60).map { $0 == 1 ? "\"\"" : $0 % 7 == 4 ? "" : "Beta\($0)" }
        let text = "t,x\n" + names.enumerated().map { "\($1),\($0)\n" }.joined()
        let parsed = try ParsedFile(text)
        #expect(parsed.rows.map { $0[0] } == names.map { $0.isEmpty ? nil : $0 == "\"\"" ? "" : $0 })
        let required = try ParsedFile(text, required: [0])
        #expect(required.rejects.count == names.count { $0.isEmpty })
        #expect(required.rows.count == names.count { !$0.isEmpty })
    }

    @Test("required columns and identifiers in scientific notation reject the row")
    func requiredAndScientific() throws {
        let parsed = try ParsedFile(
            "id,v\nA1,1\n,2\n1.23E+19,3\n-4e+05,4\n1.E+5,5\n\"\",6\n1E+,7\n00045291012721E6,8\n20E5,9\n8E1,10\n12E+3,11\n9.7002025E19,12\n12.50e3,13\n", required: [0], identifiers: [0])
        #expect(parsed.rows.map { $0[1] } == ["1", "5", "6", "7", "8", "9", "10", "11"])
        #expect(parsed.rejects.map(\.reason) == [.missingValue, .scientificNotation, .scientificNotation, .scientificNotation, .scientificNotation])
        #expect(parsed.rejects[0].message == "missing value in required column id")
        #expect(parsed.rejects[1].message == "scientific notation in identifier id")
    }

    @Test("the leftmost fault of a row is told, once")
    func leftmostFault() throws {
        let parsed = try ParsedFile("a,b,c\nx,y,z\n1,2,3\n", types: [.bigint, .bigint, .bigint])
        #expect(parsed.rejects.count == 1)
        #expect(parsed.rejects[0].column == "a")
        #expect(parsed.rejects[0].fileColumn == 0)
        #expect(parsed.rows == [["1", "2", "3"]])
    }

    @Test("text entries appear in order and distinct, those of rejected rows among them")
    func entries() throws {
        let file = try TemporaryFile("a,b\nx,1\ny,no\nz,2\nx,3\n")
        let reader = try CSVReader(path: file.path)
        let plan = try CSVParsePlan(requests: [
            CSVColumnRequest(fileColumn: 1, name: "b", type: .bigint),
            CSVColumnRequest(fileColumn: 0, name: "a", type: .text),
        ])
        let parsed = try #require(try reader.nextChunk()).parse(plan)
        #expect(parsed.columns[0].values == .int64([1, 2, 3]))
        var entries = StringColumn()
        for text in ["x", "y", "z"] { entries.append(text) }
        #expect(parsed.columns[1].values == .text(codes: [0, 2, 0], entries: entries, knownCount: 0))
        #expect(parsed.recordCount == 4)
        let fewer = parsed.removing(rows: [0, 2])
        #expect(fewer.rowCount == 1)
        #expect(fewer.line(row: 0) == 4)
        #expect(fewer.rawText(row: 0) == Array("z,2".utf8))
        let reject = parsed.reject(row: 2, reason: .duplicate, message: "again")
        #expect(reject.line == 5)
        #expect(reject.raw == Array("x,3".utf8))
    }

    @Test("long raw text is cut at a character and marked", arguments: ["", "x", "xx"])
    func rawLimit(prefix: String) throws {
        let limit = RejectedRow.rawLimit
        let mark = Array(" …(cut)".utf8)
        for length in [limit - 2, limit - 1, limit, limit + 1, limit + 2, 100_000] {
            let record = Array(prefix.utf8) + [UInt8](repeating: 0x78, count: length - prefix.utf8.count)
            let reject = try ParsedFile(Array("a,b\n".utf8) + record + Array("\n1,2\n".utf8)).rejects[0]
            #expect(reject.raw == (length <= limit ? record : Array(record.prefix(limit)) + mark))
        }
        let record = prefix + String(repeating: "药", count: 30_000)
        let file = try TemporaryFile("a,b\n\(record)\n\(record),1\n")
        let reader = try CSVReader(path: file.path)
        let requests = [CSVColumnRequest(fileColumn: 1, name: "b", type: .bigint)]
        let parsed = try #require(try reader.nextChunk()).parse(requests)
        let front = (limit - prefix.utf8.count) / 3
        let expected = prefix + String(repeating: "药", count: front) + RejectedRow.cutMark
        #expect(String(validating: parsed.rejects[0].raw, as: UTF8.self) == expected)
        #expect(String(validating: parsed.rawText(row: 0), as: UTF8.self) == expected)
    }

    @Test("records of very many fields are counted, not crashed on")
    func manyFields() throws {
        let commas = String(repeating: ",", count: 1_000_000)
        let parsed = try ParsedFile("a,b\n1,2\n\(commas)\n3,4\n")
        #expect(parsed.rejects.map(\.message) == ["expected 2 fields, found 1000001"])
        #expect(parsed.rows == [["1", "2"], ["3", "4"]])
        #expect(parsed.lines == [2, 4])
    }

    @Test("a short text with a NUL is refused, also after the same text without one") func shortNul() throws {
        let parsed = try ParsedFile(Array("a,b\nM,1\nM\0,2\nM,3\nMN,4\n".utf8))
        #expect(parsed.rows.map { $0[0] } == ["M", "M", "MN"])
        #expect(parsed.rejects.map(\.reason) == [.nulByte])
    }

    @Test("a digit as the quote is a quote in columns of numbers too") func digitQuote() throws {
        var options = CSVOptions()
        options.quote = 0x31
        let parsed = try ParsedFile(
            Array("a,b\n2,x\n171,y\n3,z\n".utf8), types: [.numeric(precision: 12, scale: 2)], options: options)
        #expect(parsed.rows.map { $0[0] } == ["2.00", "7.00", "3.00"])
    }
}
