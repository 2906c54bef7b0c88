package import Columns

/// All scalar functions by canonical name.
///
/// `nullif`, `mod`, `coalesce`, `now` and `current_date` have no entry: the binder turns them into `case`, `%`, `.coalesce`
/// and constants. Nor have functions of arrays and sets, whose types depend on what they are given: here are their names. A deviation from PostgreSQL:
/// `to_timestamp` gives a timestamp without a zone.
package enum FunctionSignatures {
    package static let all: [FunctionSignature] = text + patterns + numbers + dates

    /// Other names of the same functions.
    package static let aliases: [String: String] = [
        "char_length": "length", "character_length": "length", "trim": "btrim", "substr": "substring",
        "position": "strpos", "ceiling": "ceil", "pow": "power",
    ]

    /// Functions PostgreSQL has and this engine refuses, with the reason.
    package static let refused: [String: String] = [
        "random": "its results cannot be repeated", "clock_timestamp": "its results cannot be repeated",
        "statement_timestamp": "its results cannot be repeated", "setseed": "its results cannot be repeated", "gen_random_uuid": "its results cannot be repeated",
    ]

    private static let byName = Dictionary(grouping: all, by: \.name)

    /// The overloads of a function, canonical name or alias; empty if there is none.
    package static func named(_ name: String) -> [FunctionSignature] {
        let canonical = aliases[name] ?? name
        return (byName[canonical] ?? []) + (forms[canonical] ?? []).flatMap { byName[$0] ?? [] }
    }

    /// Functions that go under another name where the types of their arguments say so.
    private static let forms: [String: [String]] = [
        "round": ["round double"], "trunc": ["trunc double"], "to_char": ["to_char date", "to_char interval", "to_char number"],
        "to_timestamp": ["to_timestamp number"], "substring": ["substring pattern"],
        "width_bucket": ["width_bucket numeric"], "gcd": ["gcd numeric"], "lcm": ["lcm numeric"],
        "sqrt": ["sqrt numeric"], "exp": ["exp numeric"], "ln": ["ln numeric"], "log": ["log numeric"], "log10": ["log10 numeric"],
        "power": ["power numeric"],
    ]

    /// The names of parameters, of functions whose arguments may be named.
    static let parameterNames: [String: [String]] = [
        "make_date": ["year", "month", "day"],
        "make_interval": ["years", "months", "weeks", "days", "hours", "mins", "secs"],
        "make_timestamp": ["year", "month", "mday", "hour", "min", "sec"],
    ]

    /// Functions that take or give arrays of any element type: the binder knows their arguments.
    static let ofArrays: Set<String> = [
        "array_append", "array_cat", "array_dims", "array_length", "array_lower", "array_ndims", "array_position",
        "array_positions", "array_prepend", "array_remove", "array_replace", "array_to_string", "array_upper",
        "cardinality", "trim_array",
    ]

    /// Functions that give sets of values, in the select list or in FROM.
    static let ofSets: Set<String> = [
        "generate_series", "generate_subscripts", "regexp_matches", "regexp_split_to_table", "string_to_table", "unnest",
    ]

    /// What the binder turns into something else.
    private static let rewritten: Set<String> = [
        "coalesce", "current_date", "date", "grouping", "localtimestamp", "mod", "now", "nullif", "transaction_timestamp",
        "array_fill", "make_timestamptz", "timezone", "trim_scale",
    ]

    /// Every name a call of a function may use, sorted: for "did you mean".
    package static let names: [String] =
        Set(all.map(\.name).filter { $0 != "concat_op" && !$0.contains(" ") })
        .union(aliases.keys).union(rewritten).union(ofArrays).union(ofSets).sorted()

    private static let text: [FunctionSignature] = [
        // `||`: strict, unlike concat.
        FunctionSignature("concat_op", [.text, .text], .fixed(.text)),
        // Characters (Unicode scalars), not bytes.
        FunctionSignature("length", [.text], .fixed(.integer)),
        FunctionSignature("octet_length", [.text], .fixed(.integer)),
        FunctionSignature("lower", [.text], .fixed(.text)),
        FunctionSignature("upper", [.text], .fixed(.text)),
        FunctionSignature("initcap", [.text], .fixed(.text)),
        FunctionSignature("btrim", [.text, .text], .fixed(.text), optional: 1),
        FunctionSignature("ltrim", [.text, .text], .fixed(.text), optional: 1),
        FunctionSignature("rtrim", [.text, .text], .fixed(.text), optional: 1),
        FunctionSignature("substring", [.text, .integer, .integer], .fixed(.text), optional: 1),
        FunctionSignature("left", [.text, .integer], .fixed(.text)),
        FunctionSignature("right", [.text, .integer], .fixed(.text)),
        FunctionSignature("replace", [.text, .text, .text], .fixed(.text)),
        FunctionSignature("translate", [.text, .text, .text], .fixed(.text)),
        // (string, part): 1-based, 0 if absent.
        FunctionSignature("strpos", [.text, .text], .fixed(.integer)),
        FunctionSignature("split_part", [.text, .text, .integer], .fixed(.text)),
        // NULL arguments are skipped.
        FunctionSignature("concat", [], .fixed(.text), variadic: .anyAsText, isStrict: false),
        // A NULL separator gives NULL; other NULLs are skipped.
        FunctionSignature("concat_ws", [.text], .fixed(.text), variadic: .anyAsText, isStrict: false),
        // (format, values …)
        FunctionSignature("format", [.text], .fixed(.text), isStrict: false),
        FunctionSignature("format", [.text], .fixed(.text), variadic: .anyAsText, isStrict: false),
        FunctionSignature("quote_literal", [.anyAsText], .fixed(.text)),
        FunctionSignature("quote_nullable", [.anyAsText], .fixed(.text), isStrict: false),
        FunctionSignature("quote_ident", [.text], .fixed(.text)),
        FunctionSignature("parse_ident", [.text, .boolean], .fixed(textArray), optional: 1),
        FunctionSignature("unistr", [.text], .fixed(.text)),
        // A pattern of LIKE with a backslash in place of the escape character.
        FunctionSignature("like escape", [.text, .text], .fixed(.text)),
        FunctionSignature("num_nulls", [], .fixed(.integer), variadic: .anyAsText, isStrict: false),
        FunctionSignature("num_nonnulls", [], .fixed(.integer), variadic: .anyAsText, isStrict: false),
        FunctionSignature("lpad", [.text, .integer, .text], .fixed(.text), optional: 1),
        FunctionSignature("rpad", [.text, .integer, .text], .fixed(.text), optional: 1),
        FunctionSignature("repeat", [.text, .integer], .fixed(.text)),
        FunctionSignature("reverse", [.text], .fixed(.text)),
        FunctionSignature("starts_with", [.text, .text], .fixed(.boolean)),
        FunctionSignature("md5", [.text], .fixed(.text)),
        FunctionSignature("chr", [.integer], .fixed(.text)),
        FunctionSignature("ascii", [.text], .fixed(.integer)),
        FunctionSignature("bit_length", [.text], .fixed(.integer)),
        FunctionSignature("to_hex", [.integer], .fixed(.text)),
        FunctionSignature("to_hex", [.bigint], .fixed(.text)),
        // (string, new part, start, length of the old part).
        FunctionSignature("overlay", [.text, .text, .integer, .integer], .fixed(.text), optional: 1),
    ]

    /// Regular expressions.
    private static let patterns: [FunctionSignature] = [
        FunctionSignature("regexp_like", [.text, .text, .text], .fixed(.boolean), optional: 1),
        FunctionSignature("regexp_count", [.text, .text, .integer, .text], .fixed(.integer), optional: 2),
        FunctionSignature(
            "regexp_instr", [.text, .text, .integer, .integer, .integer, .text, .integer], .fixed(.integer), optional: 5),
        FunctionSignature(
            "regexp_substr", [.text, .text, .integer, .integer, .text, .integer], .fixed(.text), optional: 4),
        FunctionSignature("regexp_replace", [.text, .text, .text, .text], .fixed(.text), optional: 1),
        FunctionSignature(
            "regexp_replace", [.text, .text, .text, .integer, .integer, .text], .fixed(.text), optional: 2),
        FunctionSignature("regexp_match", [.text, .text, .text], .fixed(textArray), optional: 1),
        FunctionSignature("regexp_split_to_array", [.text, .text, .text], .fixed(textArray), optional: 1),
        FunctionSignature("substring pattern", [.text, .text], .fixed(.text)),
        FunctionSignature("string_to_array", [.text, .text, .text], .fixed(textArray), optional: 1, isStrict: false),
    ]

    private static let textArray = LogicalType.text.asArray

    private static let numbers: [FunctionSignature] = [
        FunctionSignature("abs", [.integer], .argument(0)),
        FunctionSignature("abs", [.bigint], .argument(0)),
        FunctionSignature("abs", [.numeric], .argument(0)),
        FunctionSignature("abs", [.double], .argument(0)),
        FunctionSignature("ceil", [.double], .fixed(.double)),
        FunctionSignature("ceil", [.numeric], .integral),
        FunctionSignature("floor", [.double], .fixed(.double)),
        FunctionSignature("floor", [.numeric], .integral),
        // double: half to even; numeric: half away from zero.
        FunctionSignature("round", [.double], .fixed(.double)),
        FunctionSignature("round", [.numeric], .integral),
        FunctionSignature("round", [.numeric, .integer], .rounded),
        FunctionSignature("round double", [.double, .integer], .rounded),
        FunctionSignature("trunc double", [.double, .integer], .rounded),
        FunctionSignature("width_bucket", [.double, .double, .double, .integer], .fixed(.integer)),
        FunctionSignature("width_bucket numeric", [.numeric, .numeric, .numeric, .integer], .fixed(.integer)),
        FunctionSignature("scale", [.numeric], .fixed(.integer)),
        FunctionSignature("min_scale", [.numeric], .fixed(.integer)),
        FunctionSignature("trunc", [.double], .fixed(.double)),
        FunctionSignature("trunc", [.numeric], .integral),
        FunctionSignature("trunc", [.numeric, .integer], .rounded),
        FunctionSignature("sign", [.double], .fixed(.double)),
        FunctionSignature("sign", [.numeric], .fixed(.numeric(precision: 1, scale: 0))),
        // Truncates towards zero; division by zero is an error.
        FunctionSignature("div", [.numeric, .numeric], .integral),
        FunctionSignature("sqrt", [.double], .fixed(.double)),
        FunctionSignature("cbrt", [.double], .fixed(.double)),
        FunctionSignature("exp", [.double], .fixed(.double)),
        FunctionSignature("ln", [.double], .fixed(.double)),
        // Base 10; with two arguments (base, x).
        FunctionSignature("log", [.double], .fixed(.double)),
        FunctionSignature("log", [.double, .double], .fixed(.double)),
        FunctionSignature("log10", [.double], .fixed(.double)),
        FunctionSignature("power", [.double, .double], .fixed(.double)),
        FunctionSignature("sqrt numeric", [.numeric], .significant),
        FunctionSignature("exp numeric", [.numeric], .significant),
        FunctionSignature("ln numeric", [.numeric], .significant),
        FunctionSignature("log numeric", [.numeric], .significant),
        FunctionSignature("log numeric", [.numeric, .numeric], .significant),
        FunctionSignature("log10 numeric", [.numeric], .significant),
        FunctionSignature("power numeric", [.numeric, .numeric], .significant),
        FunctionSignature("pi", [], .fixed(.double)),
        FunctionSignature("degrees", [.double], .fixed(.double)),
        FunctionSignature("radians", [.double], .fixed(.double)),
        FunctionSignature("sin", [.double], .fixed(.double)),
        FunctionSignature("cos", [.double], .fixed(.double)),
        FunctionSignature("tan", [.double], .fixed(.double)),
        FunctionSignature("asin", [.double], .fixed(.double)),
        FunctionSignature("acos", [.double], .fixed(.double)),
        FunctionSignature("atan", [.double], .fixed(.double)),
        FunctionSignature("atan2", [.double, .double], .fixed(.double)),
        FunctionSignature("sinh", [.double], .fixed(.double)),
        FunctionSignature("cosh", [.double], .fixed(.double)),
        FunctionSignature("tanh", [.double], .fixed(.double)),
        FunctionSignature("asinh", [.double], .fixed(.double)),
        FunctionSignature("acosh", [.double], .fixed(.double)),
        FunctionSignature("atanh", [.double], .fixed(.double)),
        FunctionSignature("cot", [.double], .fixed(.double)),
        // The same of angles in degrees.
        FunctionSignature("sind", [.double], .fixed(.double)),
        FunctionSignature("cosd", [.double], .fixed(.double)),
        FunctionSignature("tand", [.double], .fixed(.double)),
        FunctionSignature("cotd", [.double], .fixed(.double)),
        FunctionSignature("asind", [.double], .fixed(.double)),
        FunctionSignature("acosd", [.double], .fixed(.double)),
        FunctionSignature("atand", [.double], .fixed(.double)),
        FunctionSignature("atan2d", [.double, .double], .fixed(.double)),
        FunctionSignature("nearest real", [.double], .fixed(.double)),
        // A LIMIT and an OFFSET that a query gives.
        FunctionSignature("limit rows", [.bigint], .fixed(.bigint)),
        FunctionSignature("offset rows", [.bigint], .fixed(.bigint)),
        FunctionSignature("factorial", [.bigint], .fixed(.numeric(precision: 38, scale: 0))),
        FunctionSignature("gcd", [.integer, .integer], .fixed(.integer)),
        FunctionSignature("gcd", [.bigint, .bigint], .fixed(.bigint)),
        FunctionSignature("lcm", [.integer, .integer], .fixed(.integer)),
        FunctionSignature("lcm", [.bigint, .bigint], .fixed(.bigint)),
        FunctionSignature("gcd numeric", [.numeric, .numeric], .widest),
        FunctionSignature("lcm numeric", [.numeric, .numeric], .widest),
        // NULLs are ignored; NULL only if every argument is.
        FunctionSignature("greatest", [.common], .argument(0), variadic: .common, isStrict: false),
        FunctionSignature("least", [.common], .argument(0), variadic: .common, isStrict: false),
    ]

    private static let dates: [FunctionSignature] = [
        // The field name comes first, in lower case, a constant; see `DateFields`.
        FunctionSignature("extract", [.text, .date], .dateField),
        FunctionSignature("extract", [.text, .timestamp], .dateField),
        FunctionSignature("extract", [.text, .interval], .dateField),
        FunctionSignature("date_part", [.text, .date], .fixed(.double)),
        FunctionSignature("date_part", [.text, .timestamp], .fixed(.double)),
        FunctionSignature("date_part", [.text, .interval], .fixed(.double)),
        FunctionSignature("date_trunc", [.text, .timestamp], .fixed(.timestamp)),
        FunctionSignature("date_trunc", [.text, .interval], .fixed(.interval)),
        // (later, earlier): years and months, days, time, as PostgreSQL counts them.
        FunctionSignature("age", [.timestamp, .timestamp], .fixed(.interval)),
        FunctionSignature("to_char", [.timestamp, .text], .fixed(.text)),
        FunctionSignature("to_char date", [.date, .text], .fixed(.text)),
        FunctionSignature("to_char interval", [.interval, .text], .fixed(.text)),
        FunctionSignature("to_char number", [.bigint, .text], .fixed(.text)),
        FunctionSignature("to_char number", [.numeric, .text], .fixed(.text)),
        FunctionSignature("to_char number", [.double, .text], .fixed(.text)),
        FunctionSignature("to_number", [.text, .text], .numberFormat),
        FunctionSignature("to_timestamp number", [.double], .fixed(.timestamp)),
        FunctionSignature("justify_days", [.interval], .fixed(.interval)),
        FunctionSignature("justify_hours", [.interval], .fixed(.interval)),
        FunctionSignature("justify_interval", [.interval], .fixed(.interval)),
        // The three numbers of an interval, and the interval of their sums.
        FunctionSignature("interval months", [.interval], .fixed(.bigint)),
        FunctionSignature("interval days", [.interval], .fixed(.bigint)),
        FunctionSignature("interval time", [.interval], .fixed(.bigint)),
        // Its length with months of 30 days and days of 24 hours, its months and days in one number, and the interval of both.
        FunctionSignature("interval span", [.interval], .fixed(.numeric(precision: 38, scale: 0))),
        FunctionSignature("interval parts", [.interval], .fixed(.bigint)),
        FunctionSignature("interval of span", [.numeric, .bigint], .fixed(.interval)),
        FunctionSignature("interval of", [.numeric, .numeric, .numeric], .fixed(.interval)),
        FunctionSignature("date_bin", [.interval, .timestamp, .timestamp], .fixed(.timestamp)),
        FunctionSignature("isfinite", [.timestamp], .fixed(.boolean)),
        FunctionSignature("isfinite", [.interval], .fixed(.boolean)),
        // Waits so many seconds and gives an empty text, where PostgreSQL's type is void.
        FunctionSignature("pg_sleep", [.double], .fixed(.text)),
        FunctionSignature("to_date", [.text, .text], .fixed(.date)),
        FunctionSignature("to_timestamp", [.text, .text], .fixed(.timestamp)),
        FunctionSignature("make_date", [.integer, .integer, .integer], .fixed(.date)),
        FunctionSignature("make_time", [.integer, .integer, .double], .fixed(.moment(.ofDay))),
        FunctionSignature(
            "make_interval", [.integer, .integer, .integer, .integer, .integer, .integer, .double], .fixed(.interval),
            optional: 7),
        FunctionSignature(
            "make_timestamp", [.integer, .integer, .integer, .integer, .integer, .double], .fixed(.timestamp)),
    ]
}

