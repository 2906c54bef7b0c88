import Columns
import Planning

/// Functions of arrays that read their elements as values of a type, which an argument names by its code.
enum ArrayComparison {
    static let all: [String: RowFunction] = [
        // (array, code of its elements, code of the result's).
        "array cast": RowFunction { (values, _, _) throws(RowFailure) in
            let typed = try vector(try ArrayFunctions.elements(values[0]), values[1])
            return .text(ArrayText.write(texts(try cast(typed, to: try type(values[2])))))
        },
        // A text that sorts by bytes as the array does.
        "array key": RowFunction { (values, _, _) throws(RowFailure) in
            .text(try keys(values[0], values[1]).map { $0.map { "1" + $0 } ?? "2" }.joined())
        },
        "array any": quantified(isAny: true),
        "array all": quantified(isAny: false),
        "array overlap": RowFunction { (values, _, _) throws(RowFailure) in
            let own = Set(try keys(values[0], values[2]).compactMap(bytes))
            return .boolean(try keys(values[1], values[2]).contains { bytes($0).map(own.contains) ?? false })
        },
        // Whether the second array has all elements of the first; a NULL is in no array.
        "array within": RowFunction { (values, _, _) throws(RowFailure) in
            let whole = Set(try keys(values[1], values[2]).compactMap(bytes))
            return .boolean(try keys(values[0], values[2]).allSatisfy { bytes($0).map(whole.contains) ?? false })
        },
    ]

    /// (array, array of the one value that is compared, code, comparison).
    private static func quantified(isAny: Bool) -> RowFunction {
        RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            if values[0].isNull { return .null }
            let elements = try keys(values[0], values[2])
            if elements.isEmpty { return .boolean(!isAny) }
            guard let value = try keys(values[1], values[2]).first ?? nil,
                case .text(let name) = values[3], let comparison = ComparisonOperator(rawValue: name)
            else { return .null }
            var hasNull = false
            for element in elements {
                guard let element else {
                    hasNull = true
                    continue
                }
                if holds(comparison, value, element) == isAny { return .boolean(isAny) }
            }
            return hasNull ? .null : .boolean(!isAny)
        }
    }

    private static func holds(_ comparison: ComparisonOperator, _ left: String, _ right: String) -> Bool {
        switch comparison {
        case .equal: left.utf8.elementsEqual(right.utf8)
        case .notEqual: !left.utf8.elementsEqual(right.utf8)
        case .less: precedes(left, right)
        case .lessOrEqual: !precedes(right, left)
        case .greater: precedes(right, left)
        case .greaterOrEqual: !precedes(left, right)
        }
    }

    /// Texts are equal by their bytes; strings are by what they look like.
    private static func bytes(_ key: String?) -> [UInt8]? { key.map { Array($0.utf8) } }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    // MARK: Elements

    private static func type(_ code: ScalarValue) throws(RowFailure) -> LogicalType {
        guard case .integer(let number) = code, let element = ArrayElementType(code: number) else {
            throw RowFailure(.unsupported("arrays of this type are not supported"))
        }
        return element.type
    }

    /// The elements as values of a type.
    private static func vector(_ elements: [String?], _ code: ScalarValue) throws(RowFailure) -> Vector {
        let type = try type(code)
        var column = ScalarColumn(type: .text)
        for element in elements { column.append(element.map { .text($0) } ?? .null) }
        return try cast(column.vector(), to: type)
    }

    private static func cast(_ vector: Vector, to type: LogicalType) throws(RowFailure) -> Vector {
        do throws(ExecutionError) {
            return try Cast.vector(vector, to: type, position: 0).flattened()
        } catch {
            throw RowFailure(error.kind)
        }
    }

    private static func texts(_ vector: Vector) -> [String?] {
        (0..<vector.count).map { row in
            switch vector.scalar(at: row) {
            case .null: return nil
            case .boolean(let value): return value ? "t" : "f"
            default:
                var bytes: [UInt8] = []
                ValueText.append(vector, row: row, to: &bytes)
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    // MARK: Keys

    /// For each element a text that sorts by bytes as the value does, none of them the beginning of another; nil for NULL.
    static func keys(_ array: ScalarValue, _ code: ScalarValue) throws(RowFailure) -> [String?] {
        let elements = try ArrayFunctions.elements(array)
        switch try type(code) {
        // No text has a zero byte.
        case .text: return elements.map { $0.map { $0 + "\0" } }
        case .numeric: return elements.map { $0.map(decimalKey) }
        default:
            let vector = try vector(elements, code)
            return (0..<vector.count).map { key(vector.scalar(at: $0)) }
        }
    }

    private static func key(_ value: ScalarValue) -> String? {
        switch value {
        case .null: nil
        case .boolean(let value): value ? "1" : "0"
        case .integer(let value), .timestamp(let value): digits(UInt64(bitPattern: value) ^ 1 << 63)
        case .date(let day): digits(UInt64(bitPattern: Int64(day)) ^ 1 << 63)
        case .double(let value): digits(ordered(value))
        case .interval(let value):
            {
                let number = UInt128(bitPattern: Temporal.comparable(value)) ^ 1 << 127
                return digits(UInt64(truncatingIfNeeded: number >> 64)) + digits(UInt64(truncatingIfNeeded: number))
            }()
        case .numeric, .text: nil
        }
    }

    /// Both zeros are one number; NaN is above all others.
    private static func ordered(_ value: Double) -> UInt64 {
        if value.isNaN { return .max }
        let bits = (value == 0 ? 0 : value).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    /// The sign, how many digits stand before the point, and the digits; all of it turned round for a negative number.
    private static func decimalKey(_ text: String) -> String {
        guard let (unscaled, scale) = DecimalText.parse(text), unscaled != 0 else { return "1" }
        var digits = String(unscaled.magnitude)
        // From -38 to 39.
        let places = digits.utf8.count - scale + 100
        while digits.utf8.last == 0x30 { digits.removeLast() }
        let number = String(places) + digits
        if unscaled > 0 { return "2" + (places < 100 ? "0" : "") + number + " " }
        let turned = ((places < 100 ? "0" : "") + number).utf8.map { 0x30 + 0x39 - $0 } + [0x7E]
        return "0" + String(decoding: turned, as: UTF8.self)
    }
}
