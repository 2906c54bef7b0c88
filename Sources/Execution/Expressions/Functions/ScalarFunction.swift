import Columns
import Planning

/// The scalar functions by canonical name. Source: `FunctionSignatures` in Planning.
enum ScalarFunction: String, Sendable, CaseIterable {
    case concatOperator = "concat_op"
    case length, lower, upper, initcap, btrim, ltrim, rtrim, substring, left, right, replace, translate, strpos, concat
    case lpad, rpad, `repeat`, reverse, md5, chr, ascii
    case octetLength = "octet_length"
    case splitPart = "split_part"
    case concatWithSeparator = "concat_ws"
    case startsWith = "starts_with"
    case bitLength = "bit_length"
    case toHexadecimal = "to_hex"
    case overlay
    /// A value as it stands in the text of an array; only `array_agg` calls it.
    case arrayElement = "array element"

    case abs, ceil, floor, round, trunc, sign, div, sqrt, cbrt, exp, ln, log, log10, power, pi, degrees, radians
    case sin, cos, tan, asin, acos, atan, atan2, greatest, least
    case sinh, cosh, tanh, asinh, acosh, atanh, cot, gcd, lcm
    case sind, cosd, tand, cotd, asind, acosd, atand, atan2d

    case extract, age
    case datePart = "date_part"
    case dateTrunc = "date_trunc"
    case toChar = "to_char"
    case dateToChar = "to_char date"
    case intervalToChar = "to_char interval"
    case toDate = "to_date"
    case toTimestamp = "to_timestamp"
    case makeDate = "make_date"
    case makeTimestamp = "make_timestamp"

    /// Computes the function for every row.
    func apply(
        _ inputs: [Vector], type: LogicalType, count: Int, position: Int, _ state: inout ExpressionState
    ) throws(ExecutionError) -> Vector {
        switch self {
        case .concat, .concatWithSeparator, .greatest, .least, .arrayElement: break
        default: if inputs.contains(where: \.isConstantNull) { return .null(type, count: count) }
        }
        let call = FunctionCall(inputs: inputs, type: type, count: count, position: position)
        switch self {
        case .greatest: return Extremes.vector(call, .greater, &state)
        case .least: return Extremes.vector(call, .less, &state)
        case .concat: return call.concatenated(separator: nil, inputs)
        case .concatWithSeparator:
            if inputs[0].isConstantNull { return .null(type, count: count) }
            return call.concatenated(separator: inputs[0], Array(inputs.dropFirst()))
        case .concatOperator, .lower, .upper, .initcap, .btrim, .ltrim, .rtrim, .substring, .left, .right, .replace,
            .translate, .splitPart, .lpad, .rpad, .repeat, .reverse, .md5, .chr, .overlay:
            return try call.text(self)
        case .toHexadecimal: return try call.hexadecimal()
        case .arrayElement: return ArrayElement.texts(of: inputs[0], count: count)
        case .gcd, .lcm: return try call.divisors(self)
        case .length, .octetLength, .bitLength, .strpos, .ascii, .startsWith: return call.textMeasure(self)
        case .abs, .ceil, .floor, .round, .trunc, .sign, .div:
            if inputs[0].type == .double { return try call.double(self) }
            return try call.exact(self)
        case .sqrt, .cbrt, .exp, .ln, .log, .log10, .power, .pi, .degrees, .radians, .sin, .cos, .tan, .asin, .acos,
            .atan, .atan2, .sinh, .cosh, .tanh, .asinh, .acosh, .atanh, .cot, .sind, .cosd, .tand, .cotd, .asind,
            .acosd, .atand, .atan2d:
            return try call.double(self)
        case .extract, .datePart, .age, .dateTrunc, .toChar, .dateToChar, .intervalToChar, .toDate, .toTimestamp, .makeDate, .makeTimestamp:
            return try call.time(self)
        }
    }
}

/// One call of a function over the rows of a batch.
struct FunctionCall {
    let inputs: [Vector]
    let type: LogicalType
    let count: Int
    let position: Int
    /// Rows on which every argument is present.
    let validity: Validity

    init(inputs: [Vector], type: LogicalType, count: Int, position: Int) {
        self.inputs = inputs
        self.type = type
        self.count = count
        self.position = position
        validity = Validity.common(inputs)
    }

    func failure(_ kind: ExecutionError.Kind) -> ExecutionError { ExecutionError(kind, position: position) }

    func invalid(_ message: String) -> ExecutionError { failure(.invalidArgument(message)) }

    func result(_ values: VectorValues) -> Vector {
        Vector(type: type, count: count, values: values, validity: validity)
    }

    /// An integer argument.
    func integers(_ index: Int) -> Operand<Int64> { inputs[index].int64Operand() ?? .constant(0) }
}
