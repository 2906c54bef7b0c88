/// Neighbouring rows of a segment that one batch loaded.
package struct BatchPart: Hashable, Sendable {
    /// 0 for rows that no batch loaded, or of which it is not known.
    package var batchID: Int
    package var rowCount: Int

    package init(batchID: Int, rowCount: Int) {
        self.batchID = batchID
        self.rowCount = rowCount
    }
}

extension [BatchPart] {
    /// The rows of all parts.
    var totalRowCount: Int { reduce(0) { $0 + $1.rowCount } }

    /// Adds rows behind the last ones; rows of the same batch make one part.
    mutating func append(batchID: Int, rowCount: Int) {
        guard rowCount > 0 else { return }
        if last?.batchID == batchID { self[count - 1].rowCount += rowCount } else {
            append(BatchPart(batchID: batchID, rowCount: rowCount))
        }
    }
}
