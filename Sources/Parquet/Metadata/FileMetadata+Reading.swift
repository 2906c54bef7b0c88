extension FileMetadata {
    init(_ bytes: [UInt8], _ range: Range<Int>) throws(Damage) {
        var reader = ThriftReader(bytes, range)
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (2, .list): schema = try reader.list { (r, type) throws(Damage) in try SchemaElement(&r, type) }
            case (3, .int64): rowCount = try reader.count()
            case (4, .list): rowGroups = try reader.list { (r, type) throws(Damage) in try RowGroupMetadata(&r, type) }
            case (6, .binary): createdBy = String(decoding: try reader.binary(), as: UTF8.self)
            case (7, .list):
                hasTypeOrder = try reader.list { (r, type) throws(Damage) in
                    guard type == .structure else { throw Damage("column orders are no structures") }
                    var isKnown = false
                    try r.fields { (r, id, type) throws(Damage) in
                        if id == 1 { isKnown = true }
                        try r.skip(type)
                    }
                    return isKnown
                }
            default: try reader.skip(type)
            }
        }
    }
}

extension SchemaElement {
    init(_ reader: inout ThriftReader, _ type: ThriftType) throws(Damage) {
        guard type == .structure else { throw Damage("the schema is no list of structures") }
        var converted: Int?
        var scale = 0
        var precision = 0
        var logical: Annotation?
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (1, .int32): self.type = try PhysicalType.read(&reader)
            case (2, .int32): typeLength = try reader.count()
            case (3, .int32): repetition = try reader.count()
            case (4, .binary): name = try reader.text()
            case (5, .int32): childCount = try reader.count()
            case (6, .int32): converted = try reader.count()
            case (7, .int32): scale = try reader.count()
            case (8, .int32): precision = try reader.count()
            case (10, .structure): logical = try Annotation(&reader)
            default: try reader.skip(type)
            }
        }
        if let logical, logical != .none {
            annotation = logical
        } else if let converted {
            annotation = Annotation(converted: converted, precision: precision, scale: scale)
        }
    }
}

extension PhysicalType {
    fileprivate static func read(_ reader: inout ThriftReader) throws(Damage) -> PhysicalType {
        let number = try reader.integer()
        guard let type = PhysicalType(rawValue: Int32(truncatingIfNeeded: number)) else {
            throw Damage("physical type \(number), which there is not")
        }
        return type
    }
}

extension Annotation {
    /// The older way of saying it.
    fileprivate init(converted: Int, precision: Int, scale: Int) {
        switch converted {
        case 0, 4, 19: self = .text
        case 1, 2: self = .other("map")
        case 3: self = .other("list")
        case 5: self = .decimal(precision: precision, scale: scale)
        case 6: self = .date
        case 7, 8: self = .other("time of day")
        case 9: self = .timestamp(.milliseconds)
        case 10: self = .timestamp(.microseconds)
        case 11...14: self = .integer(bitWidth: 8 << (converted - 11), isSigned: false)
        case 15...18: self = .integer(bitWidth: 8 << (converted - 15), isSigned: true)
        case 20: self = .other("BSON")
        case 21: self = .other("interval")
        default: self = .none
        }
    }

    fileprivate init(_ reader: inout ThriftReader) throws(Damage) {
        var found = Annotation.none
        try reader.fields { (reader, id, type) throws(Damage) in
            guard type == .structure else { return try reader.skip(type) }
            switch id {
            case 5:
                var (precision, scale) = (0, 0)
                try reader.fields { (reader, id, type) throws(Damage) in
                    switch (id, type) {
                    case (1, .int32): scale = try reader.count()
                    case (2, .int32): precision = try reader.count()
                    default: try reader.skip(type)
                    }
                }
                found = .decimal(precision: precision, scale: scale)
                return
            case 8:
                var unit: TimeUnit?
                try reader.fields { (reader, id, type) throws(Damage) in
                    guard id == 2, type == .structure else { return try reader.skip(type) }
                    try reader.fields { (reader, id, type) throws(Damage) in
                        unit = id == 1 ? .milliseconds : id == 2 ? .microseconds : id == 3 ? .nanoseconds : nil
                        try reader.skip(type)
                    }
                }
                found = unit.map { .timestamp($0) } ?? .other("timestamp of an unknown unit")
                return
            case 10:
                var (bitWidth, isSigned) = (64, true)
                try reader.fields { (reader, id, type) throws(Damage) in
                    switch (id, type) {
                    case (1, .int8): bitWidth = try reader.signedByte()
                    case (2, .yes): isSigned = true
                    case (2, .no): isSigned = false
                    default: try reader.skip(type)
                    }
                }
                found = .integer(bitWidth: bitWidth, isSigned: isSigned)
                return
            case 1, 4, 12: found = .text
            case 2: found = .other("map")
            case 3: found = .other("list")
            case 6: found = .date
            case 7: found = .other("time of day")
            case 11: found = .null
            case 13: found = .other("BSON")
            case 14: found = .uuid
            case 15: found = .float16
            case 16: found = .other("variant")
            case 17, 18: found = .other("geometry")
            default: found = .other("type \(id)")
            }
            try reader.skip(type)
        }
        self = found
    }
}

