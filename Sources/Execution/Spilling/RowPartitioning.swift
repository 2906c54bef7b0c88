import Columns
import Planning

/// Rows divided by the hash of some of their values and written to a spill file: equal keys come to lie in one part, whatever
/// the shape of their vectors, in the order of the input.
struct RowPartitioning {
    /// What is written of each row, then its place in the input where `addsPlaces`.
    let columns: [PlanColumn]
    let store: SpillStore
    private let input: Pipeline
    private let kept: [Int]
    private let keys: [ExpressionProgram]
    /// For each key, whether rows in which it is NULL are left out.
    private let leavesNulls: [Bool]
    private let addsPlaces: Bool
    private let depth: Int
    private let bits: Int
    private let context: ExecutionContext

    /// Where a row stood in the input: morsel in the upper, row in the lower 32 bits. The identity lives inside one operator.
    static let place = PlanColumn(id: ColumnID(-1_000_000), name: "place", type: .bigint, isNullable: false)

    /// Parts are divided again this often, each time by other bits of the hash.
    static let depthLimit = 3

    /// - Parameters:
    ///   - wanted: Columns of the input to write.
    ///   - leavesNulls: For each key, whether rows in which it is NULL are left out; nil if none are.
    ///   - addsPlaces: Whether rows get their place as a last column.
    ///   - depth: How often the rows have been divided by these keys before.
    ///   - partCount: Parts wished for.
    init(
        _ input: Pipeline, keys: [BoundExpression], leavesNulls: [Bool]? = nil, wanted: Set<ColumnID>, addsPlaces: Bool, depth: Int,
        partCount: Int, store: SpillStore, _ context: ExecutionContext
    ) throws(ExecutionError) {
        self.leavesNulls = leavesNulls ?? [Bool](repeating: false, count: keys.count)
        self.input = input
        self.store = store
        self.context = context
        self.addsPlaces = addsPlaces
        self.depth = depth
        kept = input.columns.indices.filter { wanted.contains(input.columns[$0].id) }
        columns = kept.map { input.columns[$0] } + (addsPlaces ? [RowPartitioning.place] : [])
        let layout = input.layout
        var programs: [ExpressionProgram] = []
        for key in keys { programs.append(try ExpressionProgram(key, columns: layout)) }
        self.keys = programs
        var bits = 4
        while bits < RowPartitioning.mostBits, 1 << bits < partCount { bits += 1 }
        self.bits = bits
    }

    private static let mostBits = 8
    /// Bytes of rows that wait until they are written together, at most and at least.
    private static let bufferSizes = 4096...262_144

    func parts() throws(ExecutionError) -> [SpilledRows] {
        let count = 1 << bits
        let share = (context.spillingByteCount ?? 1 << 28) / (4 * count * context.workerCount)
        let bufferSize = min(max(share, RowPartitioning.bufferSizes.lowerBound), RowPartitioning.bufferSizes.upperBound)
        let sinks = try PipelineRun.drive(input, context) { _, _ in
            Sink(self, SpillWriter(store, listCount: count, bufferSize: bufferSize))
        }
        for sink in sinks { try sink.writer.finish() }
        return (0..<count).map { part in
            SpilledRows(store, columns: columns, pieces: sinks.flatMap { $0.writer.pieces[part] })
        }
    }

    /// Unchecked because each sink belongs to one worker until all workers are done.
    private final class Sink: BatchConsumer, @unchecked Sendable {
        let writer: SpillWriter
        private let partitioning: RowPartitioning
        private var state = ExpressionState()
        private var morsel = -1
        private var rowsOfMorsel = 0

        init(_ partitioning: RowPartitioning, _ writer: SpillWriter) {
            self.partitioning = partitioning
            self.writer = writer
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            if batch.rowCount == 0 { return }
            if batch.morsel != morsel {
                morsel = batch.morsel
                rowsOfMorsel = 0
            }
            var keys: [Vector] = []
            for program in partitioning.keys { keys.append(try program.evaluate(batch, &state)) }
            let hashes = KeyHashing.hash(keys, rowCount: batch.rowCount, &state)
            let bits = partitioning.bits
            let shift = UInt64(64 - 8 * (partitioning.depth + 1))
            let mask = UInt64(1 << bits - 1)
            var parts = mapRows(hashes, filler: 0) { Int32(truncatingIfNeeded: ($0 &>> shift) & mask) }
            if let nulls = partitioning.nulls(of: keys) {
                // Behind all parts lies what is left out.
                for row in 0..<parts.count where nulls[row] != 0 { parts[row] = 1 << Int32(bits) }
            }
            let (order, starts) = RowPartitioning.divided(parts, count: 1 << bits + 1)
            var columns = partitioning.kept.map { batch.columns[$0].flattened().gathered(order) }
            if partitioning.addsPlaces {
                let first = Int64(batch.morsel) << 32 | Int64(rowsOfMorsel)
                columns.append(
                    Vector(type: .bigint, count: order.count, values: .int64(mapRows(order, filler: 0) { first &+ Int64($0) })))
            }
            for part in 0..<(1 << bits) {
                try writer.append(columns, rows: starts[part]..<starts[part + 1], morsel: batch.morsel, to: part)
            }
            rowsOfMorsel += batch.rowCount
        }
    }

    /// 1 for each row that is left out; nil if none is.
    private func nulls(of keys: [Vector]) -> [UInt8]? {
        leavesNulls.contains(true) ? JoinTable.nullMask(keys.map { $0.flattened() }, leavesNulls.map { !$0 }) : nil
    }

    /// Row numbers part after part, each part's ascending, and where each part starts.
    static func divided(_ parts: [Int32], count: Int) -> (order: [Int32], starts: [Int]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for part in parts { starts[Int(part) &+ 1] &+= 1 }
        for part in 0..<count { starts[part &+ 1] &+= starts[part] }
        var next = starts
        var order = [Int32](repeating: 0, count: parts.count)
        for row in 0..<parts.count {
            let part = Int(parts[row])
            order[next[part]] = Int32(truncatingIfNeeded: row)
            next[part] &+= 1
        }
        return (order, starts)
    }

    /// How many parts bring rows that take this many bytes down to what one of several tasks may hold.
    static func partCount(byteCount: Int, _ context: ExecutionContext) -> Int {
        guard let share = context.spillingByteCount, share > 0 else { return 1 }
        return byteCount / max(1, share / (2 * context.workerCount)) + 1
    }
}
