package import Columns

/// What a column of a segment holds at most: enough to skip the segment, never to answer from.
package struct ZoneMap: Hashable, Sendable {
    package var nullCount: Int
    package var bounds: Bounds

    package enum Bounds: Hashable, Sendable {
        /// No row is present.
        case empty
        /// Smallest and largest value of numbers, booleans, dates and timestamps, and of plain text cut to 32 bytes
        /// (then the largest is missing).
        case values(minimum: ScalarValue, maximum: ScalarValue?)
        /// Smallest and largest code of a coded text column.
        case codes(minimum: UInt64, maximum: UInt64)
        /// Nothing is known.
        case unknown
    }

    package init(nullCount: Int, bounds: Bounds) {
        self.nullCount = nullCount
        self.bounds = bounds
    }

    /// Negative, 0 or positive as `left` is smaller than, equal to or larger than `right`; nil if they do not compare.
    package static func compare(_ left: ScalarValue, _ right: ScalarValue) -> Int? {
        switch (left, right) {
        case (.date(let a), .date(let b)): order(a, b)
        case (.timestamp(let a), .timestamp(let b)): order(a, b)
        case (.date(let a), .timestamp(let b)): order(CivilTime.midnight(ofDay: a), b)
        case (.timestamp(let a), .date(let b)): order(a, CivilTime.midnight(ofDay: b))
        case (.double(let a), .double(let b)): a.isNaN || b.isNaN ? nil : order(a, b)
        case (.boolean(let a), .boolean(let b)): order(a ? 1 : 0, b ? 1 : 0)
        case (.text(let a), .text(let b)): order(a.utf8, b.utf8)
        default: exact(left).flatMap { a in exact(right).flatMap { b in compareExact(a, b) } }
        }
    }

    private static func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : (a == b ? 0 : 1) }

    private static func order(_ a: String.UTF8View, _ b: String.UTF8View) -> Int {
        a.lexicographicallyPrecedes(b) ? -1 : (b.lexicographicallyPrecedes(a) ? 1 : 0)
    }

    private static func exact(_ value: ScalarValue) -> (Int128, Int)? {
        switch value {
        case .integer(let number): (Int128(number), 0)
        case .numeric(let unscaled, let scale): (unscaled, scale)
        default: nil
        }
    }

    private static func compareExact(_ a: (Int128, Int), _ b: (Int128, Int)) -> Int? {
        let scale = max(a.1, b.1)
        guard scale - min(a.1, b.1) <= 38 else { return nil }
        let (left, overflow) = a.0.multipliedReportingOverflow(by: DecimalText.powers128[scale - a.1])
        let (right, carry) = b.0.multipliedReportingOverflow(by: DecimalText.powers128[scale - b.1])
        return overflow || carry ? nil : order(left, right)
    }
}
