import Columns
import Planning
import Synchronization

/// Brings rows that were worked on part by part back into the order of the input.
///
/// Each part's rows come with their places, ascending. They are written to a spill file cut at fixed borders of places; a
/// reader takes what all parts have between two borders, and sorts it by place.
final class PlacedRows: Sendable {
    private let store: SpillStore
    /// The place among them.
    private let columns: [PlanColumn]
    /// Index of the place among the columns.
    private let place: Int
    /// Morsels of the input between two borders; 0: borders within morsels.
    private let morselsPerChunk: Int
    private let written = Mutex<[Int: [SpillPiece]]>([:])

    /// Places between two borders within a morsel.
    private static let placeBits = 17
    /// Chunks there should be at most.
    private static let chunkCount = 1024
    private static let bufferSize = 1 << 18

    /// - Parameter morselCount: Morsels of the input that places speak of.
    init(_ store: SpillStore, columns: [PlanColumn], place: Int, morselCount: Int) {
        self.store = store
        self.columns = columns
        self.place = place
        morselsPerChunk = morselCount > PlacedRows.chunkCount ? (morselCount - 1) / PlacedRows.chunkCount + 1 : 0
    }

    /// Writes the rows of one part.
    ///
    /// - Parameters:
    ///   - rows: Gives rows with ascending places.
    ///   - part: The number of the part: rows of one place come from one part.
    ///   - pass: Counts up where a part is written in several passes; of one place, rows of later passes come later.
    func write(_ rows: Pipeline, part: Int, pass: Int = 0, _ context: ExecutionContext) throws(ExecutionError) {
        let writer = SpillWriter(store, listCount: 1, bufferSize: PlacedRows.bufferSize)
        var chunks: [Int] = []
        try Executor.forEachBatch(of: rows, context) { batch throws(ExecutionError) in
            let flat = batch.columns.map { $0.flattened() }
            guard case .int64(let places) = flat[self.place].values else { preconditionFailure("places are integers") }
            var first = 0
            while first < places.count {
                let chunk = self.chunk(of: places[first])
                var end = first + 1
                while end < places.count, self.chunk(of: places[end]) == chunk { end += 1 }
                chunks.append(chunk)
                try writer.append(flat, rows: first..<end, morsel: part, to: 0)
                first = end
            }
        }
        try writer.finish()
        let pieces = writer.pieces[0]
        let chunkOfPiece = chunks
        written.withLock { written in
            for (index, chunk) in chunkOfPiece.enumerated() {
                var piece = pieces[index]
                piece.sequence += pass << 40
                written[chunk, default: []].append(piece)
            }
        }
    }

    private func chunk(of place: Int64) -> Int {
        morselsPerChunk > 0 ? Int(place >> 32) / morselsPerChunk : Int(place >> Int64(PlacedRows.placeBits))
    }

    /// All rows that were written, in the order of their places.
    ///
    /// - Parameter keepsPlaces: Whether the place is among the columns.
    func pipeline(keepsPlaces: Bool) -> Pipeline {
        let chunks = written.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        var morsels: [[SpillPiece]] = []
        var count = 0
        for chunk in chunks {
            if count == 0 || count >= Relation.batchRowCount {
                morsels.append([])
                count = 0
            }
            // In the order of parts, whatever order they were written in.
            morsels[morsels.count - 1] += chunk.sorted { ($0.morsel, $0.sequence) < ($1.morsel, $1.sequence) }
            count += chunk.reduce(0) { $0 + $1.rowCount }
        }
        var shown = columns
        if !keepsPlaces { shown.remove(at: place) }
        return Pipeline(
            source: Source(store: store, columns: columns, place: place, morsels: morsels, keepsPlace: keepsPlaces),
            columns: shown)
    }

    struct Source: MorselSource {
        let store: SpillStore
        let columns: [PlanColumn]
        let place: Int
        let morsels: [[SpillPiece]]
        let keepsPlace: Bool

        var morselCount: Int { morsels.count }
        var rowCount: Int { morsels.reduce(0) { $0 + $1.reduce(0) { $0 + $1.rowCount } } }
        var estimatedRowCount: Int { rowCount }
        var isKept: Bool { true }
        func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(source: self, next: next) }

        func batch(_ number: Int) throws(ExecutionError) -> Batch {
            var parts: [[Vector]] = []
            for piece in morsels[number] { parts.append(try store.columns(piece, count: columns.count)) }
            let rowCount = morsels[number].reduce(0) { $0 + $1.rowCount }
            guard case .int64(let keys) = Vector.concatenated(parts.map { $0[place] }, type: .bigint).values else {
                preconditionFailure("places are integers")
            }
            var order = (0..<rowCount).map { UInt32(truncatingIfNeeded: $0) }
            RadixSort.sort(&order, by: mapRows(keys, filler: 0) { UInt64(bitPattern: $0) })
            let rows = mapRows(order, filler: 0) { Int32(bitPattern: $0) }
            let vectors = columns.indices.filter { keepsPlace || $0 != place }.map { index in
                Vector.concatenated(parts.map { $0[index] }, type: columns[index].type).gathered(rows)
            }
            return Batch(columns: vectors, rowCount: rowCount, morsel: number)
        }
    }

    private final class Reader: MorselReader {
        let source: Source
        let next: any BatchConsumer

        init(source: Source, next: any BatchConsumer) {
            self.source = source
            self.next = next
        }

        func read(morsel: Int) throws(ExecutionError) {
            let batch = try source.batch(morsel)
            if batch.rowCount > 0 { try next.consume(batch) }
        }
    }
}
