import CKernels
import Columns
import Testing

/// Many strings at once beside a dictionary of the standard library and the plainest loops, over seeded random data.
@Suite("Tables of strings")
struct StringTableTests {
    /// Strings of every short length, many of them equal, some in one byte only different.
    private static func texts(_ count: Int, kinds: Int, _ generator: inout SeededGenerator) -> [[UInt8]] {
        let known = (0..<kinds).map { _ -> [UInt8] in
            var text = [UInt8](repeating: 0x41, count: Int.random(in: 0...40, using: &generator))
            if let place = text.indices.randomElement(using: &generator) { text[place] = .random(in: 0...255, using: &generator) }
            return text
        }
        return (0..<count).map { _ in known.randomElement(using: &generator)! }
    }

    private static func column(_ texts: [[UInt8]]) -> StringColumn {
        var column = StringColumn()
        for text in texts { column.append(contentsOf: text) }
        return column
    }

    @Test("strings interned at once get the numbers of their first appearance", arguments: [1, 3, 100, 20_000])
    func interning(kinds: Int) {
        var generator = SeededGenerator(seed: UInt64(kinds))
        var index = StringHashIndex()
        var entries = StringColumn()
        var reference: [[UInt8]: UInt32] = [:]
        for count in [0, 1, 2, 1023, 1024, 1025, 5000] {
            let texts = StringTableTests.texts(count, kinds: kinds, &generator)
            let expected = texts.map { text -> UInt32 in
                if let known = reference[text] { return known }
                let next = UInt32(reference.count)
                reference[text] = next
                return next
            }
            #expect(index.intern(StringTableTests.column(texts), in: &entries) == expected)
        }
        #expect(entries.count == reference.count)
        for (text, code) in reference {
            #expect(Array(entries[bytesAt: Int(code)]) == text)
            #expect(index.find(text, in: entries) == code)
        }
        let probes = StringTableTests.texts(3000, kinds: 2000, &generator)
        #expect(index.find(StringTableTests.column(probes), in: entries) == probes.map { reference[$0] ?? .max })
        #expect(StringHashIndex(entries: entries).find(StringTableTests.column(probes), in: entries) == probes.map { reference[$0] ?? .max })
        #expect(TextDictionary(entries: entries).codes(of: StringTableTests.column(probes)) == probes.map { reference[$0] ?? .max })
    }

    @Test("one string at a time and many at once agree") func oneByOne() {
        var generator = SeededGenerator(seed: 8)
        let texts = StringTableTests.texts(3000, kinds: 700, &generator)
        var (single, singleEntries) = (StringHashIndex(), StringColumn())
        var (many, manyEntries) = (StringHashIndex(), StringColumn())
        let codes = texts.map { single.intern($0, in: &singleEntries) }
        #expect(many.intern(StringTableTests.column(texts), in: &manyEntries) == codes)
        #expect(singleEntries == manyEntries)
    }

    @Test("strings are picked in any order, as often as asked") func gathering() {
        var generator = SeededGenerator(seed: 9)
        let texts = StringTableTests.texts(500, kinds: 200, &generator)
        let column = StringTableTests.column(texts)
        for count in [0, 1, 7, 2000] {
            let places = (0..<count).map { _ in Int32.random(in: 0..<500, using: &generator) }
            #expect(column.gathered(places) == StringTableTests.column(places.map { texts[Int($0)] }))
        }
        #expect(unsafe ck_gathered_length(column.offsets, 500, [3, 500], 2) == -1)
        #expect(unsafe ck_gathered_length(column.offsets, 500, [-1], 1) == -1)
    }

    @Test("the smallest and largest text of each group", arguments: [true, false]) func extremes(isMaximum: Bool) {
        var generator = SeededGenerator(seed: 10)
        for (count, groupCount) in [(0, 1), (1, 1), (400, 1), (400, 7), (400, 300)] {
            let texts = StringTableTests.texts(max(count, 1), kinds: 150, &generator)
            let column = StringTableTests.column(texts)
            let codes = (0..<count).map { _ in UInt32.random(in: 0..<UInt32(texts.count), using: &generator) }
            let mask = (0..<count).map { _ in UInt8.random(in: 0...1, using: &generator) }
            let groups = (0..<count).map { _ in UInt32.random(in: 0..<UInt32(groupCount), using: &generator) }
            for (isCoded, isMasked, isGrouped) in [(false, false, false), (true, false, true), (false, true, true), (true, true, false)] {
                var expected = [[UInt8]?](repeating: nil, count: groupCount)
                for row in 0..<count where !isMasked || mask[row] == 1 {
                    let text = texts[isCoded ? Int(codes[row]) : row]
                    let group = isGrouped ? Int(groups[row]) : 0
                    guard let known = expected[group] else {
                        expected[group] = text
                        continue
                    }
                    if isMaximum ? known.lexicographicallyPrecedes(text) : text.lexicographicallyPrecedes(known) { expected[group] = text }
                }
                var best = [UInt32](repeating: .max, count: groupCount)
                unsafe ck_text_extremes(
                    column.bytes, column.offsets, isCoded ? codes : nil, isMasked ? mask : nil, isGrouped ? groups : nil, count,
                    isMaximum ? 1 : 0, &best)
                #expect(best.map { $0 == .max ? nil : texts[Int($0)] } == expected)
            }
        }
    }
}