extension RowGroupMetadata {
    init(_ reader: inout ThriftReader, _ type: ThriftType) throws(Damage) {
        guard type == .structure else { throw Damage("row groups are no structures") }
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (1, .list): columns = try reader.list { (r, type) throws(Damage) in try ColumnChunkMetadata(&r, type) }
            case (2, .int64): byteCount = try reader.count()
            case (3, .int64): rowCount = try reader.count()
            default: try reader.skip(type)
            }
        }
    }
}

extension ColumnChunkMetadata {
    init(_ reader: inout ThriftReader, _ type: ThriftType) throws(Damage) {
        guard type == .structure else { throw Damage("column chunks are no structures") }
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (1, .binary):
                isElsewhere = true
                try reader.skip(type)
            case (3, .structure): try readOwn(&reader)
            case (6, .int64): indexOffset = try reader.count()
            case (7, .int32): indexSize = try reader.count()
            case (8, _), (9, _):
                isEncrypted = true
                try reader.skip(type)
            default: try reader.skip(type)
            }
        }
    }

    private mutating func readOwn(_ reader: inout ThriftReader) throws(Damage) {
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (1, .int32): self.type = try PhysicalType.read(&reader)
            case (3, .list): path = try reader.list { (r, type) throws(Damage) in
                guard type == .binary else { throw Damage("a path that is no text") }
                return try r.text()
            }
            case (4, .int32): codec = Int32(truncatingIfNeeded: try reader.integer())
            case (5, .int64): valueCount = try reader.count()
            case (6, .int64): unpackedSize = try reader.count()
            case (7, .int64): packedSize = try reader.count()
            case (9, .int64): dataPageOffset = try reader.count()
            case (11, .int64): dictionaryPageOffset = try reader.count()
            case (12, .structure): statistics = try ColumnStatistics(&reader)
            default: try reader.skip(type)
            }
        }
    }
}

extension ColumnStatistics {
    /// The bounds without a stated order (fields 1 and 2) are not used: writers did not agree on theirs.
    fileprivate init(_ reader: inout ThriftReader) throws(Damage) {
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (3, .int64): nullCount = try reader.count()
            case (5, .binary): maximum = try reader.binary()
            case (6, .binary): minimum = try reader.binary()
            case (7, .yes), (7, .no): isMaximumExact = type == .yes
            case (8, .yes), (8, .no): isMinimumExact = type == .yes
            default: try reader.skip(type)
            }
        }
    }
}

extension PageHeader {
    init(_ reader: inout ThriftReader) throws(Damage) {
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (1, .int32): self.type = PageType(rawValue: Int32(truncatingIfNeeded: try reader.integer()))
            case (2, .int32): unpackedSize = try reader.smallCount()
            case (3, .int32): packedSize = try reader.smallCount()
            case (4, .int32): checksum = UInt32(truncatingIfNeeded: try reader.integer())
            case (5, .structure), (7, .structure): try readPlainHead(&reader)
            case (8, .structure): try readHeadV2(&reader)
            default: try reader.skip(type)
            }
        }
    }

    private mutating func setEncoding(_ reader: inout ThriftReader) throws(Damage) {
        encodingNumber = Int32(truncatingIfNeeded: try reader.integer())
        encoding = PageEncoding(rawValue: encodingNumber)
    }

    /// Of a data page of version 1, or a dictionary page.
    private mutating func readPlainHead(_ reader: inout ThriftReader) throws(Damage) {
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (1, .int32): valueCount = try reader.smallCount()
            case (2, .int32): try setEncoding(&reader)
            case (3, .int32):
                levelEncoding = PageEncoding(rawValue: Int32(truncatingIfNeeded: try reader.integer())) ?? .plain
            case (5, .structure): statistics = try ColumnStatistics(&reader)
            default: try reader.skip(type)
            }
        }
    }

    private mutating func readHeadV2(_ reader: inout ThriftReader) throws(Damage) {
        try reader.fields { (reader, id, type) throws(Damage) in
            switch (id, type) {
            case (1, .int32): valueCount = try reader.smallCount()
            case (4, .int32): try setEncoding(&reader)
            case (5, .int32): definitionSize = try reader.smallCount()
            case (6, .int32): repetitionSize = try reader.smallCount()
            case (7, .no): isCompressed = false
            case (8, .structure): statistics = try ColumnStatistics(&reader)
            default: try reader.skip(type)
            }
        }
    }
}
