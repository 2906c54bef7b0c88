import CKernels
import Columns
import Testing

@testable import Execution

@Suite("LIKE over many texts")
struct LikeTests {
    static let levels = [CK_LEVEL_PORTABLE, CK_LEVEL_AVX2, CK_LEVEL_AVX512].filter { $0 <= ck_level() }

    /// What LIKE says of one text, by trying every way a pattern can be read.
    static func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        switch first {
        case "%": return (text.startIndex...text.endIndex).contains { matches(pattern.dropFirst(), text[$0...]) }
        case "_": return !text.isEmpty && matches(pattern.dropFirst(), text.dropFirst())
        default: return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
        }
    }

    static func mask(_ texts: [String], _ pattern: String, present: [UInt8]? = nil, negated: Bool = false) throws -> [UInt8] {
        var strings = StringColumn()
        for text in texts { strings.append(text) }
        let column = Vector(
            type: .text, count: texts.count, values: .string(strings), validity: present.map { .mask($0) } ?? .allPresent)
        let like = LikeEvaluation(escape: 0x5C, caseInsensitive: false, negated: negated, position: 0)
        let found = try like.vector(column, pattern: .constant(.text(pattern), type: .text, count: texts.count), count: texts.count)
        guard case .boolean(let rows) = found.flattened().values else { return [] }
        return (0..<texts.count).map { found.validity.isPresent($0) ? rows[$0] : 2 }
    }

    @Test("texts searched together match as each of them does", arguments: 1...8 as ClosedRange<UInt64>)
    func agreesWithOneByOne(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let letters = Array("aab药b")
        for _ in 0..<60 {
            // Pieces that go on in the next text, so that what looks like a match may reach over a border.
            let texts = (0..<Int.random(in: 1...120, using: &random)).map { _ in
                String((0..<Int.random(in: 0...9, using: &random)).map { _ in letters.randomElement(using: &random)! })
            }
            let pattern = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                ["%", "%", "_", "a", "ab", "药", "ba", "aab"].randomElement(using: &random)!
            }.joined()
            let present = texts.map { _ in UInt8(Int.random(in: 0..<5, using: &random) == 0 ? 0 : 1) }
            for negated in [false, true] {
                let expected = texts.indices.map { row -> UInt8 in
                    if present[row] == 0 { return 2 }
                    return Self.matches(Array(pattern)[...], Array(texts[row])[...]) != negated ? 1 : 0
                }
                #expect(try Self.mask(texts, pattern, present: present, negated: negated) == expected, "\(pattern), seed \(seed)")
            }
        }
    }

    @Test("a pattern's bytes that all matches have", arguments: [
        ("%ab%", "ab"), ("%a%", "a"), ("%special%requests%", "requests"), ("a_bc%", "bc"), ("ab%", nil), ("%ab", nil), ("ab", nil), ("%", nil),
        ("_%a", nil), ("%a\\%b%", "a%b"), ("%ab\\", nil),
    ] as [(String, String?)])
    func required(pattern: String, bytes: String?) {
        let text = Array(pattern.utf8)
        #expect(LikePattern(text.span, escape: 0x5C, caseInsensitive: false).requiredBytes == bytes.map { Array($0.utf8) })
        #expect(LikePattern(text.span, escape: 0x5C, caseInsensitive: true).requiredBytes == nil)
    }

    @Test("bytes are found at every place by every kernel")
    func bytesFound() {
        var random = SeededGenerator(seed: 3)
        for round in 0..<400 {
            let length = Int.random(in: 0...300, using: &random)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...(round % 2 == 0 ? 1 : 3), using: &random) }
            let needle = (0..<Int.random(in: 1...(round % 3 == 0 ? 80 : 6), using: &random)).map { _ in UInt8.random(in: 0...1, using: &random) }
            let start = Int.random(in: 0...length, using: &random)
            let expected = start + needle.count <= length
                ? (start...(length - needle.count)).first { bytes[$0..<($0 + needle.count)].elementsEqual(needle) } ?? length : length
            for level in Self.levels {
                // All bytes lie within their arrays.
                #expect(unsafe ck_find_bytes(level, bytes, start, length, needle, needle.count) == expected, "round \(round)")
            }
        }
    }
}
