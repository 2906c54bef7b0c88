import Columns
import Engine

/// One value of any type: a parameter of a query, or a cell of an answer.
public enum FundValue: Hashable, Sendable {
    /// No value.
    case null
    /// `boolean`.
    case boolean(Bool)
    /// `integer` and `bigint`.
    case integer(Int64)
    /// `numeric`.
    case decimal(ExactDecimal)
    /// `double precision`.
    case double(Double)
    /// `text`; as a parameter also a value of any other type, written as in a quoted literal.
    case text(String)
    /// `date`.
    case date(CalendarDate)
    /// `timestamp`.
    case timestamp(LocalTimestamp)
    /// `interval`.
    case interval(CalendarInterval)
}

extension FundValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(nilLiteral: ()) { self = .null }
}

extension FundValue: CustomStringConvertible {
    /// As the program prints it in CSV: `2025-01-31`, `12.50`, `true`; an empty text for NULL.
    public var description: String { ResultText.string(scalar) ?? "" }
}

extension CalendarDate: CustomStringConvertible {
    /// `2025-01-31`.
    public var description: String { FundValue.date(self).description }
}

extension LocalTimestamp: CustomStringConvertible {
    /// `2025-01-31 08:04:38`, with as many digits of a second as it has.
    public var description: String { FundValue.timestamp(self).description }
}

extension CalendarInterval: CustomStringConvertible {
    /// As PostgreSQL writes it: `1 mon 2 days 03:00:00`.
    public var description: String { FundValue.interval(self).description }
}

extension FundValue {
    init(_ scalar: ScalarValue) {
        switch scalar {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .numeric(let unscaled, let scale): self = .decimal(ExactDecimal(unscaled: unscaled, scale: scale))
        case .double(let value): self = .double(value)
        case .text(let value): self = .text(value)
        case .date(let day): self = .date(CalendarDate(daysSince1970: Int(day)))
        case .timestamp(let time): self = .timestamp(LocalTimestamp(microsecondsSince1970: time))
        case .interval(let value): self = .interval(CalendarInterval(value))
        }
    }

    var scalar: ScalarValue {
        switch self {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .decimal(let value): .numeric(unscaled: value.unscaled, scale: value.scale)
        case .double(let value): .double(value)
        case .text(let value): .text(value)
        case .date(let value): .date(Int32(clamping: value.daysSince1970))
        case .timestamp(let value): .timestamp(value.microsecondsSince1970)
        case .interval(let value):
            .interval(IntervalValue(months: value.months, days: value.days, microseconds: value.microseconds))
        }
    }
}

extension CalendarInterval {
    init(_ value: IntervalValue) {
        self.init(months: value.months, days: value.days, microseconds: value.microseconds)
    }
}
