/// Times in other units as microseconds.
enum TimeUnits {
    static func floored(_ value: Int64, by divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    static func microseconds(_ value: Int64, _ unit: Annotation.TimeUnit) throws(Damage) -> Int64 {
        switch unit {
        case .microseconds: return value
        case .nanoseconds: return floored(value, by: 1000)
        case .milliseconds:
            let (product, isFar) = value.multipliedReportingOverflow(by: 1000)
            guard !isFar else { throw .unsupported("a time beyond what microseconds reach") }
            return product
        }
    }
}