/// Fields of `extract`, `date_part` and `date_trunc`.
package enum DateFields {
    /// What `extract` and `date_part` may ask for.
    package static let extractable: Set<String> = [
        "century", "day", "decade", "dow", "doy", "epoch", "hour", "isodow", "isoyear", "julian", "microseconds",
        "millennium", "milliseconds", "minute", "month", "quarter", "second", "week", "year",
    ]

    /// What `date_trunc` may cut at.
    package static let truncatable: Set<String> = [
        "century", "day", "decade", "hour", "microseconds", "millennium", "milliseconds", "minute", "month", "quarter",
        "second", "week", "year",
    ]

    /// Fields of a date without a time; PostgreSQL refuses the others: `unit "hour" not supported for type date`.
    package static let ofDate: Set<String> = [
        "century", "day", "decade", "dow", "doy", "epoch", "isodow", "isoyear", "julian", "millennium", "month",
        "quarter", "week", "year",
    ]

    /// Other spellings, as PostgreSQL takes them.
    package static let aliases: [String: String] = [
        "years": "year", "y": "year", "yr": "year", "months": "month", "mon": "month", "mons": "month", "days": "day",
        "d": "day", "hours": "hour", "h": "hour", "hr": "hour", "minutes": "minute", "min": "minute", "mins": "minute",
        "seconds": "second", "s": "second", "sec": "second", "weeks": "week", "w": "week", "qtr": "quarter",
        "decades": "decade", "centuries": "century", "millennia": "millennium", "msec": "milliseconds",
        "usec": "microseconds", "m": "minute", "hrs": "hour", "secs": "second", "yrs": "year", "c": "century",
        "cent": "century", "dec": "decade", "decs": "decade", "mil": "millennium", "mils": "millennium",
        "ms": "milliseconds", "msecs": "milliseconds", "millisecond": "milliseconds", "us": "microseconds",
        "usecs": "microseconds", "microsecond": "microseconds",
    ]

    /// What `extract` gives: fractions down to the microsecond, but whole numbers where a date has no time.
    package static func resultType(_ field: String, of type: LogicalType) -> LogicalType {
        switch field {
        case "epoch", "julian": .numeric(precision: 38, scale: type == .date ? 0 : 6)
        case "second": .numeric(precision: 38, scale: 6)
        case "milliseconds": .numeric(precision: 38, scale: 3)
        default: .numeric(precision: 38, scale: 0)
        }
    }
}
