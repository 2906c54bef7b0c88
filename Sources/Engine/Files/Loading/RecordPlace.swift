import CSV

/// Where in a record a fault is.
enum RecordPlace {
    /// Line breaks before the place, and bytes between the last of them and it.
    struct Offset: Hashable {
        var lineCount = 0
        var byteCount = 0
    }

    /// The place of a rejected row's fault in its raw text; nil where it is the record as a whole.
    ///
    /// - Parameters:
    ///   - field: The 0-based place of its column in the file.
    ///   - fieldCount: Fields that the record should have.
    static func column(of reject: IngestReject, field: Int?, fieldCount: Int, dialect: CSVDialect) -> Offset? {
        if let field { return start(ofField: field, in: reject.raw, dialect) }
        guard reject.reason == RejectReason.fieldCount.rawValue else { return nil }
        // The first field too many, or the end of a record that has too few.
        return start(ofField: fieldCount, in: reject.raw, dialect) ?? offset(of: reject.raw.count, in: reject.raw)
    }

    /// Where a field begins; nil if the record has fewer.
    private static func start(ofField number: Int, in raw: [UInt8], _ dialect: CSVDialect) -> Offset? {
        var place = 0
        for _ in 0..<number {
            if place < raw.count, raw[place] == dialect.quote {
                place += 1
                while place < raw.count {
                    if raw[place] == dialect.quote {
                        if place + 1 < raw.count, raw[place + 1] == dialect.quote { place += 1 } else { break }
                    }
                    place += 1
                }
            }
            guard let end = raw[min(place, raw.count)...].firstIndex(of: dialect.delimiter) else { return nil }
            place = end + 1
        }
        return offset(of: place, in: raw)
    }

    private static func offset(of place: Int, in raw: [UInt8]) -> Offset {
        let before = raw[..<min(place, raw.count)]
        guard let lineFeed = before.lastIndex(of: 0x0A) else { return Offset(byteCount: before.count) }
        return Offset(lineCount: before.count { $0 == 0x0A }, byteCount: before.count - lineFeed - 1)
    }
}
