/// A guess at the encoded size of values, from their statistics alone.
enum SizeEstimate {
    /// Bytes of the best simple encoding.
    static func byteCount(_ statistics: BlockStatistics) -> Int {
        let count = statistics.count
        if statistics.width == 0 { return 2 }
        var bits = count * min(statistics.width, statistics.deltaWidth)
        let lengthWidth = 66 - (count / max(1, statistics.runCount)).leadingZeroBitCount
        bits = min(bits, statistics.runCount * (statistics.width + lengthWidth))
        let counts = Dictionary(statistics.sample.map { ($0, 1) }, uniquingKeysWith: +)
        let sampleCount = max(1, statistics.sample.count)
        let most = counts.values.max() ?? 0
        let exceptions = count * (sampleCount - most) / sampleCount
        if exceptions * 4 < count { bits = min(bits, exceptions * (statistics.width + 6) + 64) }
        if counts.count * 8 < sampleCount {
            let codeWidth = 64 - counts.count.leadingZeroBitCount
            bits = min(bits, count * codeWidth + counts.count * 2 * statistics.width)
        }
        return bits / 8 + 8
    }
}
