import CKernels

/// Finding the value at a place of the sorted order without sorting.
enum Quickselect {
    /// Rearranges `values[range]` so that the value at `place` is the one sorting would put there, smaller or equal ones
    /// before it and greater or equal ones after.
    static func select(_ values: inout [Int64], _ range: Range<Int>, place: Int) {
        var low = range.lowerBound
        var high = range.upperBound - 1
        var roundsLeft = 2 * KeyCodec.bitWidth(UInt64(range.count)) + 8
        while high - low > 16 {
            roundsLeft -= 1
            if roundsLeft == 0 {
                values[low...high].sort()
                return
            }
            let pivot = medianOfThree(values[low], values[low + (high - low) / 2], values[high])
            var left = low
            var right = high
            while left <= right {
                while values[left] < pivot { left &+= 1 }
                while values[right] > pivot { right &-= 1 }
                if left <= right {
                    values.swapAt(left, right)
                    left &+= 1
                    right &-= 1
                }
            }
            if place <= right { high = right } else if place >= left { low = left } else { return }
        }
        insertionSort(&values, low, high)
    }

    private static func medianOfThree(_ a: Int64, _ b: Int64, _ c: Int64) -> Int64 {
        max(min(a, b), min(max(a, b), c))
    }

    private static func insertionSort(_ values: inout [Int64], _ low: Int, _ high: Int) {
        if low >= high { return }
        for index in (low + 1)...high {
            let value = values[index]
            var position = index
            while position > low, values[position &- 1] > value {
                values[position] = values[position &- 1]
                position &-= 1
            }
            values[position] = value
        }
    }

    /// The values at places `lower` and `upper` (the same or the next) of the sorted order of `values[range]`.
    static func pair(_ values: inout [Int64], _ range: Range<Int>, lower: Int, upper: Int) -> (Int64, Int64) {
        let place = range.lowerBound + lower
        select(&values, range, place: place)
        let first = values[place]
        if upper == lower { return (first, first) }
        var second = Int64.max
        for index in (place + 1)..<range.upperBound { second = min(second, values[index]) }
        return (first, second)
    }

    /// As `pair`, of values that stay as they are.
    ///
    /// Of many values a sample tells between which two the places lie, nearly always; one pass takes out what is between them
    /// and counts what is below. If they lie elsewhere all values are searched: the result never depends on the sample.
    /// Source: Floyd and Rivest, "Expected time bounds for selection" (1975).
    ///
    /// - Parameter scratch: Grows to the number of values.
    static func pair(_ values: KeysOfGroup, lower: Int, upper: Int, scratch: inout [Int64]) -> (Int64, Int64) {
        let count = values.count
        if scratch.count < count + Int(CK_BAND_SLACK) {
            let room = count + Int(CK_BAND_SLACK)
            // Every place is written before it is read; mostly few of them are, and memory nobody touches costs nothing.
            scratch = unsafe [Int64](unsafeUninitializedCapacity: room) { _, filledCount in filledCount = room }
        }
        if count > sampledCount, let found = sampledPair(values, lower: lower, upper: upper, scratch: &scratch) {
            return found
        }
        values.copy(0..<count, to: &scratch)
        return pair(&scratch, 0..<count, lower: lower, upper: upper)
    }

    /// Values above which a sample is taken.
    private static let sampledCount = 512

    private static func sampledPair(
        _ values: KeysOfGroup, lower: Int, upper: Int, scratch: inout [Int64]
    ) -> (Int64, Int64)? {
        let count = values.count
        // About the power 2/3 of the values, for which the sample and what it leaves cost the same.
        var sampleCount = 64
        while sampleCount < 2048, sampleCount * sampleCount * sampleCount < count * count { sampleCount *= 2 }
        var sample = (0..<sampleCount).map { values[$0 * count / sampleCount] }
        // Three standard deviations of a rank in the sample, 3 · √s / 2 at most.
        let margin = Int(1.5 * Double(sampleCount).squareRoot()) + 1
        let place = lower * sampleCount / count
        var (low, high) = (Int64.min, Int64.max)
        if place >= margin {
            select(&sample, 0..<sampleCount, place: place - margin)
            low = sample[place - margin]
        }
        if place + margin < sampleCount {
            // What lies before the lower place is not above it.
            select(&sample, max(0, place - margin)..<sampleCount, place: place + margin)
            high = sample[place + margin]
        }
        var below = 0
        let found = values.band(from: low, to: high, into: &scratch, below: &below)
        guard lower >= below, upper < below + found else { return nil }
        return pair(&scratch, 0..<found, lower: lower - below, upper: upper - below)
    }
}
