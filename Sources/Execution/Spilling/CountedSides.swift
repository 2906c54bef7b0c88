import Columns
import Planning

/// INTERSECT and EXCEPT of rows in a file, those of the left side first: a key is held once, however many rows have it.
///
/// Its morsels must be read one after the other by one reader.
struct CountedSides: MorselSource {
    private let kind: SetOperator.JoinedKind
    private let isAll: Bool
    private let rows: SpilledRows
    /// Indexes of the columns that are compared.
    private let keys: [Int]
    /// Pieces of the left side.
    private let pieces: [Int]
    private let numbers: KeyNumbers
    private let rightCounts: [Int]
    private let share: MemoryShare

    /// Bytes that are counted for a key beside the table.
    private static let keySize = 16

    /// - Parameters:
    ///   - mark: Index of the column that tells rows of the right side.
    ///   - types: Those of the columns that are compared.
    /// - Returns: nil if there is no room for the keys.
    init?(
        _ kind: SetOperator.JoinedKind, isAll: Bool, _ rows: SpilledRows, keys: [Int], types: [LogicalType], mark: Int,
        _ context: ExecutionContext
    ) throws(ExecutionError) {
        let share = MemoryShare(context.budget, limitBytes: context.spillingByteCount ?? .max)
        var numbers = try KeyNumbers(types: types)
        var rightCounts: [Int] = []
        var pieces: [Int] = []
        var byteCount = 0
        for number in 0..<rows.morselCount {
            try context.options.checkRunning()
            let batch = try rows.batch(number)
            // A piece is of one side.
            let isRight = batch.columns[mark].scalar(at: 0) == .boolean(true)
            if !isRight { pieces.append(number) }
            // Left rows of keys that the right side has not are counted only to give each of them once.
            guard isRight || kind == .except && !isAll else { continue }
            let groups = numbers.assign(keys.map { batch.columns[$0] }, rowCount: batch.rowCount)
            rightCounts.pad(to: numbers.count, with: 0)
            if isRight { for group in groups { rightCounts[Int(group)] &+= 1 } }
            let size = numbers.byteCount + numbers.count * CountedSides.keySize
            let isFull = try share.add(size - byteCount)
            byteCount = size
            if isFull { return nil }
        }
        self.kind = kind
        self.isAll = isAll
        self.rows = rows
        self.keys = keys
        self.pieces = pieces
        self.numbers = numbers
        self.rightCounts = rightCounts
        self.share = share
    }

    var morselCount: Int { pieces.count }
    var estimatedRowCount: Int { pieces.reduce(0) { $0 + rows.pieces[$1].rowCount } }
    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(sides: self, next: next) }

    private final class Reader: MorselReader {
        let sides: CountedSides
        let next: any BatchConsumer
        var seen: [Int]

        init(sides: CountedSides, next: any BatchConsumer) {
            self.sides = sides
            self.next = next
            seen = [Int](repeating: 0, count: sides.rightCounts.count)
        }

        func read(morsel: Int) throws(ExecutionError) {
            let batch = try sides.rows.batch(sides.pieces[morsel])
            let groups = sides.numbers.find(sides.keys.map { batch.columns[$0] }, rowCount: batch.rowCount)
            var kept: [Int32] = []
            for row in 0..<batch.rowCount {
                if groups[row] == GroupTable.none {
                    // The right side has none.
                    if sides.kind == .except { kept.append(Int32(truncatingIfNeeded: row)) }
                    continue
                }
                let group = Int(groups[row])
                seen[group] &+= 1
                if SetOperator.keeps(sides.kind, isAll: sides.isAll, occurrence: seen[group], rightCount: sides.rightCounts[group]) {
                    kept.append(Int32(truncatingIfNeeded: row))
                }
            }
            if kept.isEmpty { return }
            try next.consume(
                Batch(columns: batch.columns.map { $0.gathered(kept) }, rowCount: kept.count, morsel: morsel))
        }
    }
}
