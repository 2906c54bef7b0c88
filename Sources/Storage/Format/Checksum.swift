import CXXHash
import Crypto

/// The two checks of a store: a fast one for each block, a cryptographic one for each file.
package enum Checksum {
    /// XXH3, 64 bits.
    package static func block(_ bytes: [UInt8]) -> UInt64 { block(bytes, 0..<bytes.count) }

    package static func block(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        precondition(range.upperBound <= bytes.count)
        // Reads `range`, which lies inside the array.
        return unsafe bytes.withUnsafeBytes { all in
            range.isEmpty ? unsafe XXH3.hash64(nil, 0) : unsafe XXH3.hash64(all.baseAddress! + range.lowerBound, range.count)
        }
    }

    package static func block(words: [UInt64], byteCount: Int) -> UInt64 {
        precondition(byteCount <= words.count * 8)
        // As above.
        return unsafe words.withUnsafeBytes { all in unsafe XXH3.hash64(all.baseAddress, byteCount) }
    }

    /// SHA-256 as 64 lower-case hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }
    package static func sha256(_ bytes: ArraySlice<UInt8>) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    /// SHA-256 as 32 bytes.
    package static func sha256Bytes(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// XXH3, 128 bits, over bytes as they come: tells files apart at the speed of memory. It is no proof against somebody who
/// forges a file on purpose; what is stored is proved by the SHA-256 of each segment.
@safe
package struct StreamHash: ~Copyable {
    /// Owned; freed with the struct.
    private let state: OpaquePointer
    package private(set) var byteCount = 0

    package init() {
        unsafe state = XXH3_createState()!
        _ = unsafe XXH3_128bits_reset(state)
    }

    deinit { _ = unsafe XXH3_freeState(state) }

    package mutating func update(_ bytes: RawSpan) {
        // Reads the span's own bytes.
        unsafe bytes.withUnsafeBytes { unsafe XXH3.update128(state, $0.baseAddress, $0.count) }
        byteCount += bytes.byteCount
    }

    /// `xxh3:` and 32 hexadecimal digits, as xxh128sum prints them.
    package var text: String {
        let hash = unsafe XXH3_128bits_digest(state)
        let words = [hash.high64, hash.low64]
        return "xxh3:" + Checksum.hexadecimal(words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } })
    }
}

/// XXH3 with the widest registers this processor has, where the library offers the choice: one hash on all of them.
private enum XXH3 {
    /// The library chooses with the first call, which must not be made by two threads at a time.
    private static let isChosen: Bool = {
        #if arch(x86_64)
        // Longer than what is hashed without the choice.
        let bytes = [UInt8](repeating: 0, count: 1 << 10)
        unsafe bytes.withUnsafeBytes {
            _ = unsafe XXH3_64bits_dispatch($0.baseAddress, $0.count)
            _ = unsafe XXH3_128bits_dispatch($0.baseAddress, $0.count)
        }
        #endif
        return true
    }()

    /// - Precondition: `count` bytes can be read; no address for none.
    static func hash64(_ bytes: UnsafeRawPointer?, _ count: Int) -> UInt64 {
        #if arch(x86_64)
        precondition(isChosen)
        return unsafe XXH3_64bits_dispatch(bytes, count)
        #else
        return unsafe XXH3_64bits(bytes, count)
        #endif
    }

    /// - Precondition: As for `hash64`; the state is one of `XXH3_createState` after a reset.
    static func update128(_ state: OpaquePointer, _ bytes: UnsafeRawPointer?, _ count: Int) {
        #if arch(x86_64)
        precondition(isChosen)
        _ = unsafe XXH3_128bits_update_dispatch(state, bytes, count)
        #else
        _ = unsafe XXH3_128bits_update(state, bytes, count)
        #endif
    }
}
