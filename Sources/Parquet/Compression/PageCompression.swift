import Encodings

/// How pages that are written are packed; the names that options take.
package enum PageCompression: String, CaseIterable, Sendable {
    case none, snappy, gzip, zstd

    /// The number of parquet.thrift.
    var codec: Int32 {
        switch self {
        case .none: 0
        case .snappy: 1
        case .gzip: 2
        case .zstd: 6
        }
    }

    package func pack(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .none: bytes
        case .snappy: SnappyPages.pack(bytes)
        case .gzip: ZlibPages.pack(bytes)
        case .zstd: Zstandard.compress(bytes)
        }
    }
}
