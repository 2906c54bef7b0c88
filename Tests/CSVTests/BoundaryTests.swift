import CSV
import Diagnostics
import Testing

@Suite("Files at the limits of the reader")
struct BoundaryTests {
    private static let window = 4 << 20

    /// A first line of two names and `length` bytes, and what follows it.
    private static func header(length: Int, ending: String) -> [UInt8] {
        Array("a,".utf8) + [UInt8](repeating: 0x78, count: length - 2) + Array(ending.utf8)
    }

    @Test(
        "a first line is read if its line end lies within the window",
        arguments: [window - 3, window - 2, window - 1])
    func longHeader(length: Int) throws {
        let parsed = try ParsedFile(BoundaryTests.header(length: length, ending: "\n1,2\n"))
        #expect(parsed.header.map(\.utf8.count) == [1, length - 2])
        #expect(parsed.rows == [["1", "2"]])
        #expect(parsed.lines == [2])
        let alone = try ParsedFile(BoundaryTests.header(length: length, ending: ""))
        #expect(alone.header.map(\.utf8.count) == [1, length - 2])
        #expect(alone.rows.isEmpty)
    }

    @Test(
        "a first line that does not end within the window is a named error, whatever follows",
        arguments: [window, window + 1, window + 100, 9 << 20, 20 << 20], ["", "\n", "\n1,2\n"])
    func endlessHeader(length: Int, ending: String) throws {
        let file = try TemporaryFile(BoundaryTests.header(length: length, ending: ending))
        #expect(throws: CSVError.headerTooLong(path: file.path, limitBytes: BoundaryTests.window)) {
            try CSVReader(path: file.path)
        }
        #expect(throws: CSVError.self) {
            try CSVReader(path: file.path, options: CSVOptions(hasHeader: false, chunkSize: 64))
        }
    }

    @Test("NULs, unclosed quotes and line feeds without end are named errors")
    func endlessBytes() throws {
        for (byte, first) in [(0x00, 0x00), (0x78, 0x22), (0x0A, 0x0A), (0xE4, 0xE4)] as [(UInt8, UInt8)] {
            let file = try TemporaryFile([first] + [UInt8](repeating: byte, count: 5_000_000))
            #expect {
                try CSVReader(path: file.path)
            } throws: { error in
                guard let diagnostic = (error as? CSVError)?.diagnostic else { return false }
                return diagnostic.kind == .badData
                    && diagnostic.message == "the header line does not end within 4 MiB"
            }
        }
    }

    @Test(
        "lines that end with CR alone are read as all others, in chunks of any size",
        arguments: [
            ("a,b\r1,2\r", [["1", "2"]], []), ("a,b\r1,2", [["1", "2"]], []), ("a,b\r\r", [], []),
            ("\"a\",b\r1,\"2\"\r", [["1", "2"]], []), ("a,b\r\"x\ry\",\"p\nq\"\r", [["x\ry", "p\nq"]], []),
            ("a,b\r1\r2,3\r", [["2", "3"]], [2]), ("a,b\r1,\"x\r2,3\r", [["2", "3"]], [2]),
        ] as [(String, [[String?]], [Int])])
    func carriageReturns(text: String, rows: [[String?]], rejectedLines: [Int]) throws {
        for chunkSize in [8, 1 << 20] {
            let parsed = try ParsedFile(text, options: CSVOptions(hasHeader: true, chunkSize: chunkSize))
            #expect(parsed.header == ["a", "b"])
            #expect(parsed.rows == rows)
            #expect(parsed.rejects.map(\.line) == rejectedLines)
            #expect(parsed.rejects.allSatisfy { !$0.raw.contains(0x0A) })
        }
    }

    @Test("records with few quotes among them are cut and numbered as they stand", arguments: 1...4 as ClosedRange<UInt64>)
    func fewQuotes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var text = "a,b\n"
        var (rows, lines): ([[String?]], [Int]) = ([], [])
        var line = 2
        while rows.count < 30_000 {
            lines.append(line)
            line += 1
            switch Int.random(in: 0..<900, using: &random) {
            case 0:
                // Longer than what is counted at once.
                let lineCount = Int.random(in: 1...3_000, using: &random)
                let value = String(repeating: "quoted, 7\n", count: lineCount)
                text += "\(rows.count),\"\(value)\"\n"
                rows.append(["\(rows.count)", value])
                line += lineCount
            case 1...2:
                text += "\(rows.count),\"say \"\"no\"\"\"\n"
                rows.append(["\(rows.count)", "say \"no\""])
            default:
                text += "\(rows.count),plain value\n"
                rows.append(["\(rows.count)", "plain value"])
            }
        }
        for chunkSize in [70_000, 100_001] {
            let parsed = try ParsedFile(text, options: CSVOptions(chunkSize: chunkSize))
            #expect(parsed.chunkCount > 5 && parsed.rejects.isEmpty)
            #expect(parsed.rows == rows && parsed.lines == lines, "seed \(seed), chunk size \(chunkSize)")
        }
    }

    @Test("lines that end with CR alone are counted and numbered over many chunks") func manyCarriageReturns() throws {
        let lines = (0..<40_000).map { $0 % 1000 == 7 ? "short" : "\($0),\"v\r\($0 % 91)\"" }
        let parsed = try ParsedFile("a,b\r" + lines.joined(separator: "\r"), options: CSVOptions(chunkSize: 10_000))
        #expect(parsed.chunkCount > 20)
        #expect(parsed.rejects.count == 40 && parsed.rows.count == 39_960)
        #expect(parsed.rows[39_000 - 39][1] == "v\r\(39_000 % 91)")
        // A row with a quoted line end takes two lines.
        #expect(parsed.rejects[1].line == 2 + 1007 * 2 - 1)
    }

    @Test("CRs beside line feeds are no fault", arguments: ["a,b\r\n", "a,b\r\n1,2\r3", "a,b\n1,\"2\r3\""])
    func someCarriageReturns(text: String) throws {
        #expect(try ParsedFile(text).header == ["a", "b"])
    }

    @Test("blank lines alone are an empty file")
    func blankLines() throws {
        let file = try TemporaryFile("\n\r\n\n")
        #expect(throws: CSVError.empty(path: file.path)) { try CSVReader(path: file.path) }
    }

    @Test("a header of too many fields is a named error")
    func manyNames() throws {
        for (count, isRead) in [(65_000, true), (65_600, false), (1_000_000, false)] {
            let file = try TemporaryFile(String(repeating: "a,", count: count) + "b\n1,2\n")
            if isRead {
                #expect(try CSVReader(path: file.path).columnCount == count + 1)
            } else {
                let detail = "it has more than 65536 fields"
                #expect(throws: CSVError.malformedHeader(path: file.path, detail: detail)) {
                    try CSVReader(path: file.path)
                }
            }
        }
    }

    @Test("a long header leaves enough bytes after the first cut to judge a quoted field")
    func quoteAfterLongHeader() throws {
        let name = String(repeating: "n", count: 1 << 19)
        let content = String(repeating: "1234567\n", count: 131_000)
        for rowCount in [1, 2000] {
            let rows = String(repeating: "1,2\n", count: rowCount)
            let parsed = try ParsedFile(
                Array("a,\(name)\n\(rows)3,\"\(content)\"\n4,5\n".utf8), options: CSVOptions(chunkSize: 512 << 10))
            #expect(parsed.rejects.isEmpty)
            #expect(parsed.rows.count == rowCount + 2)
            #expect(parsed.rows[rowCount][1]?.utf8.count == content.utf8.count)
            #expect(parsed.lines.last == rowCount + 2 + 131_001)
        }
    }

    @Test("long records one after another are all read")
    func longRecords() throws {
        // Each is longer than the memory that the record before leaves over.
        for lengths in [[33, 34, 1], [70, 68, 66, 3], [40, 100, 40, 100]] {
            var text = "a,b\n"
            for length in lengths { text += String(repeating: "x", count: length << 16) + ",1\n" }
            let parsed = try ParsedFile(text, options: CSVOptions(chunkSize: 1 << 16))
            #expect(parsed.rejects.isEmpty)
            #expect(parsed.rows.map { $0[0]?.utf8.count } == lengths.map { $0 << 16 })
        }
    }

    /// Line counts of a file's chunks.
    private static func lineCounts(of bytes: [UInt8], options: CSVOptions = CSVOptions()) throws -> [Int] {
        let file = try TemporaryFile(bytes)
        let reader = try CSVReader(path: file.path, options: options)
        var counts: [Int] = []
        while let chunk = try reader.nextChunk() {
            #expect(chunk.firstLine == 2 + counts.reduce(0, +))
            counts.append(chunk.lineCount)
        }
        return counts
    }

    @Test("chunks of very short lines end after a bounded number of lines")
    func shortLines() throws {
        let limit = 262_144
        for extra in [-1, 0, 1, limit, limit + 5] {
            let bytes = Array(("a,b\n" + String(repeating: "x\n", count: limit + extra)).utf8)
            let expected = [limit, limit, limit].reduce(into: (counts: [Int](), left: limit + extra)) { result, size in
                if result.left > 0 { result.counts.append(min(size, result.left)) }
                result.left -= size
            }
            #expect(try BoundaryTests.lineCounts(of: bytes) == expected.counts)
            #expect(try BoundaryTests.lineCounts(of: Array(bytes.dropLast())) == expected.counts)
        }
    }

    @Test("a record of more lines than a chunk may hold stays whole")
    func recordOfManyLines() throws {
        let limit = 262_144
        let field = "\"" + String(repeating: "\n", count: limit + 9) + "\""
        let record = "\(field),1\n"
        let text = "a,b\n" + record + String(repeating: "x\n", count: limit + 3)
        let counts = try BoundaryTests.lineCounts(of: Array(text.utf8))
        #expect(counts.reduce(0, +) == limit + 10 + limit + 3)
        // The first chunk may hold as many lines as the record needs, rounded up to a multiple by two.
        #expect(counts == [2 * limit, 13])
    }
}
