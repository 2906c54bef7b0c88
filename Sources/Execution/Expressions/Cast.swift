package import Columns

/// Casts between all pairs of types that PostgreSQL has a cast for.
package enum Cast {
    /// Whether a value can fail to be cast.
    static func canRaise(from source: LogicalType, to target: LogicalType) -> Bool {
        switch (source, target) {
        case (_, .text), (.unknown, _), (.date, .timestamp), (.timestamp, .date), (.integer, .bigint),
            (.boolean, .integer), (.integer, .double), (.bigint, .double), (.numeric, .double), (.integer, .boolean):
            false
        case (.numeric(let from, let fromScale), .numeric(let to, let toScale)):
            to - toScale < from - fromScale + (toScale < fromScale ? 1 : 0)
        case (.integer, .numeric(let precision, let scale)): precision - scale < 10
        case (.bigint, .numeric(let precision, let scale)): precision - scale < 19
        default: source != target
        }
    }

    /// - Parameter position: The cast's place in the statement, -1 if it has none.
    package static func vector(_ input: Vector, to type: LogicalType, position: Int) throws(ExecutionError) -> Vector {
        if input.type == type { return input }
        let count = input.count
        if input.isConstantNull { return .null(type, count: count) }
        if case .runs(let child, let map) = input.values {
            // Reached only where runs without rows cannot fail or were left out before.
            guard canRaise(from: input.type, to: type) else {
                return .runs(try vector(child, to: type, position: position), map: map)
            }
        }
        let loop = CastLoop(input: input, type: type, validity: input.flatValidity, position: position)
        return Vector(type: type, count: count, values: try loop.values(), validity: loop.validity)
    }
}

/// One cast over the rows of one vector that is no NULL constant.
private struct CastLoop {
    let input: Vector
    let type: LogicalType
    let validity: Validity
    let position: Int

    private var count: Int { input.count }
    private var reader: ValueReader { ValueReader(position: position) }

    func failure(_ kind: ExecutionError.Kind) -> ExecutionError { ExecutionError(kind, position: position) }

    func values() throws(ExecutionError) -> VectorValues {
        switch (input.type, type) {
        case (.text, .text), (.unknown, .text): return input.flattened().values
        case (_, .text): return .string(ValueText.strings(input))
        case (.text, _), (.unknown, _): return try fromText()
        case (.boolean, .integer), (.boolean, .bigint):
            return .int64(mapRows(input.booleanOperand().expanded(count: count), filler: 0) { Int64($0) })
        case (.integer, .boolean), (.bigint, .boolean):
            let rows = (input.int64Operand() ?? .constant(0)).expanded(count: count)
            return .boolean(mapRows(rows, filler: 0) { $0 != 0 ? 1 : 0 })
        case (.date, .timestamp):
            return .int64(
                try CheckedLoop.map(input.dateOperand(), validity, count: count, filler: 0) { (day) throws(ExecutionError) in
                    guard CivilTime.hasMidnight(day: day) else {
                        throw failure(.invalidArgument("date out of range for timestamp"))
                    }
                    return CivilTime.midnight(ofDay: day)
                })
        case (.timestamp, .date):
            let rows = (input.int64Operand() ?? .constant(0)).expanded(count: count)
            return .int32(mapRows(rows, filler: 0) { CivilTime.day(ofMicroseconds: $0) })
        case (let source, .double) where source.scale != nil:
            return .double(input.doubleOperand().expanded(count: count))
        case (.double, .integer), (.double, .bigint): return .int64(try doublesToIntegers())
        case (.double, .numeric(let precision, let scale)): return try doublesToNumerics(precision, scale)
        case (let source, .integer) where source.scale != nil: return .int64(try exactToIntegers())
        case (let source, .bigint) where source.scale != nil: return .int64(try exactToIntegers())
        case (let source, .numeric(let precision, let scale)) where source.scale != nil:
            return try exactToNumerics(precision, scale)
        default:
            throw failure(.unsupported("cannot cast type \(input.type.name) to \(type.name)"))
        }
    }

    // MARK: numbers

    private func doublesToIntegers() throws(ExecutionError) -> [Int64] {
        try CheckedLoop.map(input.doubleOperand(), validity, count: count, filler: 0) {
            (value) throws(ExecutionError) in
            guard let whole = Int64(exactly: value.rounded(.toNearestOrEven)),
                type == .bigint || Int32(exactly: whole) != nil
            else { throw failure(.outOfRange(type.name)) }
            return whole
        }
    }

