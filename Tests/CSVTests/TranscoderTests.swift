import Glibc
import Testing

@testable import CSV

@Suite("GB18030 as UTF-8")
struct TranscoderTests {
    /// The system's iconv alone, a malformed byte at a time.
    static func reference(_ bytes: [UInt8]) -> [UInt8] {
        guard let descriptor = unsafe iconv_open("UTF-8", "GB18030") else { return [] }
        defer { unsafe _ = iconv_close(descriptor) }
        var result: [UInt8] = []
        var source = bytes.map { CChar(bitPattern: $0) }
        var start = 0
        while start < source.count {
            var text = [CChar](repeating: 0, count: 4 * source.count + 16)
            var (sourceLeft, textLeft) = (source.count - start, text.count)
            let outcome = unsafe source.withUnsafeMutableBufferPointer { source in
                unsafe text.withUnsafeMutableBufferPointer { text in
                    // iconv advances both pointers within the counts given to it.
                    var input = unsafe source.baseAddress.map { unsafe $0 + start }
                    var output = text.baseAddress
                    return unsafe iconv(descriptor, &input, &sourceLeft, &output, &textLeft)
                }
            }
            result += text[..<(text.count - textLeft)].map { UInt8(bitPattern: $0) }
            start = source.count - sourceLeft
            if outcome == -1 {
                result.append(bytes[start])
                start += 1
            }
        }
        return result
    }

    /// In pieces of the source, into pieces of room.
    static func transcoded(_ bytes: [UInt8], _ transcoder: Transcoder, piece: Int, room: Int) -> [UInt8] {
        var result: [UInt8] = []
        var (start, end) = (0, min(piece, bytes.count))
        while start < bytes.count {
            var text = [UInt8](repeating: 0, count: room)
            let (consumed, produced) = unsafe text.withUnsafeMutableBytes {
                unsafe transcoder.convert(bytes[start..<end], isLast: end == bytes.count, into: $0)
            }
            result += text[..<produced]
            start += consumed
            if produced == 0 {
                if end == bytes.count, consumed == 0 { break }
                end = min(end + piece, bytes.count)
            }
        }
        return result
    }

    @Test("is what the system's iconv makes of it, in pieces of any size", arguments: 1...12 as ClosedRange<UInt64>)
    func agreesWithIconv(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let transcoder = try Transcoder(path: "-", from: .gb18030)
        for _ in 0..<40 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...60, using: &random) {
                switch Int.random(in: 0..<8, using: &random) {
                case 0...2: bytes += (0..<Int.random(in: 1...20, using: &random)).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }
                case 3, 4: bytes += [UInt8.random(in: 0x81...0xFE, using: &random), UInt8.random(in: 0x40...0xFE, using: &random)]
                case 5:
                    bytes += [UInt8.random(in: 0x81...0xFE, using: &random), UInt8.random(in: 0x30...0x39, using: &random)]
                    bytes += [UInt8.random(in: 0x81...0xFE, using: &random), UInt8.random(in: 0x30...0x39, using: &random)]
                case 6: bytes.append(UInt8.random(in: 0x80...0xFF, using: &random))
                default: bytes.append(0x0A)
                }
            }
            let expected = Self.reference(bytes)
            for (piece, room) in [(1 << 20, 1 << 20), (7, 1 << 20), (1 << 20, 8), (5, 9), (64, 33)] {
                #expect(Self.transcoded(bytes, transcoder, piece: piece, room: room) == expected, "seed \(seed)")
            }
        }
    }

    @Test("bytes of no character stay what they are, and never become UTF-8", arguments: 1...8 as ClosedRange<UInt64>)
    func malformedStaysMalformed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let transcoder = try Transcoder(path: "-", from: .gb18030)
        for _ in 0..<400 {
            // Of two, one or both are often malformed.
            let bytes = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                [UInt8.random(in: 0x80...0xFF, using: &random), UInt8.random(in: 0x20...0x7E, using: &random), 0xFF, 0x80, 0x0A].randomElement(using: &random)!
            }
            let text = Self.transcoded(bytes, transcoder, piece: bytes.count, room: 64)
            let isSound = Self.isSound(bytes)
            #expect((String(validating: text, as: UTF8.self) != nil) == isSound, "\(bytes), seed \(seed)")
        }
        #expect(Self.transcoded(Array("caf".utf8) + [0xE9, 0x2C, 0xFF, 0xFF, 0xD6, 0xD0], transcoder, piece: 99, room: 64) == Array("caf".utf8) + [0xE9, 0x2C, 0xFF, 0xFF] + Array("中".utf8))
    }

    private static func isSound(_ bytes: [UInt8]) -> Bool {
        guard let descriptor = unsafe iconv_open("UTF-8", "GB18030") else { return false }
        defer { unsafe _ = iconv_close(descriptor) }
        var source = bytes.map { CChar(bitPattern: $0) }
        var text = [CChar](repeating: 0, count: 4 * bytes.count + 16)
        var (sourceLeft, textLeft) = (source.count, text.count)
        return unsafe source.withUnsafeMutableBufferPointer { source in
            unsafe text.withUnsafeMutableBufferPointer { text in
                // iconv advances both pointers within the counts given to it.
                var input = source.baseAddress
                var output = text.baseAddress
                return unsafe iconv(descriptor, &input, &sourceLeft, &output, &textLeft) != -1
            }
        }
    }

    @Test("half a pair of UTF-16 stays malformed and what it is, half a unit malformed", arguments: [TextEncoding.utf16LittleEndian, .utf16BigEndian])
    func halfPairs(encoding: TextEncoding) throws {
        let transcoder = try Transcoder(path: "-", from: encoding)
        let units: [UInt16] = [0x61, 0xD800, 0x62, 0xDC80, 0xDC81, 0x4E2D, 0xDFFF]
        let bytes = units.flatMap { encoding == .utf16LittleEndian ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let expected: [UInt8] = [0x61, 0xED, 0xA0, 0x80, 0x62, 0xED, 0xB2, 0x80, 0xED, 0xB2, 0x81] + Array("中".utf8) + [0xED, 0xBF, 0xBF]
        for (piece, room) in [(99, 99), (3, 8), (1, 9)] {
            #expect(Self.transcoded(bytes + [0x41], transcoder, piece: piece, room: room) == expected + [0xFF])
        }
    }

    @Test("every character of two bytes") func pairs() throws {
        let transcoder = try Transcoder(path: "-", from: .gb18030)
        for lead in 0x81...0xFE as ClosedRange<UInt8> {
            var bytes: [UInt8] = []
            for trail in 0x40...0xFF as ClosedRange<UInt8> { bytes += [lead, trail, 0x2C] }
            #expect(Self.transcoded(bytes, transcoder, piece: bytes.count, room: 4 * bytes.count) == Self.reference(bytes))
        }
    }
}
