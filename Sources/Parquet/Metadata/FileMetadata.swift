/// The footer of a file, as far as it is used. Source: Apache Parquet, parquet.thrift.
struct FileMetadata {
    var schema: [SchemaElement] = []
    var rowCount = 0
    var rowGroups: [RowGroupMetadata] = []
    var createdBy: String?
    /// Whether the order that each column's statistics go by is said to be that of its type.
    var hasTypeOrder: [Bool] = []
}

struct SchemaElement {
    var name = ""
    var type: PhysicalType?
    /// Bytes of a value of a fixed length.
    var typeLength = 0
    /// 0 required, 1 optional, 2 repeated; nil for the root.
    var repetition: Int?
    var childCount = 0
    var annotation = Annotation.none
}

struct RowGroupMetadata {
    var columns: [ColumnChunkMetadata] = []
    var rowCount = 0
    var byteCount = 0
}

struct ColumnChunkMetadata {
    var path: [String] = []
    var type: PhysicalType?
    var codec: Int32 = 0
    var valueCount = 0
    var packedSize = 0
    var unpackedSize = 0
    var dataPageOffset = 0
    var dictionaryPageOffset: Int?
    var statistics = ColumnStatistics()
    /// Where the bounds of its pages lie in the file.
    var indexOffset: Int?
    var indexSize = 0
    /// Whether the chunk lies in another file, or is encrypted.
    var isElsewhere = false
    var isEncrypted = false
    /// The encodings that are used, for writing.
    var encodings: [PageEncoding] = []
    /// Pages by their type and encoding, for writing.
    var pageCounts: [PageCount] = []
}

struct PageCount {
    var type: PageType
    var encoding: PageEncoding
    var count: Int
}

/// Bounds of a column chunk or a page, in the PLAIN encoding without a length.
struct ColumnStatistics: Hashable {
    var nullCount: Int?
    var minimum: [UInt8]?
    var maximum: [UInt8]?
    /// Whether the smallest value is longer than its bound; for writing.
    var isMinimumCut = false
    /// Whether the file says that a bound is a value, or that it is none; nil where it says nothing.
    var isMinimumExact: Bool?
    var isMaximumExact: Bool?
}

/// The head of a page.
struct PageHeader {
    var type: PageType?
    var unpackedSize = 0
    var packedSize = 0
    var checksum: UInt32?
    var valueCount = 0
    var encoding: PageEncoding?
    /// The number of an encoding that is not known.
    var encodingNumber: Int32 = -1
    var levelEncoding = PageEncoding.rle
    var statistics = ColumnStatistics()
    // Of version 2 only.
    var definitionSize = 0
    var repetitionSize = 0
    var isCompressed = true
}
