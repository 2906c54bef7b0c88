import Parquet

/// How a file of text is packed as a whole, as its ending says.
package enum FilePacking: String, Sendable, CaseIterable {
    case gzip, zstd

    /// The packing that a file's name asks for; nil for one that is not packed.
    package init?(fileName: String) {
        switch fileName.split(separator: ".").last?.lowercased() {
        case "gz": self = .gzip
        case "zst": self = .zstd
        default: return nil
        }
    }

    /// What the names of such files end in.
    package var ending: String {
        switch self {
        case .gzip: "gz"
        case .zstd: "zst"
        }
    }

    /// The name without the ending that says how it is packed.
    package static func plainName(_ fileName: String) -> String {
        guard FilePacking(fileName: fileName) != nil, let dot = fileName.lastIndex(of: ".") else { return fileName }
        return String(fileName[..<dot])
    }

    /// One member of gzip, or one frame of Zstandard: a file is any number of them behind each other.
    package func pack(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .gzip: PageCompression.gzip.pack(bytes)
        case .zstd: PageCompression.zstd.pack(bytes)
        }
    }
}
