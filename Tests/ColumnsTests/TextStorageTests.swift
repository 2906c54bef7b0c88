import Columns
import Testing

@Suite("Strings, dictionaries, identifiers")
struct TextStorageTests {
    private static let samples = ["", "a", "abcdefg", "abcdefgh", "abcdefghi", "中文", "x\u{0}y", "12345678901234567890"]

    @Test("a string column gives back what was put in")
    func stringColumn() {
        var column = StringColumn()
        #expect(column.count == 0)
        for text in TextStorageTests.samples { column.append(text) }
        column.append(contentsOf: Array("tail".utf8))
        #expect(column.count == TextStorageTests.samples.count + 1)
        for (index, text) in TextStorageTests.samples.enumerated() {
            #expect(column[index] == text)
            #expect(Array(column[bytesAt: index]) == Array(text.utf8))
        }
        #expect(column == StringColumn(offsets: column.offsets, bytes: column.bytes))
    }

    @Test("the hash index agrees with a dictionary over many strings")
    func hashIndex() {
        var generator = SeededGenerator(seed: 3)
        var index = StringHashIndex()
        var entries = StringColumn()
        var reference: [String: UInt32] = [:]
        for _ in 0..<20_000 {
            let text = String(Int.random(in: 0..<6000, using: &generator), radix: 36)
            let code = index.intern(Array(text.utf8), in: &entries)
            if let known = reference[text] {
                #expect(known == code)
            } else {
                #expect(code == UInt32(reference.count))
                reference[text] = code
            }
        }
        #expect(entries.count == reference.count)
        let rebuilt = StringHashIndex(entries: entries)
        for (text, code) in reference { #expect(rebuilt.find(Array(text.utf8), in: entries) == code) }
        #expect(rebuilt.find(Array("no such".utf8), in: entries) == nil)
    }

    @Test("the hash depends on length and every byte")
    func hashes() {
        var seen: Set<UInt64> = []
        for length in 0..<40 { seen.insert(StringHashIndex.hash([UInt8](repeating: 0, count: length))) }
        for place in 0..<40 {
            var bytes = [UInt8](repeating: 0, count: 40)
            bytes[place] = 1
            seen.insert(StringHashIndex.hash(bytes))
        }
        #expect(seen.count == 80)
        #expect(StringHashIndex.hash(Array("abc".utf8)) == StringHashIndex.hash(Array("xabc".utf8)[1...]))
    }

    @Test("a text dictionary finds its codes")
    func textDictionary() {
        var entries = StringColumn()
        for text in TextStorageTests.samples { entries.append(text) }
        let dictionary = TextDictionary(entries: entries)
        #expect(dictionary.count == TextStorageTests.samples.count)
        for (code, text) in TextStorageTests.samples.enumerated() {
            #expect(dictionary.code(of: text) == UInt32(code))
            #expect(dictionary[UInt32(code)] == text)
        }
        #expect(dictionary.code(of: "absent") == nil)
        #expect(TextDictionary(single: "one")[0] == "one")
    }

    @Test("identifiers keep prefix, width and leading zeros")
    func identifiers() throws {
        var exceptions = StringColumn()
        exceptions.append("odd one")
        let domain = IdentifierDomain(
            formats: [
                .init(prefix: Array("P".utf8), digitCount: 4), .init(prefix: [], digitCount: 18),
                .init(prefix: Array("P0".utf8), digitCount: 3),
            ], exceptions: TextDictionary(entries: exceptions))
        for text in ["P0000", "P0042", "P9999", "000000000000000000", "999999999999999999", "odd one"] {
            let code = try #require(domain.code(of: Array(text.utf8)))
            #expect(domain[code] == text)
        }
        // The first format that fits is taken, so that equal strings have equal codes.
        #expect(domain.code(of: Array("P0042".utf8)) == 42)
        #expect(try #require(domain.code(of: Array("odd one".utf8))) >> 60 == IdentifierDomain.exceptionFormat)
        for text in ["", "P", "P42", "P00042", "Q0042", "P00x2", "12", "another"] {
            #expect(domain.code(of: Array(text.utf8)) == nil)
        }
    }
}

/// SplitMix64: the same numbers from the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
