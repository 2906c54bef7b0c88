package import Columns

/// Writes the streaming form of Arrow IPC: the schema, record batches, the end.
///
/// Source: arrow.apache.org, "Arrow Columnar Format", version 1.5 (metadata V5).
package struct ArrowStreamWriter: Sendable {
    private let fields: [Field]

    private static let version: Int16 = 4
    private static let schemaMessage: UInt8 = 1
    private static let batchMessage: UInt8 = 3

    package init(fields: [Field]) { self.fields = fields }

    /// The first bytes of the stream.
    package func schema() -> [UInt8] {
        var builder = FlatBuilder()
        let schema = schemaTable(&builder)
        return ArrowStreamWriter.message(&builder, ArrowStreamWriter.schemaMessage, schema, body: [])
    }

    private func schemaTable(_ builder: inout FlatBuilder) -> Int {
        let children = fields.map { ArrowStreamWriter.field($0, &builder) }
        let list = builder.vector(children)
        return builder.table { builder in
            builder.add(0, Int16(0))
            builder.add(1, offset: list)
        }
    }

    /// A record batch: one flat vector for each field, all of `rowCount` rows.
    ///
    /// - Throws: where a value has no place in its column's type.
    package func batch(_ columns: [Vector], rowCount: Int) throws(ArrowError) -> [UInt8] {
        precondition(columns.count == fields.count)
        var body = ArrowBody()
        for (field, column) in zip(fields, columns) {
            precondition(column.count == rowCount)
            try body.append(column.flattened(), field)
        }
        var builder = FlatBuilder()
        let buffers = builder.vector(body.buffers)
        let nodes = builder.vector(body.nodes)
        let batch = builder.table { builder in
            builder.add(0, Int64(rowCount))
            builder.add(1, offset: nodes)
            builder.add(2, offset: buffers)
        }
        return ArrowStreamWriter.message(&builder, ArrowStreamWriter.batchMessage, batch, body: body.bytes)
    }

    /// The last bytes of the stream.
    package func end() -> [UInt8] { [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0] }

    /// What a file begins with, before the bytes of the stream.
    package static let fileStart = Array("ARROW1\0\0".utf8)

    /// What a file ends with, behind the bytes of the stream.
    ///
    package func fileEnd(batches: [ArrowBlock]) -> [UInt8] {
        var builder = FlatBuilder()
        let schema = schemaTable(&builder)
        let blocks = builder.structures(
            batches.map { [Int64($0.offset), Int64($0.metadataSize), Int64($0.bodySize)] })
        let dictionaries = builder.structures([])
        let footer = builder.table { builder in
            builder.add(1, offset: schema)
            builder.add(2, offset: dictionaries)
            builder.add(3, offset: blocks)
            builder.add(0, ArrowStreamWriter.version)
        }
        let bytes = builder.finish(root: footer)
        return bytes + (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) } + Array("ARROW1".utf8)
    }

    private static func message(_ builder: inout FlatBuilder, _ kind: UInt8, _ header: Int, body: [UInt8]) -> [UInt8] {
        let message = builder.table { builder in
            builder.add(3, Int64(body.count))
            builder.add(2, offset: header)
            builder.add(0, version)
            builder.add(1, kind)
        }
        var metadata = builder.finish(root: message)
        while metadata.count % 8 != 0 { metadata.append(0) }
        var bytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
        let size = UInt32(metadata.count)
        for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: size >> UInt32(place * 8))) }
        return bytes + metadata + body
    }

    private static func field(_ field: Field, _ builder: inout FlatBuilder) -> Int {
        let name = builder.string(field.name)
        let children = builder.vector([Int]())
        let (number, type) = type(field.type, &builder)
        return builder.table { builder in
            builder.add(0, offset: name)
            builder.add(3, offset: type)
            builder.add(5, offset: children)
            builder.add(1, UInt8(1))
            builder.add(2, number)
        }
    }

    /// The number of the type among Arrow's, and the table that says more of it.
    private static func type(_ type: LogicalType, _ builder: inout FlatBuilder) -> (UInt8, Int) {
        func integer(_ bitWidth: Int32) -> Int {
            builder.table { builder in
                builder.add(0, bitWidth)
                builder.add(1, UInt8(1))
            }
        }
        switch type {
        case .boolean: return (6, builder.table { _ in })
        case .integer: return (2, integer(32))
        case .bigint: return (2, integer(64))
        case .double: return (3, builder.table { $0.add(0, Int16(2)) })
        case .text, .unknown, .array: return (5, builder.table { _ in })
        case .date: return (8, builder.table { $0.add(0, Int16(0)) })
        case .timestamp, .moment: return (10, builder.table { $0.add(0, Int16(2)) })
        case .interval: return (11, builder.table { $0.add(0, Int16(2)) })
        case .numeric(let precision, let scale):
            return (
                7,
                builder.table { builder in
                    builder.add(0, Int32(max(precision, scale, 1)))
                    builder.add(1, Int32(scale))
                    builder.add(2, Int32(128))
                }
            )
        }
    }
}
