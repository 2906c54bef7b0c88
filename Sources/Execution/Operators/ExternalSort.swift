import Columns
import Planning

/// ORDER BY of more rows than memory holds: rows are divided by value into ranges that follow each other, each small enough
/// to be sorted in memory when it is read.
///
/// The borders are rows of a sample. Rows with equal keys are told apart by their places in the input, so that many of them
/// are divided, too, and the sort is stable.
struct ExternalSort {
    let sort: SortOperator
    /// Kept.
    let rows: Pipeline
    let context: ExecutionContext
    let counters: OperatorCounters

    private static let mostRanges = 512
    private static let samplesOfRange = 32
    private static let sampledMorselCount = 128

    func pipeline() throws(ExecutionError) -> Pipeline {
        let sample = try sampled()
        let rowCount = rows.source.estimatedRowCount
        guard rowCount > 0, sample.rows.rowCount > 0 else { return rows }
        let byteCount = (sample.rows.byteCount / sample.rows.rowCount + Relation.workingSize) * rowCount
        let share = (context.spillingByteCount ?? .max / 2) / (2 * context.workerCount)
        let rangeCount = min(ExternalSort.mostRanges, byteCount / max(1, share) + 2)
        let borders = try SortBorders(sort, sample.rows, places: sample.places, count: rangeCount)
        let store = try SpillStore(context, counters: counters)
        let sinks = try PipelineRun.drive(rows, context) { _, _ in
            DividingSink(borders, SpillWriter(store, listCount: borders.count + 1, bufferSize: 1 << 16))
        }
        for sink in sinks { try sink.writer.finish() }
        let ranges = (0...borders.count).map { range in
            SpilledRows(store, columns: rows.columns, pieces: sinks.flatMap { $0.writer.pieces[range] })
        }
        return Pipeline(
            source: SortedRanges(ranges: ranges.filter { $0.rowCount > 0 }, sort: sort, rowCount: rowCount), columns: rows.columns)
    }

    /// Some rows of all parts of the input, in its order, with their places.
    private func sampled() throws(ExecutionError) -> (rows: Batch, places: [Int64]) {
        let morselCount = rows.source.morselCount
        let step = max(1, morselCount / ExternalSort.sampledMorselCount)
        let wanted = ExternalSort.mostRanges * ExternalSort.samplesOfRange / max(1, morselCount / step) + 1
        let collector = Sampler(wanted: wanted)
        let reader = rows.makeReader(collector)
        for morsel in stride(from: 0, to: morselCount, by: step) {
            try context.options.checkRunning()
            collector.begin(morsel)
            try reader.read(morsel: morsel)
        }
        let relation = Relation(columns: rows.columns, batches: collector.batches)
        return (relation.batches.isEmpty ? Batch(columns: [], rowCount: 0) : relation.concatenated(), collector.places)
    }

    private final class Sampler: BatchConsumer {
        private(set) var batches: [Batch] = []
        private(set) var places: [Int64] = []
        private let wanted: Int
        private var morsel = 0
        private var rowsOfMorsel = 0

        init(wanted: Int) { self.wanted = wanted }

        func begin(_ morsel: Int) {
            self.morsel = morsel
            rowsOfMorsel = 0
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            let step = max(1, batch.rowCount / wanted)
            let chosen = stride(from: 0, to: batch.rowCount, by: step).map { Int32(truncatingIfNeeded: $0) }
            batches.append(
                Batch(columns: batch.columns.map { $0.flattened().gathered(chosen) }, rowCount: chosen.count))
            for row in chosen { places.append(Int64(morsel) << 32 | Int64(rowsOfMorsel + Int(row))) }
            rowsOfMorsel += batch.rowCount
        }
    }

    /// Unchecked because each sink belongs to one worker until all workers are done.
    private final class DividingSink: BatchConsumer, @unchecked Sendable {
        let writer: SpillWriter
        private let borders: SortBorders
        private var state = ExpressionState()
        private var morsel = -1
        private var rowsOfMorsel = 0

        init(_ borders: SortBorders, _ writer: SpillWriter) {
            self.borders = borders
            self.writer = writer
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            if batch.morsel != morsel {
                morsel = batch.morsel
                rowsOfMorsel = 0
            }
            let ranges = try borders.ranges(of: batch, firstPlace: Int64(morsel) << 32 | Int64(rowsOfMorsel), &state)
            let (order, starts) = RowPartitioning.divided(ranges, count: borders.count + 1)
            let columns = batch.columns.map { $0.flattened().gathered(order) }
            for range in 0...borders.count {
                try writer.append(columns, rows: starts[range]..<starts[range + 1], morsel: morsel, to: range)
            }
            rowsOfMorsel += batch.rowCount
        }
    }
}

/// Ranges of rows that follow each other; each is sorted when it is read, one morsel a range.
struct SortedRanges: MorselSource {
    let ranges: [SpilledRows]
    let sort: SortOperator
    let rowCount: Int

    var morselCount: Int { ranges.count }
    var estimatedRowCount: Int { rowCount }
    var isKept: Bool { true }
    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(source: self, next: next) }

    private final class Reader: MorselReader {
        let source: SortedRanges
        let next: any BatchConsumer
        var state = ExpressionState()

        init(source: SortedRanges, next: any BatchConsumer) {
            self.source = source
            self.next = next
        }

        func read(morsel: Int) throws(ExecutionError) {
            let range = source.ranges[morsel]
            var batches: [Batch] = []
            for number in 0..<range.morselCount { batches.append(try range.batch(number)) }
            let rows = Relation(columns: range.columns, batches: batches).concatenated()
            batches = []
            let order = try source.sort.order(of: rows, &state).map { Int32(bitPattern: $0) }
            var first = 0
            while first < order.count {
                let part = Array(order[first..<min(order.count, first + Relation.batchRowCount)])
                try next.consume(
                    Batch(
                        columns: rows.columns.map { $0.gathered(part) }, rowCount: part.count, morsel: morsel, firstRow: first))
                first += part.count
            }
        }
    }
}
