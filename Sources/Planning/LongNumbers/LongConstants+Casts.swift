import BigInt
import Columns
import SQL

extension LongConstants {
    /// A value as another type; nil for types that have nothing to do with long numbers.
    static func cast(_ value: Value, to type: TypeName) -> Value? {
        if type.isArray { return nil }
        switch type.name {
        case "numeric": return numeric(value, type.modifiers)
        case "float8": return double(value)
        case "float4": return double(value).flatMap(real)
        case "int2", "int4", "int8": return integer(value, type.name)
        case "text", "varchar":
            guard type.modifiers.isEmpty else { return nil }
            switch value {
            case .null: return .null
            case .numeric(let number): return .text(number.text)
            case .integer(let number): return .text(String(number))
            case .text(let text), .untyped(let text): return .text(text)
            case .boolean, .double, .real: return nil
            }
        default: return nil
        }
    }

    private static func numeric(_ value: Value, _ modifiers: [Int]) -> Value? {
        let number: LongNumber?
        switch value {
        case .null: return .null
        case .numeric(let own): number = own
        case .integer(let own): number = LongNumber(own)
        case .text(let text), .untyped(let text): number = LongNumber(LiteralReader.trim(text))
        // PostgreSQL writes fifteen digits of a double, six of a real, and reads these.
        case .double(let own): number = LongNumber(own, digits: 15)
        case .real(let own): number = LongNumber(own, digits: 6)
        case .boolean: number = nil
        }
        guard let number else { return nil }
        guard let precision = modifiers.first else { return .numeric(number) }
        let scale = modifiers.count > 1 ? modifiers[1] : 0
        guard (1...1000).contains(precision), (-1000...1000).contains(scale) else { return nil }
        switch number {
        case .nan: return .numeric(number)
        case .infinite: return nil
        case .finite:
            let rounded = number.rounded(to: scale)
            guard let limit = LongNumber("1e\(precision - scale)"), rounded.magnitude.order(limit) < 0 else {
                return nil
            }
            return .numeric(rounded)
        }
    }

    private static func double(_ value: Value) -> Value? {
        switch value {
        case .null: .null
        case .double: value
        case .real(let number): .double(number)
        case .numeric(let number): number.double.map { .double($0) }
        case .integer(let number): .double(Double(number))
        case .text(let text), .untyped(let text): LiteralReader.double(LiteralReader.trim(text)).map { .double($0) }
        case .boolean: nil
        }
    }

    /// The double that the nearest real is; nil beyond what reals reach.
    private static func real(_ value: Value) -> Value? {
        guard case .double(let number) = value else { return value }
        let real = Float(number)
        return number.isFinite && (!real.isFinite || real == 0 && number != 0) ? nil : .real(Double(real))
    }

    private static func integer(_ value: Value, _ type: String) -> Value? {
        let whole: LongNumber
        switch value {
        case .null: return .null
        case .integer(let number): whole = LongNumber(number)
        case .numeric(let number): whole = number.rounded(to: 0)
        case .boolean, .double, .real, .text, .untyped: return nil
        }
        guard let narrow = whole.narrow, let number = Int64(exactly: narrow.unscaled) else { return nil }
        let fits = type == "int8" || type == "int4" && Int32(exactly: number) != nil || Int16(exactly: number) != nil
        return fits ? .integer(number) : nil
    }
}

extension LongNumber {
    /// So many digits of a double, from its first one, rounded to the even of two that are equally near.
    init(_ number: Double, digits: Int) {
        guard number.isFinite, number != 0 else {
            self = number.isNaN ? .nan : number.isFinite ? .finite(0, scale: 0) : .infinite(isNegative: number < 0)
            return
        }
        // A double is a whole number of halves of halves, which are decimals.
        let exponent = Int(number.exponent) - 52
        let significand = BigUInt(
            (number.magnitude / Double(sign: .plus, exponent: exponent, significand: 1)).rounded())
        let scale = max(0, -exponent)
        let magnitude = exponent >= 0 ? significand << exponent : significand * BigUInt(5).power(scale)
        let surplus = String(magnitude).utf8.count - digits
        var kept = magnitude
        if surplus > 0 {
            let unit = BigUInt.powerOfTen(surplus)
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: unit)
            let twice = remainder << 1
            let isUp = twice > unit || twice == unit && quotient % 2 == 1
            kept = (isUp ? quotient + 1 : quotient) * unit
        }
        self = LongNumber.finite(BigInt(sign: number < 0 ? .minus : .plus, magnitude: kept), scale: scale).trimmed
    }
}
