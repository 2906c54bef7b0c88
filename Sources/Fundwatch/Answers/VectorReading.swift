import Columns

/// The rows of a flat vector as values of Swift; rows of NULL give any value.
enum VectorReading {
    static func int64(_ vector: Vector) -> [Int64] {
        switch vector.values {
        case .int64(let rows): rows
        case .int128(let rows): rows.map { Int64(truncatingIfNeeded: $0) }
        default: misshapen(vector)
        }
    }

    static func int128(_ vector: Vector) -> [Int128] {
        switch vector.values {
        case .int64(let rows): rows.map { Int128($0) }
        case .int128(let rows): rows
        default: misshapen(vector)
        }
    }

    static func doubles(_ vector: Vector) -> [Double] {
        guard case .double(let rows) = vector.values else { misshapen(vector) }
        return rows
    }

    static func booleans(_ vector: Vector) -> [Bool] {
        guard case .boolean(let rows) = vector.values else { misshapen(vector) }
        return rows.map { $0 != 0 }
    }

    static func days(_ vector: Vector) -> [Int32] {
        guard case .int32(let rows) = vector.values else { misshapen(vector) }
        return rows
    }

    static func intervals(_ vector: Vector) -> [IntervalValue] {
        guard case .interval(let rows) = vector.values else { misshapen(vector) }
        return rows
    }

    /// A string that several rows have is made once where that is likely, and shared.
    static func texts(_ vector: Vector) -> [String] {
        let validity = vector.validity
        switch vector.values {
        case .string(let strings): return (0..<strings.count).map { strings[$0] }
        case .identifier(let codes, let domain):
            return codes.indices.map { validity.isPresent($0) ? domain[codes[$0]] : "" }
        case .dictionary(let codes, let dictionary) where dictionary.count > codes.count:
            return codes.indices.map { validity.isPresent($0) ? dictionary[codes[$0]] : "" }
        case .dictionary(let codes, let dictionary):
            var known = [String?](repeating: nil, count: dictionary.count)
            return codes.indices.map { row in
                guard validity.isPresent(row) else { return "" }
                let code = Int(codes[row])
                if let text = known[code] { return text }
                let text = dictionary[codes[row]]
                known[code] = text
                return text
            }
        default: misshapen(vector)
        }
    }

    private static func misshapen(_ vector: Vector) -> Never {
        preconditionFailure("a column of type \(vector.type.name) holds values of another kind")
    }
}
