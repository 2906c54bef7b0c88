import CZstd
import Synchronization

/// zstd pages; contexts are kept for reuse. The only importer of `CZstd` here.
enum ZstandardPages {
    private static let level: Int32 = 1

    static func pack(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        let context = contexts.takeCompressor()
        defer { contexts.give(context) }
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            // zstd reads `bytes` and writes at most `bound` bytes, both given with their sizes.
            let written = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compressCCtx(
                    context.pointer, target.baseAddress, bound, source.baseAddress, source.count, level)
            }
            precondition(ZSTD_isError(written) == 0, "Compression into a buffer of the bound's size cannot fail.")
            count = written
        }
    }

    /// nil if the bytes are damaged or not exactly of that size.
    static func unpack(_ bytes: [UInt8], _ range: Range<Int>, size: Int) -> [UInt8]? {
        // Where the frame says its size it is asked first, so that no memory is taken for one that was made up.
        let unknownSize = UInt64.max
        let said = unsafe bytes.withUnsafeBytes { all in
            unsafe ZSTD_getFrameContentSize(all.baseAddress! + range.lowerBound, range.count)
        }
        guard said == unknownSize || said <= UInt64(size) else { return nil }
        let context = contexts.takeDecompressor()
        defer { contexts.give(context) }
        var isSound = false
        let result = unsafe [UInt8](unsafeUninitializedCapacity: size + PagePacking.padding) { target, count in
            // The range lies in `bytes`; zstd never writes behind the size it is given.
            let written = unsafe bytes.withUnsafeBytes { all in
                unsafe ZSTD_decompressDCtx(
                    context.pointer, target.baseAddress, size, all.baseAddress! + range.lowerBound, range.count)
            }
            guard ZSTD_isError(written) == 0, written == size else { return }
            unsafe (target.baseAddress! + size).initialize(repeating: 0, count: PagePacking.padding)
            isSound = true
            count = size + PagePacking.padding
        }
        return isSound ? result : nil
    }

    private static let contexts = ZstandardContexts()
}

/// Contexts not in use; making one costs more than compressing a small page.
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
