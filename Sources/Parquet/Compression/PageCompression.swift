/// How pages are packed; the names that options take.
package enum PageCompression: String, CaseIterable, Sendable {
    case none, snappy, gzip, zstd

    /// Bytes kept readable behind unpacked pages, for loads that look beyond a value.
    static let padding = 16

    /// Largest page that is unpacked.
    static let pageSizeLimit = 1 << 30

    /// The number of parquet.thrift.
    var codec: Int32 {
        switch self {
        case .none: 0
        case .snappy: 1
        case .gzip: 2
        case .zstd: 6
        }
    }

    init(codec: Int32) throws(Damage) {
        switch codec {
        case 0: self = .none
        case 1: self = .snappy
        case 2: self = .gzip
        case 6: self = .zstd
        default:
            let names: [Int32: String] = [3: "LZO", 4: "Brotli", 5: "LZ4 of Hadoop", 7: "LZ4"]
            throw .unsupported("pages packed by \(names[codec] ?? "method \(codec)") are not read")
        }
    }

    func pack(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .none: bytes
        case .snappy: SnappyPages.pack(bytes)
        case .gzip: ZlibPages.pack(bytes)
        case .zstd: ZstandardPages.pack(bytes)
        }
    }

    /// The unpacked bytes with `padding` zeros behind them.
    ///
    /// - Parameters:
    ///   - range: Of `bytes`.
    ///   - size: Bytes that must come out, no more and no less.
    func unpack(_ bytes: [UInt8], _ range: Range<Int>, size: Int) throws(Damage) -> [UInt8] {
        guard size <= PageCompression.pageSizeLimit else {
            throw .unsupported("a page of \(size) bytes; at most \(PageCompression.pageSizeLimit) are read")
        }
        let unpacked: [UInt8]?
        switch self {
        case .none:
            guard range.count == size else { throw Damage("\(range.count) bytes where the page's head says \(size)") }
            var copy = [UInt8]()
            copy.reserveCapacity(size + PageCompression.padding)
            copy.append(contentsOf: bytes[range])
            copy.append(contentsOf: repeatElement(0, count: PageCompression.padding))
            return copy
        case .snappy: unpacked = SnappyPages.unpack(bytes, range, size: size)
        case .gzip: unpacked = ZlibPages.unpack(bytes, range, size: size)
        case .zstd: unpacked = ZstandardPages.unpack(bytes, range, size: size)
        }
        guard let unpacked else { throw Damage("packed bytes (\(rawValue)) that do not give the \(size) bytes expected") }
        return unpacked
    }
}
