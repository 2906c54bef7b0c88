import Encodings

/// The fixed parts of a segment file. Source: docs/file-format.md, "Segments".
enum SegmentFormat {
    /// Version 2 has encodings that version 1 did not know; nothing else differs.
    static let version: UInt32 = 2
    static let oldestVersion: UInt32 = 1
    static let magic: [UInt8] = Array("FWSEG\r\n\u{1A}".utf8)
    /// Blocks, the header and the trailer lie on multiples of this.
    static let alignment = 64
    static let headerSize = 64
    static let trailerSize = 64
    static let maximumColumnCount = 4096
    static let maximumBlockCount = 8192
    /// Bytes of one block; more is refused before anything is allocated.
    static let maximumBlockSize = 1 << 31
    static let maximumFileSize = 1 << 40

    /// The last word of a segment file: the checksum of its trailer, and so, over the directory's checksum, of all its bytes.
    static func checksum(of bytes: [UInt8]) -> UInt64 { BlockReader(bytes: Array(bytes.suffix(8))).words[0] }
}

/// How a column's values lie in lanes.
enum LaneStorage: UInt8 {
    case boolean = 0
    case int32 = 1
    case int64 = 2
    case int128 = 3
    case double = 4
    case codes32 = 5
    case codes64 = 6
    case strings = 7

    /// Bytes of a value in memory; 0 for text, whose bytes are counted.
    var valueSize: Int {
        switch self {
        case .boolean: 1
        case .int32, .codes32: 4
        case .int64, .double, .codes64: 8
        case .int128: 16
        case .strings: 0
        }
    }
}
