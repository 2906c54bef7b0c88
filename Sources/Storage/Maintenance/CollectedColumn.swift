import Columns

/// One column of rows gathered from several segments, in the form it is stored in.
struct CollectedColumn {
    private let storage: LaneStorage
    private let domain: TextDomain?
    /// The values of each segment's rows.
    private var pieces: [EncodableColumn.Values] = []
    /// 1 = present, one for each row.
    private var mask: [UInt8] = []

    /// - Parameter domain: Of a text column that has rows.
    init(type: LogicalType, domain: TextDomain?) {
        self.domain = domain
        switch (type, domain) {
        case (.boolean, _): storage = .boolean
        case (.date, _): storage = .int32
        case (.double, _): storage = .double
        case (.text, .identifier): storage = .codes64
        case (.text, .plain): storage = .strings
        case (.text, _): storage = .codes32
        default: storage = type.isWide ? .int128 : .int64
        }
    }

    /// Adds some rows of a segment's column.
    ///
    /// - Parameters:
    ///   - rows: Row numbers, ascending.
    ///   - runs: The run of each of them, for a vector of runs.
    /// - Returns: Whether the vector has the kind of values that the table's column has.
    mutating func append(_ vector: Vector, rows: [Int32], runs: [Int32]) -> Bool {
        switch vector.values {
        case .runs(let child, _): return append(child, rows: runs, runs: [])
        case .constant(let scalar): return append(scalar, count: rows.count)
        default: break
        }
        switch vector.validity {
        case .allPresent: mask.append(contentsOf: repeatElement(1, count: rows.count))
        case .mask(let all): mask.append(contentsOf: gather(all, rows))
        }
        let piece: EncodableColumn.Values
        switch vector.values {
        case .boolean(let all): piece = .boolean(gather(all, rows))
        case .int32(let all): piece = .int32(gather(all, rows))
        case .int64(let all): piece = .int64(gather(all, rows))
        case .int128(let all): piece = .int128(gather(all, rows))
        case .double(let all): piece = .double(gather(all, rows))
        case .dictionary(let all, _): piece = .codes32(gather(all, rows))
        case .identifier(let all, _): piece = .codes64(gather(all, rows))
        case .string(let all):
            var texts = StringColumn()
            for row in rows { texts.append(contentsOf: all[bytesAt: Int(row)]) }
            piece = .strings(texts)
        case .interval, .constant, .runs: return false
        }
        pieces.append(piece)
        return piece.storage == storage
    }

    private mutating func append(_ scalar: ScalarValue, count: Int) -> Bool {
        mask.append(contentsOf: repeatElement(scalar.isNull ? 0 : 1, count: count))
        guard let piece = constant(scalar, count: count) else { return false }
        pieces.append(piece)
        return true
    }

    /// A constant's stored value so many times, any value for NULL; nil if it is of another kind.
    private func constant(_ scalar: ScalarValue, count: Int) -> EncodableColumn.Values? {
        switch (storage, scalar) {
        case (.boolean, .boolean(let value)): .boolean([UInt8](repeating: value ? 1 : 0, count: count))
        case (.boolean, .null): .boolean([UInt8](repeating: 0, count: count))
        case (.int32, .date(let day)): .int32([Int32](repeating: day, count: count))
        case (.int32, .null): .int32([Int32](repeating: 0, count: count))
        case (.double, .double(let value)): .double([Double](repeating: value, count: count))
        case (.double, .null): .double([Double](repeating: 0, count: count))
        case (.int64, _):
            CollectedColumn.number(scalar).flatMap { Int64(exactly: $0) }.map {
                .int64([Int64](repeating: $0, count: count))
            }
        case (.int128, _): CollectedColumn.number(scalar).map { .int128([Int128](repeating: $0, count: count)) }
        case (.codes32, .null): .codes32([UInt32](repeating: 0, count: count))
        case (.codes32, .text(let text)): dictionaryCode(text).map { .codes32([UInt32](repeating: $0, count: count)) }
        case (.codes64, .null): .codes64([UInt64](repeating: 0, count: count))
        case (.codes64, .text(let text)): identifierCode(text).map { .codes64([UInt64](repeating: $0, count: count)) }
        case (.strings, .null): .strings(CollectedColumn.texts("", count: count))
        case (.strings, .text(let text)): .strings(CollectedColumn.texts(text, count: count))
        default: nil
        }
    }

    /// The stored number of a constant, 0 for NULL; nil if it is none.
    private static func number(_ scalar: ScalarValue) -> Int128? {
        switch scalar {
        case .null: 0
        case .integer(let number), .timestamp(let number): Int128(number)
        case .numeric(let unscaled, _): unscaled
        default: nil
        }
    }

    private static func texts(_ text: String, count: Int) -> StringColumn {
        var texts = StringColumn()
        for _ in 0..<count { texts.append(text) }
        return texts
    }

    private func dictionaryCode(_ text: String) -> UInt32? {
        guard case .dictionary(let dictionary)? = domain else { return nil }
        return dictionary.code(of: text)
    }

    private func identifierCode(_ text: String) -> UInt64? {
        guard case .identifier(let identifiers)? = domain else { return nil }
        return identifiers.code(of: Array(text.utf8))
    }

    /// All rows as the encoder takes them.
    var encodable: EncodableColumn {
        let values: EncodableColumn.Values =
            switch storage {
            case .boolean: .boolean(joined { if case .boolean(let rows) = $0 { rows } else { [] } })
            case .int32: .int32(joined { if case .int32(let rows) = $0 { rows } else { [] } })
            case .int64: .int64(joined { if case .int64(let rows) = $0 { rows } else { [] } })
            case .int128: .int128(joined { if case .int128(let rows) = $0 { rows } else { [] } })
            case .double: .double(joined { if case .double(let rows) = $0 { rows } else { [] } })
            case .codes32: .codes32(joined { if case .codes32(let rows) = $0 { rows } else { [] } })
            case .codes64: .codes64(joined { if case .codes64(let rows) = $0 { rows } else { [] } })
            case .strings: .strings(joinedTexts())
            }
        return EncodableColumn(values, validity: Validity(compacting: mask))
    }

    private func joined<Value>(_ rows: (EncodableColumn.Values) -> [Value]) -> [Value] {
        if pieces.count == 1 { return rows(pieces[0]) }
        var all: [Value] = []
        all.reserveCapacity(mask.count)
        for piece in pieces { all.append(contentsOf: rows(piece)) }
        return all
    }

    private func joinedTexts() -> StringColumn {
        var all = StringColumn()
        for case .strings(let texts) in pieces { all.append(contentsOf: texts) }
        return all
    }
}
