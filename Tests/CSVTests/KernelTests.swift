import CKernels
import Testing

@Suite("Structural scan")
struct KernelTests {
    private struct Outcome: Equatable {
        var positions: [UInt32]
        var end: Int
        var recordEnd: Int
        var status: Int32
        var records: Int
        var quotedNewlines: Int
    }

    private func scan(_ level: Int32, _ bytes: [UInt8], start: Int, stop: Int) -> Outcome {
        let padded = bytes + [UInt8](repeating: 0x2C, count: Int(CK_PADDING))
        var positions = [UInt32](repeating: 0, count: bytes.count + 128)
        let result = unsafe ck_scan(
            level, padded, start, stop, bytes.count, 0x2C, 0x22, &positions, positions.count)
        return Outcome(
            positions: Array(positions.prefix(result.count)), end: result.end, recordEnd: result.record_end,
            status: result.status, records: result.record_count, quotedNewlines: result.quoted_newline_count)
    }

    private var levels: [Int32] { Array(CK_LEVEL_PORTABLE...ck_best_level()) }

    /// Random text of the given characters that ends with a line feed.
    private func randomText(_ alphabet: [UInt8], length: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<length).map { _ in alphabet.randomElement(using: &generator)! } + [0x0A]
    }

    @Test(
        "all variants agree on random text",
        arguments: [
            "abcdefgh,\n", "abcdefghijklmnop,,,,\n\"", ",\n\"", "a,\"\n\r",
            "abcdefghijklmnopqrstuvwxyz0123456789,,,,\n",
        ])
    func variantsAgree(alphabet: String) {
        var generator = SeededGenerator(seed: 5)
        for round in 0..<300 {
            let text = randomText(Array(alphabet.utf8), length: Int.random(in: 0...700, using: &generator), &generator)
            let stop = Int.random(in: 1...text.count, using: &generator)
            let reference = scan(CK_LEVEL_PORTABLE, text, start: 0, stop: stop)
            for level in levels { #expect(scan(level, text, start: 0, stop: stop) == reference, "round \(round)") }
        }
    }

    @Test("the positions are those of a byte-by-byte reading")
    func agreesWithReference() {
        var generator = SeededGenerator(seed: 6)
        for round in 0..<500 {
            let text = randomText(
                Array("ab,,\n\"".utf8), length: Int.random(in: 0...300, using: &generator), &generator)
            var offset = 0
            while offset < text.count {
                let expected = referenceRecord(text, start: offset)
                let found = scan(ck_best_level(), text, start: offset, stop: offset + 1)
                #expect(found.status == expected.status, "round \(round)")
                if expected.status == CK_SCAN_DONE {
                    #expect(found.positions == expected.positions, "round \(round)")
                    #expect(found.end == expected.end)
                } else if expected.status == CK_SCAN_TEXT_AFTER_QUOTE {
                    #expect(found.recordEnd == expected.end)
                }
                offset = expected.end
            }
        }
    }

    private func referenceRecord(_ text: [UInt8], start: Int) -> (status: Int32, positions: [UInt32], end: Int) {
        var positions: [UInt32] = []
        var index = start
        var isBad = false
        let lineEnd = text[start...].firstIndex(of: 0x0A)! + 1
        while true {
            if text[index] == 0x22 {
                var close = index + 1
                while true {
                    guard close < text.count else { return (CK_SCAN_UNCLOSED_QUOTE, [], lineEnd) }
                    if text[close] != 0x22 {
                        close += 1
                    } else if close + 1 < text.count, text[close + 1] == 0x22 {
                        close += 2
                    } else {
                        break
                    }
                }
                let next = text[close + 1]
                let isLineEnd = next == 0x0A || next == 0x0D && close + 2 < text.count && text[close + 2] == 0x0A
                if next != 0x2C && !isLineEnd {
                    if text[index..<close].contains(0x0A) { return (CK_SCAN_UNCLOSED_QUOTE, [], lineEnd) }
                    isBad = true
                }
                index = close + 1
            }
            while text[index] != 0x2C, text[index] != 0x0A { index += 1 }
            positions.append(UInt32(index))
            index += 1
            if text[index - 1] == 0x0A { return (isBad ? CK_SCAN_TEXT_AFTER_QUOTE : CK_SCAN_DONE, positions, index) }
        }
    }

    @Test("a cut falls on a record end, on the last one if no quoted field reaches over the target")
    func cutsAgree() {
        var generator = SeededGenerator(seed: 7)
        for round in 0..<500 {
            let text = randomText(
                Array("abcd,,\n\n\"".utf8), length: Int.random(in: 1...200, using: &generator), &generator)
            let target = Int.random(in: 1...text.count, using: &generator)
            var ends = [0]
            while ends.last! < text.count { ends.append(referenceRecord(text, start: ends.last!).end) }
            let found = cut(CK_LEVEL_PORTABLE, text, target)
            for level in levels { #expect(cut(level, text, target) == found, "round \(round)") }
            #expect(found <= target && ends.contains(found), "round \(round)")
            let last = ends.last { $0 <= target }!
            if !text[last...].contains(0x22) { #expect(found == last, "round \(round)") }
        }
    }

    private func cut(_ level: Int32, _ text: [UInt8], _ target: Int) -> Int {
        let padded = text + [UInt8](repeating: 0x2C, count: Int(CK_PADDING))
        var isOpen: Int32 = 0
        let found = unsafe ck_last_record_end(level, padded, ck_cut_place(), target, text.count, 0x2C, 0x22, &isOpen)
        // With fewer bytes behind the target it is the same, or said to be open.
        for length in target..<text.count {
            let soFar = Array(text[..<length]) + [UInt8](repeating: 0x2C, count: Int(CK_PADDING))
            let early = unsafe ck_last_record_end(level, soFar, ck_cut_place(), target, length, 0x2C, 0x22, &isOpen)
            #expect(early == found || isOpen != 0)
            if !text[..<target].contains(0x22) { #expect(isOpen == 0) }
        }
        // As well with what was looked at before, piece by piece as it came.
        for step in [64, 70, 500] {
            var place = ck_cut_place()
            for end in stride(from: step, to: text.count, by: step) {
                let soFar = Array(text[..<end]) + [UInt8](repeating: 0x2C, count: Int(CK_PADDING))
                unsafe ck_pass_regular(level, soFar, &place, min(end, target), end, 0x2C, 0x22)
            }
            #expect(place.position <= target && place.record_start <= place.position)
            #expect(unsafe ck_last_record_end(level, padded, place, target, text.count, 0x2C, 0x22, &isOpen) == found)
        }
        return found
    }

    /// Records of which most fields are quoted, and a few are what quotes should not be.
    private func quotedText(oddFields: [String], lineEnd: String, _ generator: inout SeededGenerator) -> [UInt8] {
        let usual = ["\"\"", "\"a\"", "\"one, two\"", "7", "", "\"\(String(repeating: "x", count: 70))\""]
        var text = ""
        for _ in 0..<Int.random(in: 3...30, using: &generator) {
            let fields = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                let isOdd = !oddFields.isEmpty && Int.random(in: 0..<40, using: &generator) == 0
                return (isOdd ? oddFields : usual).randomElement(using: &generator)!
            }
            text += fields.joined(separator: ",") + lineEnd
        }
        return Array(text.utf8)
    }

    @Test(
        "quoted records are read a block at a time as byte by byte",
        arguments: [
            [], ["\"a\"\"b\""], ["\"two\nlines\""], ["ab\"c\"d"], ["\"text\" after"], ["\"a\rb\""],
            ["\"a\"\"b\"", "\"two\nlines\"", "x\"", "\"\"\"\"", "\"\"\"", "\"text\" after", "\"open"],
        ])
    func quotedRecords(oddFields: [String]) {
        var generator = SeededGenerator(seed: 10)
        for round in 0..<300 {
            let text = quotedText(oddFields: oddFields, lineEnd: round % 3 == 0 ? "\r\n" : "\n", &generator)
            var offset = 0
            while offset < text.count {
                // All records up to the first that is irregular.
                var expected: [UInt32] = []
                var end = offset
                var next = referenceRecord(text, start: end)
                while next.status == CK_SCAN_DONE {
                    expected += next.positions
                    end = next.end
                    guard end < text.count else { break }
                    next = referenceRecord(text, start: end)
                }
                for level in levels {
                    let found = scan(level, text, start: offset, stop: text.count)
                    #expect(found.status == next.status && found.end == end, "round \(round)")
                    #expect(found.positions == expected, "round \(round)")
                }
                offset = end < text.count ? next.end : end
            }
            let target = Int.random(in: 1...text.count, using: &generator)
            var ends = [0]
            while ends.last! < text.count { ends.append(referenceRecord(text, start: ends.last!).end) }
            for level in levels {
                let found = cut(level, text, target)
                #expect(found == cut(CK_LEVEL_PORTABLE, text, target) && ends.contains(found), "round \(round)")
                if oddFields.isEmpty { #expect(found == ends.last { $0 <= target }!, "round \(round)") }
            }
        }
    }

    @Test("a quoted field longer than allowed is one whose quote is not closed, however regular its blocks")
    func longField() {
        for excess in [-70, -1, 0, 1, 70] {
            let content = String(repeating: "x", count: Int(CK_QUOTED_FIELD_LIMIT) + excess - 1)
            let text = Array("\"a\",\"\(content)\",1\nb,c,d\n".utf8)
            for level in levels {
                let found = scan(level, text, start: 0, stop: text.count)
                #expect((found.status == CK_SCAN_DONE) == (excess <= 0), "\(excess) at level \(level)")
            }
        }
    }

    @Test("counting and searching bytes agree with plain loops")
    func byteKernels() {
        var generator = SeededGenerator(seed: 8)
        for length in [0, 1, 63, 64, 65, 127, 128, 129, 4095, 4096, 4097, 10_000] {
            let text = (0..<length).map { _ in UInt8.random(in: 0...3, using: &generator) }
            unsafe #expect(ck_count_byte(text, length, 2) == text.count { $0 == 2 })
            unsafe #expect(ck_first_non_ascii(text, length) == length)
            guard length > 0 else { continue }
            var marked = text
            let place = Int.random(in: 0..<length, using: &generator)
            marked[place] = 0x80
            unsafe #expect(ck_first_non_ascii(marked, length) == place)
            unsafe #expect(ck_first_malformed_utf8(marked, length) == place)
        }
    }

    @Test("UTF-8 is judged as the standard library judges it")
    func utf8() {
        var generator = SeededGenerator(seed: 9)
        let interesting: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1,
            0xF4, 0xF5, 0xFF,
        ]
        for _ in 0..<50_000 {
            let bytes = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                interesting.randomElement(using: &generator)!
            }
            let isValid = unsafe ck_first_malformed_utf8(bytes, bytes.count) == bytes.count
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }
}
