import Columns
import Storage
import Synchronization

/// Takes the rows of a load and keeps nothing of them but what a report says.
final class SniffTarget: IngestTarget {
    private let rowLimit: Int
    private let state: Mutex<State>

    private struct State {
        var domains: [Int: TextDomainBuilder] = [:]
        var columns: [ColumnStatistics]
        /// The first rows of the first chunks.
        var firstRows: [Int: [[String?]]] = [:]
    }

    init(columnCount: Int, rowLimit: Int) {
        self.rowLimit = rowLimit
        state = Mutex(State(columns: [ColumnStatistics](repeating: ColumnStatistics(), count: columnCount)))
    }

    func textDomain(of column: Int, in table: String) -> TextDomainBuilder {
        state.withLock { state in
            if let known = state.domains[column] { return known }
            let domain = TextDomainBuilder()
            state.domains[column] = domain
            return domain
        }
    }

    /// None: every string stays one that a report can show.
    func identifierFormats(of column: Int, in table: String) -> [IdentifierDomain.Format] { [] }

    func appendRejects(_ bytes: [UInt8]) {}

    func add(_ segment: EncodedSegment, to table: String, order: Int) {
        preconditionFailure("every chunk is taken as it is")
    }

    func takes(_ chunk: SequencedChunk, _ strings: [ColumnStrings], plan: IngestPlan) -> Bool {
        let found = chunk.columns.indices.map { column in
            ColumnStatistics(
                chunk.columns[column], strings[column], type: plan.columns[column].field.type, rowCount: chunk.rowCount,
                order: chunk.order)
        }
        // Every chunk has a row at least, so that the first rows are in the first chunks.
        let rows = chunk.order < rowLimit ? firstRows(of: chunk, strings, plan: plan) : nil
        state.withLock { state in
            for column in found.indices { state.columns[column].merge(found[column]) }
            if let rows { state.firstRows[chunk.order] = rows }
        }
        return true
    }

    /// For each column of the plan.
    var statistics: [ColumnStatistics] { state.withLock { $0.columns } }

    /// A text for each column of the plan, nil for NULL.
    var firstRows: [[String?]] {
        let chunks = state.withLock { $0.firstRows }
        return Array(chunks.sorted { $0.key < $1.key }.flatMap(\.value).prefix(rowLimit))
    }

    private func firstRows(of chunk: SequencedChunk, _ strings: [ColumnStrings], plan: IngestPlan) -> [[String?]] {
        (0..<min(rowLimit, chunk.rowCount)).map { row in
            chunk.columns.indices.map { index in
                let type = plan.columns[index].field.type
                return chunk.columns[index].scalar(row: row, strings[index], type: type)
                    .flatMap { ResultText.string($0) }
            }
        }
    }
}

extension ChunkColumn {
    /// The value of a row, nil for NULL; the column must not hold identifiers.
    fileprivate func scalar(row: Int, _ strings: ColumnStrings, type: LogicalType) -> ScalarValue? {
        let place = runs.map { $0.run(ofRow: row) } ?? row
        guard validity.isPresent(place) else { return nil }
        switch (values, type) {
        case (.text(let codes), _): return .text(strings.entries[Int(codes[place])])
        case (.coded(.boolean(let rows)), _): return .boolean(rows[place] != 0)
        case (.coded(.int32(let rows)), _): return .date(rows[place])
        case (.coded(.double(let rows)), _): return .double(rows[place])
        case (.coded(.int64(let rows)), .timestamp): return .timestamp(rows[place])
        case (.coded(.int64(let rows)), .numeric(_, let scale)):
            return .numeric(unscaled: Int128(rows[place]), scale: scale)
        case (.coded(.int64(let rows)), _): return .integer(rows[place])
        default: return nil
        }
    }
}

extension RunMap {
    /// The run of a row. O(log runs).
    fileprivate func run(ofRow row: Int) -> Int {
        var low = 0
        var high = runCount
        while low < high {
            let middle = (low + high) / 2
            if Int(starts[middle + 1]) <= row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
