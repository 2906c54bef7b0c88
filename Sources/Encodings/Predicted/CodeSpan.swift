/// The numbers that the codes of a column lie between, as the places of a table.
struct CodeSpan {
    let low: Int64
    /// Places from the lowest code to the highest.
    let count: Int

    /// nil if the codes span more than 65,536 numbers and more than 16 for each row, or there are none.
    init?(_ codes: [Int64]) {
        let statistics = BlockStatistics(codes)
        let span = UInt64(bitPattern: statistics.maximum &- statistics.minimum)
        guard !codes.isEmpty, span < UInt64(max(1 << 16, 16 * codes.count)) else { return nil }
        low = statistics.minimum
        count = Int(span) + 1
    }
}
