import Foundation
import Glibc

/// The same text as other files would hold it.
enum FileForms {
    /// Bytes in another encoding of the C library; nil where it does not know the encoding.
    static func encoded(_ text: String, as encoding: String) -> [UInt8]? {
        guard let converter = unsafe iconv_open(encoding, "UTF-8"), unsafe converter != iconv_t(bitPattern: -1) else {
            return nil
        }
        defer { unsafe iconv_close(converter) }
        var source = text.utf8.map { CChar(bitPattern: $0) }
        var target = [CChar](repeating: 0, count: source.count * 4 + 16)
        let size = target.count
        let written: Int? = unsafe source.withUnsafeMutableBufferPointer { from in
            unsafe target.withUnsafeMutableBufferPointer { into in
                var start = from.baseAddress
                var left = from.count
                var end = into.baseAddress
                var room = size
                guard unsafe iconv(converter, &start, &left, &end, &room) != -1 else { return nil }
                return size - room
            }
        }
        return written.map { target[..<$0].map { UInt8(bitPattern: $0) } }
    }

    /// What a packing tool makes of bytes; nil where the tool is not installed.
    static func packed(_ bytes: [UInt8], with tool: String) throws -> [UInt8]? {
        let places = ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + tool }
        guard let place = places.first(where: FileManager.default.isExecutableFile) else { return nil }
        let outcome = try RunningProcess(place, ["-c"], input: .bytes(bytes)).wait()
        return outcome.exitCode == 0 ? outcome.outputBytes : nil
    }

    /// A zstd frame of uncompressed blocks, after RFC 8878: no tool needed.
    static func zstdFrame(_ bytes: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0b1010_0000]
        for shift in [0, 8, 16, 24] { frame.append(UInt8(truncatingIfNeeded: bytes.count >> shift)) }
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(100_000)
            rest = rest.dropFirst(block.count)
            let header = block.count << 3 | (rest.isEmpty ? 1 : 0)
            for shift in [0, 8, 16] { frame.append(UInt8(truncatingIfNeeded: header >> shift)) }
            frame += block
        } while !rest.isEmpty
        return frame
    }

    /// A zstd frame of `beginning` and so many bytes of one kind, four for each 128 KiB of them: small, and huge unpacked.
    static func zstdBomb(_ beginning: String, then byte: UInt8, size: Int) -> [UInt8] {
        // No content size, and a window of 128 KiB.
        var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, 0x38]
        func append(_ kind: Int, _ size: Int, isLast: Bool, _ content: [UInt8]) {
            let header = size << 3 | kind << 1 | (isLast ? 1 : 0)
            for shift in [0, 8, 16] { frame.append(UInt8(truncatingIfNeeded: header >> shift)) }
            frame += content
        }
        append(0, beginning.utf8.count, isLast: false, Array(beginning.utf8))
        let blockCount = size >> 17
        for block in 1...blockCount { append(1, 1 << 17, isLast: block == blockCount, [byte]) }
        return frame
    }
}
