package import Columns

/// Aggregates and window functions: names and result types.
///
/// Deviations from PostgreSQL: `median`, `mad`, `quantile` and `percentile_cont` give double for every number; precision
/// ends at 38 digits.
package enum AggregateSignatures {
    package static let aliases: [String: String] = [
        "stddev": "stddev_samp", "variance": "var_samp", "every": "bool_and", "mean": "avg",
        "any_value": "min", "list": "array_agg",
    ]

    package static let names: Set<String> = [
        "count", "sum", "avg", "min", "max", "median", "mad", "quantile", "stddev_samp", "stddev_pop", "var_samp",
        "var_pop", "corr", "covar_pop", "covar_samp", "regr_count", "regr_avgx", "regr_avgy", "regr_sxx", "regr_syy",
        "regr_sxy", "regr_slope", "regr_intercept", "regr_r2", "bool_and", "bool_or", "string_agg", "array_agg",
        "approx_count_distinct", "percentile_cont", "percentile_disc", "mode", "bit_and", "bit_or", "bit_xor",
    ]

    /// Aggregates of pairs of numbers, the dependent one first.
    package static let ofPairs: Set<String> = [
        "corr", "covar_pop", "covar_samp", "regr_count", "regr_avgx", "regr_avgy", "regr_sxx", "regr_syy", "regr_sxy",
        "regr_slope", "regr_intercept", "regr_r2",
    ]

    /// Aggregates that need `within group (order by …)`.
    package static let orderedSets: Set<String> = ["percentile_cont", "percentile_disc", "mode"]

    package static let windowOnly: Set<String> = [
        "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value",
        "last_value", "nth_value",
    ]

    /// Window functions that look at the whole partition whatever the frame says.
    package static let ignoringFrame: Set<String> = [
        "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead",
    ]

    /// Aggregates of PostgreSQL that are refused, with what to do instead.
    package static let refused: Set<String> = [
        "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "xmlagg", "range_agg",
    ]

    /// Whether the aggregate of no rows is 0 instead of NULL.
    package static func countsRows(_ name: String) -> Bool {
        ["count", "approx_count_distinct", "regr_count"].contains(name)
    }

    package static func canonical(_ name: String) -> String { aliases[name] ?? name }

    /// The result of `sum`: wide enough for every table that fits a machine.
    package static func sumType(_ type: LogicalType) -> LogicalType? {
        switch type {
        case .integer: .bigint
        case .bigint: .numeric(precision: 38, scale: 0)
        case .numeric(_, let scale): .numeric(precision: 38, scale: scale)
        case .double: .double
        default: nil
        }
    }

    /// The result of `stddev` and `variance` of exact numbers.
    package static let spreadType = LogicalType.numeric(precision: 38, scale: 16)

    /// The result of `avg`: at least 16 digits after the point for exact numbers.
    package static func averageType(_ type: LogicalType) -> LogicalType? {
        switch type {
        case .integer, .bigint: .numeric(precision: 38, scale: 16)
        case .numeric(_, let scale): .numeric(precision: 38, scale: max(16, scale))
        case .double: .double
        default: nil
        }
    }
}
