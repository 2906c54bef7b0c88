package import Columns

/// What a column of a segment holds at most: enough to skip the segment, never to answer from.
package struct ZoneMap: Hashable, Sendable {
    package var nullCount: Int
    package var bounds: Bounds

    package enum Bounds: Hashable, Sendable {
        /// No row is present.
        case empty
        /// Smallest and largest value of numbers, booleans, dates and timestamps, and of plain text cut to 32 bytes
        /// (the largest is rounded up, or missing if that is impossible).
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
}
