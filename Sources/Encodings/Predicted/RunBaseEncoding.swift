/// Rows that follow the first one of their run: `value = first value of its run + part`.
///
/// Layout: first values, one for each run that has a row (part), then a part with a value for each row.
package enum RunBaseEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 14
    package static let name = "runbase"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard input.values.count >= 64, let rowsInRun = input.rowsInRun, input.isPlanned || input.statistics.width > 4
        else { return nil }
        let values = input.values
        var bases: [Int64] = []
        var base: Int64 = 0
        var rest = [Int64](repeating: 0, count: values.count)
        for row in 0..<values.count {
            if row == 0 || rowsInRun[row] <= rowsInRun[row - 1] {
                base = values[row]
                bases.append(base)
            }
            rest[row] = values[row] &- base
        }
        func size() -> Int {
            4 + SizeEstimate.byteCount(BlockStatistics(bases)) + SizeEstimate.byteCount(BlockStatistics(rest))
        }
        let known = input.isPlanned ? 0 : size()
        guard input.isPlanned || known * 10 < SizeEstimate.byteCount(input.statistics) * 9 else { return nil }
        return EncodingCandidate(size: known, decodeWeight: 150) { writer in
            EncodingChooser.encodePart(bases, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(rest, depth: input.depth, into: &writer)
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let rowsInRun = try context.references.rowsInRun(from: 0)
        guard rowsInRun.count == count else {
            throw EncodingError("\(rowsInRun.count) rows in runs, \(count) expected")
        }
        var baseCount = min(1, count)
        for row in 1..<max(1, count) where rowsInRun[row] <= rowsInRun[row &- 1] { baseCount &+= 1 }
        let bases = try EncodingChooser.decodePart(&reader, count: baseCount, context: context)
        var values = try EncodingChooser.decodePart(&reader, count: count, context: context)
        var run = 0
        for row in 0..<count {
            if row > 0, rowsInRun[row] <= rowsInRun[row &- 1] { run &+= 1 }
            values[row] = values[row] &+ bases[run]
        }
        return values
    }
}
