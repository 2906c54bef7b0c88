import Encodings

/// How pages that are read are packed.
enum PagePacking: String {
    case none, snappy, gzip, zstd, lz4

    /// Bytes kept readable behind unpacked pages, for loads that look beyond a value.
    static let padding = 16

    /// Largest page that is unpacked.
    static let pageSizeLimit = 1 << 30

    init(codec: Int32) throws(Damage) {
        switch codec {
        case 0: self = .none
        case 1: self = .snappy
        case 2: self = .gzip
        case 6: self = .zstd
        case 7: self = .lz4
        default:
            let names: [Int32: String] = [3: "LZO", 4: "Brotli", 5: "LZ4 as Hadoop frames it"]
            throw .unsupported("pages packed by \(names[codec] ?? "method \(codec)") are not read")
        }
    }

    /// The unpacked bytes with `padding` zeros behind them.
    ///
    /// - Parameters:
    ///   - range: Of `bytes`.
    ///   - size: Bytes that must come out, no more and no less.
    func unpack(_ bytes: [UInt8], _ range: Range<Int>, size: Int) throws(Damage) -> [UInt8] {
        guard size <= PagePacking.pageSizeLimit else {
            throw .unsupported("a page of \(size) bytes; at most \(PagePacking.pageSizeLimit) are read")
        }
        let unpacked: [UInt8]?
        switch self {
        case .none:
            guard range.count == size else { throw Damage("\(range.count) bytes where the page's head says \(size)") }
            var copy = [UInt8]()
            copy.reserveCapacity(size + PagePacking.padding)
            copy.append(contentsOf: bytes[range])
            copy.append(contentsOf: repeatElement(0, count: PagePacking.padding))
            return copy
        case .snappy: unpacked = SnappyPages.unpack(bytes, range, size: size)
        case .gzip: unpacked = ZlibPages.unpack(bytes, range, size: size)
        case .lz4: unpacked = LZ4Pages.unpack(bytes, range, size: size)
        case .zstd: unpacked = Zstandard.decompress(bytes, in: range, size: size, padding: PagePacking.padding)
        }
        guard let unpacked else { throw Damage("packed bytes (\(rawValue)) that do not give the \(size) bytes expected") }
        return unpacked
    }
}
