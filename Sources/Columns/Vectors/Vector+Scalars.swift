extension Vector {
    /// The value of one row, for results, tests and constants: slow, never inside a loop over many rows.
    package func scalar(at row: Int) -> ScalarValue {
        switch values {
        case .constant(let scalar): return scalar
        case .runs(let child, let map):
            var low = 0
            var high = map.runCount - 1
            while low < high {
                let middle = (low + high) / 2
                if Int(map.starts[middle + 1]) > row { high = middle } else { low = middle + 1 }
            }
            return child.scalar(at: low)
        default: break
        }
        guard validity.isPresent(row) else { return .null }
        switch values {
        case .boolean(let rows): return .boolean(rows[row] != 0)
        case .int32(let rows): return .date(rows[row])
        case .int64(let rows):
            switch type {
            case .timestamp: return .timestamp(rows[row])
            case .numeric(_, let scale): return .numeric(unscaled: Int128(rows[row]), scale: scale)
            default: return .integer(rows[row])
            }
        case .int128(let rows): return .numeric(unscaled: rows[row], scale: type.scale ?? 0)
        case .double(let rows): return .double(rows[row])
        case .interval(let rows): return .interval(rows[row])
        case .dictionary(let codes, let dictionary): return .text(dictionary[codes[row]])
        case .identifier(let codes, let domain): return .text(domain[codes[row]])
        case .string(let strings): return .text(strings[row])
        case .constant, .runs: preconditionFailure("handled above")
        }
    }
}
