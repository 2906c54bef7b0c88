import CSV
import Columns
import Foundation
import Testing

@Suite("Encodings and packed files")
struct EncodingTests {
    /// "中文,药" in GB18030.
    private let chinese: [UInt8] = [0xD6, 0xD0, 0xCE, 0xC4]

    @Test(
        "a byte order mark decides",
        arguments: [
            ([0xEF, 0xBB, 0xBF] + Array("a,b\n1,中\n".utf8), .utf8),
            ([0xFF, 0xFE] + utf16("a,b\n1,中\n", bigEndian: false), .utf16LittleEndian),
            ([0xFE, 0xFF] + utf16("a,b\n1,中\n", bigEndian: true), .utf16BigEndian),
        ] as [([UInt8], TextEncoding)])
    func byteOrderMarks(bytes: [UInt8], encoding: TextEncoding) throws {
        let parsed = try ParsedFile(bytes)
        #expect(parsed.header == ["a", "b"])
        #expect(parsed.rows == [["1", "中"]])
        #expect(parsed.encoding == encoding)
    }

    @Test("without a mark UTF-8 is preferred, else GB18030")
    func detection() throws {
        let plain = try ParsedFile("a,b\n1,x\n")
        #expect(plain.encoding == .utf8)
        let utf8 = try ParsedFile("a,b\n1,中文\n")
        #expect(utf8.encoding == .utf8)
        #expect(utf8.rows == [["1", "中文"]])
        let gb = try ParsedFile(Array("a,b\n1,".utf8) + chinese + Array("\n".utf8))
        #expect(gb.encoding == .gb18030)
        #expect(gb.rows == [["1", "中文"]])
    }

    @Test("GB18030 is found after megabytes of ASCII, whatever the chunk size", arguments: [1 << 16, 1 << 20, 1 << 24])
    func lateDecision(chunkSize: Int) throws {
        let lines = String(repeating: "1,abcdefghijklmnopqrstuvwxyz\n", count: 200_000)
        let bytes = Array("a,b\n\(lines)2,".utf8) + chinese + Array("\n3,x\n".utf8)
        let file = try TemporaryFile(bytes)
        let reader = try CSVReader(path: file.path, options: CSVOptions(chunkSize: chunkSize))
        let plan = try CSVParsePlan(requests: [CSVColumnRequest(fileColumn: 1, name: "b", type: .text)])
        var last: ParsedChunk?
        var rowCount = 0
        while let chunk = try reader.nextChunk() {
            last = chunk.parse(plan)
            rowCount += last!.rowCount
            #expect(last!.rejects.isEmpty)
        }
        #expect(rowCount == 200_002)
        #expect(ParsedFile.text(last!.columns[0], last!.rowCount - 2) == "中文")
        #expect(reader.encoding == .gb18030)
    }

    @Test("GB18030 rows with impossible bytes are rejected, the others stay")
    func malformedGB() throws {
        let bytes =
            Array("a,b\n1,".utf8) + chinese + Array("\n2,".utf8) + [0xFF] + Array("\n3,".utf8) + [0x81]
            + Array("\n4,".utf8) + chinese + Array("\n".utf8)
        let parsed = try ParsedFile(bytes, options: CSVOptions(encoding: .gb18030))
        #expect(parsed.rows == [["1", "中文"], ["4", "中文"]])
        #expect(parsed.rejects.map(\.reason) == [.invalidEncoding, .invalidEncoding])
        // As they are in the file, for whoever looks for them there.
        #expect(parsed.rejects.map(\.raw) == [Array("2,".utf8) + [0xFF], Array("3,".utf8) + [0x81]])
    }

    @Test("one damaged byte does not turn a UTF-8 file into GB18030")
    func damagedUTF8() throws {
        let line = Array("1,医保基金监管 中\n".utf8)
        var bytes = Array("a,b\n".utf8)
        for _ in 0..<50 { bytes += line }
        bytes += Array("2,x".utf8) + [0xFF] + Array("\n".utf8)
        let parsed = try ParsedFile(bytes)
        #expect(parsed.encoding == .utf8)
        #expect(parsed.rows.count == 50)
        #expect(parsed.rejects.map(\.reason) == [.invalidEncoding])
    }

    @Test(
        "texts that would be GB18030 too stay UTF-8 beside damaged bytes, wherever these are",
        arguments: [[0xE9], [0xFF], [0x80], [0xE9, 0x98], [0xC3, 0x28]] as [[UInt8]], [0, 1, 40, 99])
    func evenCharacters(damage: [UInt8], place: Int) throws {
        // Words of an even number of characters are well-formed GB18030.
        var bytes = Array("a,b\n".utf8)
        for line in 0..<100 { bytes += Array("\(line),".utf8) + (line == place ? damage : Array(["阿莫西林", "胶囊"][line % 2].utf8)) + [0x0A] }
        let parsed = try ParsedFile(bytes)
        #expect(parsed.encoding == .utf8)
        #expect(parsed.rows.count == 99)
        #expect(parsed.rows.allSatisfy { ["阿莫西林", "胶囊"].contains($0[1]) })
        #expect(parsed.rejects.map(\.reason) == [.invalidEncoding])
    }

