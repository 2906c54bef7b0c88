package import Columns

/// What a scalar function takes and gives; arguments of a bound call have exactly these types.
package struct FunctionSignature: Sendable {
    package enum Parameter: Sendable, Hashable {
        case boolean, integer, bigint, numeric, double, text, date, timestamp, interval
        /// Any type; the binder casts it to text.
        case anyAsText
        /// Any type, the same for all such parameters after the binder's casts.
        case common
    }

    package enum Result: Sendable, Hashable {
        case fixed(LogicalType)
        /// The type of that argument.
        case argument(Int)
        /// numeric of argument 0's whole digits and no digits after the point.
        case integral
        /// numeric with as many digits after the point as constant argument 1 says (argument 0's scale if it is not constant).
        case rounded
        /// numeric with as many digits after the point as either argument has.
        case widest
        /// numeric with as many digits after the point as constant argument 1, a number format, shows (10 if it is not constant).
        case numberFormat
        /// numeric with as many digits after the point as the function's smallest results need; see ``NumericFunctions``.
        case significant
        /// `extract`: numeric(38,0), or numeric(38,6) for fields with fractions of a second.
        case dateField
    }

    /// Canonical name: what stands in `BoundExpression.call`.
    package let name: String
    package let parameters: [Parameter]
    /// How many parameters at the end may be left out.
    package let optionalCount: Int
    /// Type of any number of further arguments.
    package let variadic: Parameter?
    package let result: Result
    /// A NULL argument gives NULL without a call.
    package let isStrict: Bool

    package init(
        _ name: String, _ parameters: [Parameter], _ result: Result, optional: Int = 0, variadic: Parameter? = nil,
        isStrict: Bool = true
    ) {
        self.name = name
        self.parameters = parameters
        self.optionalCount = optional
        self.variadic = variadic
        self.result = result
        self.isStrict = isStrict
    }
}
