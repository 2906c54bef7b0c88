import Columns

extension Vector {
    /// The rows of parts of one column, one part after the other.
    ///
    /// - Parameter parts: Not empty; of one type, each as a column chunk gives it.
    /// - Throws: where texts are too many for one column.
    static func joined(_ parts: [Vector]) throws(Damage) -> Vector {
        let count = parts.reduce(0) { $0 + $1.count }
        var presence = PresenceRows()
        for part in parts {
            if case .mask(let mask) = part.validity {
                presence.append(mask, count: part.count)
            } else {
                presence.append(nil, count: part.count)
            }
        }
        let values: VectorValues
        switch parts[0].values {
        case .boolean: values = .boolean(join(parts, count) { if case .boolean(let rows) = $0 { rows } else { nil } })
        case .int32: values = .int32(join(parts, count) { if case .int32(let rows) = $0 { rows } else { nil } })
        case .int64: values = .int64(join(parts, count) { if case .int64(let rows) = $0 { rows } else { nil } })
        case .int128: values = .int128(join(parts, count) { if case .int128(let rows) = $0 { rows } else { nil } })
        case .double: values = .double(join(parts, count) { if case .double(let rows) = $0 { rows } else { nil } })
        default: values = try joinedTexts(parts, count)
        }
        return Vector(type: parts[0].type, count: count, values: values, validity: presence.validity)
    }

    private static func join<Value>(_ parts: [Vector], _ count: Int, _ rows: (VectorValues) -> [Value]?) -> [Value] {
        var result: [Value] = []
        result.reserveCapacity(count)
        for part in parts {
            guard let values = rows(part.values) else { preconditionFailure("parts of one column differ in kind") }
            result.append(contentsOf: values)
        }
        return result
    }

    /// Codes where all parts have codes of one dictionary, else the strings.
    private static func joinedTexts(_ parts: [Vector], _ count: Int) throws(Damage) -> VectorValues {
        if case .dictionary(_, let dictionary) = parts[0].values,
            parts.allSatisfy({ if case .dictionary(_, let other) = $0.values { other === dictionary } else { false } })
        {
            return .dictionary(
                codes: join(parts, count) { if case .dictionary(let codes, _) = $0 { codes } else { nil } }, dictionary)
        }
        var strings = StringRows()
        for part in parts {
            switch part.values {
            case .string(let own): try strings.append(own)
            case .dictionary(let codes, let dictionary): try strings.append(codes, of: dictionary.entries)
            default: preconditionFailure("parts of a text column are strings or codes")
            }
        }
        return .string(strings.column())
    }
}