    @Test("damaged bytes megabytes before any character decide nothing", arguments: [1 << 16, 1 << 24], [TextEncoding.utf8, .gb18030])
    func damageFarBefore(chunkSize: Int, encoding: TextEncoding) throws {
        let lines = Array(String(repeating: "1,abcdefghijklmnopqrstuvwxyz\n", count: 320_000).utf8)
        let name = encoding == .utf8 ? Array("胶囊".utf8) : chinese
        let bytes = Array("a,b\n5,".utf8) + [0xE9, 0x61, 0x0A] + lines + Array("6,".utf8) + [0xFF, 0x0A] + lines + Array("7,".utf8) + name + [0x0A]
        let file = try TemporaryFile(bytes)
        let reader = try CSVReader(path: file.path, options: CSVOptions(chunkSize: chunkSize))
        let plan = try CSVParsePlan(requests: [CSVColumnRequest(fileColumn: 1, name: "b", type: .text)])
        var last = ""
        var (rowCount, raw): (Int, [[UInt8]]) = (0, [])
        while let chunk = try reader.nextChunk() {
            let parsed = chunk.parse(plan)
            rowCount += parsed.rowCount
            raw += parsed.rejects.map(\.raw)
            if parsed.rowCount > 0 { last = ParsedFile.text(parsed.columns[0], parsed.rowCount - 1) ?? "" }
        }
        #expect(reader.encoding == encoding && rowCount == 640_001)
        #expect(last == (encoding == .utf8 ? "胶囊" : "中文"))
        #expect(raw == [Array("5,".utf8) + [0xE9, 0x61], Array("6,".utf8) + [0xFF]])
    }

    @Test("two characters beside a damaged byte are enough")
    func fewCharacters() throws {
        let parsed = try ParsedFile(Array("a,b\n5,".utf8) + [0xE9] + Array("\n1,胶囊\n".utf8))
        #expect(parsed.encoding == .utf8)
        #expect(parsed.rows == [["1", "胶囊"]])
    }

    @Test("GB18030 text stays so where a word of it would be UTF-8, and where bytes of it are damaged", arguments: [0, 1, 3])
    func damagedGB(damagedCount: Int) throws {
        // 女, nearly all there is, is well-formed UTF-8; 男 is not.
        let (female, male): ([UInt8], [UInt8]) = ([0xC5, 0xAE], [0xC4, 0xD0])
        var bytes = Array("a,b\n".utf8)
        for line in 0..<1000 { bytes += Array("\(line),".utf8) + (line % 50 == 49 ? male : female) + [0x0A] }
        for line in 0..<damagedCount { bytes += Array("\(line),".utf8) + [0xFF, 0x0A] }
        let parsed = try ParsedFile(bytes)
        #expect(parsed.encoding == .gb18030)
        #expect(parsed.rows.count == 1000)
        #expect(Set(parsed.rows.map { $0[1] }) == ["女", "男"])
    }

    @Test("GB18030 text of any words is not taken for UTF-8", arguments: 1...8 as ClosedRange<UInt64>)
    func randomGB(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for count in [3, 4, 10, 100, 1000] {
            var bytes = Array("a,b\n".utf8)
            for line in 0..<count {
                bytes += Array("\(line),".utf8)
                // The 3,755 usual characters, and some that are seldom.
                for _ in 0..<Int.random(in: 2...6, using: &random) {
                    let last: UInt8 = Int.random(in: 0..<10, using: &random) == 0 ? 0xF7 : 0xD6
                    bytes += [UInt8.random(in: 0xB0...last, using: &random), UInt8.random(in: 0xA1...0xFE, using: &random)]
                }
                bytes.append(0x0A)
            }
            #expect(try ParsedFile(bytes).encoding == .gb18030, "seed \(seed)")
            bytes += Array("1,".utf8) + [0xFF, 0x0A]
            #expect(try ParsedFile(bytes).encoding == .gb18030, "seed \(seed)")
        }
    }

    @Test("GB18030 characters whose second byte is an ASCII letter or a bar do not split fields")
    func gbTrailBytes() throws {
        // 0x81 0x7C is one character whose second byte is "|"; 0x8130 8130 is one of four bytes with digits in it.
        let bytes = Array("a|b\n".utf8) + [0x81, 0x7C, 0x7C, 0x81, 0x30, 0x81, 0x30, 0x0A]
        let parsed = try ParsedFile(bytes, options: CSVOptions(delimiter: 0x7C, encoding: .gb18030))
        #expect(parsed.rejects.isEmpty)
        #expect(parsed.rows.count == 1)
        #expect(parsed.rows[0][1] == "\u{80}")
    }

