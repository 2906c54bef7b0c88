/// Sums over the pairs (y, x) of a group; `xx`, `yy` and `xy` are of distances from the means.
struct PairMoments {
    var count: Int64
    var x: Double
    var y: Double
    var xx: Double
    var yy: Double
    var xy: Double
}

/// Aggregates of pairs of numbers, by name. Source: PostgreSQL 15, "Aggregate Functions for Statistics".
enum PairStatistic: String, Sendable {
    case correlation = "corr"
    case covariance = "covar_pop"
    case sampleCovariance = "covar_samp"
    case count = "regr_count"
    case averageX = "regr_avgx"
    case averageY = "regr_avgy"
    case sumXX = "regr_sxx"
    case sumYY = "regr_syy"
    case sumXY = "regr_sxy"
    case slope = "regr_slope"
    case intercept = "regr_intercept"
    case determination = "regr_r2"

    /// The statistic of a group, nil for NULL.
    func value(of moments: PairMoments) -> Double? {
        let count = Double(moments.count)
        guard moments.count > 0 else { return nil }
        switch self {
        case .count: return count
        case .averageX: return moments.x / count
        case .averageY: return moments.y / count
        case .sumXX: return moments.xx
        case .sumYY: return moments.yy
        case .sumXY: return moments.xy
        case .covariance: return moments.xy / count
        case .sampleCovariance: return moments.count > 1 ? moments.xy / (count - 1) : nil
        case .correlation:
            if moments.xx == 0 || moments.yy == 0 { return nil }
            let value = moments.xy / (moments.xx * moments.yy).squareRoot()
            // Rounding must not lead beyond 1; what is no number stays so.
            return value.isNaN ? value : max(-1, min(1, value))
        case .determination:
            if moments.xx == 0 { return nil }
            return moments.yy == 0 ? 1 : moments.xy * moments.xy / (moments.xx * moments.yy)
        case .slope: return moments.xx == 0 ? nil : moments.xy / moments.xx
        case .intercept:
            return moments.xx == 0 ? nil : (moments.y - moments.x * moments.xy / moments.xx) / count
        }
    }
}
