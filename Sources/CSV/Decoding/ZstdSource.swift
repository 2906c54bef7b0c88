import CZstd

/// Unpacks zstd data of one or several frames.
@safe
final class ZstdSource: ByteSource {
    private static let inputSize = 256 << 10
    private let path: String
    private let input: DescriptorSource
    private let context: OpaquePointer
    private let packed: UnsafeMutablePointer<UInt8>
    private var packedCount = 0
    private var packedPosition = 0
    /// What the last call of zstd still expects: 0 at a frame's end.
    private var expectedCount = 0
    private var isFinished = false

    init(path: String, input: DescriptorSource) throws(CSVError) {
        self.path = path
        self.input = input
        guard let context = unsafe ZSTD_createDCtx() else {
            throw .cannotRead(path: path, byteOffset: 0, systemMessage: "zstd cannot start")
        }
        unsafe self.context = context
        unsafe packed = .allocate(capacity: ZstdSource.inputSize)
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
        unsafe packed.deallocate()
    }

    var diskByteCount: Int { input.diskByteCount }

    func read(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
        var output = unsafe ZSTD_outBuffer(dst: destination.baseAddress!, size: destination.count, pos: 0)
        while !isFinished, unsafe output.pos == 0 {
            if packedPosition == packedCount {
                packedPosition = 0
                packedCount = unsafe try input.read(
                    into: UnsafeMutableRawBufferPointer(start: packed, count: ZstdSource.inputSize))
            }
            // At the end of the input zstd is still asked once more: it may hold unpacked bytes back.
            let isInputOver = packedCount == 0
            if isInputOver, expectedCount == 0 {
                isFinished = true
                break
            }
            var source = unsafe ZSTD_inBuffer(src: packed, size: packedCount, pos: packedPosition)
            let result = unsafe ZSTD_decompressStream(context, &output, &source)
            if ZSTD_isError(result) != 0 {
                throw unsafe damaged(String(cString: ZSTD_getErrorName(result)))
            }
            unsafe packedPosition = source.pos
            expectedCount = result
            if isInputOver, unsafe output.pos == 0, expectedCount != 0 { throw damaged("the data ends too early") }
        }
        return unsafe output.pos
    }

    private func damaged(_ detail: String) -> CSVError {
        let offset = input.diskByteCount - (packedCount - packedPosition)
        return .damagedCompression(path: path, format: "zstd", byteOffset: offset, detail: detail)
    }
}
