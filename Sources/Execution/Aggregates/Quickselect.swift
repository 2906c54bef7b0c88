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
}
