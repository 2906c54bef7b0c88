/// How values lie in pages; numbers of parquet.thrift.
enum PhysicalType: Int32 {
    case boolean = 0
    case int32 = 1
    case int64 = 2
    case int96 = 3
    case float = 4
    case double = 5
    case byteArray = 6
    case fixedByteArray = 7
}

/// Encodings of values and levels; numbers of parquet.thrift.
enum PageEncoding: Int32 {
    case plain = 0
    case plainDictionary = 2
    case rle = 3
    case bitPacked = 4
    case deltaBinaryPacked = 5
    case deltaLengthByteArray = 6
    case deltaByteArray = 7
    case rleDictionary = 8
    case byteStreamSplit = 9

    /// Whether values are codes of the chunk's dictionary.
    var isOfDictionary: Bool { self == .rleDictionary || self == .plainDictionary }

    var name: String {
        switch self {
        case .plain: "PLAIN"
        case .plainDictionary: "PLAIN_DICTIONARY"
        case .rle: "RLE"
        case .bitPacked: "BIT_PACKED"
        case .deltaBinaryPacked: "DELTA_BINARY_PACKED"
        case .deltaLengthByteArray: "DELTA_LENGTH_BYTE_ARRAY"
        case .deltaByteArray: "DELTA_BYTE_ARRAY"
        case .rleDictionary: "RLE_DICTIONARY"
        case .byteStreamSplit: "BYTE_STREAM_SPLIT"
        }
    }
}

enum PageType: Int32 {
    case data = 0
    case index = 1
    case dictionary = 2
    case dataV2 = 3
}

/// What a leaf of the schema means beyond its physical type.
enum Annotation: Hashable {
    case none
    case text
    case decimal(precision: Int, scale: Int)
    case date
    case timestamp(TimeUnit)
    case integer(bitWidth: Int, isSigned: Bool)
    case uuid
    case float16
    case null
    /// A meaning that is not read, by its name.
    case other(String)

    enum TimeUnit: Hashable { case milliseconds, microseconds, nanoseconds }
}
