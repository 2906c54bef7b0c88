import Columns

/// Readings by type. Each throws ``FundError/Kind/usage`` for a column of another type; nothing is converted but where it says so.
extension AnswerColumn {
    /// `integer` and `bigint`.
    public func integers() throws(FundError) -> [Int64?] {
        switch type {
        case .integer, .bigint: return present { VectorReading.int64($0) }
        default: throw mismatch("integers()")
        }
    }

    /// `boolean`.
    public func booleans() throws(FundError) -> [Bool?] {
        guard type == .boolean else { throw mismatch("booleans()") }
        return present { VectorReading.booleans($0) }
    }

    /// `text`.
    public func texts() throws(FundError) -> [String?] {
        guard type == .text else { throw mismatch("texts()") }
        return present { VectorReading.texts($0) }
    }

    /// `numeric`, and `integer` and `bigint` with no digit after the point.
    public func decimals() throws(FundError) -> [ExactDecimal?] {
        let (unscaled, scale) = try unscaledDecimals()
        return unscaled.map { $0.map { ExactDecimal(unscaled: $0, scale: scale) } }
    }

    /// The same without a scale in each: a value is `unscaled / 10^scale`. Exact; this is the form to compute with.
    public func unscaledDecimals() throws(FundError) -> (unscaled: [Int128?], scale: Int) {
        switch type {
        case .numeric(_, let scale): return (present { VectorReading.int128($0) }, scale)
        case .integer, .bigint: return (present { VectorReading.int128($0) }, 0)
        default: throw mismatch("decimals()")
        }
    }

    /// `double precision`; exact numbers become the nearest double.
    public func doubles() throws(FundError) -> [Double?] {
        switch type {
        case .double: return present { VectorReading.doubles($0) }
        case .integer, .bigint: return present { VectorReading.int64($0).map { Double($0) } }
        case .numeric: return try decimals().map { $0?.doubleValue }
        default: throw mismatch("doubles()")
        }
    }

    /// `date`.
    public func dates() throws(FundError) -> [CalendarDate?] {
        guard type == .date else { throw mismatch("dates()") }
        return present { VectorReading.days($0).map { CalendarDate(daysSince1970: Int($0)) } }
    }

    /// `timestamp`.
    public func timestamps() throws(FundError) -> [LocalTimestamp?] {
        guard type == .timestamp else { throw mismatch("timestamps()") }
        return present { VectorReading.int64($0).map { LocalTimestamp(microsecondsSince1970: $0) } }
    }

    /// `interval`.
    public func intervals() throws(FundError) -> [CalendarInterval?] {
        guard type == .interval else { throw mismatch("intervals()") }
        return present { VectorReading.intervals($0).map { CalendarInterval($0) } }
    }

    /// The values of all pieces, nil where one is NULL.
    ///
    /// - Parameter read: A value for each row of a piece, anything for NULL.
    private func present<Value>(_ read: (Vector) -> [Value]) -> [Value?] {
        var result: [Value?] = []
        result.reserveCapacity(count)
        for piece in pieces {
            switch piece.validity {
            case .allPresent: result.append(contentsOf: read(piece).lazy.map { Optional($0) })
            case .mask(let mask): result.append(contentsOf: zip(read(piece), mask).lazy.map { $1 == 0 ? nil : $0 })
            }
        }
        return result
    }
}
