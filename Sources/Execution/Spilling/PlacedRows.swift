import Columns
import Planning
import Synchronization

/// Brings rows that were worked on part by part back into the order of the input.
///
/// Each part's rows come with their places, ascending. They are written to a spill file cut at fixed borders of places; a
/// reader takes what all parts have between two borders, and sorts it by place. Where a join gave so many rows that those between
/// two borders are too many, it takes those of a narrower range of places.
final class PlacedRows: Sendable {
    private let store: SpillStore
    /// The place among them.
    private let columns: [PlanColumn]
    /// Index of the place among the columns.
    private let place: Int
    /// Morsels of the input between two borders; 0: borders within morsels.
    private let morselsPerChunk: Int
    private let written = Mutex<[Int: [Piece]]>([:])

    /// A piece of the file and the places its rows have.
    private struct Piece: Sendable {
        var rows: SpillPiece
        var places: ClosedRange<Int64>
    }

    /// What is read together.
    struct Morsel: Sendable {
        /// In the order of their parts.
        var pieces: [SpillPiece]
        /// Rows of these places only; nil for all.
        var places: Range<Int64>?
    }

    /// Places between two borders within a morsel.
    private static let placeBits = 17
    /// Chunks there should be at most.
    private static let chunkCount = 1024
    private static let bufferSize = 1 << 18
    /// Rows of a piece at most.
    private static let pieceRowCount = 1 << 14

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
        var chunks: [(chunk: Int, places: ClosedRange<Int64>)] = []
        try Executor.forEachBatch(of: rows, context) { batch throws(ExecutionError) in
            let flat = batch.columns.map { $0.flattened() }
            guard case .int64(let places) = flat[self.place].values else { preconditionFailure("places are integers") }
            var first = 0
            while first < places.count {
                let chunk = self.chunk(of: places[first])
                var end = first + 1
                let limit = min(places.count, first + PlacedRows.pieceRowCount)
                var (least, most) = (places[first], places[first])
                while end < limit, self.chunk(of: places[end]) == chunk {
                    least = min(least, places[end])
                    most = max(most, places[end])
                    end += 1
                }
                chunks.append((chunk, least...most))
                try writer.append(flat, rows: first..<end, morsel: part, to: 0)
                first = end
            }
        }
        try writer.finish()
        let pieces = writer.pieces[0]
        let chunkOfPiece = chunks
        written.withLock { written in
            for (index, (chunk, places)) in chunkOfPiece.enumerated() {
                var piece = pieces[index]
                piece.sequence += pass << 40
                written[chunk, default: []].append(Piece(rows: piece, places: places))
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
        var morsels: [Morsel] = []
        var total = 0
        var count = 0
        for chunk in chunks {
            // In the order of parts, whatever order they were written in.
            let pieces = chunk.sorted { ($0.rows.morsel, $0.rows.sequence) < ($1.rows.morsel, $1.rows.sequence) }
            let rowCount = pieces.reduce(0) { $0 + $1.rows.rowCount }
            total += rowCount
            if rowCount >= 2 * Relation.batchRowCount {
                morsels += PlacedRows.cut(pieces, rowCount: rowCount)
                count = Relation.batchRowCount
                continue
            }
            if morsels.isEmpty || count >= Relation.batchRowCount {
                morsels.append(Morsel(pieces: []))
                count = 0
            }
            morsels[morsels.count - 1].pieces += pieces.map(\.rows)
            count += rowCount
        }
        var shown = columns
        if !keepsPlaces { shown.remove(at: place) }
        return Pipeline(
            source: Source(store: store, columns: columns, place: place, morsels: morsels, rowCount: total, keepsPlace: keepsPlaces),
            columns: shown)
    }

    /// Very many rows between two borders, in ranges of places that are equally wide.
    private static func cut(_ pieces: [Piece], rowCount: Int) -> [Morsel] {
        var (least, most) = (Int64.max, Int64.min)
        for piece in pieces {
            least = min(least, piece.places.lowerBound)
            most = max(most, piece.places.upperBound)
        }
        let width = max(1, (most - least) / Int64(rowCount / Relation.batchRowCount) + 1)
        return stride(from: least, through: most, by: Int64.Stride(width)).compactMap { first in
            let range = first..<(first + width)
            let own = pieces.filter { $0.places.overlaps(range) }.map(\.rows)
            return own.isEmpty ? nil : Morsel(pieces: own, places: range)
        }
    }

    struct Source: MorselSource {
        let store: SpillStore
        let columns: [PlanColumn]
        let place: Int
        let morsels: [Morsel]
        let rowCount: Int
        let keepsPlace: Bool

        var morselCount: Int { morsels.count }
        var estimatedRowCount: Int { rowCount }
        var isKept: Bool { true }
        func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(source: self, next: next) }

        func batch(_ number: Int) throws(ExecutionError) -> Batch {
            var parts: [[Vector]] = []
            for piece in morsels[number].pieces {
                let vectors = try store.columns(piece, count: columns.count)
                guard let range = morsels[number].places else {
                    parts.append(vectors)
                    continue
                }
                let rows = Mask.rows(mapRows(places(vectors), filler: 0) { range.contains($0) ? 1 : 0 })
                if !rows.isEmpty { parts.append(rows.count < piece.rowCount ? vectors.map { $0.gathered(rows) } : vectors) }
            }
            let keys = Vector.concatenated(parts.map { $0[place] }, type: .bigint)
            var order = (0..<keys.count).map { UInt32(truncatingIfNeeded: $0) }
            RadixSort.sort(&order, by: mapRows(places([keys], at: 0), filler: 0) { UInt64(bitPattern: $0) })
            let rows = mapRows(order, filler: 0) { Int32(bitPattern: $0) }
            var vectors: [Vector] = []
            for index in columns.indices where keepsPlace || index != place {
                let column = Vector.concatenated(parts.map { $0[index] }, type: columns[index].type)
                // Only one column is held twice.
                for part in parts.indices { parts[part][index] = .constant(.null, type: columns[index].type, count: 0) }
                vectors.append(column.gathered(rows))
            }
            return Batch(columns: vectors, rowCount: rows.count, morsel: number)
        }

        private func places(_ vectors: [Vector], at index: Int? = nil) -> [Int64] {
            guard case .int64(let places) = vectors[index ?? place].flattened().values else { preconditionFailure("places are integers") }
            return places
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
