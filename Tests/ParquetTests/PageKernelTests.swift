import CKernels
import Testing

private let levels: [Int32] = Array(CK_LEVEL_PORTABLE...ck_best_level())

/// Each kernel of pages beside the plainest loop, over seeded random data.
@Suite("Values of pages")
struct PageKernelTests {
    private static let padding = [UInt8](repeating: 0xA5, count: 16)

    /// Numbers packed bit by bit from the lowest bit of each byte upwards.
    private func packed(_ numbers: [UInt32], width: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (numbers.count * width + 7) / 8)
        for (row, number) in numbers.enumerated() {
            for bit in 0..<width where number >> UInt32(bit) & 1 == 1 {
                bytes[(row * width + bit) / 8] |= 1 << UInt8((row * width + bit) % 8)
            }
        }
        return bytes
    }

    private func variable(_ number: UInt64) -> [UInt8] {
        var rest = number
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private func numbers(_ count: Int, width: Int, _ random: inout SeededRandom) -> [UInt32] {
        (0..<count).map { _ in width == 0 ? 0 : UInt32(truncatingIfNeeded: random.next()) >> UInt32(32 - width) }
    }

    @Test("packed numbers of every width at every level", arguments: levels) func unpacking(level: Int32) {
        var random = SeededRandom(seed: 21)
        for width in 0...32 {
            for count in Array(0...33) + [128, 1001] {
                let expected = numbers(count, width: width, &random)
                var found = [UInt32](repeating: 7, count: count)
                let largest = unsafe ck_unpack_codes(
                    level, packed(expected, width: width) + PageKernelTests.padding, count, UInt32(width), &found)
                #expect(found == expected, "width \(width)")
                #expect(largest == expected.max() ?? 0)
            }
        }
    }

    /// Runs and packed groups in any order, and the numbers they stand for.
    private func hybrid(width: Int, pieces: Int, _ random: inout SeededRandom) -> (bytes: [UInt8], numbers: [UInt32]) {
        var bytes: [UInt8] = []
        var all: [UInt32] = []
        for _ in 0..<pieces {
            if Bool.random(using: &random) {
                let length = Int.random(in: 1...70, using: &random)
                let value = numbers(1, width: width, &random)[0]
                bytes += variable(UInt64(length) << 1)
                for place in 0..<(width + 7) / 8 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * place))) }
                all += [UInt32](repeating: value, count: length)
            } else {
                let groups = Int.random(in: 1...9, using: &random)
                let values = numbers(groups * 8, width: width, &random)
                bytes += variable(UInt64(groups) << 1 | 1) + packed(values, width: width)
                all += values
            }
        }
        return (bytes, all)
    }

    @Test("runs and packed groups at every level", arguments: levels) func codes(level: Int32) {
        var random = SeededRandom(seed: 22)
        for width in [0, 1, 2, 5, 8, 9, 17, 24, 25, 26, 31, 32] {
            for pieces in 1...12 {
                let (bytes, expected) = hybrid(width: width, pieces: pieces, &random)
                // The last run may go on behind the rows that are asked for.
                for count in [expected.count, expected.count - Int.random(in: 0..<expected.count, using: &random)] {
                    var found = [UInt32](repeating: 7, count: count)
                    let result = unsafe ck_read_codes(
                        level, bytes + PageKernelTests.padding, 0, bytes.count, UInt32(width), count, &found)
                    #expect(result.status == CK_HYBRID_SOUND)
                    #expect(found == Array(expected.prefix(count)))
                    #expect(result.largest == found.max() ?? 0)
                    if count == expected.count { #expect(result.position == bytes.count) }
                }
            }
        }
    }

    @Test("levels become a mask, and are counted") func presence() {
        var random = SeededRandom(seed: 23)
        for pieces in 1...20 {
            let (bytes, expected) = hybrid(width: 1, pieces: pieces, &random)
            let count = expected.count - Int.random(in: 0..<min(9, expected.count), using: &random)
            var mask = [UInt8](repeating: 7, count: count)
            let result = unsafe ck_read_levels(bytes, 0, bytes.count, count, &mask)
            #expect(result.status == CK_HYBRID_SOUND)
            #expect(mask == expected.prefix(count).map { UInt8($0) })
            #expect(Int(result.largest) == mask.count { $0 == 1 })
        }
    }

    @Test("bytes cut anywhere, or changed, end in a status and not beyond the bytes") func damage() {
        var random = SeededRandom(seed: 24)
        for width in [1, 7, 20] {
            let (bytes, expected) = hybrid(width: width, pieces: 9, &random)
            for end in 0..<bytes.count {
                var found = [UInt32](repeating: 0, count: expected.count)
                let cut = unsafe ck_read_codes(
                    ck_level(), Array(bytes[..<end]) + PageKernelTests.padding, 0, end, UInt32(width), expected.count, &found)
                #expect(cut.status != CK_HYBRID_SOUND)
                var changed = bytes
                changed[end] = .random(in: 0...255, using: &random)
                let other = unsafe ck_read_codes(
                    ck_level(), changed + PageKernelTests.padding, 0, changed.count, UInt32(width), expected.count, &found)
                #expect(other.position <= changed.count)
                if other.status == CK_HYBRID_SOUND { #expect(found.allSatisfy { $0 <= other.largest && UInt64($0) < 1 << UInt64(width) }) }
            }
        }
        var values: [UInt32] = [0]
        let head = [UInt8](repeating: 0xFF, count: 11) + PageKernelTests.padding
        #expect(unsafe ck_read_codes(ck_level(), head, 0, 11, 3, 1, &values).status == CK_HYBRID_LONG_NUMBER)
        #expect(unsafe ck_read_codes(ck_level(), [2, 8] + PageKernelTests.padding, 0, 2, 3, 1, &values).status == CK_HYBRID_WIDE_VALUE)
        #expect(unsafe ck_read_codes(ck_level(), [0, 1] + PageKernelTests.padding, 0, 2, 3, 1, &values).status == CK_HYBRID_RUN_CUT)
        #expect(unsafe ck_read_codes(ck_level(), [1, 1] + PageKernelTests.padding, 0, 2, 3, 1, &values).status == CK_HYBRID_GROUPS)
    }

    @Test("present values move to their rows") func spreading() {
        var random = SeededRandom(seed: 25)
        for count in Array(0...20) + [64, 500] {
            for share in [0, 1, 6, 11, 12] {
                let mask = (0..<count).map { _ -> UInt8 in Int.random(in: 0..<12, using: &random) < share ? 1 : 0 }
                let present = mask.count { $0 == 1 }
                let values = (0..<UInt64(present)).map { $0 + 100 }
                let rest = [UInt64](repeating: 9, count: count - present)
                var words = values + rest
                unsafe ck_spread_words(mask, count, present, &words)
                #expect(zip(words, mask).filter { $1 == 1 }.map(\.0) == values)
                var halves = (values + rest).map { UInt32($0) }
                unsafe ck_spread_halves(mask, count, present, &halves)
                #expect(zip(halves, mask).filter { $1 == 1 }.map { UInt64($0.0) } == values)
            }
        }
    }

    @Test("strings behind their sizes, and sizes that are not true") func strings() {
        var random = SeededRandom(seed: 26)
        for count in [0, 1, 2, 50] {
            let texts = (0..<count).map { _ in
                (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            let bytes = texts.flatMap { text in (0..<4).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) } + text }
            let total = texts.reduce(0) { $0 + $1.count }
            var ends = [UInt32](repeating: 0, count: count)
            var strings = [UInt8](repeating: 0, count: total + 16)
            let read = unsafe ck_read_strings(bytes + PageKernelTests.padding, 0, bytes.count, count, 5, &ends, &strings)
            #expect(read == total)
            #expect(Array(strings.prefix(total)) == texts.flatMap { $0 })
            var end = 5
            #expect(ends == texts.map { end += $0.count; return UInt32(end) })
            for place in bytes.indices {
                var changed = bytes
                changed[place] = 0xFF
                var room = [UInt8](repeating: 0, count: bytes.count - 4 * count + 16)
                let found = unsafe ck_read_strings(changed + PageKernelTests.padding, 0, changed.count, count, 0, &ends, &room)
                #expect(found <= total)
            }
        }
    }
}
