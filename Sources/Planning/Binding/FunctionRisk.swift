package import Columns

/// What may keep a function from giving a value: known here, for those who move expressions and those who evaluate them.
package enum FunctionRisk: Hashable, Sendable {
    /// It gives a value for all arguments.
    case never
    /// It fails at the ends of what types hold, as arithmetic does.
    case atLimits
    /// It refuses arguments that columns may well have.
    case ofArguments

    /// The risk of a call.
    ///
    /// - Parameters:
    ///   - name: The canonical name.
    ///   - constants: For each argument its value if it is the same for every row.
    package init(_ name: String, constants: [ScalarValue?]) {
        func constant(_ index: Int) -> ScalarValue? { index < constants.count ? constants[index] : nil }
        func isInteger(_ index: Int, _ holds: (Int64) -> Bool) -> Bool {
            if case .integer(let value)? = constant(index) { holds(value) } else { false }
        }
        switch name {
        case "substring":
            self = constants.count < 3 || isInteger(2) { $0 >= 0 } ? .never : .ofArguments
        // A format that is refused is so on every row.
        case "to_char date", "to_char interval": self = constant(1) != nil ? .atLimits : .ofArguments
        case "split_part": self = isInteger(2) { $0 != 0 } ? .never : .ofArguments
        case "overlay": self = isInteger(2) { $0 > 0 } ? .atLimits : .ofArguments
        case "date_trunc", "extract", "date_part":
            guard case .text(let part)? = constant(0) else {
                self = .atLimits
                return
            }
            self = FunctionRisk.harmlessFields.contains(part) ? .never : .atLimits
        case _ where name == "substring pattern" || name.hasPrefix("regexp_"):
            // A written pattern has been read; flags and numbers may be wrong in a row.
            let harmlessCount = name == "regexp_replace" ? 3 : 2
            self = constants.count <= harmlessCount && constant(1) != nil ? .atLimits : .ofArguments
        default:
            self = FunctionRisk.refusing.contains(name) ? .ofArguments : FunctionRisk.total.contains(name) ? .never : .atLimits
        }
    }

    private static let harmlessFields: Set<String> = [
        "year", "quarter", "month", "week", "day", "hour", "minute", "second",
    ]

    private static let total: Set<String> = [
        "array element", "ascii", "asinh", "atan", "atan2", "bit_length", "btrim", "concat", "concat_op", "concat_ws",
        "greatest", "initcap", "interval parts", "interval span", "least", "left", "length", "lower", "ltrim", "md5", "octet_length", "pi", "replace",
        "reverse", "right", "rtrim", "sign", "starts_with", "strpos", "tanh", "to_hex", "translate", "upper",
    ]

    private static let refusing: Set<String> = [
        "acos", "acosd", "acosh", "array cast", "array_fill", "asin", "asind", "atanh", "chr", "cosd", "cotd", "date_bin", "div", "exp",
        "factorial", "format", "format array", "interval array grouped", "parse_ident", "unistr",
        "justify_days", "justify_hours", "justify_interval", "like escape", "limit rows", "ln", "log", "log10", "exp numeric", "ln numeric", "log numeric", "log10 numeric", "power numeric", "sqrt numeric", "make_date", "make_interval", "make_time", "make_timestamp", "offset rows", "pg_sleep", "power",
        "repeat",
        "round double", "sind", "sqrt", "tand", "to_char number", "to_date", "to_number", "to_timestamp", "to_timestamp number",
        "similar expression", "time read", "zone read", "trim_array", "trunc double", "width_bucket", "width_bucket array", "width_bucket numeric",
    ]
}
