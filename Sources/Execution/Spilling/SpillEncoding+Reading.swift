import Columns

extension SpillEncoding {
    /// The rows of one piece; nil if the bytes are not those that were written.
    func columns(_ bytes: [UInt8], columnCount: Int, rowCount: Int) -> [Vector]? {
        var head = SpillByteReader(bytes, at: 0)
        guard let words = head.take(3, of: UInt64(0)), words[0] == UInt64(rowCount) | UInt64(columnCount) << 40,
            words[1] == UInt64(bytes.count - SpillEncoding.headSize),
            words[2] == SpillEncoding.hash(bytes, from: SpillEncoding.headSize)
        else { return nil }
        var reader = SpillByteReader(bytes, at: SpillEncoding.headSize)
        var columns: [Vector] = []
        for _ in 0..<columnCount {
            guard let column = column(&reader, rowCount) else { return nil }
            columns.append(column)
        }
        return reader.isAtEnd ? columns : nil
    }

    private func column(_ reader: inout SpillByteReader, _ count: Int) -> Vector? {
        guard let shape = reader.byte().flatMap(Shape.init(rawValue:)), let number = reader.take(1, of: UInt16(0))?[0],
            let type = domains.type(Int(number)), let hasMask = reader.byte()
        else { return nil }
        var validity = Validity.allPresent
        if hasMask != 0 {
            guard let mask = reader.take(count, of: UInt8(0)) else { return nil }
            validity = Validity(compacting: mask)
        }
        guard let values = values(&reader, shape, count) else { return nil }
        return Vector(type: type, count: count, values: values, validity: validity)
    }

    private func values(_ reader: inout SpillByteReader, _ shape: Shape, _ count: Int) -> VectorValues? {
        switch shape {
        case .boolean: return reader.take(count, of: UInt8(0)).map { .boolean($0) }
        case .int32: return reader.integers(count, as: Int32.self).map { .int32($0) }
        case .int64: return reader.integers(count, as: Int64.self).map { .int64($0) }
        case .narrowWide: return reader.integers(count, as: Int64.self).map { .int128(mapRows($0, filler: 0) { Int128($0) }) }
        case .wide: return reader.take(count, of: Int128(0)).map { .int128($0) }
        case .double: return reader.take(count, of: 0.0).map { .double($0) }
        case .interval:
            guard let months = reader.integers(count, as: Int32.self), let days = reader.integers(count, as: Int32.self),
                let rest = reader.integers(count, as: Int64.self)
            else { return nil }
            return .interval(
                (0..<count).map { IntervalValue(months: months[$0], days: days[$0], microseconds: rest[$0]) })
        case .dictionary:
            guard let number = reader.take(1, of: UInt32(0))?[0], let dictionary = domains.dictionary(Int(number)),
                let codes = reader.integers(count, as: UInt32.self)
            else { return nil }
            return .dictionary(codes: codes, dictionary)
        case .identifier:
            guard let number = reader.take(1, of: UInt32(0))?[0], let domain = domains.identifiers(Int(number)),
                let codes = reader.integers(count, as: UInt64.self)
            else { return nil }
            return .identifier(codes: codes, domain)
        case .string:
            guard let lengths = reader.integers(count, as: UInt32.self) else { return nil }
            var offsets: [UInt32] = [0]
            offsets.reserveCapacity(count + 1)
            var end: UInt32 = 0
            for length in lengths {
                end += length
                offsets.append(end)
            }
            guard let bytes = reader.take(Int(end), of: UInt8(0)) else { return nil }
            return .string(StringColumn(offsets: offsets, bytes: bytes))
        }
    }
}
