import Columns
import Planning

/// Rows that divide all rows into ranges by their sort keys, and rows with equal keys by their places in the input.
struct SortBorders: Sendable {
    /// Borders; there is one range more.
    let count: Int
    private let sort: SortOperator
    /// The sort keys of the borders, ascending, flat.
    private let keys: [Vector]
    private let places: [Int64]

    /// - Parameters:
    ///   - sample: Rows in the order of the input.
    ///   - places: Their places, ascending.
    ///   - count: Ranges wished for.
    init(_ sort: SortOperator, _ sample: Batch, places: [Int64], count: Int) throws(ExecutionError) {
        var state = ExpressionState()
        let order = try sort.order(of: sample, &state).map { Int32(bitPattern: $0) }
        var chosen: [Int32] = []
        for range in 1..<max(2, count) {
            let row = order[range * order.count / max(2, count)]
            if chosen.last != row { chosen.append(row) }
        }
        self.sort = sort
        self.count = chosen.count
        self.places = gather(places, chosen)
        var keys: [Vector] = []
        for key in sort.keys {
            let vector = try ExpressionProgram(key.expression, columns: sort.layout).evaluate(sample, &state)
            keys.append(vector.flattened().gathered(chosen))
        }
        self.keys = keys
    }

    /// The range of each row of a batch.
    func ranges(of batch: Batch, firstPlace: Int64, _ state: inout ExpressionState) throws(ExecutionError) -> [Int32] {
        var columns: [SortKeys.Key] = []
        for (index, key) in sort.keys.enumerated() {
            let own = try ExpressionProgram(key.expression, columns: sort.layout).evaluate(batch, &state).flattened()
            // Keys are packed for borders and rows together, so that they can be compared.
            let both = Vector.concatenated([keys[index], own], type: own.type)
            columns.append(SortKeys.Key(column: both, descending: key.descending, nullsFirst: key.nullsFirst))
        }
        let words = SortKeys(columns, rowCount: count + batch.rowCount).words
        var result = [Int32](repeating: 0, count: batch.rowCount)
        for row in 0..<batch.rowCount {
            var low = 0
            var high = count
            while low < high {
                let middle = (low &+ high) / 2
                if isAfter(row, middle, words, firstPlace) { low = middle &+ 1 } else { high = middle }
            }
            result[row] = Int32(truncatingIfNeeded: low)
        }
        return result
    }

    /// Whether a row comes at or after a border.
    @inline(__always)
    private func isAfter(_ row: Int, _ border: Int, _ words: [[UInt64]], _ firstPlace: Int64) -> Bool {
        for word in words {
            let (own, other) = (word[count &+ row], word[border])
            if own != other { return own > other }
        }
        return firstPlace &+ Int64(row) >= places[border]
    }
}
