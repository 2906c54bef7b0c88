extension FileMetadata {
    /// The footer's own bytes.
    func encoded() -> [UInt8] {
        var writer = ThriftWriter()
        writer.element { writer in
            writer.field(1, 2)
            writer.list(2, schema) { $1.write(&$0) }
            writer.field(3, long: rowCount)
            writer.list(4, rowGroups) { $1.write(&$0) }
            if let createdBy { writer.field(6, createdBy) }
            writer.list(7, hasTypeOrder) { writer, _ in writer.structure(1) { _ in } }
        }
        return writer.bytes
    }
}

extension SchemaElement {
    fileprivate func write(_ writer: inout ThriftWriter) {
        if let type { writer.field(1, type.rawValue) }
        if type == .fixedByteArray { writer.field(2, Int32(typeLength)) }
        if let repetition { writer.field(3, Int32(repetition)) }
        writer.field(4, name)
        if type == nil { writer.field(5, Int32(childCount)) }
        switch annotation {
        case .text:
            writer.field(6, 0)
            writer.structure(10) { $0.structure(1) { _ in } }
        case .decimal(let precision, let scale):
            writer.field(6, 5)
            writer.field(7, Int32(scale))
            writer.field(8, Int32(precision))
            writer.structure(10) { writer in
                writer.structure(5) { writer in
                    writer.field(1, Int32(scale))
                    writer.field(2, Int32(precision))
                }
            }
        case .date:
            writer.field(6, 6)
            writer.structure(10) { $0.structure(6) { _ in } }
        case .timestamp:
            // The older annotation would say that times are of UTC.
            writer.structure(10) { writer in
                writer.structure(8) { writer in
                    writer.field(1, false)
                    writer.structure(2) { $0.structure(2) { _ in } }
                }
            }
        default: break
        }
    }
}

extension RowGroupMetadata {
    fileprivate func write(_ writer: inout ThriftWriter) {
        writer.list(1, columns) { $1.write(&$0) }
        writer.field(2, long: byteCount)
        writer.field(3, long: rowCount)
        let first = columns.first.map { $0.dictionaryPageOffset ?? $0.dataPageOffset }
        if let first { writer.field(5, long: first) }
        writer.field(6, long: columns.reduce(0) { $0 + $1.packedSize })
    }
}

extension ColumnChunkMetadata {
    fileprivate func write(_ writer: inout ThriftWriter) {
        writer.field(2, long: 0)
        writer.structure(3) { writer in
            writer.field(1, (type ?? .byteArray).rawValue)
            writer.list(2, encodings.map(\.rawValue))
            writer.list(3, texts: path)
            writer.field(4, codec)
            writer.field(5, long: valueCount)
            writer.field(6, long: unpackedSize)
            writer.field(7, long: packedSize)
            writer.field(9, long: dataPageOffset)
            if let dictionaryPageOffset { writer.field(11, long: dictionaryPageOffset) }
            writer.structure(12) { writer in
                if let count = statistics.nullCount { writer.field(3, long: count) }
                if let maximum = statistics.maximum { writer.field(5, maximum) }
                if let minimum = statistics.minimum { writer.field(6, minimum) }
                if statistics.maximum != nil { writer.field(7, true) }
                if statistics.minimum != nil { writer.field(8, !statistics.isMinimumCut) }
            }
            writer.list(13, pageCounts) { writer, pages in
                writer.field(1, pages.type.rawValue)
                writer.field(2, pages.encoding.rawValue)
                writer.field(3, Int32(pages.count))
            }
        }
    }
}

extension PageHeader {
    /// A data page of version 1, or a dictionary page.
    func encoded() -> [UInt8] {
        var writer = ThriftWriter()
        writer.element { writer in
            writer.field(1, (type ?? .data).rawValue)
            writer.field(2, Int32(unpackedSize))
            writer.field(3, Int32(packedSize))
            if let checksum { writer.field(4, Int32(bitPattern: checksum)) }
            let encoding = (encoding ?? .plain).rawValue
            writer.structure(type == .dictionary ? 7 : 5) { writer in
                writer.field(1, Int32(valueCount))
                writer.field(2, encoding)
                if type != .dictionary {
                    writer.field(3, PageEncoding.rle.rawValue)
                    writer.field(4, PageEncoding.rle.rawValue)
                }
            }
        }
        return writer.bytes
    }
}
