import Encodings

/// What a segment tells of a line column for each run, so that questions about whole runs need not read its lines.
struct SegmentMeasure: Hashable, Sendable {
    /// The column it is about.
    var column: Int
    /// The block of each run's sign (`RunSign`); nil if the column's bounds tell it.
    var signBlock: Int?
    /// The block of the sums of each run's values; nil if there are none.
    var sumBlock: Int?
    /// Runs without a value: only then there is a mask before the sums.
    var absentRunCount = 0
}

extension SegmentMeasure {
    func write(to writer: inout ByteWriter) {
        writer.appendVarint(column)
        writer.appendVarint(signBlock.map { $0 + 1 } ?? 0)
        writer.appendVarint(sumBlock.map { $0 + 1 } ?? 0)
        writer.appendVarint(absentRunCount)
    }

    init(_ reader: inout BlockReader, columnCount: Int, runCount: Int, blockCount: Int) throws(EncodingError) {
        column = try reader.readCount(upTo: columnCount)
        guard column < columnCount else { throw EncodingError("a measure of column \(column), which is not there") }
        let sign = try reader.readCount(upTo: blockCount)
        let sum = try reader.readCount(upTo: blockCount)
        signBlock = sign == 0 ? nil : sign - 1
        sumBlock = sum == 0 ? nil : sum - 1
        absentRunCount = try reader.readCount(upTo: runCount)
    }
}

/// What the present values of a run have in common.
package enum RunSign: UInt8, Sendable {
    /// All lines have a value above 0.
    case positive = 0
    /// All lines have a value below 0.
    case negative = 1
    /// Anything else: zeros, values of both signs, or NULLs.
    case other = 2
}
