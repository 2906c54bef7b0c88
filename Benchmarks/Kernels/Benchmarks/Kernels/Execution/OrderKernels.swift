@testable import Execution

/// Medians of neighbouring pieces of so many values each; the copy that selection rearranges is part of the time.
private func medians(_ values: [Int64], pieceCount: Int) -> Int64 {
    var copy = values
    let size = values.count / pieceCount
    var sum: Int64 = 0
    for piece in 0..<pieceCount {
        let (low, high) = Quickselect.pair(
            &copy, (piece * size)..<((piece + 1) * size), lower: (size - 1) / 2, upper: size / 2)
        sum &+= low &+ high
    }
    return sum
}

/// Selection and sorting.
func registerOrderKernels() {
    kernel("median, all rows") {
        Segment.numbers(0...(1 << 40), seed: 61)
    } run: {
        medians($0, pieceCount: 1)
    }
    kernel("median, 610 groups") {
        Segment.numbers(0...(1 << 40), seed: 61)
    } run: {
        medians($0, pieceCount: 610)
    }
    kernel("sort, rows by 64-bit keys") {
        Segment.numbers(0...(1 << 40), seed: 62).map { UInt64($0) }
    } run: { keys -> [UInt32] in
        var order = (0..<UInt32(Segment.rowCount)).map { $0 }
        RadixSort.sort(&order, by: keys)
        return order
    }
    kernel("sort, rows by 16-bit keys") {
        Segment.numbers(0...65_535, seed: 63).map { UInt64($0) }
    } run: { keys -> [UInt32] in
        var order = (0..<UInt32(Segment.rowCount)).map { $0 }
        RadixSort.sort(&order, by: keys)
        return order
    }
}
