/// A span of time as PostgreSQL counts it: months, days and microseconds apart, since neither months nor days have one length.
public struct CalendarInterval: Hashable, Sendable {
    /// Whole months, years among them.
    public var months: Int32
    /// Whole days.
    public var days: Int32
    /// What is less than a day.
    public var microseconds: Int64

    /// A span of its parts.
    public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }
}
