/// Other columns of the segment, as the block that is predicted from them sees them.
///
/// A block holds the values of its present rows; each array here has one value for each of these rows. A NULL of the
/// other column is 0. References always point to columns that can be decoded without the one being decoded.
package protocol ReferenceSource {
    /// The values of a column of the segment.
    func values(ofColumn column: Int) throws(EncodingError) -> [Int64]
    /// The values of a column of codes as places of a table; nil if they lie too far apart for one, or there are none.
    func codePlaces(ofColumn column: Int) throws(EncodingError) -> CodePlaces?
    /// The values of a column at all rows, whichever of them the block has; nil if the source does not tell.
    func allValues(ofColumn column: Int) throws(EncodingError) -> [Int64]?
    /// The values of a column in 32 bits; nil if it is not kept so.
    func codes(ofColumn column: Int) throws(EncodingError) -> NarrowCodes?
    /// The number of each row in its run, from `first` on.
    func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64]
    /// The first row of each run, ascending from 0, and the row count.
    func runStarts() throws(EncodingError) -> [Int32]
    /// The values of a column at the rows that were asked of the whole column; nil if all its rows were asked for.
    func askedValues(ofColumn column: Int) throws(EncodingError) -> [Int64]?
}

extension ReferenceSource {
    package func askedValues(ofColumn column: Int) throws(EncodingError) -> [Int64]? { nil }

    package func allValues(ofColumn column: Int) throws(EncodingError) -> [Int64]? { nil }

    package func codes(ofColumn column: Int) throws(EncodingError) -> NarrowCodes? { nil }

    package func codePlaces(ofColumn column: Int) throws(EncodingError) -> CodePlaces? {
        CodePlaces(try values(ofColumn: column))
    }

    package func runStarts() throws(EncodingError) -> [Int32] {
        RunKernels.starts(try rowsInRun(from: 0))
    }
}

/// For blocks that nothing may be predicted in: parts of other blocks.
package struct NoReferences: ReferenceSource {
    package init() {}
    package func values(ofColumn column: Int) throws(EncodingError) -> [Int64] {
        throw EncodingError("a part of a block refers to column \(column); only whole columns may")
    }
    package func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64] {
        throw EncodingError("a part of a block refers to the runs; only whole columns may")
    }
}

/// Other columns at some of the rows.
struct FlaggedReferences: ReferenceSource {
    let base: any ReferenceSource
    /// 1 for each row that is taken.
    let flags: FlagBits

    func values(ofColumn column: Int) throws(EncodingError) -> [Int64] {
        let all = try base.values(ofColumn: column)
        guard all.count == flags.count else {
            throw EncodingError("column \(column) has \(all.count) values, \(flags.count) expected")
        }
        return FlagKernels.picked(all, flags.bytes)
    }

    func codePlaces(ofColumn column: Int) throws(EncodingError) -> CodePlaces? {
        // Some of the codes may lie closer together than all.
        guard let all = try base.codePlaces(ofColumn: column) else { return CodePlaces(try values(ofColumn: column)) }
        guard all.count == flags.count else {
            throw EncodingError("column \(column) has \(all.count) values, \(flags.count) expected")
        }
        return all.picked(flags)
    }

    func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64] {
        throw EncodingError("a part with some of the rows refers to the runs")
    }

    func askedValues(ofColumn column: Int) throws(EncodingError) -> [Int64]? { try base.askedValues(ofColumn: column) }
}