    @Test("text of UTF-16 or UTF-32 that does not say so is named, and not taken for a title")
    func wideText() throws {
        let text = "claim_id,line_id,amount\n1,1,2.50\n2,1,3.50\n"
        func wanted(_ wide: WideText) -> (any Error) -> Bool {
            { if case .nulBytesInHeader(_, let found) = $0 as? CSVError { found == wide } else { false } }
        }
        let cases: [([UInt8], WideText)] = [
            (utf16(text, bigEndian: false), .utf16LittleEndian), (utf16(text, bigEndian: true), .utf16BigEndian),
            (text.utf8.flatMap { [$0, 0, 0, 0] }, .utf32), (text.utf8.flatMap { [0, 0, 0, $0] }, .utf32),
            ([0xFF, 0xFE, 0, 0] + text.utf8.flatMap { [$0, 0, 0, 0] }, .utf32),
        ]
        for (bytes, wide) in cases { #expect(performing: { try ParsedFile(bytes) }, throws: wanted(wide)) }
        #expect(try ParsedFile(utf16(text, bigEndian: false), options: CSVOptions(encoding: .utf16LittleEndian)).rows.count == 2)
    }

    @Test("encodings are known by their usual names")
    func names() {
        #expect(TextEncoding(named: "UTF-8") == .utf8)
        #expect(TextEncoding(named: "gbk") == .gb18030)
        #expect(TextEncoding(named: "GB2312") == .gb18030)
        #expect(TextEncoding(named: "utf-16") == .utf16LittleEndian)
        #expect(TextEncoding(named: "latin1") == nil)
    }

    @Test("packed files give the same rows as plain ones", arguments: ["gz", "zst"])
    func packed(ending: String) throws {
        let text = "a,b\n" + (0..<50_000).map { "\($0),中文\($0 % 7)\n" }.joined()
        let plain = try ParsedFile(text, options: CSVOptions(chunkSize: 1 << 16))
        let tool = ending == "gz" ? "gzip" : "zstd"
        // Two members or frames, one after the other.
        let half = Array(text.utf8).count / 2
        let packed = try pack(Array(text.utf8.prefix(half)), tool) + pack(Array(text.utf8.dropFirst(half)), tool)
        let unpacked = try ParsedFile(packed, options: CSVOptions(chunkSize: 1 << 16), ending: ending)
        #expect(unpacked.rows == plain.rows)
        #expect(unpacked.lines == plain.lines)
        #expect(unpacked.chunkCount == plain.chunkCount)
        // The first bytes decide, not only the ending.
        let misnamed = try ParsedFile(packed, options: CSVOptions(chunkSize: 1 << 16), ending: "csv")
        #expect(misnamed.rows == plain.rows)
    }

    @Test("damaged packed files name the byte", arguments: ["gz", "zst"])
    func damaged(ending: String) throws {
        let text = "a,b\n" + (0..<50_000).map { "\($0 &* 7919),\($0 &* 104_729 % 65_537)\n" }.joined()
        let packed = try pack(Array(text.utf8), ending == "gz" ? "gzip" : "zstd")
        for damaged in [Array(packed.dropLast(packed.count / 2)), Array(packed.dropLast(1))] {
            #expect { try ParsedFile(damaged, ending: ending) } throws: { error in
                guard case .damagedCompression(_, _, let offset, _) = error as? CSVError else { return false }
                return offset > 0 && offset <= damaged.count
            }
        }
        var flipped = packed
        flipped[packed.count / 2] ^= 0xFF
        #expect { try ParsedFile(flipped, ending: ending) } throws: { error in
            guard case .damagedCompression = error as? CSVError else { return false }
            return true
        }
        #expect(throws: CSVError.self) { try ParsedFile(Array("a,b\n1,2\n".utf8), ending: ending) }
    }

    @Test("the observer sees the file as it is on disk", arguments: ["csv", "gz", "zst"])
    func observer(ending: String) throws {
        let text = Array(("a,b\n" + (0..<20_000).map { "\($0),中\n" }.joined()).utf8)
        let disk = ending == "csv" ? text : try pack(text, ending == "gz" ? "gzip" : "zstd")
        let file = try TemporaryFile(disk, ending: ending)
        var seen: [UInt8] = []
        let reader = try CSVReader(path: file.path, options: CSVOptions(chunkSize: 4096)) { bytes in
            unsafe bytes.withUnsafeBytes { unsafe seen.append(contentsOf: $0) }
        }
        while try reader.nextChunk() != nil {}
        #expect(seen == disk)
        #expect(reader.diskByteCount == disk.count)
    }

    private func pack(_ bytes: [UInt8], _ tool: String) throws -> [UInt8] {
        let file = try TemporaryFile(bytes)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool, "-c", "-q", file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let packed = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(packed)
    }
}

private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit in
        bigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
}
