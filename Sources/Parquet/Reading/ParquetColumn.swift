package import Columns

/// A top-level column of a file, and how its values become those of the engine.
package struct ParquetColumn: Sendable {
    package var name: String
    /// What the engine sees; text for a column that is not read.
    package var type: LogicalType
    /// Why the column cannot be read, such as "a list"; nil if it can.
    package var refusal: String?
    /// What the file calls the type of a column that is not read, such as "list".
    private let unreadType: String?
    package var isOptional: Bool
    /// Place among the leaves of the schema, and so among the chunks of a row group.
    let leaf: Int
    let physicalType: PhysicalType
    let typeLength: Int
    let conversion: Conversion

    enum Conversion: Hashable, Sendable {
        case boolean
        case integer(isUnsigned32: Bool)
        case unsigned64
        case decimal
        case date
        case timestamp(Annotation.TimeUnit)
        case legacyTime
        case double
        case text
        case uuid
        case none
    }

    /// The columns below the root of a schema, in their order.
    static func all(of schema: [SchemaElement]) throws(Damage) -> [ParquetColumn] {
        guard let root = schema.first, root.type == nil else { throw Damage("no schema") }
        var next = 1
        var leaf = 0
        var columns: [ParquetColumn] = []
        for _ in 0..<root.childCount {
            guard next < schema.count else { throw Damage("a schema that ends too early") }
            let element = schema[next]
            let firstLeaf = leaf
            try pass(schema, &next, &leaf, depth: 0)
            columns.append(ParquetColumn(element, leaf: firstLeaf))
        }
        guard next == schema.count else { throw Damage("a schema with parts beyond its end") }
        return columns
    }

    /// Passes over an element and all below it.
    private static func pass(_ schema: [SchemaElement], _ next: inout Int, _ leaf: inout Int, depth: Int) throws(Damage) {
        guard next < schema.count, depth < 100 else { throw Damage("a schema that ends too early") }
        let element = schema[next]
        next += 1
        if element.type != nil { leaf += 1 }
        for _ in 0..<element.childCount { try pass(schema, &next, &leaf, depth: depth + 1) }
    }

    private init(_ element: SchemaElement, leaf: Int) {
        name = element.name
        self.leaf = leaf
        isOptional = element.repetition == 1
        physicalType = element.type ?? .byteArray
        typeLength = element.typeLength
        let meaning: (LogicalType, Conversion)?
        if element.type == nil || element.repetition == 2 {
            meaning = nil
        } else {
            meaning = ParquetColumn.meaning(element)
        }
        (type, conversion) = meaning ?? (.text, .none)
        refusal = meaning == nil ? ParquetColumn.refusal(element) : nil
        unreadType = meaning == nil ? ParquetColumn.unreadType(element) : nil
    }

    /// The type for people: the engine's, or that of the file and that it is not read.
    package var typeText: String { unreadType.map { $0 + " (not read)" } ?? type.name }

    private static func unreadType(_ element: SchemaElement) -> String {
        switch element.annotation {
        case .other("time of day"): return "time"
        case .other(let name): return name.lowercased()
        case .decimal(let precision, let scale): return "numeric(\(precision),\(scale))"
        default: break
        }
        if element.repetition == 2 { return "list" }
        guard let type = element.type else { return "struct" }
        return type == .fixedByteArray ? "binary(\(element.typeLength))" : "unknown"
    }

    private static func refusal(_ element: SchemaElement) -> String {
        switch element.annotation {
        case .other("list"): return "a list"
        case .other("map"): return "a map"
        case .other(let name): return name
        case .decimal(let precision, let scale): return "a decimal of \(precision) digits, \(scale) of them after the point"
        default: break
        }
        if element.repetition == 2 { return "a list" }
        guard let type = element.type else { return "a structure" }
        switch type {
        case .fixedByteArray: return "bytes without a meaning"
        default: return "of a type its values do not fit"
        }
    }

    private static func meaning(_ element: SchemaElement) -> (LogicalType, Conversion)? {
        switch (element.annotation, element.type) {
        case (.decimal(let precision, let scale), let type?):
            guard (1...LogicalType.maximumPrecision).contains(precision), (0...precision).contains(scale) else { return nil }
            let logical = LogicalType.numeric(precision: precision, scale: scale)
            switch type {
            case .int32, .int64, .byteArray: return (logical, .decimal)
            case .fixedByteArray: return (1...16).contains(element.typeLength) ? (logical, .decimal) : nil
            default: return nil
            }
        case (.integer(let bits, let isSigned), .int32):
            // What is written as unsigned is less than 2^32.
            if bits == 32, !isSigned { return (.bigint, .integer(isUnsigned32: true)) }
            return bits <= 32 ? (.integer, .integer(isUnsigned32: !isSigned)) : nil
        case (.integer(let bits, let isSigned), .int64):
            guard bits == 64 else { return nil }
            return isSigned ? (.bigint, .integer(isUnsigned32: false)) : (.numeric(precision: 20, scale: 0), .unsigned64)
        case (.date, .int32): return (.date, .date)
        case (.timestamp(let unit), .int64): return (.timestamp, .timestamp(unit))
        case (.text, .byteArray): return (.text, .text)
        case (.uuid, .fixedByteArray): return element.typeLength == 16 ? (.text, .uuid) : nil
        case (.float16, .fixedByteArray): return element.typeLength == 2 ? (.double, .double) : nil
        case (.null, .int32): return (.integer, .integer(isUnsigned32: false))
        case (.null, .byteArray): return (.text, .text)
        case (.none, let type?):
            switch type {
            case .boolean: return (.boolean, .boolean)
            case .int32: return (.integer, .integer(isUnsigned32: false))
            case .int64: return (.bigint, .integer(isUnsigned32: false))
            case .int96: return (.timestamp, .legacyTime)
            case .float, .double: return (.double, .double)
            // Older writers say of text no more than that it is bytes.
            case .byteArray: return (.text, .text)
            case .fixedByteArray: return nil
            }
        default: return nil
        }
    }
}
