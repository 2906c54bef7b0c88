import CKernels
import Glibc

/// Turns GB18030 or UTF-16 into UTF-8 piece by piece.
///
/// Bytes that stand for no character stay malformed, so that the row they are in is rejected later and never silently altered, and
/// stay what they are, so that its raw text tells them: a byte of GB18030 is kept as it is, half a pair of UTF-16 as three bytes
/// that no UTF-8 has. Only half a code unit, at the end of a file, becomes the byte 0xFF.
@safe
final class Transcoder {
    private static let halfUnit: UInt8 = 0xFF
    /// Bytes a malformed place needs at most.
    private static let malformedSize = 3
    private let encoding: TextEncoding
    private let descriptor: iconv_t
    /// Bytes to leave out after a malformed place: one code unit.
    private let unitSize: Int
    /// The characters of two bytes, as `ck_pairs_to_utf8` takes them; empty for an encoding that has none. They and ASCII are nearly
    /// all there is; what else there is goes through iconv, a character at a time.
    private let pairs: [UInt32]
    /// Bytes of the longest character.
    private static let characterLimit = 4

    init(path: String, from encoding: TextEncoding) throws(CSVError) {
        unitSize = encoding == .gb18030 ? 1 : 2
        self.encoding = encoding
        let opened = unsafe iconv_open("UTF-8", encoding.rawValue)
        guard Int(bitPattern: opened) != -1, let opened = unsafe opened else {
            throw .cannotRead(
                path: path, byteOffset: 0, systemMessage: "the system's iconv does not know \(encoding.rawValue)")
        }
        unsafe descriptor = opened
        pairs = encoding == .gb18030 ? unsafe Transcoder.pairs(opened) : []
    }

    /// Every character of two bytes by the system's own word.
    private static func pairs(_ descriptor: iconv_t) -> [UInt32] {
        var table = [UInt32](repeating: 0, count: (0xFE - 0x81 + 1) * Int(CK_PAIR_TRAILS))
        for place in table.indices {
            var source = [
                CChar(truncatingIfNeeded: 0x81 + place / Int(CK_PAIR_TRAILS)), CChar(truncatingIfNeeded: 0x40 + place % Int(CK_PAIR_TRAILS)),
            ]
            var text = [CChar](repeating: 0, count: 8)
            var (sourceLeft, textLeft) = (source.count, text.count)
            let result = unsafe source.withUnsafeMutableBufferPointer { source in
                unsafe text.withUnsafeMutableBufferPointer { text in
                    // iconv advances both pointers within the counts given to it.
                    var input = source.baseAddress
                    var output = text.baseAddress
                    return unsafe iconv(descriptor, &input, &sourceLeft, &output, &textLeft)
                }
            }
            let length = text.count - textLeft
            guard result == 0, sourceLeft == 0, (1...3).contains(length) else { continue }
            var entry = UInt32(length) << 24
            for index in 0..<length { entry |= UInt32(UInt8(bitPattern: text[index])) << UInt32(8 * index) }
            table[place] = entry
        }
        return table
    }

    deinit { unsafe _ = iconv_close(descriptor) }

    /// Converts from the front of `source` to the front of `destination`.
    ///
    /// Stops when the destination is full or the source is used up; an incomplete character at the end of the source is
    /// left unless `isLast`.
    /// - Precondition: `destination.count >= 8`.
    func convert(
        _ source: ArraySlice<UInt8>, isLast: Bool, into destination: UnsafeMutableRawBufferPointer
    ) -> (consumed: Int, produced: Int) {
        unsafe source.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return (0, 0) }
            // iconv advances both pointers within the counts given to it.
            var input: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutablePointer(
                mutating: start.assumingMemoryBound(to: CChar.self))
            var inputLeft = bytes.count
            var output: UnsafeMutablePointer<CChar>? = unsafe destination.baseAddress!.assumingMemoryBound(
                to: CChar.self)
            var outputLeft = destination.count
            while inputLeft > 0 {
                if !pairs.isEmpty {
                    let place = bytes.count - inputLeft
                    let filled = destination.count - outputLeft
                    var produced = 0
                    // Both are within the counts given.
                    let taken = unsafe ck_pairs_to_utf8(
                        start.assumingMemoryBound(to: UInt8.self) + place, inputLeft,
                        destination.baseAddress!.assumingMemoryBound(to: UInt8.self) + filled, outputLeft, pairs, &produced)
                    unsafe input! += taken
                    inputLeft -= taken
                    unsafe output! += produced
                    outputLeft -= produced
                    if inputLeft == 0 { break }
                }
                let offered = pairs.isEmpty ? inputLeft : min(inputLeft, Transcoder.characterLimit)
                var left = offered
                let result = unsafe iconv(descriptor, &input, &left, &output, &outputLeft)
                let code = errno
                let isCut = offered < inputLeft
                inputLeft -= offered - left
                if result != -1 { continue }
                if code == E2BIG { break }
                // Half a character at the end of what was offered, behind whole ones.
                if code == EINVAL, isCut, left < offered { continue }
                if code == EINVAL, !isCut, !isLast { break }
                guard outputLeft >= Transcoder.malformedSize else { break }
                // A malformed place, or an incomplete character at the very end.
                let skipped = min(unitSize, inputLeft)
                let place = bytes.count - inputLeft
                // place..<place + skipped lies within the source, and there is room for `malformedSize` bytes.
                for byte in unsafe malformed(UnsafeRawBufferPointer(rebasing: bytes[place..<(place + skipped)])) {
                    unsafe output!.pointee = CChar(bitPattern: byte)
                    unsafe output! += 1
                    outputLeft -= 1
                }
                unsafe input! += skipped
                inputLeft -= skipped
            }
            return (bytes.count - inputLeft, destination.count - outputLeft)
        }
    }

    /// What becomes of a code unit that stands for no character.
    ///
    /// A byte of GB18030 never becomes a part of a character of UTF-8 by its neighbours: every byte from 0x81 to 0xFE makes a character with
    /// every one from 0x80 to 0xFE behind it, so what follows a malformed one is ASCII, a whole character, or 0xFF.
    private func malformed(_ unit: UnsafeRawBufferPointer) -> [UInt8] {
        if encoding == .gb18030 { return unsafe Array(unit) }
        guard unit.count == 2 else { return [Transcoder.halfUnit] }
        let (first, second) = unsafe (UInt16(unit[0]), UInt16(unit[1]))
        let surrogate = encoding == .utf16LittleEndian ? second << 8 | first : first << 8 | second
        return [0xE0 | UInt8(surrogate >> 12), 0x80 | UInt8(surrogate >> 6 & 0x3F), 0x80 | UInt8(surrogate & 0x3F)]
    }
}
