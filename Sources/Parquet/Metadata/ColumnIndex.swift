/// What a file says of each data page of a column chunk, apart from the pages. Source: Apache Parquet, PageIndex.md.
struct ColumnIndex {
    /// Largest index that is read.
    static let sizeLimit = 16 << 20

    private(set) var pages: [ColumnStatistics] = []

    init(_ bytes: [UInt8], _ range: Range<Int>, pageRowCounts: [Int]) throws(Damage) {
        var reader = ThriftReader(bytes, range)
        var areEmpty: [Bool] = []
        var minima: [[UInt8]] = []
        var maxima: [[UInt8]] = []
        func texts(_ reader: inout ThriftReader) throws(Damage) -> [[UInt8]] {
            try reader.list { (r, type) throws(Damage) in
                guard type == .binary else { throw Damage("a page's bound that is no bytes") }
                return try r.binary()
            }
        }
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            // In a list a truth value takes a byte.
            case (1, .list): areEmpty = try reader.list { (r, _) throws(Damage) in try r.signedByte() == 1 }
            case (2, .list): minima = try texts(&reader)
            case (3, .list): maxima = try texts(&reader)
            default: try reader.skip(type)
            }
        }
        guard areEmpty.count == pageRowCounts.count, minima.count == areEmpty.count, maxima.count == areEmpty.count else {
            throw Damage("a column index of other pages than there are")
        }
        for page in areEmpty.indices {
            // Bounds of a page of NULLs are there, and mean nothing.
            pages.append(
                areEmpty[page]
                    ? ColumnStatistics(nullCount: pageRowCounts[page])
                    : ColumnStatistics(minimum: minima[page], maximum: maxima[page]))
        }
    }
}
