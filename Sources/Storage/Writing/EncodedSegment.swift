/// The bytes of a whole segment file, checked and ready to be written.
package struct EncodedSegment: Sendable {
    package let rowCount: Int
    package let bytes: [UInt8]
    /// SHA-256 of `bytes`, 64 hexadecimal digits.
    package let sha256: String
    /// Smallest and largest time of the column named at encoding, microseconds; nil if there is none.
    package let timeRange: ClosedRange<Int64>?
    /// Names of the columns the encoder was given as key and time.
    package let layout: TableLayout
    /// How its columns were encoded, for segments of the same table that follow.
    package let plan: SegmentPlan
}
