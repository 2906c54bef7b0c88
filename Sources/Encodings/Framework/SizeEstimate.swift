/// A guess at the encoded size of values, from their statistics alone.
enum SizeEstimate {
    /// Bytes of the best simple encoding.
    static func byteCount(_ statistics: BlockStatistics) -> Int {
        let count = statistics.count
        if statistics.width == 0 { return 2 }
        var bits = count * min(statistics.width, statistics.deltaWidth)
        let lengthWidth = 66 - (count / max(1, statistics.runCount)).leadingZeroBitCount
        bits = min(bits, statistics.runCount * (statistics.width + lengthWidth))
        let (distinctCount, most, sampleCount) = sampleShape(statistics.sample)
        let exceptions = count * (sampleCount - most) / sampleCount
        if exceptions * 4 < count { bits = min(bits, exceptions * (statistics.width + 6) + 64) }
        if distinctCount * 8 < sampleCount {
            let codeWidth = 64 - distinctCount.leadingZeroBitCount
            bits = min(bits, count * codeWidth + distinctCount * 2 * statistics.width)
        }
        return bits / 8 + 8
    }

    /// Bytes of plain bit packing, or with the commonest values apart if that costs less with the time it takes to read.
    static func packedOrFrequent(_ statistics: BlockStatistics) -> (byteCount: Int, decodeWeight: Int) {
        let count = statistics.count
        let share = statistics.common.share
        let frequentBits = 2 * count + Int((1 - share) * Double(count * statistics.width)) + 256
        let surcharge = Int(Double(FrequentEncoding.decodeWeight * count) * EncodingChooser.bitsPerNanosecond / 100)
        if frequentBits + surcharge < count * statistics.width {
            return (frequentBits / 8, FrequentEncoding.decodeWeight)
        }
        return ((count * statistics.width + 7) / 8, 0)
    }

    /// Distinct values and the commonest one's count in every fourth value of a large sample, and how many these are.
    private static func sampleShape(_ sample: [Int64]) -> (distinctCount: Int, most: Int, sampleCount: Int) {
        let step = sample.count >= 1024 ? 4 : 1
        let picked = LaneKernels.sorted(stride(from: 0, to: sample.count, by: step).map { sample[$0] })
        var distinctCount = 0
        var most = 0
        var run = 0
        for index in picked.indices {
            if index == 0 || picked[index] != picked[index - 1] {
                distinctCount += 1
                run = 0
            }
            run += 1
            most = max(most, run)
        }
        return (distinctCount, most, max(1, picked.count))
    }
}
