import Columns
import Planning

/// Rows in a spill file, in order; one morsel a piece.
struct SpilledRows: MorselSource {
    let store: SpillStore
    let columns: [PlanColumn]
    /// In the order of their rows.
    let pieces: [SpillPiece]
    let rowCount: Int

    /// - Parameter pieces: In any order: those of a morsel come from one writer.
    init(_ store: SpillStore, columns: [PlanColumn], pieces: [SpillPiece]) {
        self.store = store
        self.columns = columns
        self.pieces = pieces.sorted { ($0.morsel, $0.sequence) < ($1.morsel, $1.sequence) }
        rowCount = pieces.reduce(0) { $0 + $1.rowCount }
    }

    var morselCount: Int { pieces.count }
    var estimatedRowCount: Int { rowCount }
    var isKept: Bool { true }
    var pipeline: Pipeline { Pipeline(source: self, columns: columns) }

    func batch(_ number: Int) throws(ExecutionError) -> Batch {
        let piece = pieces[number]
        let vectors = try store.columns(piece, count: columns.count)
        return Batch(columns: vectors, rowCount: piece.rowCount, morsel: number)
    }

    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(rows: self, next: next) }

    private final class Reader: MorselReader {
        let rows: SpilledRows
        let next: any BatchConsumer

        init(rows: SpilledRows, next: any BatchConsumer) {
            self.rows = rows
            self.next = next
        }

        func read(morsel: Int) throws(ExecutionError) { try next.consume(try rows.batch(morsel)) }
    }
}
