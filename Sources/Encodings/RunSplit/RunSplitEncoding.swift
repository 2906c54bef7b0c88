import CKernels
import Columns

/// Runs that have one value for all their rows once a run, the rows of all other runs one by one: the time of an outpatient claim and
/// the times of a stay's lines. Each of the two is encoded by itself, predicted from what other columns say of its rows.
///
/// Layout: a flag for each run (part: 1 = one value), count of these runs (varint), their values (as the column itself, with the
/// references of their first rows), the values of the other runs' rows (as the column itself, with the references of these rows).
package enum RunSplitEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 21
    package static let name = "runsplit"
    package static let appliesScaling = true

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard input.depth == 0, input.values.count >= 1024, input.isPlanned || input.statistics.width > 8,
            let rowsInRun = input.rowsInRun
        else { return nil }
        let split = RunSplit(input.values, starts: RunKernels.starts(rowsInRun))
        // A flag for each run must be won back.
        guard split.singleCount > 0, split.otherCount > 0, input.isPlanned || split.sparedCount * 8 > input.values.count else {
            return nil
        }
        let plans = input.plan?.parts ?? []
        func choose(_ flags: [Int64], _ part: Int) -> EncodingChooser.Choice {
            EncodingChooser.choose(input.rows(flags: flags, plan: part < plans.count ? plans[part] : nil))
        }
        let singles = choose(split.firstRows, 1)
        let others = choose(split.otherRows, 2)
        let weight = (singles.candidate.decodeWeight * split.singleCount + others.candidate.decodeWeight * split.otherCount) / input.values.count
        return EncodingCandidate(
            size: 16 + split.runFlags.count / 8 + singles.candidate.size() + others.candidate.size(), decodeWeight: 60 + weight
        ) { writer in
            EncodingChooser.encodePart(split.runFlags, depth: input.depth, into: &writer)
            writer.appendVarint(split.singleCount)
            singles.write(&writer)
            others.write(&writer)
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let runs = try SplitRuns(&reader, count: count, context: context)
        let singles = try EncodingChooser.decode(
            &reader, count: runs.singleCount, context: context.forFlagged(runs.rows(ofSingles: true)))
        let others = try EncodingChooser.decode(
            &reader, count: runs.otherCount, context: context.forFlagged(runs.rows(ofSingles: false)))
        return runs.joined(singles, others)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let runs = try SplitRuns(&reader, count: count, context: context)
        let runOfRow = RunMap(starts: runs.starts).runs(of: rows.places)
        let areSingle = runs.flags.gathered(runOfRow)
        let single = FlagKernels.items(areSingle, of: 1)
        let other = FlagKernels.items(areSingle, of: 0)
        let places = runs.flags.ranks(at: gather(runOfRow, single))
        let singles = try EncodingChooser.decode(
            &reader, count: runs.singleCount, at: rows.others(at: places),
            context: context.forFlagged(runs.rows(ofSingles: true)))
        let otherRows = runs.rows(ofSingles: false)
        let others = try EncodingChooser.decode(
            &reader, count: runs.otherCount, at: rows.part(other, at: otherRows.ranks(at: gather(rows.places, other))),
            context: context.forFlagged(otherRows))
        var values = [Int64](repeating: 0, count: rows.count)
        for (index, item) in single.enumerated() { values[Int(item)] = singles[index] }
        for (index, item) in other.enumerated() { values[Int(item)] = others[index] }
        return values
    }
}

/// What is written of values in runs.
private struct RunSplit {
    /// 1 for each run with one value.
    private(set) var runFlags: [Int64]
    /// For each row whether it is the first of a run with one value.
    private(set) var firstRows: [Int64]
    /// For each row whether its run has more than one value.
    private(set) var otherRows: [Int64]
    private(set) var singleCount = 0
    private(set) var otherCount = 0
    /// Rows that need not be written.
    private(set) var sparedCount = 0

    init(_ values: [Int64], starts: [Int32]) {
        runFlags = [Int64](repeating: 0, count: starts.count - 1)
        firstRows = [Int64](repeating: 0, count: values.count)
        otherRows = [Int64](repeating: 0, count: values.count)
        let rows = values.span
        for run in 0..<runFlags.count {
            let (first, end) = (Int(starts[run]), Int(starts[run + 1]))
            var differences: Int64 = 0
            for row in first..<end { differences |= rows[row] ^ rows[first] }
            if differences == 0 {
                runFlags[run] = 1
                firstRows[first] = 1
                singleCount += 1
                sparedCount += end - first - 1
            } else {
                for row in first..<end { otherRows[row] = 1 }
                otherCount += end - first
            }
        }
    }
}

/// The runs of a node that is read.
private struct SplitRuns {
    let count: Int
    /// The first row of each run, and the row count.
    let starts: [Int32]
    /// 1 for each run with one value.
    let flags: FlagBits
    let singleCount: Int
    let otherCount: Int

    init(_ reader: inout BlockReader, count: Int, context: DecodingContext) throws(EncodingError) {
        starts = try context.references.runStarts()
        guard let end = starts.last, Int(end) == count, starts.count - 1 <= count else {
            throw EncodingError("runs that do not have \(count) rows")
        }
        self.count = count
        flags = try FlagBits.decode(&reader, count: starts.count - 1, context: context.forPart)
        singleCount = try reader.readCount(upTo: starts.count - 1)
        guard flags.sum == singleCount else { throw EncodingError("\(flags.sum) runs with one value, \(singleCount) expected") }
        var otherCount = 0
        for run in 0..<flags.count where flags[run] == 0 { otherCount += Int(starts[run + 1] - starts[run]) }
        self.otherCount = otherCount
    }

    /// The first rows of runs with one value, or all rows of the others.
    func rows(ofSingles: Bool) -> FlagBits {
        var words = [UInt64](repeating: 0, count: (count + 63) / 64 + 1)
        // Bounds: runs lie among the rows, as `starts` ascends to their count.
        unsafe ck_mark_runs(starts, flags.words, flags.count, ofSingles ? 1 : 0, &words)
        return FlagBits(count: count, words: words)
    }

    /// One value for each row.
    func joined(_ singles: [Int64], _ others: [Int64]) -> [Int64] {
        precondition(singles.count == singleCount && others.count == otherCount)
        // Bounds: the kernel reads a value for each run with one and for each row of the others, and writes all rows of the runs.
        return unsafe [Int64](unsafeUninitializedCapacity: count) { values, filledCount in
            if count > 0 {
                unsafe ck_join_runs(starts, flags.words, flags.count, singles, others, values.baseAddress!)
            }
            filledCount = count
        }
    }
}
