package import Columns

extension ScalarValue {
    /// Where the value lies among others of its kind: a number as it is, a time in microseconds since 1970; nil for
    /// anything else.
    package var estimatedPlace: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .numeric(let unscaled, let scale):
            // A conversion from 128 bits takes long, and statistics of many segments ask for it.
            (Int64(exactly: unscaled).map { Double($0) } ?? Double(unscaled)) / powersOfTen[min(38, max(0, scale))]
        case .double(let value): value.isFinite ? value : nil
        case .date(let day): Double(day) * Double(CivilTime.microsecondsPerDay)
        case .timestamp(let microseconds): Double(microseconds)
        case .boolean(let value): value ? 1 : 0
        case .null, .text, .interval: nil
        }
    }
}

private let powersOfTen = DecimalText.powers128.map { Double($0) }
