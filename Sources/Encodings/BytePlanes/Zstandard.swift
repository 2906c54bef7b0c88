import CZstd
import Synchronization

/// The zstd library: level 1, contexts kept for reuse. The only importer of `CZstd` but for the reader of compressed CSV files.
package enum Zstandard {
    package static let level: Int32 = 1

    /// - Parameter minimumMatch: Bytes that must repeat before they are told as a repetition; nil for the level's own.
    package static func compress(_ bytes: [UInt8], minimumMatch: Int32? = nil) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        let context = contexts.takeCompressor()
        defer { contexts.give(context) }
        // 0 is the level's own; parameters stay with a context until they are set anew.
        for (parameter, value) in [(ZSTD_c_compressionLevel, level), (ZSTD_c_minMatch, minimumMatch ?? 0)] {
            let state = unsafe ZSTD_CCtx_setParameter(context.pointer, parameter, value)
            precondition(ZSTD_isError(state) == 0, "The library has both parameters.")
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            // zstd reads `bytes` and writes at most `bound` bytes, both given with their sizes.
            let written = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compress2(context.pointer, target.baseAddress, bound, source.baseAddress, source.count)
            }
            precondition(ZSTD_isError(written) == 0, "Compression into a buffer of the bound's size cannot fail.")
            count = written
        }
    }

    /// For text that repeats what stands far before.
    ///
    /// - Parameter windowLog: Repetitions are found within 2^windowLog bytes, at most 27.
    package static func compressLong(_ bytes: [UInt8], windowLog: Int32) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        // One of its own: the parameters are others than those of blocks.
        let context = unsafe ZSTD_createCCtx()!
        defer { unsafe _ = ZSTD_freeCCtx(context) }
        for (parameter, value) in [(ZSTD_c_compressionLevel, level), (ZSTD_c_windowLog, windowLog), (ZSTD_c_enableLongDistanceMatching, 1)] {
            let state = unsafe ZSTD_CCtx_setParameter(context, parameter, value)
            precondition(ZSTD_isError(state) == 0, "The library has these parameters.")
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            // zstd reads `bytes` and writes at most `bound` bytes, both given with their sizes.
            let written = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compress2(context, target.baseAddress, bound, source.baseAddress, source.count)
            }
            precondition(ZSTD_isError(written) == 0, "Compression into a buffer of the bound's size cannot fail.")
            count = written
        }
    }

    /// - Parameter size: Bytes that must come out, no more and no less; each frame of ours says so itself.
    package static func decompress(_ bytes: [UInt8], size: Int) throws(EncodingError) -> [UInt8] {
        guard frameSize(bytes, 0..<bytes.count) == UInt64(size) else {
            throw EncodingError("compressed bytes that are not \(size) bytes unpacked")
        }
        guard let result = decompress(bytes, in: 0..<bytes.count, size: size) else {
            throw EncodingError("compressed bytes do not give the \(size) bytes expected")
        }
        return result
    }

    /// As `decompress(_:size:)`, little-endian words and a zero behind them.
    static func decompressWords(_ bytes: [UInt8], count: Int) throws(EncodingError) -> [UInt64] {
        guard frameSize(bytes, 0..<bytes.count) == UInt64(8 * count) else {
            throw EncodingError("compressed bytes that are not \(count) words unpacked")
        }
        let context = contexts.takeDecompressor()
        defer { contexts.give(context) }
        var isSound = false
        let words = unsafe [UInt64](unsafeUninitializedCapacity: count + 1) { target, filledCount in
            // zstd reads `bytes` and never writes behind the size it is given.
            let written = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_decompressDCtx(context.pointer, target.baseAddress, 8 * count, source.baseAddress, source.count)
            }
            guard ZSTD_isError(written) == 0, written == 8 * count else { return }
            unsafe (target.baseAddress! + count).initialize(to: 0)
            isSound = true
            filledCount = count + 1
        }
        guard isSound else { throw EncodingError("compressed bytes do not give the \(count) words expected") }
        return words
    }

    /// The bytes that some of `bytes` were before, with `padding` zeros behind them; nil if they are damaged or others than `size`.
    package static func decompress(_ bytes: [UInt8], in range: Range<Int>, size: Int, padding: Int = 0) -> [UInt8]? {
        // Asked first, so that no memory is taken for a size that was made up; a frame need not say its own.
        let said = frameSize(bytes, range)
        guard said == UInt64.max || said <= UInt64(size) else { return nil }
        let context = contexts.takeDecompressor()
        defer { contexts.give(context) }
        var isSound = false
        let result = unsafe [UInt8](unsafeUninitializedCapacity: max(1, size + padding)) { target, count in
            // The range lies in `bytes`; zstd never writes behind the size it is given.
            let written = unsafe bytes.withUnsafeBytes { all in
                unsafe ZSTD_decompressDCtx(
                    context.pointer, target.baseAddress, size, all.baseAddress.map { unsafe $0 + range.lowerBound }, range.count)
            }
            guard ZSTD_isError(written) == 0, written == size else { return }
            unsafe (target.baseAddress! + size).initialize(repeating: 0, count: padding)
            isSound = true
            count = size + padding
        }
        return isSound ? result : nil
    }

    /// What the first frame says of its size; the largest number if it says nothing.
    private static func frameSize(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        // The call reads the bytes it is given.
        return unsafe bytes.withUnsafeBytes { all in
            unsafe ZSTD_getFrameContentSize(all.baseAddress.map { unsafe $0 + range.lowerBound }, range.count)
        }
    }

    private static let contexts = ZstandardContexts()
}

/// Contexts not in use; making one costs more than compressing a small block.
private final class ZstandardContexts: Sendable {
    /// A context of the C library. Owned by whoever took it from the pool, one thread at a time, hence safe to hand over.
    @safe struct Compressor: @unchecked Sendable { let pointer: OpaquePointer }
    @safe struct Decompressor: @unchecked Sendable { let pointer: OpaquePointer }

    private let compressors = Mutex<[Compressor]>([])
    private let decompressors = Mutex<[Decompressor]>([])

    func takeCompressor() -> Compressor {
        if let idle = compressors.withLock({ $0.popLast() }) { return idle }
        return unsafe Compressor(pointer: ZSTD_createCCtx()!)
    }

    func takeDecompressor() -> Decompressor {
        if let idle = decompressors.withLock({ $0.popLast() }) { return idle }
        return unsafe Decompressor(pointer: ZSTD_createDCtx()!)
    }

    func give(_ context: Compressor) { compressors.withLock { $0.append(context) } }
    func give(_ context: Decompressor) { decompressors.withLock { $0.append(context) } }
}
