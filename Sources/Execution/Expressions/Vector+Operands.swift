import Columns

extension Vector {
    var isConstantNull: Bool {
        if case .constant(.null) = values { return true }
        return false
    }

    /// The value of a constant vector.
    var constantValue: ScalarValue? {
        if case .constant(let value) = values { return value }
        return nil
    }

    static func null(_ type: LogicalType, count: Int) -> Vector { .constant(.null, type: type, count: count) }

    /// Boolean rows from 0/1 bytes.
    static func boolean(_ bytes: [UInt8], validity: Validity = .allPresent) -> Vector {
        Vector(type: .boolean, count: bytes.count, values: .boolean(bytes), validity: validity)
    }

    /// Values of boolean rows; the vector must not be a NULL constant.
    func booleanOperand() -> Operand<UInt8> {
        switch flatOrConstant().values {
        case .constant(.boolean(let value)): .constant(value ? 1 : 0)
        case .boolean(let rows): .rows(rows)
        default: mismatch()
        }
    }

    func dateOperand() -> Operand<Int32> {
        switch flatOrConstant().values {
        case .constant(.date(let day)): .constant(day)
        case .int32(let rows): .rows(rows)
        default: mismatch()
        }
    }

    /// Integers, timestamps and narrow numerics in their type's scale; nil where 128 bits are needed.
    func int64Operand() -> Operand<Int64>? {
        switch flatOrConstant().values {
        case .constant(let value):
            guard let wide = value.scaled(to: type.scale ?? 0), let narrow = Int64(exactly: wide) else { return nil }
            return .constant(narrow)
        case .int64(let rows): return .rows(rows)
        default: return nil
        }
    }

    /// Integers and numerics in their type's scale.
    func int128Operand() -> Operand<Int128> {
        switch flatOrConstant().values {
        case .constant(let value): .constant(value.scaled(to: type.scale ?? 0) ?? 0)
        case .int64(let rows): .rows(mapRows(rows, filler: 0) { Int128($0) })
        case .int128(let rows): .rows(rows)
        default: mismatch()
        }
    }

    /// Doubles, and exact numbers as the nearest double.
    func doubleOperand() -> Operand<Double> {
        let scale = type.scale ?? 0
        switch flatOrConstant().values {
        case .constant(.double(let value)): return .constant(value)
        case .constant(let value): return .constant(DecimalText.double(unscaled: value.scaled(to: scale) ?? 0, scale: scale))
        case .double(let rows): return .rows(rows)
        case .int64(let rows):
            return .rows(DoubleConversion.doubles(rows, scale: scale))
        case .int128(let rows): return .rows(mapRows(rows, filler: 0) { DecimalText.double(unscaled: $0, scale: scale) })
        default: mismatch()
        }
    }

    func intervalOperand() -> Operand<IntervalValue> {
        switch flatOrConstant().values {
        case .constant(.interval(let value)): .constant(value)
        case .interval(let rows): .rows(rows)
        default: mismatch()
        }
    }

    /// Texts as bytes. O(bytes); NULL rows are empty strings.
    func textOperand() -> TextOperand {
        let flat = flatOrConstant()
        switch flat.values {
        case .constant(.text(let text)):
            var strings = StringColumn()
            strings.append(text)
            return TextOperand(strings: strings, isConstant: true)
        case .string(let strings): return TextOperand(strings: strings, isConstant: false)
        case .dictionary(let codes, let dictionary):
            return TextOperand(strings: dictionary.strings(codes, flat.validity), isConstant: false)
        case .identifier(let codes, let domain):
            return TextOperand(strings: domain.strings(codes, flat.validity), isConstant: false)
        default: mismatch()
        }
    }

    /// Without runs; a constant stays one.
    func flatOrConstant() -> Vector {
        if case .runs = values {
            let flat = flattened()
            return flat
        }
        return self
    }

    /// Which rows are present, whatever the shape.
    var flatValidity: Validity {
        switch values {
        case .constant(let value): return value.isNull ? .mask([UInt8](repeating: 0, count: count)) : .allPresent
        case .runs(let child, let map):
            guard case .mask(let mask) = child.flatValidity else { return .allPresent }
            return .mask(gather(mask, map.runOfRow()))
        default: return validity
        }
    }

    private func mismatch() -> Never { preconditionFailure("a \(type.name) vector in a shape of another type") }
}

/// Texts of one input: one string, or one a row.
struct TextOperand: Sendable {
    let strings: StringColumn
    let isConstant: Bool

    @inline(__always)
    func range(_ row: Int) -> Range<Int> { strings.range(isConstant ? 0 : row) }
}

extension Validity {
    /// Rows present in all vectors.
    static func common(_ vectors: [Vector]) -> Validity {
        vectors.reduce(.allPresent) { $0.intersection($1.flatValidity) }
    }
}

extension ScalarValue {
    /// An exact number as a scaled integer, rounded half away from zero where `scale` has fewer digits; nil if it does
    /// not fit or is no exact number. Dates and timestamps give their integer.
    func scaled(to scale: Int) -> Int128? {
        switch self {
        case .integer(let value): WideArithmetic.rescaled(Int128(value), from: 0, to: scale)
        case .numeric(let value, let from): WideArithmetic.rescaled(value, from: from, to: scale)
        case .timestamp(let value): Int128(value)
        case .date(let value): Int128(value)
        case .boolean(let value): value ? 1 : 0
        default: nil
        }
    }
}

extension TextDictionary {
    /// The strings of codes; NULL rows are empty, whatever their code.
    func strings(_ codes: [UInt32], _ validity: Validity) -> StringColumn {
        var result = StringColumn()
        result.offsets.reserveCapacity(codes.count + 1)
        for row in 0..<codes.count {
            if validity.isPresent(row) { result.bytes.append(contentsOf: entries[bytesAt: Int(codes[row])]) }
            result.offsets.append(UInt32(result.bytes.count))
        }
        return result
    }
}

extension IdentifierDomain {
    /// The strings of codes; NULL rows are empty, whatever their code.
    func strings(_ codes: [UInt64], _ validity: Validity) -> StringColumn {
        var result = StringColumn()
        var bytes: [UInt8] = []
        result.offsets.reserveCapacity(codes.count + 1)
        for row in 0..<codes.count {
            if validity.isPresent(row) { appendBytes(of: codes[row], to: &bytes) }
            result.offsets.append(UInt32(bytes.count))
        }
        result.bytes = bytes
        return result
    }
}

/// Exact numbers as the nearest doubles.
enum DoubleConversion {
    static func doubles(_ rows: [Int64], scale: Int) -> [Double] {
        if scale == 0 { return mapRows(rows, filler: 0) { Double($0) } }
        let divisor = scale <= 22 ? DecimalText.doublePowers[scale] : 1
        if scale <= 22, Magnitude.bits(rows) <= 53 { return mapRows(rows, filler: 0) { Double($0) / divisor } }
        return mapRows(rows, filler: 0) { DecimalText.double(unscaled: Int128($0), scale: scale) }
    }
}
