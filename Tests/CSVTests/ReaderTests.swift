import CSV
import Columns
import Diagnostics
import Foundation
import Glibc
import Synchronization
import Testing

@Suite("Reader")
struct ReaderTests {
    @Test(
        "the dialect is found from the first records",
        arguments: [
            ("a,b,c\n1,2,3\n", 0x2C, true), ("a;b;c\n1;2;3\n", 0x3B, true), ("a\tb\n1\t2,5\n", 0x09, true),
            ("a|b|c\nx, y|2|3\n", 0x7C, true), ("name\nx\ny\n", 0x2C, true), ("1,2\n3,4\n", 0x2C, false),
            ("2025-01-01,x\n2025-01-02,y\n", 0x2C, false), ("id,2024\nx,y\n", 0x2C, true),
            ("\"a;x\",\"b\"\n\"1;;;\",2\n", 0x2C, true), ("x,y\nz,w\n", 0x2C, true),
        ] as [(String, UInt8, Bool)])
    func dialect(text: String, delimiter: UInt8, hasHeader: Bool) throws {
        let file = try TemporaryFile(text)
        let reader = try CSVReader(path: file.path)
        #expect(reader.dialect == CSVDialect(delimiter: delimiter, quote: 0x22, hasHeader: hasHeader))
    }

    @Test("header names are trimmed and unquoted; without a header columns are numbered")
    func headers() throws {
        #expect(try ParsedFile(" a ,\"b \"\"x\"\"\",\"c,d\"\r\n1,2,3\r\n").header == ["a", "b \"x\"", "c,d"])
        let bare = try ParsedFile("x,y\n", options: CSVOptions(hasHeader: false))
        #expect(bare.header == ["column0", "column1"])
        #expect(bare.rows == [["x", "y"]])
        #expect(bare.lines == [1])
        let late = try ParsedFile("\n\na,b\n1,2\n")
        #expect(late.header == ["a", "b"])
        #expect(late.lines == [4])
    }

    @Test(
        "a file that leaves no pages behind is read whole, whatever its size",
        arguments: [0, 1, 4095, 4096, (4 << 20) - 5, 4 << 20, (4 << 20) + 1, (16 << 20) + 4096, (21 << 20) + 77])
    func pastTheCache(size: Int) throws {
        var bytes = Array("a,b\n".utf8)
        bytes.reserveCapacity(size + 40)
        var row = 0
        while bytes.count < size {
            bytes += Array("\(row),line \(row &* 7919)\n".utf8)
            row += 1
        }
        let file = try TemporaryFile(bytes)
        try file.leaveCache()
        var options = CSVOptions()
        options.leavesNoPages = true
        let seen = Mutex<[UInt8]>([])
        let reader = try CSVReader(path: file.path, options: options) { piece in
            seen.withLock { seen in unsafe piece.withUnsafeBytes { unsafe seen.append(contentsOf: $0) } }
        }
        let requests = reader.header.indices.map { CSVColumnRequest(fileColumn: $0, name: reader.header[$0], type: .text) }
        var rowCount = 0
        while let chunk = try reader.nextChunk() { rowCount += try chunk.parse(requests).rowCount }
        #expect(rowCount == row)
        #expect(seen.withLock { $0 } == bytes)
        #expect(try reader.nextChunk() == nil)
        // One that is let go of in the middle.
        try file.leaveCache()
        _ = try CSVReader(path: file.path, options: options)
    }

    @Test("a header alone is a file of no rows")
    func headerOnly() throws {
        for text in ["a,b\n", "a,b", "a,b\r\n\r\n"] {
            let parsed = try ParsedFile(text)
            #expect(parsed.header == ["a", "b"])
            #expect(parsed.rows.isEmpty)
        }
    }