    /// Through 15 significant digits, as PostgreSQL does.
    private func doublesToNumerics(_ precision: Int, _ scale: Int) throws(ExecutionError) -> VectorValues {
        let limit = DecimalText.powers128[precision].magnitude
        let rows = try CheckedLoop.map(input.doubleOperand(), validity, count: count, filler: Int128(0)) {
            (value) throws(ExecutionError) in
            if value.isNaN { throw failure(.unsupported("cannot convert NaN to numeric")) }
            if value.isInfinite { throw failure(.unsupported("cannot convert infinity to numeric")) }
            guard let unscaled = SignificantDigits.decimal(value).unscaled(scale: scale), unscaled.magnitude < limit
            else {
                throw failure(.numericFieldOverflow)
            }
            return unscaled
        }
        return stored(rows)
    }

    private func exactToIntegers() throws(ExecutionError) -> [Int64] {
        let scale = input.type.scale ?? 0
        if scale <= 18, let rows = input.int64Operand()?.expanded(count: count) {
            let whole = scale == 0 ? rows : Rounding.halfAway.quotients(rows, by: DecimalText.powers64[scale])
            if type == .bigint || Magnitude.bits(whole) <= 31 { return whole }
        }
        return try CheckedLoop.map(input.int128Operand(), validity, count: count, filler: 0) {
            (value) throws(ExecutionError) in
            guard let whole = WideArithmetic.rescaled(value, from: scale, to: 0), let narrow = Int64(exactly: whole),
                type == .bigint || Int32(exactly: narrow) != nil
            else { throw failure(.outOfRange(type.name)) }
            return narrow
        }
    }

    private func exactToNumerics(_ precision: Int, _ scale: Int) throws(ExecutionError) -> VectorValues {
        let from = input.type.scale ?? 0
        if scale >= from, scale - from <= 18, let rows = input.int64Operand()?.expanded(count: count) {
            let bits = Magnitude.bits(rows) + Magnitude.bits(ofPower: scale - from)
            if bits <= 62, bits <= (precision * 3321) / 1000 || !Cast.canRaise(from: input.type, to: type) {
                let factor = DecimalText.powers64[scale - from]
                if !type.isWide { return .int64(factor == 1 ? rows : mapRows(rows, filler: 0) { $0 &* factor }) }
                return .int128(mapRows(rows, filler: 0) { Int128($0 &* factor) })
            }
        }
        if scale < from, from - scale <= 18, !type.isWide, let rows = input.int64Operand()?.expanded(count: count) {
            let rounded = Rounding.halfAway.quotients(rows, by: DecimalText.powers64[from - scale])
            if Magnitude.bits(rounded) <= (precision * 3321) / 1000 { return .int64(rounded) }
        }
        let limit = DecimalText.powers128[precision].magnitude
        let rows = try CheckedLoop.map(input.int128Operand(), validity, count: count, filler: Int128(0)) {
            (value) throws(ExecutionError) in
            guard let rescaled = WideArithmetic.rescaled(value, from: from, to: scale), rescaled.magnitude < limit
            else {
                throw failure(.numericFieldOverflow)
            }
            return rescaled
        }
        return stored(rows)
    }

    private func stored(_ rows: [Int128]) -> VectorValues {
        type.isWide ? .int128(rows) : .int64(mapRows(rows, filler: 0) { Int64(truncatingIfNeeded: $0) })
    }

    // MARK: text

    private func fromText() throws(ExecutionError) -> VectorValues {
        let texts = input.textOperand()
        let reader = reader
        switch type {
        case .boolean:
            return .boolean(
                try rows(texts, filler: 0) { (text) throws(ExecutionError) in try reader.boolean(text) ? 1 : 0 })
        case .integer, .bigint:
            let type = type
            return .int64(
                try rows(texts, filler: 0) { (text) throws(ExecutionError) in try reader.integer(text, type: type) })
        case .numeric(let precision, let scale):
            return stored(
                try rows(texts, filler: 0) { (text) throws(ExecutionError) in
                    try reader.numeric(text, precision: precision, scale: scale)
                })
        case .double:
            return .double(try rows(texts, filler: 0) { (text) throws(ExecutionError) in try reader.double(text) })
        case .date: return .int32(try rows(texts, filler: 0) { (text) throws(ExecutionError) in try reader.date(text) })
        case .timestamp, .moment:
            return .int64(try rows(texts, filler: 0) { (text) throws(ExecutionError) in try reader.timestamp(text) })
        case .interval:
            return .interval(
                try rows(texts, filler: IntervalValue()) { (text) throws(ExecutionError) in try reader.interval(text) })
        case .text, .unknown, .array: return .string(texts.strings)
        }
    }

    @inline(__always)
    private func rows<Value: Sendable>(
        _ texts: TextOperand, filler: Value, _ read: (Span<UInt8>) throws(ExecutionError) -> Value
    ) throws(ExecutionError) -> [Value] {
        var result = [Value](repeating: filler, count: count)
        let bytes = texts.strings.bytes.span
        for row in 0..<count where validity.isPresent(row) {
            result[row] = try read(bytes.extracting(texts.range(row)))
        }
        return result
    }
}