    @Test(
        "files that cannot be read are named errors",
        arguments: [
            (nil, .noInput, "no such file"), ("", .badData, "empty"), ("PK\u{3}\u{4}xx", .badData, "workbook"),
            ("PAR1xxxx", .badData, "Parquet"), ("a,\"b\n", .badData, "header"),
        ] as [(String?, FailureKind, String)])
    func unreadable(text: String?, kind: FailureKind, words: String) throws {
        let file = try text.map { try TemporaryFile($0) }
        let path = file?.path ?? "/no/such/file.csv"
        #expect { try CSVReader(path: path) } throws: { error in
            guard let diagnostic = (error as? CSVError)?.diagnostic else { return false }
            return diagnostic.kind == kind && diagnostic.message.contains(words) && diagnostic.location.file == path
        }
    }

    @Test("a folder is no file")
    func folder() {
        #expect(throws: CSVError.isDirectory(path: "/tmp")) { try CSVReader(path: "/tmp") }
    }

    @Test("impossible options are refused")
    func options() throws {
        let file = try TemporaryFile("a,b\n")
        for options in [
            CSVOptions(delimiter: 0x22), CSVOptions(delimiter: 0x0A), CSVOptions(quote: 0xE4), CSVOptions(chunkSize: 0),
        ] {
            #expect(throws: CSVError.self) { try CSVReader(path: file.path, options: options) }
        }
        #expect(throws: CSVError.self) {
            try CSVParsePlan(requests: [
                CSVColumnRequest(fileColumn: 0, name: "a", type: .numeric(precision: 38, scale: 2))
            ])
        }
    }

    @Test("a record longer than a chunk makes a longer chunk")
    func longRecord() throws {
        let long = String(repeating: "x", count: 100_000)
        let parsed = try ParsedFile("a,b\n1,2\n\(long),3\n4,5\n", options: CSVOptions(chunkSize: 16))
        #expect(parsed.rows == [["1", "2"], [long, "3"], ["4", "5"]])
    }

    @Test("any chunk size gives the same rows, lines and rejects")
    func chunkSizes() throws {
        var generator = SeededGenerator(seed: 21)
        for round in 0..<6 {
            let text = ReaderTests.randomFile(&generator, recordCount: 120)
            let types: [LogicalType?] = [.text, .bigint, .text, .date]
            let whole = try ParsedFile(text, types: types, options: CSVOptions(delimiter: 0x2C, hasHeader: true))
            for chunkSize in [1, 64, 1000] {
                let cut = try ParsedFile(
                    text, types: types, options: CSVOptions(delimiter: 0x2C, hasHeader: true, chunkSize: chunkSize))
                #expect(cut.rows == whole.rows, "round \(round), chunk size \(chunkSize)")
                #expect(cut.lines == whole.lines)
                #expect(cut.rejects == whole.rejects)
                #expect(cut.encoding == whole.encoding)
            }
        }
    }

    /// Records with quotes, line ends in quotes, wrong field counts, stray and unclosed quotes.
    private static func randomFile(_ generator: inout SeededGenerator, recordCount: Int) -> String {
        let fields = [
            "", "1", "22", "abc", "\"x\"", "\"\"", "\"a,b\"", "\"l\nm\"", "\"q\"\"q\"", "5\"", "2025-01-03", "药品",
            " 7 ",
        ]
        let oddities = ["\"open", "\"x\"y", "1,2,3,4,5,6", "", "only"]
        var text = "a,b,c,d\n"
        for _ in 0..<recordCount {
            if Int.random(in: 0..<25, using: &generator) == 0 {
                text += oddities.randomElement(using: &generator)!
            } else {
                text += (0..<4).map { _ in fields.randomElement(using: &generator)! }.joined(separator: ",")
            }
            text += Int.random(in: 0..<10, using: &generator) == 0 ? "\r\n" : "\n"
        }
        return text
    }

    @Test("rows that repeat the row before read as if each stood alone")
    func repeats() throws {
        var generator = SeededGenerator(seed: 22)
        var expected: [[String?]] = []
        var text = "claim,person,day,line,amount,region\n"
        while expected.count < 30_000 {
            let claim = "C\(Int.random(in: 0..<1_000_000, using: &generator))"
            let known = "P\(Int.random(in: 0..<50, using: &generator))"
            let person = ["", known, "一二三四五六七八九十甲乙丙丁"].randomElement(using: &generator)!
            let day = Bool.random(using: &generator) ? "" : "2025-03-0\(Int.random(in: 1...9, using: &generator))"
            let region = "33\(Int.random(in: 0..<3, using: &generator))"
            for line in 0..<Int.random(in: 1...9, using: &generator) {
                let amount = "\(Int.random(in: -5...5, using: &generator)).5"
                text += "\(claim),\(person),\(day),\(line),\(amount),\(region)\n"
                expected.append([
                    claim, person.isEmpty ? nil : person, day.isEmpty ? nil : day, "\(line)", amount + "0", region,
                ])
            }
        }
        let parsed = try ParsedFile(text, types: [nil, nil, .date, .bigint, .numeric(precision: 9, scale: 2)])
        #expect(parsed.rows == expected)
        #expect(parsed.rejects.isEmpty)
    }

    @Test("faults in repeated columns reject every row of the repeat")
    func repeatedFaults() throws {
        var text = "k,day,n\n"
        for row in 0..<400 { text += "\(row / 4),\(row / 4 == 50 ? "never" : "2025-01-01"),\(row)\n" }
        let parsed = try ParsedFile(text, types: [nil, .date, .bigint])
        #expect(parsed.rows.count == 396)
        #expect(parsed.rejects.map(\.line) == [202, 203, 204, 205])
        #expect(parsed.rejects.allSatisfy { $0.column == "day" && $0.reason == .notADate })
        #expect(parsed.lines[200] == 206)
    }

    @Test("nearly unique text keeps its values, with entries that may repeat")
    func uniqueText() throws {
        var text = "id,x\n"
        for row in 0..<20_000 { text += "83\(row &* 7_919_123)0000\(row),1\n" }
        let file = try TemporaryFile(text)
        let reader = try CSVReader(path: file.path)
        let plan = try CSVParsePlan(requests: [CSVColumnRequest(fileColumn: 0, name: "id", type: .text)])
        let parsed = try #require(try reader.nextChunk()).parse(plan)
        guard case .text(_, let entries, _) = parsed.columns[0].values else {
            Issue.record("expected text")
            return
        }
        #expect(entries.count == 20_000)
        #expect(ParsedFile.text(parsed.columns[0], 12_345) == "83\(12_345 * 7_919_123)000012345")
    }
}
